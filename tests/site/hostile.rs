//! Text by strangers: nothing leaves the output, runs in a reader's browser, or keeps a build from
//! ending. The guard against hangs is [`Archive`]'s own.

use std::collections::BTreeMap;

use crate::archive::{Archive, Built, tree};
use crate::links::{check_paths, check_policy};

const GOOD: &str = "+++\ntitle = \"Good\"\ndate = 2017-01-29\n+++\nA report.\n";

fn archive() -> Archive {
    Archive::new().article("good.md", GOOD)
}

/// A report with further lines in its front matter, and a body.
fn report(lines: &str, body: &str) -> String {
    format!("+++\ntitle = \"A report\"\ndate = 2017-02-01\n{lines}\n+++\n{body}\n")
}

/// Builds, and makes sure that nothing but the site and the program's own records was written and
/// that what is published is safe to read.
#[track_caller]
fn build(archive: &Archive) -> Built {
    let outside = |archive: &Archive| -> BTreeMap<String, Vec<u8>> {
        let ours = |path: &String| {
            path.starts_with("public/")
                || path.starts_with(".dateline/")
                || path == "addresses.toml"
        };
        tree(&archive.path("")).into_iter().filter(|(path, _)| !ours(path)).collect()
    };
    let before = outside(archive);
    let built = archive.build();
    assert!(!built.stderr().contains("panicked"), "{}", built.stderr());
    assert!(outside(archive) == before, "something was written outside of the output");
    if built.output().exists() {
        check_paths(&built);
        check_policy(&built);
    }
    built
}

/// Builds an archive whose bad report is refused by a rule and whose good one is published.
#[track_caller]
fn refused(archive: &Archive, rule: &str) -> Built {
    let built = build(archive);
    assert_eq!(built.code(), 1, "{}", built.stderr());
    assert!(built.stderr().contains(&format!("error[{rule}]")), "{}", built.stderr());
    assert!(built.has("/2017/01/29/good/"), "{}", built.stderr());
    built
}

/// Builds an archive that warns by a rule and publishes all the same.
#[track_caller]
fn warned(archive: &Archive, rule: &str) -> Built {
    let built = build(archive).succeeds();
    assert!(built.stderr().contains(&format!("warning[{rule}]")), "{}", built.stderr());
    built
}

/// Names that no part of an address may be.
const BAD_NAMES: [&str; 12] = [
    "../../outside",
    "..",
    "%2e%2e",
    "a%2fb",
    "..\\\\outside",
    "nul\\u0000byte",
    "bell\\u0007",
    "CON",
    "aux.txt",
    "…!?",
    "a\\u202E:b",
    "C:",
];

#[test]
fn slugs_that_are_no_names_are_refused() {
    for name in BAD_NAMES {
        let archive = archive().article("bad.md", &report(&format!("slug = \"{name}\""), "Text."));
        let built = refused(&archive, "bad-path");
        assert!(!built.has("/2017/02/01/bad/"), "{name}");
    }
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    let further = ["/../../outside/", "/a/../../b/", "//", "/%2e%2e/x/", "/.git/config/", "/a./"];
    for name in BAD_NAMES.into_iter().chain(further) {
        refused(
            &archive().article("bad.md", &report(&format!("path = \"{name}\""), "Text.")),
            "bad-path",
        );
    }
}

#[test]
fn an_absolute_path_stays_in_the_output() {
    let built =
        build(&archive().article("a.md", &report("path = \"/etc/passwd\"", "Text."))).clean();
    assert!(built.has("/etc/passwd/"));
}

#[test]
fn aliases_that_lead_elsewhere_are_left_out_with_a_warning() {
    for name in BAD_NAMES.into_iter().filter(|name| !name.starts_with(['…', 'a'])) {
        let archive =
            archive().article("a.md", &report(&format!("aliases = [\"/{name}\"]"), "Text."));
        let built = warned(&archive, "bad-path");
        assert!(built.has("/2017/02/01/a/"), "{name}");
    }
}

#[test]
fn names_longer_than_a_file_system_takes_are_refused() {
    let long = "x".repeat(300);
    for line in [format!("slug = \"{long}\""), format!("path = \"/{long}/\"")] {
        refused(&archive().article("bad.md", &report(&line, "Text.")), "bad-path");
    }
    let built =
        build(&archive().article("a.md", &report(&format!("tags = [\"{long}\"]"), "Text.")));
    assert_eq!(built.clean().page("/2017/02/01/a/").links(".record ul").len(), 1);
}

