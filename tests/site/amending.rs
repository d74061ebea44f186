//! `dateline correct` and `dateline redact`: the words change, the record is written, all else stays.

use crate::archive::{Archive, Built};

const X: &str = "/2017/01/29/x/";

const TOML: &str = "+++\n# Seen in print.\ntitle = \"A report\" # as printed\ndate = 2017-01-29\n\n[extra]\nmood = \"calm\" # kept\n+++\n\nIt was on Monday\nmorning, they said. # no comment\n";

fn correct(archive: &Archive, more: &[&str]) -> Built {
    let mut arguments = vec!["correct", X, "--text", "The day was wrong.", "--date", "2020-03-01"];
    arguments.extend(["--was", "on Monday morning", "--now", "on Tuesday"]);
    arguments.extend(more);
    archive.run(&arguments)
}

fn redact(archive: &Archive, more: &[&str]) -> Built {
    let mut arguments = vec!["redact", X, "--reason", "Asked.", "--date", "2020-03-01"];
    arguments.extend(more);
    archive.run(&arguments)
}

fn text(archive: &Archive, path: &str) -> String {
    std::fs::read_to_string(archive.path(path)).unwrap()
}

#[test]
fn a_correction_changes_the_words_and_records_it() {
    let archive = Archive::new().article("x.md", TOML);
    let said = correct(&archive, &[]).clean();
    assert!(
        said.stdout().starts_with("corrected: /2017/01/29/x/ (content/x.md:10:8)"),
        "{}",
        said.stdout()
    );
    assert_eq!(
        text(&archive, "content/x.md"),
        "+++\n# Seen in print.\ntitle = \"A report\" # as printed\ndate = 2017-01-29\n\
         corrections = [{ date = 2020-03-01, text = \"The day was wrong.\", was = \"on Monday morning\", now = \"on Tuesday\" }]\n\n\
         [extra]\nmood = \"calm\" # kept\n+++\n\nIt was on Tuesday, they said. # no comment\n"
    );
    let page = archive.build().clean().page(X);
    assert!(page.text("main").contains("The day was wrong."));
}

#[test]
fn a_correction_is_added_to_those_that_are_there_in_every_format() {
    let yaml = "---\r\ntitle: A report # as printed\r\ndate: 2017-01-29\r\ncorrections:\r\n- date: 2019-01-01\r\n  text: First. # kept\r\n# Seen in print.\r\ntags: [t]\r\n---\r\nIt was on Monday morning.\r\n";
    for (old, kept) in [
        (yaml.to_owned(), "  text: First. # kept\r\n- date: \"2020-03-01\"\r\n"),
        (yaml.replace("\r\n", "\n"), "  text: First. # kept\n- date: \"2020-03-01\"\n"),
        (yaml.replace("\r\n- date", "\r\n  - date").replace("  text", "    text"), "\r\n  - date: \"2020-03-01\"\r\n"),
        ("---\ntitle: A\ndate: 2017-01-29\ncorrections: [{date: 2019-01-01, text: First.}] # here\n---\nIt was on Monday morning.\n".to_owned(), "text: First.}, {date: \"2020-03-01\""),
        ("---\ntitle: A\ndate: 2017-01-29\nparams:\n  corrections:\n    - date: 2019-01-01\n      text: First.\n  mood: calm\n---\nIt was on Monday morning.\n".to_owned(), "\n    - date: \"2020-03-01\"\n"),
        ("---\ntitle: A\ndate: 2017-01-29 # the first of three\ntags: []\n---\nThe First. It was on Monday morning.\n".to_owned(), "corrections:\n  - date: \"2020-03-01\"\n"),
        ("\u{feff}+++\r\ntitle = \"A\"\r\ndate = 2017-01-29\r\n\r\n[[corrections]]\r\ndate = 2019-01-01 # kept\r\ntext = \"First.\"\r\n\r\n[extra]\r\nmood = 1\r\n+++\r\nIt was on Monday morning.\r\n".to_owned(), "date = 2019-01-01 # kept\r\ntext = \"First.\"\r\n\r\n[[corrections]]\r\n"),
        ("+++\ntitle = \"A\"\ndate = 2017-01-29\ncorrections = [\n  { date = 2019-01-01, text = \"First.\" }, # kept\n]\n+++\nIt was on Monday morning.\n".to_owned(), "# kept\n"),
    ] {
        let archive = Archive::new().article("x.md", &old);
        correct(&archive, &[]).clean();
        let new = text(&archive, "content/x.md");
        assert!(new.contains(kept), "{new}");
        let ends = |text: &str| (text.contains("\r\n"), text.replace("\r\n", "").contains('\n'));
        assert_eq!(ends(&new), ends(&old), "{new}");
        assert_eq!(new.starts_with('\u{feff}'), old.starts_with('\u{feff}'));
        let shown = archive.build().succeeds().page(X).text("main");
        assert!(shown.contains("First.") && shown.contains("The day was wrong."), "{shown}");
        assert!(shown.contains("It was on Tuesday."), "{shown}");
    }
}

