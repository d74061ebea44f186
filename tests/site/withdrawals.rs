//! What stays of a withdrawn report, and that nothing else does: every file is searched.

use std::collections::BTreeMap;
use std::io::Read;

use crate::archive::Archive;

pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

pub(crate) const KINDS: [&str; 7] =
    ["copyright", "court", "error", "request", "privacy", "safety", "pending"];

pub(crate) const X: &str = "/2017/01/29/x/";

/// What may stay of each: the words planted in a report, and the kinds whose tombstone keeps them.
const PLANTED: [(&str, &[&str]); 31] = [
    ("titleword", &["copyright", "error"]),
    ("outletword", &["copyright"]),
    ("originalword", &["copyright"]),
    ("bodyword", &[]),
    ("headingword", &[]),
    ("summaryword", &[]),
    ("authorword", &[]),
    ("tagword", &[]),
    ("personword", &[]),
    ("имясекрет", &[]),
    ("storyword", &[]),
    ("contributorword", &[]),
    ("viaword", &[]),
    ("placeword", &[]),
    ("noteword", &[]),
    ("rightsword", &[]),
    ("licenceword", &[]),
    ("extraword", &[]),
    ("mementoword", &[]),
    ("correctionword", &[]),
    ("waswording", &[]),
    ("nowwording", &[]),
    ("redactionword", &[]),
    ("altword", &[]),
    ("creditword", &[]),
    ("captionword", &[]),
    ("portraitname", &[]),
    ("tablename", &[]),
    ("pixelbytes", &[]),
    ("tablebytes", &[]),
    ("commentword", &[]),
];

/// A report with a planted word wherever one can stand.
pub(crate) const REPORT: &str = r#"title = "The titleword"
date = 2017-01-29
added = 2020-01-01
updated = 2020-02-02
outlet = "The Outletword"
original_url = "https://originalword.example/1"
authors = ["Ann Authorword"]
tags = ["tagword", "shared"]
people = ["Per Personword", "Имясекрет"]
stories = ["The storyword"]
submitted_by = ["Contributorword"]
via = ["Viaword list"]
dateline = "PLACEWORD"
kind = "news"
summary = "A summaryword."
note = "A noteword."
rights = "Rightsword"
license = "Licenceword"
archived = [{ url = "https://keep.example/mementoword" }]
corrections = [{ date = 2020-03-03, text = "A correctionword.", was = "waswording", now = "nowwording" }]
redactions = [{ date = 2020-03-04, reason = "A redactionword." }]
image = { src = "portraitname.png", alt = "altword", credit = "creditword", caption = "captionword" }
# A commentword of the curator's.
mood = "extraword"
"#;

pub(crate) const BODY: &str =
    "\n## The headingword\n\nThe bodyword, see ![altword](inner/tablename.png).\n";

pub(crate) fn archive(lines: &str) -> Archive {
    let text = format!("+++\n{REPORT}{lines}+++\n{BODY}");
    let other = "+++\ntitle = \"Another\"\ndate = 2017-01-29\nadded = 2020-01-01\ntags = [\"shared\"]\n+++\nText.\n";
    Archive::new()
        .config("[[taxonomies]]\nname = \"people\"\n[[taxonomies]]\nname = \"tags\"\nfeed = true\n")
        .article("x/index.md", &text)
        .file("content/x/portraitname.png", "not a picture: pixelbytes")
        .file("content/x/inner/tablename.png", "not a picture: tablebytes")
        .article("other.md", other)
}

/// Names and contents of files, packed ones unpacked.
fn unpacked(tree: &Tree) -> Vec<(String, String)> {
    tree.iter()
        .map(|(path, bytes)| {
            let ending = path.rsplit('.').next().unwrap();
            assert!(!["zst", "zip", "xz"].contains(&ending), "{path}: unpack it here");
            let mut bytes = bytes.clone();
            if ending == "br" {
                let packed = std::mem::take(&mut bytes);
                brotli::BrotliDecompress(&mut &packed[..], &mut bytes).unwrap();
            }
            if bytes.starts_with(&[0x1f, 0x8b]) {
                let packed = std::mem::take(&mut bytes);
                flate2::read::MultiGzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
            }
            let decoded = percent_encoding::percent_decode(&bytes).decode_utf8_lossy();
            (path.clone(), format!("{path}\n{}\n{decoded}", String::from_utf8_lossy(&bytes)))
        })
        .map(|(path, text)| (path, text.to_lowercase()))
        .collect()
}

