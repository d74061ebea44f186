//! `dateline withdraw`: how a report is found, what happens to its file, what is said.

use crate::archive::{Archive, Built};

const X: &str = "/2017/01/29/x/";
const TOML: &str = "+++\n# Seen in print.\ntitle = \"A report\"   # as printed\ndate = 2017-01-29\nsummary = \"In short.\"\nimage = \"p.png\"\ntags = [\"t\"]\n\n[extra]\nmood = \"calm\" # kept\n+++\n\nThe text.\n";
const YAML: &str = "---\r\ntitle: A report # as printed\r\ndate: 2017-01-29\r\ndescription: |\r\n  In short.\r\n  # and more\r\n# Seen in print.\r\ntags:\r\n- t\r\nparams:\r\n  images: [p.png]\r\n  mood: calm\r\n---\r\n\r\nThe text.\r\n";

fn withdraw(archive: &Archive, target: &str, kind: &str, more: &[&str]) -> Built {
    let mut arguments = vec![
        "withdraw",
        target,
        "--kind",
        kind,
        "--reason",
        "It \"was\" wrong.",
        "--date",
        "2021-01-01",
    ];
    arguments.extend(more);
    archive.run(&arguments)
}

fn text(archive: &Archive, path: &str) -> String {
    std::fs::read_to_string(archive.path(path)).unwrap()
}

#[test]
fn a_report_is_found_by_its_address_an_old_one_or_its_file() {
    for target in [
        X,
        "2017/01/29/x",
        "/2017/01/29/x/index.html",
        "https://archive.example/2017/01/29/x/?from=feed#p3",
        "https://www.archive.example/2017/01/29/x/",
        "/old/address/",
        "content/x.md",
        "./content/x.md",
    ] {
        let archive = Archive::new().article(
            "x.md",
            "+++\ntitle = \"A report\"\ndate = 2017-01-29\naliases = [\"/old/address/\"]\n+++\nText.\n",
        );
        let said = withdraw(&archive, target, "error", &[]).clean();
        assert!(said.stdout().starts_with("withdrawn: /2017/01/29/x/ (content/x.md)"), "{target}");
        assert!(archive.build().clean().page(X).text("h1").contains("Withdrawn"));
    }
    let below = Archive::new()
        .config("base_url = \"https://archive.example/news/\"\n")
        .article("é.md", "+++\ntitle = \"A\"\ndate = 2017-01-29\n+++\n");
    withdraw(&below, "https://archive.example/news/2017/01/29/%C3%A9/", "error", &[]).clean();
}

#[test]
fn toml_keeps_its_comments_and_loses_words_and_pictures() {
    let archive = Archive::new().article("x.md", TOML);
    withdraw(&archive, X, "error", &[]).clean();
    assert_eq!(
        text(&archive, "content/x.md"),
        "+++\n# Seen in print.\ntitle = \"A report\"   # as printed\ndate = 2017-01-29\ntags = [\"t\"]\n\
         withdrawn = { date = 2021-01-01, kind = \"error\", reason = 'It \"was\" wrong.' }\n\n\
         [extra]\nmood = \"calm\" # kept\n+++\n"
    );
}

#[test]
fn yaml_keeps_its_comments_and_loses_words_and_pictures() {
    let archive = Archive::new().article("x.md", YAML);
    withdraw(&archive, X, "error", &[]).clean();
    assert_eq!(
        text(&archive, "content/x.md"),
        "---\r\ntitle: A report # as printed\r\ndate: 2017-01-29\r\n# Seen in print.\r\ntags:\r\n- t\r\n\
         params:\r\n  mood: calm\r\nwithdrawn:\r\n  date: \"2021-01-01\"\r\n  kind: error\r\n\
         \x20 reason: \"It \\\"was\\\" wrong.\"\r\n---\r\n"
    );
    archive.build().clean();
}

