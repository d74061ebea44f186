//! The same archive gives the same bytes: whatever the threads, the folder, the time zone or the
//! locale, and whether the site was built at once or piece by piece.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use serde_json::Value as Json;

use crate::archive::{Archive, Built, tree};
use crate::edits::{Choices, Damage, Edit, history};

type Tree = BTreeMap<String, Vec<u8>>;

/// Compares two sites without printing whole pages.
#[track_caller]
fn assert_same(left: &Tree, right: &Tree) {
    let different: Vec<&String> = left
        .keys()
        .chain(right.keys())
        .filter(|path| left.get(*path) != right.get(*path))
        .collect();
    assert!(different.is_empty(), "these files differ: {different:?}");
}

#[test]
fn threads_folders_time_zones_and_locales_leave_every_byte_as_it_is() {
    let surroundings: [&[(&str, &str)]; 4] = [
        &[("RAYON_NUM_THREADS", "1"), ("TZ", "UTC"), ("LC_ALL", "C")],
        &[("RAYON_NUM_THREADS", "2"), ("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8")],
        &[("RAYON_NUM_THREADS", "7"), ("TZ", "America/Adak"), ("LC_ALL", "ar_EG.UTF-8")],
        &[("TZ", "Asia/Kathmandu"), ("LANG", "de_DE.UTF-8"), ("COLUMNS", "20")],
    ];
    let first = Archive::demo().build().clean().tree();
    for variables in surroundings {
        let archive = variables
            .iter()
            .fold(Archive::demo(), |archive, (name, value)| archive.environment(name, value));
        assert_same(&first, &archive.build().clean().tree());
    }
}

#[test]
fn a_second_build_writes_nothing() {
    let archive = Archive::demo();
    let first = archive.build().clean().tree();
    let report = archive.build_with(&["--json"]);
    assert_same(&first, &report.tree());
    let report = report.json();
    assert_eq!((&report["written"], &report["removed"]), (&0.into(), &0.into()));
    assert_eq!(report["unchanged"], first.len());
}

#[test]
fn builds_of_one_archive_to_two_folders_do_not_meet() {
    let archive = Archive::demo();
    let first = archive.build().clean().tree();
    archive.build_with(&["-o", "other"]).clean();
    assert_same(&first, &crate::archive::tree(&archive.path("other")));
    assert_eq!(archive.build_with(&["--json"]).json()["written"], 0);
}

/// Writes what differs from what is there.
fn write(archive: &Archive, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        archive.remove(path);
    }
    for (path, text) in after.iter().filter(|(path, text)| before.get(*path) != Some(text)) {
        let modified = fs::metadata(archive.path(path)).and_then(|data| data.modified()).ok();
        archive.write(path, text);
        // As `cp -p` over a source does: only where nothing else gives the change away.
        let is_disguised = before.get(path).is_some_and(|old| old.len() == text.len());
        if let Some(modified) = modified.filter(|_| is_disguised) {
            let file = fs::File::options().write(true).open(archive.path(path)).unwrap();
            file.set_modified(modified).unwrap();
        }
    }
}

/// Cuts a file of the output, or writes other bytes of the same length into it.
fn tamper(archive: &Archive, file: usize, cut: bool) {
    let output = archive.path("public");
    let files = if output.is_dir() { tree(&output) } else { return };
    let Some((path, bytes)) = files.iter().nth(file % files.len().max(1)) else { return };
    let bytes = if cut { Vec::new() } else { bytes.iter().map(|byte| byte ^ 1).collect() };
    fs::write(output.join(path), bytes).unwrap();
}

/// What Dateline remembers of builds, by its path below the state's folder, the manifest excepted.
fn remembered(archive: &Archive) -> Tree {
    let state = archive.path(".dateline");
    let files = if state.is_dir() { tree(&state) } else { Tree::new() };
    files
        .into_iter()
        .filter(|(path, _)| path.contains("pages/") || path.contains("cache/"))
        .collect()
}

/// Does to the state folder what a crash, a disk or a restored backup does; `old` is what was
/// remembered two builds ago.
fn damage(archive: &Archive, damage: Damage, old: &Tree) {
    let (pages, sources) = ("pages/", "cache/");
    let of = |part: &'static str| {
        remembered(archive).into_keys().filter(move |path| path.contains(part))
    };
    let place = |path: &str| archive.path(".dateline").join(path);
    let (part, restores) = match damage {
        Damage::PagesLost => (pages, false),
        Damage::PagesOld => (pages, true),
        Damage::SourcesLost => (sources, false),
        Damage::SourcesOld => (sources, true),
        Damage::Cut => {
            for (path, bytes) in remembered(archive) {
                fs::write(place(&path), &bytes[..bytes.len() / 2]).unwrap();
            }
            return;
        }
    };
    of(part).for_each(|path| fs::remove_file(place(&path)).unwrap());
    for (path, bytes) in old.iter().filter(|(path, _)| restores && path.contains(part)) {
        fs::write(place(path), bytes).unwrap();
    }
}

/// What a build said, but for what only a build over an older one can say.
fn said(built: &Built) -> Json {
    let mut said = built.json();
    let said = said.as_object_mut().unwrap();
    for key in ["written", "unchanged", "removed", "seconds"] {
        said.remove(key);
    }
    let found = said["diagnostics"].as_array_mut().unwrap();
    found.retain(|problem| problem["rule"] != "lost-url");
    said.clone().into()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::with_cases(cases(8))
    })]

    /// The law of incremental builds: byte for byte what a clean build makes, and the same words.
    #[test]
    fn a_site_built_piece_by_piece_is_the_site_built_at_once(rounds in history(10)) {
        let archive = Archive::new();
        archive.remove("dateline.toml");
        let (mut choices, mut files, mut old) = (Choices::default(), BTreeMap::new(), Tree::new());
        for edits in rounds {
            let known = remembered(&archive);
            for edit in &edits {
                choices.apply(edit);
            }
            let after = choices.files();
            write(&archive, &files, &after);
            files = after;
            for edit in &edits {
                match *edit {
                    Edit::Tamper(file, cut) => tamper(&archive, file, cut),
                    Edit::Damage(how) => damage(&archive, how, &old),
                    _ => {}
                }
            }
            let built = archive.build_with(&["--json"]);
            let clean = Archive::new();
            write(&clean, &BTreeMap::new(), &files);
            // A source that the build writes: who keeps an address that two want.
            if let Ok(owners) = fs::read(archive.path("addresses.toml")) {
                clean.write("addresses.toml", owners);
            }
            let clean = clean.build_with(&["--json"]);
            prop_assert_eq!(clean.code(), 0, "{}", clean.stdout());
            prop_assert_eq!(built.code(), 0, "{}", built.stdout());
            assert_same(&built.tree(), &clean.tree());
            prop_assert_eq!(said(&built), said(&clean));
            old = known;
        }
    }
}

/// `PROPTEST_CASES` asks for more.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

#[test]
fn a_page_to_turn_to_that_comes_later_is_linked_on_every_report() {
    let archive =
        Archive::new().article("x.md", "+++\ntitle = \"T\"\ndate = 2017-01-29\n+++\nText.\n");
    let problem = ".report-problem";
    assert!(!archive.build().clean().page("/2017/01/29/x/").has(problem));
    archive.write("content/pages/contact.md", "+++\ntitle = \"Contact\"\n+++\nWrite to us.\n");
    assert_eq!(archive.build().clean().page("/2017/01/29/x/").links(problem), ["/contact/"]);
}