/// Where each planted word is found that a kind must not show.
pub(crate) fn leaks(tree: &Tree, kind: &str) -> Vec<(&'static str, String)> {
    let files = unpacked(tree);
    let hidden = PLANTED.iter().filter(|(_, shown)| !shown.contains(&kind)).map(|(word, _)| *word);
    hidden
        .flat_map(|word| files.iter().map(move |(path, text)| (word, path, text)))
        .filter(|(word, _, text)| text.contains(word))
        .filter(|(word, path, _)| {
            // For hosts, the manifest names the files that went with a report which is named itself.
            let is_file = ["portraitname", "tablename"].contains(word);
            let is_named = ["copyright", "error"].contains(&kind);
            !(is_file && is_named && path.ends_with("/manifest.json"))
        })
        .map(|(word, path, _)| (word, path.clone()))
        .collect()
}

fn site_and_state(archive: &Archive) -> Tree {
    let mut files = archive.everything();
    files.retain(|path, _| !path.starts_with("content/"));
    files
}

#[test]
fn the_search_finds_what_is_planted_packed_or_not() {
    let archive = archive("");
    archive.build().clean();
    let found = leaks(&site_and_state(&archive), "safety");
    for (word, _) in PLANTED {
        // The default theme shows no keys of the curator's own, and nothing shows a comment.
        let is_unseen = ["commentword", "extraword"].contains(&word);
        assert!(is_unseen || found.iter().any(|(other, _)| *other == word), "{word}");
    }
    let mut packed =
        flate2::read::GzEncoder::new(&b"the bodyword"[..], flate2::Compression::fast());
    let mut bytes = Vec::new();
    packed.read_to_end(&mut bytes).unwrap();
    let tree = Tree::from([("page.html.gz".to_owned(), bytes)]);
    assert_eq!(leaks(&tree, "safety"), [("bodyword", "page.html.gz".to_owned())]);
}

#[test]
fn nothing_of_a_report_withdrawn_by_hand_is_left_in_site_or_state() {
    for kind in KINDS {
        let archive = archive("");
        archive.build().clean();
        let withdrawn = format!(
            "withdrawn = {{ date = 2021-01-01, kind = \"{kind}\", reason = \"A reason.\" }}\n"
        );
        archive.write("content/x/index.md", format!("+++\n{REPORT}{withdrawn}+++\n{BODY}"));
        archive.write(
            ".public.dateline-stage/left/over.html",
            "the bodyword of a build that was cut short",
        );
        archive.build().clean();
        assert_eq!(leaks(&site_and_state(&archive), kind), [], "{kind}");
    }
}

/// Builds once more, after something that makes a build forget what builds before it knew.
type Forgetting = fn(&Archive);

const FORGETTING: &[(&str, Forgetting)] = &[
    ("another config", |archive| {
        let config = String::from_utf8(archive.everything()["dateline.toml"].clone()).unwrap();
        archive.write("dateline.toml", format!("{config}[duplicates]\nshow = true\n"));
        archive.build().clean();
    }),
    ("--force", |archive| drop(archive.build_with(&["--force"]).clean())),
    ("another address", |archive| {
        drop(archive.build_with(&["-u", "https://new.example/"]).clean());
    }),
    ("damage", |archive| {
        let state = archive.everything().into_keys().filter(|path| path.starts_with(".dateline/"));
        for path in state.filter(|path| !path.ends_with("/manifest.json")) {
            let mut bytes = archive.everything()[&path].clone();
            bytes.truncate(bytes.len() / 2);
            archive.write(&path, bytes);
        }
        archive.build().clean();
    }),
];

#[test]
fn what_a_build_forgets_is_not_left_behind_either() {
    for (name, build_again) in FORGETTING {
        let archive = archive("");
        archive.remove("content/other.md");
        archive.build().clean();
        archive.run(&["withdraw", X, "--kind", "privacy", "--reason", "A reason."]).clean();
        build_again(&archive);
        assert_eq!(leaks(&site_and_state(&archive), "privacy"), [], "{name}");
    }
}

#[test]
fn nothing_of_a_report_withdrawn_by_command_is_left_anywhere() {
    for kind in KINDS {
        let archive = archive("");
        archive.build().clean();
        archive.run(&["withdraw", X, "--kind", kind, "--reason", "A reason."]).clean();
        archive.build().clean();
        assert_eq!(leaks(&site_and_state(&archive), kind), [], "{kind}");
        let text = String::from_utf8(archive.everything()["content/x/index.md"].clone()).unwrap();
        let named = ["copyright", "error"].contains(&kind);
        assert_eq!(text.contains("The titleword"), named, "{kind}: {text}");
        for word in ["bodyword", "summaryword", "portraitname", "waswording", "redactionword"] {
            assert!(!text.contains(word), "{kind}: {word} in {text}");
        }
        let source = archive.everything();
        assert!(!source.contains_key("content/x/portraitname.png"));
        assert!(!archive.path("content/x/inner").exists(), "folders' names tell too");
        if !named {
            assert_eq!(leaks(&source, kind), [], "{kind}: in the source");
        }
    }
}

