//! A build in which nothing changed does nothing, says what the last one said, and misses no change.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, SystemTime};

use crate::archive::{Archive, Built, tree};

const REPORT: &str = "+++\ntitle = \"A report\"\ndate = 2017-01-29\ntags = [\"Moon\"]\n\
    original_url = \"https://gone.example/a\"\n+++\nWords <script>x</script> and words.\n";

/// Reports, a draft, a picture, a template, decisions on links and a file of the curator's own.
fn archive() -> Archive {
    Archive::new()
        .article("a/index.md", REPORT)
        .file("content/a/a.gif", b"GIF89a\x01\0\x01\0\0\0\0;")
        .article("b.md", "+++\ntitle = \"B\"\ndate = 2017-01-30\n+++\nText.\n")
        .article(
            "draft.md",
            "+++\ntitle = \"Draft\"\ndate = 2017-01-31\ndraft = true\n+++\nText.\n",
        )
        .file("content/pages/about.md", "+++\ntitle = \"About\"\n+++\nText.\n")
        .file("templates/404.html", "<p>one</p>")
        .file("links/gone.example.toml", "[\"https://gone.example/a\"]\ndead = 2024-01-01\n")
        .file("static/a.txt", "one")
}

/// No build trusts the stamp of a file that is younger than two seconds.
fn settle() {
    std::thread::sleep(Duration::from_millis(2200));
}

/// The same archive, built, settled, and built again, so that the next build may rely on that one.
fn settled(archive: Archive) -> (Archive, Built) {
    archive.build();
    settle();
    let built = archive.build();
    (archive, built)
}

/// Where an output's state lies, below `.dateline`.
fn states(archive: &Archive) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(archive.path(".dateline")).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    folders.filter(|folder| folder.join("manifest.json").is_file()).collect()
}

/// Builds, and whether the build went all the way: one that does writes the records of pages anew.
fn built(archive: &Archive, arguments: &[&str]) -> (Built, bool) {
    for state in states(archive) {
        // Gone already, where the build before did nothing.
        let _ = fs::remove_dir_all(state.join("pages"));
    }
    let built = archive.build_with(arguments);
    let is_whole = states(archive).iter().any(|state| state.join("pages").is_dir());
    (built, is_whole)
}

#[test]
fn a_build_that_finds_nothing_changed_does_nothing_and_says_the_same() {
    let (archive, before) = settled(archive());
    assert!(before.stderr().contains("warning[removed-html]"), "{}", before.stderr());
    let all = archive.everything();
    let again = archive.build().succeeds();
    assert!(archive.everything() == all, "a file was written");
    assert_eq!(again.stderr(), before.stderr());
    let (told, is_whole) = built(&archive, &["--json"]);
    let (full, is_forced_whole) = built(&archive, &["--json", "--force"]);
    assert_eq!((is_whole, is_forced_whole), (false, true));
    let (mut told, mut full) = (told.json(), full.json());
    for report in [&mut told, &mut full] {
        report.as_object_mut().unwrap().remove("seconds");
    }
    assert_eq!(told, full);
    assert_eq!(told["written"], 0);
}

/// Writes other bytes of the same length, and gives the file its old time, as `cp -p` does.
fn disguise(archive: &Archive, path: &str, text: &str) {
    let modified = fs::metadata(archive.path(path)).unwrap().modified().unwrap();
    archive.write(path, text);
    let file = fs::File::options().write(true).open(archive.path(path)).unwrap();
    file.set_modified(modified).unwrap();
}

fn touch(archive: &Archive, path: &str) {
    let file = fs::File::options().write(true).open(archive.path(path)).unwrap();
    file.set_modified(SystemTime::now()).unwrap();
}

