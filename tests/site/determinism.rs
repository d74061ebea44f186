//! The same archive gives the same bytes: whatever the threads, the folder, the time zone or the
//! locale, and whether the site was built at once or piece by piece.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;

use crate::archive::{Archive, Built};

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

/// What a curator does to an archive of a few reports.
#[derive(Clone, Debug)]
enum Edit {
    Write {
        report: usize,
        day: u32,
        tags: Vec<usize>,
        body: usize,
    },
    Withdraw {
        report: usize,
    },
    Delete {
        report: usize,
    },
    Move {
        report: usize,
    },
    Config {
        leaf: usize,
        days: bool,
        outlet: usize,
    },
    Template {
        line: usize,
    },
    Correct {
        report: usize,
        day: u32,
    },
    Picture {
        number: usize,
        size: usize,
    },
    /// Something else writes into the output.
    Tamper {
        file: usize,
        keep: usize,
    },
    /// `cp -p` over a source: other bytes, the same size and time.
    Disguise {
        report: usize,
    },
}

const TAGS: [&str; 5] = ["Moon", "moon", "C++", "C", "Äther"];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let report = 0..6usize;
    let edit = prop_oneof![
        6 => (report.clone(), 1..60u32, prop::collection::vec(0..TAGS.len(), 0..3), 0..6usize)
            .prop_map(|(report, day, tags, body)| Edit::Write { report, day, tags, body }),
        1 => report.clone().prop_map(|report| Edit::Withdraw { report }),
        2 => report.clone().prop_map(|report| Edit::Delete { report }),
        1 => report.clone().prop_map(|report| Edit::Move { report }),
        1 => (1..4usize, any::<bool>(), 0..6usize)
            .prop_map(|(leaf, days, outlet)| Edit::Config { leaf, days, outlet }),
        1 => (0..3usize).prop_map(|line| Edit::Template { line }),
        2 => (report.clone(), 1..28u32).prop_map(|(report, day)| Edit::Correct { report, day }),
        1 => (0..6usize, 1..4usize).prop_map(|(number, size)| Edit::Picture { number, size }),
        1 => (0..400usize, 0..2usize).prop_map(|(file, keep)| Edit::Tamper { file, keep }),
        1 => (0..6usize).prop_map(|report| Edit::Disguise { report }),
    ];
    prop::collection::vec(edit, 1..8)
}

/// The archive's files as they are meant to be.
#[derive(Clone, Debug, Default)]
struct Sources(BTreeMap<String, String>);

impl Sources {
    fn apply(&mut self, edit: &Edit) {
        let path = |report: usize| format!("content/r{report}.md");
        let moved = |report: usize| format!("content/moved/r{report}/index.md");
        match edit {
            Edit::Write { report, day, tags, body } => {
                let (month, day) = (1 + day / 28, 1 + day % 28);
                let tags: Vec<&str> = tags.iter().map(|tag| TAGS[*tag]).collect();
                let text = format!(
                    "+++\ntitle = \"Report {report}\"\ndate = 2017-{month:02}-{day:02}\n\
                     tags = {tags:?}\noutlet = \"Outlet {body}\"\n+++\n\
                     See [another](r{body}.md) and ![a picture](/pictures/{body}.svg).\n"
                );
                self.0.remove(&moved(*report));
                self.0.insert(path(*report), text);
            }
            Edit::Withdraw { report } => {
                if let Some(text) = self.0.get_mut(&path(*report)) {
                    let withdrawn = "withdrawn = { date = 2020-01-01, kind = \"request\" }\ntags";
                    *text =
                        text.replacen("tags", withdrawn, usize::from(!text.contains("withdrawn")));
                }
            }
            Edit::Delete { report } => {
                self.0.remove(&path(*report));
            }
            Edit::Move { report } => {
                if let Some(text) = self.0.remove(&path(*report)) {
                    self.0.insert(moved(*report), text.replace("(r", "(../../r"));
                }
            }
            Edit::Config { leaf, days, outlet } => {
                let text = format!(
                    "base_url = \"https://archive.example/\"\n[listing]\nleaf = {leaf}\ndays = {days}\n\
                     [outlets.\"Outlet {outlet}\"]\nname = \"The {outlet} Post\"\nnote = \"Leaf {leaf}.\"\n"
                );
                self.0.insert("dateline.toml".to_owned(), text);
            }
            Edit::Template { line } => {
                let text = format!("<p>{line}: {{{{ site.title }}}}</p>\n");
                self.0.insert("templates/404.html".to_owned(), text);
            }
            Edit::Correct { report, day } => {
                if let Some(text) = self.0.get_mut(&path(*report)) {
                    let corrections = format!(
                        "corrections = [{{ date = 2018-01-{day:02}, text = \"C\" }}]\ntags"
                    );
                    let is_first = usize::from(!text.contains("corrections"));
                    *text = text.replacen("tags", &corrections, is_first);
                }
            }
            Edit::Picture { number, size } => {
                let text = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n".repeat(*size);
                self.0.insert(format!("static/pictures/{number}.svg"), text);
            }
            Edit::Disguise { report } => {
                if let Some(text) = self.0.get_mut(&path(*report)) {
                    *text = text.replacen("See", "Sea", 1);
                }
            }
            Edit::Tamper { .. } => {}
        }
    }