#[test]
fn file_names_that_are_no_addresses_are_refused() {
    refused(&archive().article("CON.md", &report("", "Text.")), "bad-path");
    refused(&archive().article("!!!.md", &report("", "Text.")), "bad-path");
}

#[test]
fn outlets_in_permalinks_cannot_lead_out() {
    let archive = archive()
        .config("permalink = \"/:outlet/:slug/\"\n")
        .article("a.md", &report("outlet = \"../../..\"", "Text."))
        .article("b.md", &report("outlet = \"CON\"", "Text."));
    build(&archive).clean();
}

#[test]
fn a_config_cannot_lead_out_by_its_taxonomies_or_permalinks() {
    for config in
        ["[[taxonomies]]\nname = \"x\"\npath = \"../..\"\n", "permalink = \"/../:slug/\"\n"]
    {
        let built = build(&archive().config(config));
        assert_eq!(built.code(), 1, "{config}");
        assert!(built.stderr().contains("error[config]"), "{}", built.stderr());
    }
}

#[test]
fn redirects_cannot_lead_out() {
    let config = "[[redirects]]\nfrom = \"/../../outside\"\nto = \"/\"\n\
                  [[redirects]]\nfrom = \"/%2e%2e/outside\"\nto = \"/\"\n";
    build(&archive().config(config));
}

#[cfg(unix)]
#[test]
fn symbolic_links_out_of_the_archive_and_in_circles_are_refused() {
    use std::os::unix::fs::symlink;
    let secret = tempfile::tempdir().unwrap();
    std::fs::write(secret.path().join("secret.md"), report("", "A secret.")).unwrap();
    let archive = archive().article("2017/x/index.md", &report("", "Text."));
    for (from, to) in [
        (secret.path().join("secret.md"), "content/out.md"),
        (secret.path().to_owned(), "content/folder"),
        (secret.path().join("secret.md"), "content/2017/x/asset.txt"),
        (archive.path("content"), "content/loop"),
        (archive.path("content/self.md"), "content/self.md"),
        (archive.path("nowhere.md"), "content/dangling.md"),
    ] {
        symlink(from, archive.path(to)).unwrap();
    }
    let built = refused(&archive, "symlink");
    assert_eq!(built.stderr().matches("error[symlink]").count(), 6, "{}", built.stderr());
    let leaked = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains("A secret");
    assert!(!built.tree().values().any(leaked));
    assert!(built.has("/2017/02/01/x/"));
}

#[cfg(unix)]
#[test]
fn symbolic_links_in_static_are_not_followed() {
    use std::os::unix::fs::symlink;
    let secret = tempfile::tempdir().unwrap();
    std::fs::write(secret.path().join("secret.txt"), "A secret.").unwrap();
    let archive = archive().file("static/own.txt", "ours");
    symlink(secret.path().join("secret.txt"), archive.path("static/out.txt")).unwrap();
    symlink(secret.path(), archive.path("static/folder")).unwrap();
    let built = warned(&archive, "symlink");
    assert!(built.has("own.txt") && !built.has("out.txt") && !built.has("folder/secret.txt"));
}

#[test]
fn one_name_in_two_unicode_forms_is_one_file() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    let archive = archive()
        .article(
            "a.md",
            &report(&format!("slug = \"{composed}\"\ntags = [\"{composed}\"]"), "Text."),
        )
        .article(
            "b.md",
            &report(&format!("slug = \"{decomposed}\"\ntags = [\"{decomposed}\"]"), "Text."),
        );
    refused(&archive, "duplicate-permalink");
}

#[test]
fn terms_that_differ_in_case_or_form_have_addresses_of_their_own_or_are_one() {
    let tags = [
        "Straße",
        "STRASSE",
        "strasse",
        "İstanbul",
        "istanbul",
        "ISTANBUL",
        "ıstanbul",
        "Foo",
        "foo",
        "FOO ",
        "caf\u{e9}",
        "cafe\u{301}",
        "C",
        "C++",
        "C#",
        "c",
        "ﬁne",
        "fine",
        "CON",
        "..",
        "/",
        "a/b",
        "a b",
    ];
    let archive = tags.iter().enumerate().fold(archive(), |archive, (at, tag)| {
        archive.article(&format!("t{at}.md"), &report(&format!("tags = ['{tag}']"), "Text."))
    });
    let built = warned(&archive, "merged-spellings");
    for (at, tag) in tags.iter().enumerate() {
        let links = built.page(&format!("/2017/02/01/t{at}/")).links(".record ul");
        assert_eq!(links.len(), 1, "{tag}");
        let listed =
            built.page(&percent_encoding::percent_decode_str(&links[0]).decode_utf8_lossy());
        let here = format!("/2017/02/01/t{at}/");
        assert!(listed.links("li.line").contains(&here), "{tag}: {links:?}");
    }
}