#[test]
fn a_tombstone_says_why_and_when_and_whom_to_ask() {
    for kind in KINDS {
        let line = format!(
            "withdrawn = {{ date = 2021-01-01, kind = \"{kind}\", reason = \"On demand.\" }}\n"
        );
        let built = archive(&line)
            .file("content/pages/contact.md", "# Contact\n\nWrite to us.\n")
            .build()
            .succeeds();
        let page = built.page(X);
        assert!(page.has("meta[name=robots][content=noindex]"), "{kind}");
        assert_eq!(page.fact("Withdrawn on"), "1 January 2021");
        assert_eq!(page.fact("Reason"), "On demand.");
        assert_eq!(page.links(".tombstone").last().unwrap(), "/contact/");
        let labels = page.texts(".record dt");
        let has = |label: &str| labels.iter().any(|other| other == label);
        assert_eq!(has("Headline"), ["copyright", "error"].contains(&kind), "{kind}");
        assert_eq!((has("Outlet"), has("Original")), (kind == "copyright", kind == "copyright"));
        let is_listed = !built.page("/withdrawals/").links(".register").is_empty();
        assert_eq!(is_listed, has("Headline"), "{kind}");
    }
}

#[test]
fn the_kinds_that_are_named_are_the_curator_s_to_choose() {
    let line = "withdrawn = { date = 2021-01-01, kind = \"court\", reason = \"By order.\" }\n";
    let config = "[withdrawals]\nnamed = [\"court\"]\n";
    let built = archive(line).config(config).build().clean();
    assert_eq!(built.page(X).fact("Headline"), "The titleword");
    assert_eq!(built.page("/withdrawals/").links(".register"), [X]);
    let refused = archive(line).config("[withdrawals]\nnamed = [\"cuort\"]\n").build();
    assert_eq!(refused.code(), 1);
    assert!(refused.stderr().contains("is no ground"), "{}", refused.stderr());
    let none = archive(&line.replace("court", "error")).config("[withdrawals]\nnamed = []\n");
    assert_eq!(none.build().clean().page("/withdrawals/").links(".register"), [""; 0]);
}

