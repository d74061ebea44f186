//! Links out of the archive: what the front matter and the ledger say of them.

use std::collections::BTreeMap;

use crate::archive::{Archive, Built};
use crate::page::Page;

const X: &str = "/2017/01/29/x/";

const KEPT: &str = "https://web.archive.example/20170201120000/https://x.example/a";

/// A report that links `https://x.example/a`, and a ledger for that host.
fn archive(lines: &str, ledger: &str) -> Archive {
    let text = format!(
        "+++\ntitle = \"T\"\ndate = 2017-01-29\n{lines}\n+++\nSee [it](https://x.example/a#part) and [that](https://y.example/).\n"
    );
    let archive = Archive::new().article("x.md", &text);
    if ledger.is_empty() { archive } else { archive.file("links/x.example.toml", ledger) }
}

fn decision(lines: &str) -> String {
    format!("[\"https://x.example/a\"]\n{lines}\n")
}

fn page(lines: &str, ledger: &str) -> Page {
    archive(lines, ledger).build().clean().page(X)
}

#[test]
fn a_living_page_keeps_its_link_and_its_copy_stands_beside_it() {
    for (lines, ledger) in [
        (String::new(), decision(&format!("archived = \"{KEPT}\""))),
        (
            format!("links = [{{ url = \"https://x.example/a\", archived = \"{KEPT}\" }}]"),
            String::new(),
        ),
    ] {
        let page = page(&lines, &ledger);
        let link = ".body a[data-versionurl]";
        assert_eq!(page.attribute(link, "href"), "https://x.example/a#part");
        assert_eq!(page.attribute(link, "data-originalurl"), "https://x.example/a#part");
        assert_eq!(page.attribute(link, "data-versionurl"), KEPT);
        assert_eq!(page.attribute(link, "data-versiondate"), "2017-02-01T12:00:00Z");
        assert_eq!(page.attribute("a.copy-mark", "href"), KEPT);
        assert_eq!(page.attribute("a.copy-mark", "aria-label"), "Archived copy, 1 February 2017");
        assert!(page.links(".body").contains(&"https://y.example/".to_owned()));
    }
}

#[test]
fn a_dead_page_s_link_leads_to_its_copy_and_says_so() {
    let page = page("", &decision(&format!("archived = \"{KEPT}\"\ndead = 2024-05-01")));
    let link = ".body a.dead-link";
    assert_eq!(page.attribute(link, "href"), KEPT);
    assert_eq!(page.attribute(link, "data-originalurl"), "https://x.example/a#part");
    assert_eq!(page.text(".dead-mark"), "(page gone: archived copy, 1 February 2017)");
}

#[test]
fn a_dead_page_without_a_copy_shows_its_address() {
    let page = page("", &decision("dead = \"2024-05\""));
    assert_eq!(page.text("span.dead-link"), "it (page gone, May 2024) https://x.example/a#part");
    assert!(!page.links(".body").iter().any(|link| link.contains("x.example")));
}

#[test]
fn the_front_matter_goes_before_the_ledger() {
    let ledger = decision(&format!("archived = \"{KEPT}\""));
    let own = "links = [{ url = \"https://x.example/a\", archived = \"https://own.example/\", date = 2020-01-01 }]";
    let found = page(own, &ledger).attribute("[data-versionurl]", "data-versionurl");
    assert_eq!(found, "https://own.example/");
    let lost = page("links = [{ url = \"https://x.example/a\", lost = true }]", "");
    assert_eq!(lost.text(".lost-link"), "it (link lost)");
    let kept = page("links = [{ url = \"https://x.example/a\", lost = true }]", &ledger);
    assert_eq!(kept.attribute("a.dead-link", "href"), KEPT, "lost, but a copy is known");
}

#[test]
fn the_original_and_the_chain_carry_their_copies() {
    let lines = "original_url = \"https://x.example/a\"\nvia = [{ name = \"V\", url = \"https://x.example/a\" }]";
    let living = page(lines, &decision(&format!("archived = \"{KEPT}\"")));
    assert_eq!(living.attribute(".record-chain a.copy-mark", "href"), KEPT);
    assert_eq!(living.attributes(".record a[data-versionurl]", "href").len(), 2);
    assert_eq!(living.fact("Archived copies"), "Archived copy 1 February 2017");
    let dead = page(lines, &decision(&format!("archived = \"{KEPT}\"\ndead = 2024-05-01")));
    assert_eq!(dead.fact("Original"), "x.example (page gone: archived copy, 1 February 2017)");
    let gone = page(lines, &decision("dead = 2024-05-01"));
    assert_eq!(gone.fact("Original"), "x.example (page gone, 1 May 2024) https://x.example/a");
    let lost = format!("{lines}\nlinks = [{{ url = \"https://x.example/a\", lost = true }}]");
    assert!(page(&lost, "").fact("Original").contains("(link lost)"));
}

#[test]
fn raw_html_is_no_way_round() {
    let text = "+++\ntitle = \"T\"\ndate = 2017-01-29\n+++\n<b>x</b> <a data-versionurl=\"https://evil.example/\" data-pagefind-body href=\"https://x.example/a\">it</a> <a href=\"https://y.example/\" data-originalurl=\"https://evil.example/\">y</a>\n";
    let page = Archive::new()
        .article("x.md", text)
        .file("links/x.example.toml", decision(&format!("archived = \"{KEPT}\"")))
        .build()
        .clean()
        .page(X);
    assert_eq!(page.attribute("[data-versionurl]", "data-versionurl"), KEPT);
    assert!(!page.html().contains("evil.example") && !page.html().contains("pagefind"));
}