type Change = (&'static str, fn(&Archive));

const CHANGES: &[Change] = &[
    ("a source", |archive| archive.write("content/b.md", REPORT.replace("29", "30"))),
    ("a source touched", |archive| touch(archive, "content/b.md")),
    ("a source of the same size and time", |archive| {
        disguise(archive, "content/a/index.md", &REPORT.replace("A report", "B report"));
    }),
    ("a source more", |archive| archive.write("content/c.md", REPORT)),
    ("a source less", |archive| archive.remove("content/b.md")),
    ("a source renamed", |archive| {
        fs::rename(archive.path("content/b.md"), archive.path("content/c.md")).unwrap();
    }),
    ("a picture beside a report", |archive| {
        archive.write("content/a/a.gif", b"GIF89a\x02\0\x01\0\0\0\0;");
    }),
    ("a picture more", |archive| archive.write("content/a/b.gif", b"GIF89a\x02\0\x01\0\0\0\0;")),
    ("a plain page", |archive| archive.remove("content/pages/about.md")),
    ("the config", |archive| disguise(archive, "dateline.toml", &archive_named("The Brchive"))),
    ("a template", |archive| disguise(archive, "templates/404.html", "<p>two</p>")),
    ("a template more", |archive| archive.write("templates/unused.html", "<p>")),
    ("a file of the theme", |archive| archive.write("themes/gazette/assets/x.css", "p {}")),
    ("a decision on a link", |archive| archive.remove("links/gone.example.toml")),
    ("a static file", |archive| disguise(archive, "static/a.txt", "two")),
    ("a static file renamed", |archive| {
        fs::rename(archive.path("static/a.txt"), archive.path("static/b.txt")).unwrap();
    }),
    ("a page of the output lost", |archive| archive.remove("public/2017/01/30/b/index.html")),
    ("a page of the output cut", |archive| archive.write("public/404.html", "")),
    ("a stage left over", |archive| {
        fs::create_dir(archive.path(".public.dateline-stage")).unwrap();
    }),
];

fn archive_named(title: &str) -> String {
    format!("base_url = \"https://archive.example/\"\ntitle = \"{title}\"\n")
}

#[test]
#[ignore = "half a minute"]
fn every_change_is_seen() {
    let archives: Vec<(&Change, Archive)> =
        CHANGES.iter().map(|change| (change, archive())).collect();
    for (_, archive) in &archives {
        archive.build().succeeds();
    }
    settle();
    for ((what, change), archive) in archives {
        archive.build().succeeds();
        assert!(!built(&archive, &[]).1, "{what}: nothing had changed yet");
        change(&archive);
        let (after, is_whole) = built(&archive, &[]);
        assert!(is_whole, "{what} went unseen: {}", after.stderr());
        let site: BTreeMap<_, _> = after.succeeds().tree();
        archive.build_with(&["--force", "-o", "again"]).succeeds();
        assert!(site == tree(&archive.path("again")), "{what}");
        assert!(!archive.path(".public.dateline-stage").exists());
    }
}

#[test]
fn other_options_are_another_build() {
    let (archive, _) = settled(archive());
    let strict = archive.build_with(&["--strict"]);
    assert_eq!(strict.code(), 1, "{}", strict.stderr());
    archive.build().succeeds();
    assert!(archive.build_with(&["--drafts"]).succeeds().has("/2017/01/31/draft/"));
    assert!(!archive.build().succeeds().has("/2017/01/31/draft/"));
    let moved = archive.build_with(&["-u", "https://new.example/"]).succeeds();
    assert!(moved.file("2017/01/30/b/index.html").contains("https://new.example/"));
}

#[test]
fn a_file_that_was_rejected_is_told_of_by_each_build() {
    let (archive, before) = settled(archive().article("c.md", "+++\ntitle = \"C\n+++\n"));
    let again = archive.build();
    assert_eq!((again.code(), again.stderr()), (1, before.stderr()));
}

#[test]
fn an_address_is_lost_once() {
    let (archive, _) = settled(archive());
    archive.remove("content/b.md");
    assert!(archive.build().succeeds().stderr().contains("note[lost-url]"));
    assert!(!archive.build().succeeds().stderr().contains("note[lost-url]"));
}

#[test]
fn nothing_that_was_said_of_a_report_outlives_its_withdrawal() {
    let report = REPORT.replace("<script>", "<script src=\"secret\">");
    let (archive, _) = settled(archive().article("a/index.md", &report));
    let knows = |archive: &Archive| {
        let secret = |bytes: &Vec<u8>| bytes.windows(6).any(|window| window == b"secret");
        let all = archive.everything();
        all.iter().any(|(path, bytes)| path.starts_with(".dateline/") && secret(bytes))
    };
    assert!(knows(&archive));
    let lines = "added = \"secret\"\nwithdrawn = { date = 2020-01-01, kind = \"request\" }\n+++";
    archive
        .write("content/a/index.md", REPORT.replacen("+++\nWords", &format!("{lines}\nWords"), 1));
    let (archive, built) = settled(archive);
    assert!(built.stderr().contains("secret"), "a warning quotes it: {}", built.stderr());
    assert!(!knows(&archive));
}