#[test]
fn a_withdrawn_report_is_in_no_list_and_what_only_it_carried_has_no_page() {
    let line = "aliases = [\"/old/\"]\nwithdrawn = { date = 2021-01-01, kind = \"error\" }\n";
    let built = archive(line).build().clean();
    for path in ["/tags/tagword/", "/people/", "/stories/", "/outlets/", "/corrections/"] {
        assert!(!built.has(path) || path == "/corrections/", "{path}");
    }
    let listing = |path: &str| built.page(path).links("main");
    for path in ["/", "/2017/01/29/", "/tags/shared/", "/added/2020/01/01/", "/on-this-day/01-29/"]
    {
        assert!(!listing(path).contains(&X.to_owned()), "{path}");
    }
    let mentions: Vec<String> = built
        .tree()
        .into_iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("/2017/01/29/x/"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(mentions, ["2017/01/29/x/index.html", "old/index.html", "withdrawals/index.html"]);
}

#[test]
fn terms_and_days_that_only_withdrawn_reports_fill() {
    let report = |date: &str, lines: &str| {
        format!("+++\ntitle = \"A report\"\ndate = {date}\ntags = [\"t\"]\n{lines}+++\nText.\n")
    };
    let withdrawn = "withdrawn = { date = 2021-01-01, kind = \"privacy\" }\n";
    let built = Archive::new()
        .config("[listing]\nleaf = 1\n")
        .article("a.md", &report("2016-01-01", ""))
        .article("b.md", &report("2017-01-01", withdrawn))
        .build()
        .clean();
    assert!(built.has("/tags/t/2016/"), "it still counts when the list decides whether to split");
    assert!(!built.has("/tags/t/2017/"), "an empty page would tell what it was about");
    assert_eq!(built.page("/tags/t/").links(".children"), ["/tags/t/2016/"]);
    assert!(built.has("/2017/01/01/"), "the day keeps its page");
}

#[test]
fn a_tombstone_without_a_headline_is_no_mistake() {
    let text = "+++\ndate = 2017-01-29\nwithdrawn = { date = 2021-01-01, kind = \"KIND\" }\n+++\n";
    for kind in KINDS {
        let built = Archive::new().article("x.md", &text.replace("KIND", kind)).build().clean();
        assert!(built.page(X).text("h1").contains("Withdrawn"));
        let named = built.page("/withdrawals/").texts(".notice-report a");
        assert_eq!(named, if ["copyright", "error"].contains(&kind) { vec![X] } else { vec![] });
    }
}

#[test]
fn the_manifest_tells_hosts_what_is_gone() {
    let archive = archive("").article(
        "y.md",
        "+++\ndate = 2017-01-30\nwithdrawn = { date = 2021-01-01, kind = \"court\" }\n+++\n",
    );
    archive.build().clean();
    archive.run(&["withdraw", X, "--kind", "error", "--reason", "Wrong."]).clean();
    for _ in 0..2 {
        archive.build().clean();
    }
    let state = archive.everything();
    let (_, manifest) = state.iter().find(|(path, _)| path.ends_with("/manifest.json")).unwrap();
    let head = manifest.split(|byte| *byte == b'\n').next().unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(head).unwrap();
    assert_eq!(
        manifest["withdrawn"],
        serde_json::json!([
            { "path": X, "kind": "error", "status": 410,
              "assets": ["2017/01/29/x/inner/tablename.png", "2017/01/29/x/portraitname.png"] },
            { "path": "/2017/01/30/y/", "kind": "court", "status": 451, "assets": [] },
        ])
    );
}

#[test]
fn withdrawals_are_listed_by_day_newest_first() {
    let report = |slug: &str, day: &str| {
        format!(
            "+++\ntitle = \"Report {slug}\"\ndate = 2017-01-29\nwithdrawn = {{ date = {day}, kind = \"error\", reason = \"Wrong {slug}.\" }}\n+++\n"
        )
    };
    let built = Archive::new()
        .article("a.md", &report("a", "2020-01-01"))
        .article("b.md", &report("b", "2021-02-02"))
        .article("c.md", &report("c", "2021-02-02"))
        .build()
        .clean();
    let page = built.page("/withdrawals/");
    assert_eq!(page.texts(".register-day h2"), ["2 February 2021", "1 January 2020"]);
    assert_eq!(page.texts(".notice-report a"), ["Report c", "Report b", "Report a"]);
    assert_eq!(built.page("/").attributes(".colophon a[href='/withdrawals/']", "href").len(), 1);
}

#[test]
fn a_tombstone_follows_what_the_config_calls_its_outlet() {
    let lines = "outlet = \"rt\"\nwithdrawn = { date = 2020-01-01, kind = \"copyright\" }";
    let text = format!("+++\ntitle = \"A\"\ndate = 2017-01-29\n{lines}\n+++\n");
    let config = |name: &str| {
        format!("base_url = \"https://a.example/\"\n[outlets.rt]\nname = \"{name}\"\n")
    };
    let archive = Archive::new().config(&config("Old name")).article("x.md", &text);
    archive.build().clean();
    archive.write("dateline.toml", config("New name"));
    let built = archive.build().clean();
    for page in [X, "/withdrawals/"] {
        assert!(built.page(page).text("main").contains("New name"), "{page}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_withdrawn_report_s_file_gives_nothing() {
    let archive = archive("withdrawn = { date = 2026-03-01, kind = \"safety\" }\n")
        .article("y/index.md", "+++\ntitle = \"Y\"\ndate = 2017-01-30\n+++\nText.\n");
    for (link, target) in [("face.png", "../x/portraitname.png"), ("text.txt", "../x/index.md")] {
        let link = archive.path(&format!("content/y/{link}"));
        std::os::unix::fs::symlink(target, link).unwrap();
    }
    let built = archive.build().succeeds();
    assert!(built.has("/2017/01/30/y/"));
    assert_eq!(leaks(&built.tree(), "safety"), []);
}

#[test]
fn the_list_of_withdrawals_knows_when_an_original_dies() {
    let notices = "{% for group in register.groups %}{% for notice in group.notices %}{{ notice.original.state }}{% endfor %}{% endfor %}";
    let report = "+++\ntitle = \"A\"\ndate = 2017-01-29\noriginal_url = \"https://dead.example/x\"\nwithdrawn = { date = 2021-01-01, kind = \"copyright\", reason = \"R.\" }\n+++\n";
    let archive =
        Archive::new().article("a.md", report).file("templates/withdrawals.html", notices);
    let before = archive.build().clean().file("withdrawals/index.html");
    archive.write("links/dead.example.toml", "[\"https://dead.example/x\"]\ndead = 2024-05-01\n");
    let after = archive.build().clean().file("withdrawals/index.html");
    assert_ne!(before, after);
    assert_eq!(after, archive.build_with(&["--force"]).clean().file("withdrawals/index.html"));
}