#[test]
fn a_ledger_changes_only_the_pages_that_show_its_links() {
    let archive =
        archive("", "").article("other.md", "+++\ntitle = \"O\"\ndate = 2017-01-29\n+++\nText.\n");
    let before = archive.build().clean().tree();
    archive.write("links/x.example.toml", decision("dead = 2024-05-01"));
    archive.write("links/z.example.toml", "[\"https://z.example/\"]\ndead = 2024-05-01\n");
    let after = archive.build().clean().tree();
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(changed, ["2017/01/29/x/index.html"]);
}

/// What changed between two builds of one archive.
fn changed(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let differing = after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes));
    differing.map(|(path, _)| path.clone()).collect()
}

#[test]
fn citations_and_data_hold_what_was_decided_about_the_original() {
    let original = "original_url = \"https://x.example/a\"";
    let other = "+++\ntitle = \"O\"\ndate = 2017-02-01\noriginal_url = \"https://y.example/\"\n+++\nText.\n";
    let year =
        "+++\ntitle = \"Y\"\ndate = \"2018\"\noriginal_url = \"https://x.example/a\"\n+++\nText.\n";
    let archive = archive(original, "")
        .config("[citation]\nsidecars = [\"bibtex\", \"ris\", \"csl\"]\n[data]\nwhole = [\"jsonl\", \"csl\"]\n")
        .article("o.md", other)
        .article("y.md", year);
    let built = archive.build().clean();
    let cite = "pre[aria-label=Wikipedia]";
    assert!(!built.page(X).text(cite).contains("archive-url"), "{}", built.page(X).text(cite));
    let before = built.tree();

    archive.write(
        "links/x.example.toml",
        decision(&format!("archived = \"{KEPT}\"\ndead = 2024-05-01")),
    );
    let built = archive.build().clean();
    let shown = built.page(X).text(cite);
    let kept = format!("archive-url = {KEPT} | archive-date = 2017-02-01 | url-status = dead");
    assert!(shown.contains(&kept), "{shown}");
    let named = [
        "2017/01/index.json",
        "2018/index.json",
        "2017/01/29/x/cite.json",
        "2017/01/29/x/cite.ris",
        "data/archive.jsonl",
        "data/archive.csl.json",
    ];
    for file in named {
        assert!(built.file(file).contains(KEPT), "{file}");
    }
    let mut expected = named.map(str::to_owned).to_vec();
    expected.extend(
        ["2017/01/29/x/index.html", "2018/y/index.html", "2018/y/cite.json", "2018/y/cite.ris"]
            .map(str::to_owned),
    );
    expected.sort();
    assert_eq!(changed(&before, &built.tree()), expected);
    let exported = archive.run(&["export", "jsonl", "-"]).succeeds();
    assert_eq!(exported.stdout().matches(KEPT).count(), 2);

    archive.remove("links/x.example.toml");
    assert_eq!(
        archive.build().clean().tree(),
        before,
        "a decision that is taken back leaves nothing"
    );
}

#[test]
fn the_own_page_of_an_outlet_and_of_a_contributor_can_be_gone_too() {
    let config = "[outlets.rt]\nname = \"RT\"\nurl = \"https://x.example/a\"\n\
        [contributors.kim]\nname = \"Kim\"\nurl = \"https://x.example/a\"\n";
    let archive = archive("outlet = \"rt\"\nsubmitted_by = [\"kim\"]", "").config(config);
    let built = archive.build().clean();
    let pages = ["/outlets/rt/", "/contributors/kim/"];
    for page in pages {
        assert_eq!(built.page(page).links("main .address"), ["https://x.example/a"], "{page}");
    }
    let before = built.tree();
    archive.write(
        "links/x.example.toml",
        decision(&format!("archived = \"{KEPT}\"\ndead = 2024-05-01")),
    );
    let built = archive.build().clean();
    for page in pages {
        assert_eq!(built.page(page).links("main .address"), [KEPT], "{page}");
    }
    let expected =
        ["2017/01/29/x/index.html", "contributors/kim/index.html", "outlets/rt/index.html"];
    assert_eq!(changed(&before, &built.tree()), expected);
}

#[test]
fn the_original_of_what_was_withdrawn_is_shown_as_gone_and_no_copy_is_offered() {
    let lines = "original_url = \"https://x.example/a\"\nwithdrawn = { date = 2020-01-01, kind = \"copyright\" }";
    let page = page(lines, &decision(&format!("archived = \"{KEPT}\"\ndead = 2024-05-01")));
    assert!(page.text("main").contains("(page gone, 1 May 2024)"), "{}", page.text("main"));
    assert!(!page.html().contains(KEPT));
}

#[track_caller]
fn told(built: &Built, part: &str) {
    assert!(built.stderr().contains(part), "{part} in {}", built.stderr());
}

#[test]
fn what_is_wrong_in_a_ledger_is_told_with_its_place() {
    let ledger = "[\"javascript:alert(1)\"]\ndead = 2024-01-01\n\
        [\"https://x.example/a\"]\narchived = \"javascript:alert(1)\"\ndaed = 2024-01-01\n\
        [\"https://other.example/\"]\ndead = 2024-01-01\n[\"https://x.example/a#again\"]\n";
    let built = archive("", ledger).build().succeeds();
    for part in [
        "“javascript:alert(1)” is not a web address",
        "archived: “javascript:alert(1)” is not a web address",
        "did you mean “dead”?",
        "move it to links/other.example.toml",
        "https://x.example/a#again stands here a second time",
        "links/x.example.toml:8",
    ] {
        told(&built, part);
    }
    assert!(!built.page(X).html().contains("javascript:"));
}

#[test]
fn a_broken_ledger_is_left_out_and_the_rest_is_published() {
    let built = archive("", "[\"https://x.example/a\"\n").build();
    assert_eq!(built.code(), 1);
    told(&built, "broken TOML");
    assert!(built.has(X));
}