#[test]
fn a_kind_that_is_not_named_keeps_address_and_date_only() {
    let lines = "slug = \"y\"\nid = \"urn:x:1\"\naliases = [\"/old/\"]\noutlet = \"o\"\n";
    let toml = TOML.replace("tags =", &format!("{lines}tags ="));
    let archive =
        Archive::new().config("permalink = \"/:outlet/:year/:slug/\"\n").article("x.md", &toml);
    archive.build().succeeds();
    withdraw(&archive, "/o/2017/y/", "privacy", &[]).clean();
    assert_eq!(
        text(&archive, "content/x.md"),
        "+++\ndate = 2017-01-29\npath = \"/o/2017/y/\"\nid = \"urn:x:1\"\naliases = [\"/old/\"]\n\
         withdrawn = { date = 2021-01-01, kind = \"privacy\", reason = 'It \"was\" wrong.' }\n+++\n"
    );
    assert_eq!(archive.build().clean().page("/o/2017/y/").fact("Ground"), "Privacy");
    let yaml = Archive::new().article("x.md", YAML);
    withdraw(&yaml, X, "safety", &[]).clean();
    assert_eq!(
        text(&yaml, "content/x.md"),
        "---\ndate: \"2017-01-29\"\nwithdrawn:\n  date: \"2021-01-01\"\n  kind: safety\n  reason: \"It \\\"was\\\" wrong.\"\n---\n"
    );
    yaml.build().clean();
}

#[test]
fn a_headline_that_was_in_the_text_is_written_down() {
    let archive = Archive::new().article("2017-01-29-x.md", "# The headline\n\nThe text.\n");
    withdraw(&archive, X, "copyright", &[]).clean();
    let new = text(&archive, "content/2017-01-29-x.md");
    assert!(new.contains("title = \"The headline\"") && !new.contains("The text"), "{new}");
    assert_eq!(archive.build().clean().page(X).fact("Headline"), "The headline");
}