#[test]
fn a_report_without_front_matter_gets_some() {
    let archive =
        Archive::new().article("2017-01-29-x.md", "# Headline\n\nIt was on Monday morning.\n");
    correct(&archive, &[]).clean();
    assert!(text(&archive, "content/2017-01-29-x.md").starts_with("+++\ncorrections = [{"));
    let page = archive.build().succeeds().page(X);
    assert!(page.text("main").contains("It was on Tuesday.") && page.text("h1") == "Headline");
}

#[test]
fn a_correction_that_is_not_clear_changes_nothing() {
    let archive = Archive::new().article("x.md", TOML);
    let twice = TOML.replace("they said", "on Monday\tmorning");
    for (source, arguments, words) in [
        (TOML, vec!["--was", "on Sunday", "--now", "x"], "“on Sunday” is not in content/x.md"),
        (&twice, vec![], "is in content/x.md more than once: at 10:8, 11:10"),
        (TOML, vec!["--was", "as printed", "--now", "x"], "“as printed” is not in content/x.md"),
        (TOML, vec!["--was", " ", "--now", "x"], "these words are empty"),
    ] {
        archive.write("content/x.md", source);
        let mut all = vec!["correct", "content/x.md", "--text", "Wrong."];
        let usual = ["--was", "on Monday morning", "--now", "on Tuesday"];
        all.extend(if arguments.is_empty() { usual.to_vec() } else { arguments });
        let before = archive.everything();
        let said = archive.run(&all);
        assert_eq!(said.code(), 2, "{all:?}");
        assert!(said.stderr().contains(words), "{}", said.stderr());
        assert_eq!(before, archive.everything());
    }
    let unknown = archive.run(&["correct", "/nowhere/", "--was", "a", "--now", "b", "--text", "c"]);
    assert!(unknown.stderr().contains("no report of this archive is at /nowhere/"));
    let withdrawn =
        TOML.replace("[extra]", "withdrawn = { date = 2021-01-01, kind = \"error\" }\n[extra]");
    archive.write("content/x.md", withdrawn);
    assert!(correct(&archive, &[]).stderr().contains("is withdrawn"));
}

#[test]
fn a_dry_run_shows_the_change_and_makes_none() {
    let archive = Archive::new().article("x/index.md", TOML).file("content/x/p.png", "picture");
    let before = archive.everything();
    let said = correct(&archive, &["--dry-run"]).clean();
    assert!(said.stdout().contains("+It was on Tuesday, they said."), "{}", said.stdout());
    let said = redact(&archive, &["--words", "they said", "--asset", "p.png", "--dry-run"]).clean();
    assert!(said.stdout().contains("would be removed: content/x/p.png"), "{}", said.stdout());
    assert!(said.stdout().contains("+morning, […]. # no comment"), "{}", said.stdout());
    assert_eq!(before, archive.everything());
}

#[test]
fn redacted_words_go_wherever_they_stand_in_the_file() {
    for (source, ending) in [
        (
            "+++\ntitle = \"On John Doe\"\ndate = 2017-01-29\nsummary = 'John Doe spoke.'\n# John Doe called.\n+++\nJohn Doe, and John\nDoe(again).\n",
            "\n[…], and …(again).\n",
        ),
        (
            "---\r\ntitle: On John Doe\r\ndate: 2017-01-29\r\nnote: John  Doe\r\n---\r\nJohn Doe.\r\n",
            "\r\n[…].\r\n",
        ),
        ("\u{feff}---\ntitle: \"John Doe\"\ndate: 2017-01-29\n---\n**John Doe**\n", "\n**[…]**\n"),
    ] {
        let archive = Archive::new().article("x.md", source);
        let said = redact(&archive, &["--words", "John Doe"]).clean();
        assert!(said.stdout().contains("removed: words in"), "{}", said.stdout());
        let new = text(&archive, "content/x.md");
        assert!(!new.contains("John") && new.ends_with(ending), "{new}");
        let page = archive.build().succeeds().page(X);
        assert!(page.text("main").contains("Asked."));
    }
}

#[test]
fn redacted_files_are_removed_and_stay_away() {
    let archive = Archive::new()
        .article("x/index.md", TOML)
        .file("content/x/scan.pdf", "a scan")
        .file("static/img/a.png", "a")
        .file("static/img/b.png", "b")
        .file("static/list.csv", "c")
        .file("static/list.csv.gz", "c, packed");
    archive.build().clean();
    let files = ["--asset", "scan.pdf", "--asset", "/img/", "--asset", "static/list.csv"];
    let said = redact(&archive, &files).clean();
    for path in [
        "content/x/scan.pdf",
        "static/img/a.png",
        "static/img/b.png",
        "static/list.csv",
        "static/list.csv.gz",
    ] {
        assert!(said.stdout().contains(&format!("removed: {path}\n")), "{}", said.stdout());
        assert!(!archive.path(path).exists());
    }
    let new = text(&archive, "content/x/index.md");
    let names = "assets = [\"./scan.pdf\", \"/img/a.png\", \"/img/b.png\", \"/list.csv\", \"/list.csv.gz\"]";
    assert!(new.contains(names), "{new}");
    archive.build().clean();
    archive.write("static/img/a.png", "a, put back by mistake");
    assert!(!archive.build().clean().has("/img/a.png"));
}

