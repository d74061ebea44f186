//! What differs between Linux, macOS and Windows, tried on any of them: `docs/internals/platforms.md`
//! says which test holds what.

use std::collections::BTreeMap;

use crate::archive::{Archive, Built};

const REPORT: &str = "+++\ntitle = \"Talks begin\"\ndate = 2017-01-29\noutlet = \"gazette\"\n\
                      tags = [\"talks\"]\nsummary = \"\"\"\nTwo\nlines.\"\"\"\n+++\n\n# Talks\n\nThe \
                      [delegations](https://gazette.example/talks) met  \nand sat down.\n\n\
                      ```\ncode\n  more\n```\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\
                      <div>\nraw\n</div>\n\n{{ note(words=\"x\") }}\n";

const YAML: &str = "---\ntitle: Talks go on\ndate: 2017-01-30\ntags:\n  - talks\nsummary: |\n  Two\n  \
                    lines.\n---\nThey met again.\n\n> And said so.\n";

const LEDGER: &str = "[\"https://gazette.example/talks\"]\n\
                      archived = \"https://web.archive.org/web/20170201120000/https://gazette.example/talks\"\n\
                      dead = 2024-05-01\n";

const SETTINGS: &str = "base_url = \"https://archive.example/\"\ntitle = \"The Archive\"\n\
                        description = \"\"\"\nReports.\"\"\"\n\n[outlets.gazette]\nname = \"The Gazette\"\n";

/// Texts of every kind that Dateline reads, by path.
const TEXTS: [(&str, &str); 7] = [
    ("dateline.toml", SETTINGS),
    ("content/2017/talks.md", REPORT),
    ("content/2017/more.md", YAML),
    ("content/2017/bare-2017-02-01.md", "---\ndate: 2017-02-01\n---\nWords.\n"),
    ("content/pages/about.md", "+++\ntitle = \"About\"\n+++\n\nThis is\nan archive.\n"),
    ("links/gazette.example.toml", LEDGER),
    ("templates/shortcodes/note.html", "<aside>{{ words }}</aside>"),
];

/// The archive of these texts, each changed in one way.
fn archive(change: impl Fn(&str) -> String) -> Archive {
    let archive = Archive::new();
    for (path, text) in TEXTS {
        archive.write(path, change(text));
    }
    archive
}

/// The site, without the digests of sources in data files, which are those of the files as they are.
fn site(built: &Built) -> BTreeMap<String, String> {
    let without_digest = |text: String| {
        let lines = text.lines().filter(|line| !line.contains("\"sha256\""));
        lines.collect::<Vec<_>>().join("\n")
    };
    let texts = built
        .tree()
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()));
    texts.map(|(path, text)| (path, without_digest(text))).collect()
}