#[test]
fn the_source_can_be_kept_and_is_published_no_more() {
    for (kind, source) in [("error", TOML), ("privacy", TOML), ("privacy", YAML)] {
        let archive =
            Archive::new().article("x/index.md", source).file("content/x/p.png", "picture");
        let said = withdraw(&archive, X, kind, &["--keep-source"]).clean();
        assert!(said.stdout().contains("kept: its text and files"), "{}", said.stdout());
        let new = text(&archive, "content/x/index.md");
        assert!(
            new.contains("The text.") && new.contains("In short.") && new.contains("withdrawn")
        );
        let built = archive.build().clean();
        assert!(!built.has("/2017/01/29/x/p.png") && archive.path("content/x/p.png").exists());
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    let archive = Archive::new().article("x/index.md", TOML).file("content/x/p.png", "picture");
    let before = archive.everything();
    let said = withdraw(&archive, X, "error", &["--dry-run"]).clean();
    assert!(said.stdout().contains("would be removed: content/x/p.png"), "{}", said.stdout());
    assert_eq!(before, archive.everything());
}

#[test]
fn what_is_out_of_reach_is_named() {
    let lines = "original_url = \"https://o.example/1\"\narchived = [{ url = \"https://keep.example/1\" }]\nalso = [\"also.md\"]\nimage = \"/lead.png\"\n";
    let report = |date: &str, title: &str, lines: &str, body: &str| {
        format!("+++\ntitle = \"{title}\"\ndate = {date}\n{lines}+++\n{body}\n")
    };
    let archive = Archive::new()
        .article("x.md", &report("2017-01-29", "The Headline", lines, "![A](/body.png) Text."))
        .article("also.md", &report("2017-02-01", "Other", "", "Text."))
        .article(
            "same.md",
            &report("2017-02-02", "Other", "original_url = \"https://o.example/1\"\n", "Text."),
        )
        .article("title.md", &report("2017-02-03", "the headline", "", "Text."))
        .article("link.md", &report("2017-02-04", "Link", "", "As [told](x.md)."))
        .article("neither.md", &report("2017-02-05", "Neither", "", "Text."))
        .article("pages/about.md", "# About\n\nAs [told](/2017/01/29/x/).\n")
        .file(
            "links/o.example.toml",
            "[\"https://o.example/1#top\"]\narchived = \"https://keep.example/2\"\n",
        )
        .file("static/lead.png", "picture")
        .file("static/body.png", "picture")
        .file(".git/HEAD", "ref: refs/heads/main");
    let said = withdraw(&archive, X, "copyright", &[]).clean();
    for line in [
        "- the history of this folder (git)",
        "- an archived copy: https://keep.example/1",
        "- still published, named as the same report: /2017/02/01/also/ (content/also.md)",
        "- still published, the same original: /2017/02/02/same/ (content/same.md)",
        "- still published, the same headline: /2017/02/03/title/ (content/title.md)",
        "- mentioned in content/link.md",
        "- mentioned in content/pages/about.md",
        "- mentioned in links/o.example.toml",
        "- static/body.png",
        "- static/lead.png",
    ] {
        assert!(said.stdout().contains(line), "{line}\n{}", said.stdout());
    }
    assert!(!said.stdout().contains("neither"), "{}", said.stdout());
}

#[test]
fn a_copy_that_only_the_ledger_knows_is_out_of_reach_too() {
    let text = "+++\ntitle = \"T\"\ndate = 2017-01-29\noriginal_url = \"https://o.example/1\"\n+++\nText.\n";
    let decision = "[\"https://o.example/1\"]\narchived = \"https://keep.example/2\"\n";
    let archive = Archive::new().article("x.md", text).file("links/o.example.toml", decision);
    let said = withdraw(&archive, X, "privacy", &[]).clean();
    assert!(
        said.stdout().contains("- an archived copy: https://keep.example/2"),
        "{}",
        said.stdout()
    );
}

#[test]
fn what_can_t_be_withdrawn_is_told() {
    let archive = Archive::new()
        .article("x.md", TOML)
        .article("broken.md", "+++\ntitle = \n+++\n")
        .article("flow.md", "---\n{title: A, date: 2017-02-02}\n---\nText.\n")
        .file("content/pages/about.md", "# About\n");
    archive.build();
    let refused = |target: &str, words: &str| {
        let before = archive.everything();
        let said = withdraw(&archive, target, "error", &[]);
        assert_eq!(said.code(), 2, "{target}");
        assert!(said.stderr().contains(words), "{target}: {}", said.stderr());
        assert_eq!(before, archive.everything(), "{target}");
    };
    refused("/2017/01/29/nothing/", "no report of this archive is at /2017/01/29/nothing/");
    refused("/about/", "content/pages/about.md is a page of your own");
    refused("content/broken.md", "content/broken.md can't be read as a report");
    refused("/2017/02/02/flow/", "the front matter of content/flow.md can't be changed");
    withdraw(&archive, X, "error", &[]).clean();
    refused(X, "/2017/01/29/x/ is withdrawn already");
}

#[test]
fn a_report_whose_file_is_gone_is_told_from_one_that_never_was() {
    let archive = Archive::new().article("x.md", TOML);
    archive.build().succeeds();
    archive.remove("content/x.md");
    let said = withdraw(&archive, X, "error", &[]);
    assert_eq!(said.code(), 2);
    let words = "/2017/01/29/x/ was published from content/x.md, which is not there any more";
    assert!(said.stderr().contains(words), "{}", said.stderr());
}

#[test]
fn ground_and_reason_must_be_said() {
    let archive = Archive::new().article("x.md", TOML);
    for (arguments, words) in [
        (vec!["withdraw", X, "--kind", "boredom", "--reason", "A."], "is no ground"),
        (vec!["withdraw", X, "--kind", "error"], "--reason"),
        (vec!["withdraw", X, "--kind", "error", "--reason", "  "], "say why"),
        (vec!["withdraw", X, "--kind", "error", "--reason", "A.", "--date", "1/2/2021"], "is"),
    ] {
        let said = archive.run(&arguments);
        assert_eq!(said.code(), 2);
        assert!(said.stderr().contains(words), "{}", said.stderr());
    }
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_a_link_s_own_file_is_emptied() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let archive = Archive::new().file("texts/real.md", TOML).file("content/y.md", TOML);
    let file = archive.path("texts/real.md");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, archive.path("content/x.md")).unwrap();
    withdraw(&archive, "content/x.md", "error", &[]).clean();
    assert!(archive.path("content/x.md").is_symlink(), "the link is still one");
    assert!(!text(&archive, "texts/real.md").contains("The text."));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    let names: Vec<String> = archive.everything().into_keys().collect();
    assert_eq!(names, ["content/x.md", "content/y.md", "dateline.toml", "texts/real.md"]);
}