#[test]
fn slugs_that_differ_in_case_only_are_one_address() {
    let archive = archive()
        .article("a.md", &report("slug = \"Straße\"", "Text."))
        .article("b.md", &report("slug = \"STRASSE\"", "Text."));
    refused(&archive, "duplicate-permalink");
}

#[test]
fn links_that_run_code_are_words() {
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "java&#x09;script:alert(1)",
        "java&Tab;script:alert(1)",
        "&#1;javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "javascript&#58;alert(1)",
    ] {
        let body = format!(
            "[words](<{address}>)\n\n<a href=\"{address}\">raw</a>\n\n![alt](<{address}>)\n"
        );
        let built = build(&archive().article("a.md", &report("", &body)));
        let page = built.succeeds().page("/2017/02/01/a/");
        let links = page.links(".body");
        assert!(links.iter().all(|link| link.starts_with('#')), "{address}: {links:?}");
        assert!(page.text(".body").contains("words"), "{address}");
        assert!(!page.has(".body img"), "{address}");
    }
}

#[test]
fn front_matter_addresses_that_run_code_are_left_out() {
    let lines = "original_url = \"javascript:alert(1)\"\nimage = \"javascript:alert(1)\"\n\
        via = [{ name = \"V\", url = \"javascript:alert(1)\" }]\n\
        archived = [{ url = \"javascript:alert(1)\" }]\n\
        links = [{ url = \"https://x.example/\", archived = \"javascript:alert(1)\" }]\n";
    let archive = archive().article("a.md", &report(lines, "[x](https://x.example/)"));
    let built = warned(&archive, "unsafe-address");
    assert!(!built.page("/2017/02/01/a/").html().contains("javascript"));
}

#[test]
fn attributes_cannot_be_left() {
    let out = "\" onmouseover=\"alert(1)\" x='\" onfocus='alert(1)";
    let body = format!(
        "[a](https://x.example/ '{0}')\n\n![{out}](https://x.example/a.png '{0}')\n\n\
         ```rust\" onclick=\"alert(1)\ncode\n```\n\n## Heading {{#id\" onclick=\"x\" onclick=x}}\n\n\
         [^a\" onclick=\"x]\n\n[^a\" onclick=\"x]: Note\n",
        out.replace('\'', "\\'")
    );
    let quoted = format!("\"\"\"{}\"\"\"", out.replace('"', "\\\""));
    let lines: String =
        ["outlet", "dateline", "kind", "summary", "license", "rights", "note", "id"]
            .map(|key| format!("{key} = {quoted}\n"))
            .concat();
    let lines = format!(
        "{lines}tags = [{quoted}]\nimage = {{ src = \"https://x.example/i.png\", alt = {quoted}, credit = {quoted} }}\n"
    );
    build(&archive().article("a.md", &report(&lines, &body))).succeeds();
}

#[test]
fn markup_in_titles_is_text() {
    let title = "</title></script><script>alert(1)</script><b>&amp;]]>";
    let text = format!(
        "+++\ntitle = '{title}'\ndate = 2017-02-01\ntags = ['{title}']\noutlet = '{title}'\nauthors = ['{title}']\nsummary = '{title}'\n+++\nText.\n"
    );
    let archive = archive().config(&format!("title = '{title}'\ndescription = '{title}'\n"));
    let built = build(&archive.article("a.md", &text)).clean();
    let page = built.page("/2017/02/01/a/");
    // A character that HTML writes in front matter is read as that character.
    let title = title.replace("&amp;", "&");
    assert_eq!(page.text("h1"), title);
    assert_eq!(page.all("script").len(), 1, "structured data, and nothing that runs");
    let data = page.text("script[type='application/ld+json']");
    let data: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(data["headline"], title);
    let feed: serde_json::Value = serde_json::from_str(&built.file("feed.json")).unwrap();
    assert_eq!(feed["items"][0]["title"], title);
    assert!(!built.file("atom.xml").contains("<script"));
}