/// Names the files that differ: their bytes would fill the screen.
#[track_caller]
fn assert_same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    let paths = one.keys().chain(other.keys());
    let differing: Vec<_> = paths.filter(|path| one.get(*path) != other.get(*path)).collect();
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn windows_line_ends_change_nothing_that_readers_see() {
    let unix = site(&archive(str::to_owned).build().succeeds());
    let windows = site(&archive(|text| text.replace('\n', "\r\n")).build().succeeds());
    assert_same(&unix, &windows);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_file() {
    let plain = site(&archive(str::to_owned).build().succeeds());
    let marked = site(&archive(|text| format!("\u{feff}{text}")).build().succeeds());
    assert_same(&plain, &marked);
}

#[test]
fn no_record_and_no_page_holds_a_path_of_this_machine() {
    let archive = archive(str::to_owned);
    archive.build().succeeds();
    let root = archive.path("").display().to_string();
    let root = root.trim_end_matches(['/', '\\']);
    for (path, bytes) in archive.everything() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(root), "{path} names {root}");
        assert!(!text.contains(r"content\"), "{path} holds a separator of Windows");
    }
}

#[test]
fn devices_of_windows_are_no_addresses() {
    for name in
        ["con", "PRN", "aux", "Nul", "com1", "LPT9", "con.txt", "nul.2017", "COM\u{b9}", "lpt0"]
    {
        for key in ["slug", "path"] {
            let text = format!("+++\ndate = 2017-01-29\n{key} = \"{name}\"\n+++\n\nWords.\n");
            let built = Archive::new().article("a.md", &text).build();
            assert_eq!(built.code(), 1, "{key} = {name}");
            assert!(built.stderr().contains("device"), "{}", built.stderr());
        }
        let file = format!("date = 2017-01-29\ntags = [\"{name}\"]\n");
        let built = Archive::new().article("a.md", &format!("+++\n{file}+++\n\nWords.\n")).build();
        let is_device = |path: &String| path.split('/').any(|part| part.eq_ignore_ascii_case(name));
        assert!(!built.tree().keys().any(is_device), "{name}");
    }
    for pattern in
        ["/con/:slug/", "/news/NUL/:slug/", "/com1.d/:slug/", "/news./:slug/", "/ news/:slug/"]
    {
        let built = Archive::new()
            .config(&format!("permalink = \"{pattern}\"\n"))
            .article("a.md", "+++\ndate = 2017-01-29\n+++\n\nWords.\n")
            .build();
        assert_eq!(built.code(), 1, "{pattern}");
        assert!(built.stderr().contains("permalink"), "{}", built.stderr());
    }
}

#[test]
fn no_address_holds_what_windows_refuses() {
    let names = [
        "a?b",
        "a*b",
        "a:b",
        "a\\\"b",
        "a<b",
        "a>b",
        "a|b",
        "a\\\\b",
        "a.",
        "a ",
        "a\\u0007b",
        "a. .",
    ];
    for name in names {
        for line in [
            format!("slug = \"{name}\""),
            format!("path = \"/x/{name}/\""),
            format!("tags = [\"{name}\"]"),
            format!("outlet = \"{name}\""),
        ] {
            let text = format!("+++\ntitle = \"A\"\ndate = 2017-01-29\n{line}\n+++\n\nWords.\n");
            let built = Archive::new().article("a.md", &text).build();
            for path in built.tree().keys() {
                assert!(
                    !path.contains(['?', '*', ':', '"', '<', '>', '|', '\\', '\u{7}']),
                    "{line}: {path}"
                );
                assert!(!path.split('/').any(|part| part.ends_with(['.', ' '])), "{line}: {path}");
            }
        }
    }
}

/// On a file system that folds case the two could not even be there; a build elsewhere must not
/// publish what can't be copied to one.
#[test]
#[cfg(target_os = "linux")]
fn files_whose_names_differ_in_case_only_are_never_both_published() {
    let report = "+++\ndate = 2017-01-29\n+++\n\n![a](map.png)\n";
    let (one, two) = (b"one".as_slice(), b"two".as_slice());
    for [first, second] in [
        ["content/a/map.png", "content/a/Map.PNG"],
        ["static/map.png", "static/MAP.png"],
        ["static/Caf\u{e9}/a.txt", "static/CAFE\u{301}/A.txt"],
        ["static/straße.txt", "static/STRASSE.txt"],
        ["static/TAGS/index.html", "static/tags/INDEX.HTML"],
    ] {
        let built =
            Archive::new().article("a/index.md", report).file(first, one).file(second, two).build();
        assert_eq!(built.code(), 1, "{first} and {second}: {}", built.stderr());
        assert!(built.stderr().contains("is left out"), "{}", built.stderr());
        let published = built.tree();
        let both = published.values().filter(|bytes| [one, two].contains(&bytes.as_slice()));
        assert_eq!(both.count(), 1, "{first} and {second}: {:?}", published.keys());
        assert!(published.contains_key("2017/01/29/a/index.html"), "the rest is published");
    }
}