    /// Writes what differs from what is there.
    fn write(&self, archive: &Archive, before: &Sources) {
        for path in before.0.keys().filter(|path| !self.0.contains_key(*path)) {
            archive.remove(path);
        }
        for (path, text) in self.0.iter().filter(|(path, text)| before.0.get(*path) != Some(text)) {
            let modified = fs::metadata(archive.path(path)).and_then(|data| data.modified()).ok();
            archive.write(path, text);
            // Only where nothing else gives the change away.
            let is_disguised = before.0.get(path).is_some_and(|old| old.len() == text.len());
            if let Some(modified) = modified.filter(|_| is_disguised) {
                let file = fs::File::options().write(true).open(archive.path(path)).unwrap();
                file.set_modified(modified).unwrap();
            }
        }
    }

    /// Builds all of it in a new folder.
    fn build_clean(&self) -> Built {
        let archive = Archive::new();
        self.write(&archive, &Sources::default());
        archive.build()
    }
}

/// Cuts a file of the output, or writes other bytes of the same length into it.
fn tamper(archive: &Archive, edit: &Edit) {
    let Edit::Tamper { file, keep } = edit else { return };
    let output = archive.path("public");
    let files = if output.is_dir() { crate::archive::tree(&output) } else { return };
    let Some((path, bytes)) = files.iter().nth(file % files.len().max(1)) else { return };
    let bytes = if *keep == 0 { Vec::new() } else { bytes.iter().map(|byte| byte ^ 1).collect() };
    fs::write(output.join(path), bytes).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// The law of incremental builds: byte for byte what a clean build makes.
    #[test]
    fn a_site_built_piece_by_piece_is_the_site_built_at_once(rounds in prop::collection::vec(edits(), 1..5)) {
        let archive = Archive::new();
        let mut sources = Sources::default();
        for edits in rounds {
            let before = sources.clone();
            for edit in &edits {
                sources.apply(edit);
            }
            sources.write(&archive, &before);
            for edit in &edits {
                tamper(&archive, edit);
            }
            let built = archive.build();
            let clean = sources.build_clean();
            prop_assert_eq!(clean.code(), 0, "{}", clean.stderr());
            prop_assert_eq!(built.code(), 0, "{}", built.stderr());
            assert_same(&built.tree(), &clean.tree());
        }
    }
}

#[test]
fn a_page_to_turn_to_that_comes_later_is_linked_on_every_report() {
    let archive =
        Archive::new().article("x.md", "+++\ntitle = \"T\"\ndate = 2017-01-29\n+++\nText.\n");
    let problem = ".report-problem";
    assert_eq!(archive.build().clean().page("/2017/01/29/x/").links(problem), ["/"]);
    archive.write("content/pages/contact.md", "+++\ntitle = \"Contact\"\n+++\nWrite to us.\n");
    assert_eq!(archive.build().clean().page("/2017/01/29/x/").links(problem), ["/contact/"]);
}