#[test]
fn control_characters_and_bidi_overrides_reach_no_terminal_and_no_feed() {
    let title = "Evil \\u001b[31m\\u202Egnp.exe\\u0000\\u0008";
    let text = format!(
        "+++\ntitle = \"{title}\"\ndate = 2017-02-01\ntag = \"x\"\n+++\nText \u{202e}reversed \u{1b}[2J.\n"
    );
    let built = build(&archive().article("a.md", &text));
    assert!(!built.stderr().contains('\u{1b}'), "{:?}", built.stderr());
    let atom = built.file("atom.xml");
    assert!(!atom.contains(['\u{0}', '\u{1b}', '\u{8}']), "XML has no such characters");
    assert!(!built.page("/2017/02/01/a/").html().contains(['\u{0}', '\u{1b}']));
}

/// Bodies that take some parsers for ever or off the end of their stack.
#[test]
fn bodies_nested_beyond_reason_are_built() {
    let body = |text: &str| report("", text);
    let archive = archive()
        .article("quotes.md", &body(&">".repeat(50_000)))
        .article("lists.md", &body(&"- ".repeat(50_000)))
        .article("numbers.md", &body(&"1. ".repeat(20_000)))
        .article("divs.md", &body(&"<div>".repeat(20_000)))
        .article("emphasis.md", &body(&"*a **b ".repeat(20_000)));
    build(&archive).succeeds();
}

#[test]
fn bodies_of_a_hundred_thousand_brackets_are_built() {
    let body = |text: &str| report("", text);
    let archive = archive()
        .article("open.md", &body(&"[".repeat(100_000)))
        .article("both.md", &body(&format!("{}{}", "[".repeat(50_000), "](x)".repeat(50_000))))
        .article("pictures.md", &body(&"![".repeat(50_000)))
        .article("notes.md", &body(&"[^a] ".repeat(20_000)))
        .article("code.md", &body(&"`a``b".repeat(20_000)))
        .article("angle.md", &body(&"<".repeat(100_000)))
        .article("shortcodes.md", &body(&"{{< ".repeat(50_000)));
    build(&archive).succeeds();
}

#[test]
fn a_line_of_ten_megabytes_is_built() {
    let built = build(&archive().article("long.md", &report("", &"word ".repeat(2_000_000))));
    let page = built.clean().file("2017/02/01/long/index.html");
    assert!(page.len() > 9_999_990);
}