#[test]
fn a_redaction_that_is_not_clear_changes_nothing() {
    let archive = Archive::new().article("x/index.md", TOML).file("content/x/scan.pdf", "a scan");
    for (arguments, words) in [
        (vec!["--words", "on Sunday"], "“on Sunday” is not in content/x/index.md"),
        (
            vec!["--asset", "sacn.pdf"],
            "“sacn.pdf” is no file beside content/x/index.md or in static/; 2017/01/29/x/scan.pdf is",
        ),
        (vec!["--words", "Asked."], "which readers see, holds “Asked.”"),
        (vec!["--words", "title ="], "can't be changed without risk"),
        (vec!["--words", "2017-01-29"], "can't be changed without risk"),
        (vec![], "required"),
    ] {
        let before = archive.everything();
        let said = redact(&archive, &arguments);
        assert_eq!(said.code(), 2, "{arguments:?}");
        assert!(said.stderr().contains(words), "{}", said.stderr());
        assert_eq!(before, archive.everything(), "{arguments:?}");
    }
}

#[test]
fn a_redaction_names_what_it_can_t_reach() {
    let archive = Archive::new()
        .config("title = \"T\"\n[deploy.targets.www]\nfolder = \"www\"\n")
        .article("x.md", TOML)
        .article("y.md", "+++\ntitle = \"Y\"\ndate = 2017-02-02\n+++\nAs they  said.\n")
        .file(".git/HEAD", "ref: refs/heads/main");
    let said = redact(&archive, &["--words", "they said"]).clean();
    for line in [
        "- the history of this folder (git)",
        "- the same words in content/y.md",
        "- what was deployed, until the next `dateline deploy www`",
    ] {
        assert!(said.stdout().contains(line), "{line}\n{}", said.stdout());
    }
}

#[test]
fn what_programs_left_behind_of_redacted_words_and_files_goes_with_them() {
    let left = [
        "x.md~",
        ".x.md.swp",
        "#x.md#",
        "x.md.orig",
        "x_LOCAL_4711.md",
        "x.sync-conflict-20200101-101010-ABC.md",
        "x (Ann's conflicted copy 2020-01-01).md",
    ];
    let mut archive = Archive::new().article("x.md", TOML).article("y.md~", "of another");
    for name in left {
        archive = archive.article(name, "they said");
    }
    let said = redact(&archive, &["--words", "they said", "--dry-run"]).clean();
    for name in left {
        assert!(said.stdout().contains(&format!("would be removed: content/{name}\n")));
        assert!(archive.path(&format!("content/{name}")).exists());
    }
    let said = redact(&archive, &["--words", "they said"]).clean();
    for name in left {
        assert!(said.stdout().contains(&format!("removed: content/{name}\n")), "{}", said.stdout());
    }
    for (path, bytes) in archive.everything() {
        assert!(!String::from_utf8_lossy(&bytes).contains("they said"), "{path}");
    }
    assert!(archive.path("content/y.md~").exists());

    let archive = Archive::new()
        .article("x/index.md", TOML)
        .file("content/x/scan.pdf", "a scan")
        .file("content/x/scan.pdf~", "a scan")
        .file("content/x/.index.md.swp", "a swap")
        .file("static/letter.png", "a letter")
        .file("static/.letter.png.bak", "a letter")
        .file("static/other.png~", "another");
    redact(&archive, &["--asset", "scan.pdf", "--asset", "/letter.png"]).clean();
    let kept: Vec<String> = archive.everything().into_keys().collect();
    assert!(!kept.iter().any(|path| path.contains("scan") || path.contains("letter")), "{kept:?}");
    assert!(!kept.iter().any(|path| path.ends_with(".swp")), "{kept:?}");
    assert!(archive.path("static/other.png~").exists());
}

#[test]
fn words_that_stand_in_other_leftovers_and_in_static_are_named() {
    let archive = Archive::new()
        .article("x.md", TOML)
        .article("notes.md~", "As they said.")
        .article(".hidden.md", "As they said.")
        .file("static/table.csv", "a,they said\n");
    let said = redact(&archive, &["--words", "they said"]).clean();
    for path in ["content/notes.md~", "content/.hidden.md", "static/table.csv"] {
        let line = format!("- the same words in {path}\n");
        assert!(said.stdout().contains(&line), "{path}\n{}", said.stdout());
    }
}

#[test]
fn what_programs_left_behind_goes_with_a_withdrawn_report_whatever_it_is_called() {
    let left = ["x.md~", "x_LOCAL_4711.md", "x.sync-conflict-20200101-101010-ABC.md"];
    let mut archive = Archive::new().article("x.md", TOML);
    for name in left {
        archive = archive.article(name, TOML);
    }
    let withdrawn =
        ["withdraw", X, "--kind", "privacy", "--reason", "Asked.", "--date", "2020-03-01"];
    archive.run(&withdrawn).clean();
    archive.build().succeeds();
    for (path, bytes) in archive.everything() {
        assert!(!String::from_utf8_lossy(&bytes).contains("they said"), "{path}");
    }
}
