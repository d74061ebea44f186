//! What a report says of its names is said alike, and in the report's own order, in every format.

use serde_json::Value as Json;

use crate::archive::Archive;

const REPORT: &str = "+++\ntitle = \"One\"\ndate = 2017-01-29\nadded = 2026-01-01\noutlet = \"RT\"\n\
    authors = [\"Zoe Zeller\", \"Mia MIDDLE\", \"Adam Abel\"]\n\
    submitted_by = [\"Yves\", \"Bea\", \"Kim\"]\n\
    tags = [\"Zebra\", \"mouse\", \"Ant\"]\n+++\nText.\n";

/// Two more reports, so that another spelling of an author is the commoner one.
const OTHER: &str =
    "+++\ntitle = \"Other\"\ndate = 2017-01-30\nauthors = [\"Mia Middle\"]\n+++\nText.\n";

fn archive() -> Archive {
    Archive::new()
        .config(
            "title = \"T\"\n[citation]\nsidecars = [\"bibtex\", \"ris\", \"csl\"]\nstyles = [\"apa\", \"mla\", \"chicago\"]\n\
             [contributors.yves]\nname = \"Yves\"\n",
        )
        .article("one.md", REPORT)
        .article("two.md", OTHER)
        .article("three.md", &OTHER.replace("Other", "Third"))
}

/// Makes sure that a text holds some words, one after the other, and that each is first met there.
#[track_caller]
fn in_order(format: &str, text: &str, words: &[&str]) {
    let places: Vec<Option<usize>> = words.iter().map(|word| text.find(word)).collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{format} has {words:?} at {places:?}: {text}"
    );
}

#[test]
fn authors_are_in_the_order_and_spelling_of_the_byline_in_every_format() {
    let archive = archive();
    let built = archive.build().succeeds();
    let page = built.page("/2017/01/29/one/");
    let printed = |format: &str| archive.run(&["export", format, "-"]).stdout().to_owned();
    let report = |text: String, start: &str| text[text.find(start).unwrap()..].to_owned();
    let metas = page.attributes("meta[name='citation_author']", "content").join(" ");
    let data: Json = serde_json::from_str(&built.file("2017/01/index.json")).unwrap();
    let feed: Json = serde_json::from_str(&built.file("feed.json")).unwrap();
    let items = feed["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["title"] == "One").unwrap();
    let texts = [
        ("byline", page.text(".byline")),
        ("meta author", page.attribute("meta[name='author']", "content")),
        ("citation_author", metas),
        ("JSON-LD", report(page.text("script[type='application/ld+json']"), "\"author\"")),
        ("styles", page.texts(".cite-style").join("\n")),
        ("data JSON", data["articles"][0]["authors"].to_string()),
        ("JSON Lines", report(printed("jsonl"), "\"One\"")),
        ("CSV", report(printed("csv"), ",One,")),
        ("BibTeX", built.file("2017/01/29/one/cite.bib")),
        ("RIS", built.file("2017/01/29/one/cite.ris")),
        ("CSL-JSON", built.file("2017/01/29/one/cite.json")),
        ("BibTeX of all", report(printed("bibtex"), "2017:01:29:one")),
        ("Wikipedia", report(page.html().to_owned(), "cite news")),
        ("Atom", report(built.file("atom.xml"), "<title>One")),
        ("JSON Feed", item["authors"].to_string()),
    ];
    for (format, text) in texts {
        in_order(format, &text, &["Zeller", "MIDDLE", "Abel"]);
    }
}

#[test]
fn tags_and_contributors_are_in_the_report_s_order_in_every_format() {
    let archive = archive();
    let built = archive.build().succeeds();
    let page = built.page("/2017/01/29/one/");
    let data: Json = serde_json::from_str(&built.file("2017/01/index.json")).unwrap();
    let record = &data["articles"][0];
    let csv = archive.run(&["export", "csv", "-"]).stdout().to_owned();
    let atom = built.file("atom.xml");
    let structured: Json =
        serde_json::from_str(&page.text("script[type='application/ld+json']")).unwrap();
    let tags = ["Zebra", "mouse", "Ant"];
    for (format, text) in [
        ("tags of the page", page.text("article.report")),
        ("keywords", page.attributes("meta[name='citation_keywords']", "content").join(" ")),
        ("article:tag", page.attributes("meta[property='article:tag']", "content").join(" ")),
        ("JSON-LD", structured.to_string()),
        ("data JSON", record["terms"]["tags"].to_string()),
        ("CSV", csv[csv.find(",One,").unwrap()..].to_owned()),
        ("Atom", atom[atom.find("<title>One").unwrap()..].to_owned()),
        ("JSON Feed", built.file("feed.json")),
    ] {
        in_order(format, &text, &tags);
    }
    for (format, text) in [
        ("page", page.text(".record")),
        ("data JSON", record["submitted_by"].to_string()),
        ("JSON-LD", structured.to_string()),
        ("CSV", csv[csv.find(",One,").unwrap()..].to_owned()),
    ] {
        in_order(format, &text, &["Yves", "Bea", "Kim"]);
    }
}

#[test]
fn an_author_who_comes_first_now_changes_every_page_that_says_so() {
    let archive = archive();
    archive.build().succeeds();
    archive.write(
        "content/one.md",
        REPORT.replace(
            "\"Zoe Zeller\", \"Mia MIDDLE\", \"Adam Abel\"",
            "\"Adam Abel\", \"Zoe Zeller\", \"Mia MIDDLE\"",
        ),
    );
    let incremental = archive.build().succeeds().tree();
    std::fs::remove_dir_all(archive.path(".dateline")).unwrap();
    std::fs::remove_dir_all(archive.path("public")).unwrap();
    assert_eq!(incremental, archive.build().succeeds().tree());
}

#[test]
fn reports_of_a_day_are_in_the_order_of_their_instants() {
    let report = |title: &str, date: &str| {
        format!("+++\ntitle = \"{title}\"\ndate = {date}\nadded = 2026-01-01\n+++\nText.\n")
    };
    let built = Archive::new()
        .article("a.md", &report("Late", "2017-01-29T01:00:00-05:00"))
        .article("b.md", &report("Early", "2017-01-29T03:00:00+03:00"))
        .article("c.md", &report("Middle", "2017-01-29T02:00:00Z"))
        .build()
        .clean();
    let data: Json = serde_json::from_str(&built.file("2017/01/index.json")).unwrap();
    let titles: Vec<&str> = data["articles"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["title"].as_str())
        .collect();
    assert!(
        titles == ["Early", "Middle", "Late"] || titles == ["Late", "Middle", "Early"],
        "{titles:?}"
    );
    let page = built.page("/2017/01/29/c/");
    assert_eq!(page.texts(".neighbour-previous bdi"), ["Early"]);
    assert_eq!(page.texts(".neighbour-next bdi"), ["Late"]);
}