#[test]
fn a_title_of_a_megabyte_is_built() {
    let text =
        format!("+++\ntitle = \"{}\"\ndate = 2017-02-01\n+++\nText.\n", "x".repeat(1_000_000));
    build(&archive().article("long.md", &text)).succeeds();
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_place() {
    let bytes: &[u8] = b"+++\ntitle = \"A\"\ndate = 2017-02-01\n+++\nText \xff\xfe.\n";
    let built = refused(&archive().file("content/a.md", bytes), "not-utf-8");
    assert!(built.stderr().contains("content/a.md:5:6"), "{}", built.stderr());
    let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(&archive().file("content/b.md", utf16), "missing-date");
}

#[test]
fn nul_and_lone_carriage_returns_are_built() {
    let archive = archive()
        .article("zero.md", &report("", "a\0b\0\0"))
        .article("cr.md", &report("", "a\rb\r\rc"))
        .article("all-cr.md", &report("", "Text.").replace('\n', "\r\n"));
    let built = build(&archive).succeeds();
    assert!(!built.page("/2017/02/01/zero/").html().contains('\0'));
    assert_eq!(built.page("/2017/02/01/all-cr/").text("h1"), "A report");
    assert_eq!(built.page("/2017/02/01/cr/").text(".body"), "a b c");
}

#[test]
fn yaml_bombs_are_refused() {
    let levels = (1..12).map(|level| {
        let uses = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("a{level}: &a{level} [{uses}]\n")
    });
    let levels: String = levels.collect();
    let first = "a0: &a0 [x, x, x, x, x, x, x, x, x]";
    let bomb = format!("---\ntitle: A\ndate: 2017-02-01\n{first}\n{levels}---\nText.\n");
    refused(&archive().article("bomb.md", &bomb), "front-matter");
    let deep = format!("---\ntitle: A\ndate: 2017-02-01\nx: {}\n---\n", "[".repeat(10_000));
    refused(&archive().article("deep.md", &deep), "front-matter");
    let deep = format!("+++\ntitle = \"A\"\ndate = 2017-02-01\nx = {}\n+++\n", "[".repeat(10_000));
    refused(&archive().article("deep.md", &deep), "front-matter");
}

#[test]
fn keys_that_stand_twice_are_refused() {
    let yaml = "---\ntitle: A\ndate: 2017-02-01\ndraft: false\ndraft: true\n---\nText.\n";
    let built = refused(&archive().article("a.md", yaml), "repeated-key");
    assert!(built.stderr().contains("“draft” stands here a second time"), "{}", built.stderr());
    let yaml =
        "---\ntitle: A\ndate: 2017-02-01\nlastmod: 2018-01-01\nlastmod: 2019-01-01\n---\nText.\n";
    refused(&archive().article("a.md", yaml), "repeated-key");
    let yaml = "---\ntitle: A\ndate: 2017-02-01\nimage:\n  src: a.png\n  src: b.png\n---\nText.\n";
    refused(&archive().article("a.md", yaml), "front-matter");
    let toml = "+++\ntitle = \"A\"\ndate = 2017-02-01\ndraft = false\ndraft = true\n+++\nText.\n";
    refused(&archive().article("a.md", toml), "front-matter");
}

#[test]
fn keys_of_others_that_stand_twice_are_told_and_the_last_counts() {
    let yaml = "---\ntitle: A\ndate: 2017-02-01\nexpirydate: 2018-01-01\nexpirydate: 2019-01-01\n---\nText.\n";
    let archive = archive().article("a.md", yaml);
    let told = build(&archive).succeeds().stderr();
    assert!(told.contains("warning[repeated-key]") && told.contains("a.md:5:1"), "{told}");
    let seen = archive.run(&["inspect", "/2017/02/01/a/"]).json();
    assert_eq!(seen["article"]["extra"]["expirydate"], "2019-01-01");
}

#[test]
fn yaml_words_stay_what_was_written() {
    let text = "---\ntitle: no\ndate: 2017-02-01\ntags: [on, 1e3, 017, 2024-02-30, 0x1F, 1_000, ~, \"null\"]\n---\nText.\n";
    let page = build(&archive().article("a.md", text)).clean().page("/2017/02/01/a/");
    assert_eq!(page.text("h1"), "no");
    let tags = page.texts(".record ul.names li");
    assert_eq!(tags, ["on", "1e3", "017", "2024-02-30", "0x1F", "1_000", "null"]);
}

#[test]
fn values_that_are_no_dates_are_refused() {
    for value in
        ["no", "1e3", "2024-02-30", "~~", "[2017-01-01]", "{ year: 2017 }", "99999999999999999999"]
    {
        let text = format!("---\ntitle: A\ndate: {value}\n---\nText.\n");
        refused(&archive().article("a.md", &text), "bad-date");
    }
}

#[test]
fn a_draft_that_says_no_clear_word_is_not_published() {
    let draft =
        |value: &str| format!("---\ntitle: A\ndate: 2017-02-01\ndraft: {value}\n---\nText.\n");
    for value in ["maybe", "[]"] {
        refused(&archive().article("a.md", &draft(value)), "wrong-value");
    }
    let held = build(&archive().article("a.md", &draft("1")));
    assert!(held.stderr().contains("note[held-back]"), "{}", held.stderr());
    assert!(!held.has("/2017/02/01/a/"));
}

#[test]
fn a_withdrawal_that_is_not_understood_publishes_nothing() {
    for value in
        ["true", "{ date = 2020-01-01 }", "{ date = 2020-01-01, kind = \"cort\" }", "\"court\""]
    {
        let archive =
            archive().article("a.md", &report(&format!("withdrawn = {value}"), "Secret."));
        let built = refused(&archive, "wrong-value");
        assert!(!built.has("/2017/02/01/a/"), "{value}");
    }
}

#[test]
fn no_control_character_reaches_a_citation_or_a_table() {
    let archive = Archive::new()
        .config(
            "title = \"T \\u001b[31m\"\n[citation]\nsidecars = [\"bibtex\", \"ris\", \"csl\"]\n\
             [data]\nwhole = [\"csv\", \"bibtex\", \"csl\"]\n[republish]\nallow = true\n",
        )
        .article(
            "x.md",
            "+++\ntitle = \"A\\u0007\\u001b[31m\"\ndate = 2017-01-29\nauthors = [\"B\\u0001 C\"]\noutlet = \"O\\u0002\"\n+++\nText.\n",
        );
    let tree = archive.build().clean().tree();
    for (path, bytes) in tree.into_iter().filter(|(path, _)| !path.ends_with(".bin")) {
        let text = String::from_utf8_lossy(&bytes);
        let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        assert!(!text.contains(is_control), "{path}");
    }
}
