//! The archive as data: month files, their index, `dateline export`, and feeds that hold all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value as Json;

use crate::archive::{Archive, Built};
use crate::readers::{ending, read};
use crate::skip;

fn json(built: &Built, path: &str) -> Json {
    serde_json::from_str(&built.file(path)).unwrap()
}

fn article(title: &str, front: &str) -> String {
    format!("+++\ntitle = \"{title}\"\n{front}\n+++\nThe text of {title}.\n")
}

fn little() -> Archive {
    Archive::new()
        .article("day.md", &article("A day", "date = 2017-01-29\noutlet = \"RT\"\ntags = [\"x\"]"))
        .article("month.md", &article("A month", "date = \"2017-01\"\nlicense = \"CC BY 4.0\""))
        .article(
            "year.md",
            &article("A year", "date = \"2017\"\nsubmitted_by = [\"Ann\", \"Bob\"]"),
        )
        .article(
            "gone.md",
            &article(
                "Gone",
                "date = 2017-01-02\nwithdrawn = { date = 2018-01-01, kind = \"privacy\" }",
            ),
        )
        .article("draft.md", &article("A draft", "date = 2017-01-03\ndraft = true"))
}

#[test]
fn the_index_leads_to_every_report_through_years_and_months() {
    let built = little().build().clean();
    let index = json(&built, "data/index.json");
    assert_eq!(index["years"][0]["url"], "https://archive.example/2017/index.json");
    assert_eq!(index["years"][0]["count"], 3);
    let year = json(&built, "2017/index.json");
    assert_eq!(year["articles"][0]["title"], "A year");
    assert_eq!(year["bibtex"], "https://archive.example/2017/index.bib");
    assert_eq!(year["months"][0]["url"], "https://archive.example/2017/01/index.json");
    assert_eq!(year["months"][0]["count"], 2);
    let month = json(&built, "2017/01/index.json");
    let titles: Vec<&Json> =
        month["articles"].as_array().unwrap().iter().map(|record| &record["title"]).collect();
    assert_eq!(titles, ["A month", "A day"]);
    let day = &month["articles"][1];
    assert_eq!(day["outlet"], "RT");
    assert_eq!(day["terms"]["tags"][0], "x");
    assert!(built.file("2017/01/index.bib").contains("{{A day}}"));
    assert!(built.file("2017/index.bib").contains("{{A year}}"));
}

#[test]
fn pages_of_time_lead_to_their_data() {
    let built = little().build().clean();
    let alternate = "link[rel=alternate][type=\"application/json\"]";
    for (page, data) in [
        ("/2017/", "/2017/index.json"),
        ("/2017/01/", "/2017/01/index.json"),
        ("/2017/01/29/", "/2017/01/index.json"),
        ("/data/", "/data/index.json"),
    ] {
        assert_eq!(built.page(page).attribute(alternate, "href"), data);
    }
    assert!(built.page("/").links(".colophon").contains(&"/data/".to_owned()));
    let without = little().config("[data]\nenabled = false\n").build().clean();
    assert!(!without.has("/data/") && !without.has("/2017/01/index.json"));
    assert!(!without.page("/2017/01/").has(alternate));
}

#[test]
fn a_text_is_told_only_where_its_licence_lets_it_and_its_digest_always() {
    // sha256sum of “The text of A day.” and its line break.
    const DIGEST: &str = "fe516980bb181b166c59d20cc0e36383364111bdf022d12f6a28eb9e3f845018";
    let config = "[data]\nbody_licenses = [\"cc by 4.0\"]\n";
    let month = json(&little().config(config).build().clean(), "2017/01/index.json");
    assert_eq!(month["articles"][0]["body"], "The text of A month.\n");
    assert_eq!(month["articles"][1].get("body"), None);
    assert_eq!(month["articles"][1]["sha256"], DIGEST);
    let month = json(&little().build().clean(), "2017/01/index.json");
    assert_eq!(month["articles"][0].get("body"), None, "by default no text is told");
}

#[test]
fn withdrawn_reports_and_hidden_contributors_are_in_no_data() {
    let config = "[contributors.bob]\nname = \"Bob\"\nhidden = true\n\
        [data]\nwhole = [\"csv\", \"jsonl\", \"csl\", \"bibtex\"]\n";
    let archive = little().config(config);
    let built = archive.build().clean();
    for (path, bytes) in built.tree() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("Bob") && !text.contains("Gone"), "{path}");
    }
    assert_eq!(json(&built, "2017/index.json")["articles"][0]["submitted_by"][0], "Ann");
    for format in ["jsonl", "csv", "csl", "bibtex"] {
        let printed = archive.run(&["export", format, "-"]);
        let text = printed.stdout();
        assert!(
            !text.contains("Bob") && !text.contains("Gone") && !text.contains("draft"),
            "{text}"
        );
        assert!(text.contains("A year") && text.contains("A day"), "{text}");
    }
    for file in ["jsonl", "csv", "csl.json", "bib"] {
        assert!(built.has(&format!("/data/archive.{file}")), "{file}");
        assert!(built.page("/data/").links("main").contains(&format!("/data/archive.{file}")));
    }
}

#[test]
fn an_export_is_one_file_that_is_written_whole() {
    let archive = little();
    let file = archive.path("out.jsonl");
    std::fs::write(&file, "what was there").unwrap();
    let run = archive.run(&["export", "jsonl", file.to_str().unwrap()]);
    assert_eq!((run.code(), run.stdout()), (0, ""), "{}", run.stderr());
    let text = std::fs::read_to_string(&file).unwrap();
    let records: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let titles: Vec<&Json> = records.iter().map(|record| &record["title"]).collect();
    assert_eq!(titles, ["A year", "A month", "A day"]);
    assert_eq!(text, archive.run(&["export", "jsonl", "-"]).stdout());
    let nowhere = archive.path("no/such/folder/out.csv");
    assert_eq!(archive.run(&["export", "csv", nowhere.to_str().unwrap()]).code(), 2);
    let left: Vec<_> = std::fs::read_dir(archive.path("")).unwrap().flatten().collect();
    assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().contains("part")));
}

#[test]
fn an_export_of_a_broken_archive_says_what_is_wrong() {
    let archive = little().article("broken.md", "+++\ntitle = \"No date\"\n+++\n");
    let run = archive.run(&["export", "csv", "-"]);
    assert_eq!(run.code(), 1);
    assert!(run.stderr().contains("content/broken.md"), "{}", run.stderr());
    assert!(run.stdout().contains("A day"), "the rest is written");
    let run = little().config("language = \"??\"\n").run(&["export", "csv", "-"]);
    assert_eq!((run.code(), run.stdout()), (1, ""));
}

#[test]
fn a_spreadsheet_runs_no_headline() {
    let archive = Archive::new()
        .article("a.md", &article("=HYPERLINK(1)", "date = 2017\nauthors = [\"@x\", \"y\"]"))
        .article("b.md", &article("One, two \\\"three\\\"\\nfour", "date = 2018-01-01"));
    let archive = archive
        .article("a.md", &article("=HYPERLINK(1)", "date = \"2017\"\nauthors = [\"@x\", \"y\"]"));
    let printed = archive.run(&["export", "csv", "-"]).stdout().to_owned();
    let mut table = csv::Reader::from_reader(printed.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = table.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows[0]["title"], "'=HYPERLINK(1)");
    assert_eq!(rows[0]["authors"], "'@x; y");
    assert_eq!(rows[1]["title"], "One, two \"three\"\nfour");
    assert_eq!(rows[1]["date"], "2018-01-01");
}

/// An archive of 90 reports: some added one by one, 60 imported at once, some without `added`.
fn grown(leaf: usize) -> Archive {
    let mut archive =
        Archive::new().config(&format!("[feeds]\nlimit = 10\n[listing]\nleaf = {leaf}\n"));
    for n in 0..60 {
        let front = format!(
            "date = {}-{:02}-{:02}\nadded = 2026-02-03",
            1990 + n / 30,
            n % 12 + 1,
            n % 28 + 1
        );
        archive = archive.article(&format!("old-{n}.md"), &article(&format!("Old {n}"), &front));
    }
    for n in 0..20 {
        let front = format!("date = 2026-03-{:02}\nadded = 2026-03-{:02}", n + 1, n + 2);
        archive = archive.article(&format!("new-{n}.md"), &article(&format!("New {n}"), &front));
    }
    for (n, date) in ["\"1987\"", "\"1987-03\"", "1987-03-29", "1999-12-31"].iter().enumerate() {
        archive = archive.article(
            &format!("plain-{n}.md"),
            &article(&format!("Plain {n}"), &format!("date = {date}")),
        );
    }
    archive
}

#[test]
fn feedparser_harvests_every_report_once_from_the_feed_and_its_archive() {
    let Some(python) = skip::needs_python(&["feedparser"]) else { return };
    for (archive, address) in
        [(grown(500), "https://archive.example/"), (grown(7), "https://archive.example/")]
    {
        let built = archive.build().succeeds();
        let arguments = [built.output().to_owned(), address.into()];
        let documents = read(&python, "harvest", &arguments);
        let documents = documents.as_array().unwrap();
        assert_eq!(documents[0]["is_archive"], false);
        let mut harvested: Vec<&str> = Vec::new();
        for pair in documents[1..].windows(2) {
            assert_eq!(pair[1]["links"]["next-archive"], pair[0]["url"]);
        }
        for document in &documents[1..] {
            assert_eq!(document["is_archive"], true, "{document}");
            assert_eq!(document["links"]["current"], documents[0]["url"]);
            assert_eq!(document["links"]["self"], document["url"]);
            harvested.extend(document["ids"].as_array().unwrap().iter().filter_map(Json::as_str));
        }
        let once: BTreeSet<&str> = harvested.iter().copied().collect();
        assert_eq!(once.len(), harvested.len(), "an archive document repeats no report");
        let all = archive.run(&["export", "jsonl", "-"]).stdout().to_owned();
        let records = all.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
        let ids: BTreeSet<String> =
            records.map(|record| record["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 84);
        assert_eq!(once, ids.iter().map(String::as_str).collect());
    }
}

#[test]
fn a_new_report_leaves_closed_feed_documents_as_they_are() {
    let archive = grown(7);
    let before = archive.build().succeeds().tree();
    archive.write("content/late.md", article("Late", "date = 1990-05-05\nadded = 2026-04-01"));
    let after = archive.build().succeeds().tree();
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, bytes)| path.starts_with("feeds/") && before.get(*path) != Some(bytes))
        .map(|(path, _)| path)
        .collect();
    // The document before it gets its link to the next.
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(changed.contains(&&"feeds/2026/04.xml".to_owned()), "{changed:?}");
    assert!(before.keys().all(|path| !path.starts_with("feeds/") || after.contains_key(path)));
}

#[test]
fn many_old_reports_of_one_day_are_one_entry_of_the_feed() {
    let built = grown(500).build().succeeds();
    let atom = built.file("atom.xml");
    assert!(!atom.contains("Old 1<"), "{atom}");
    let feed = json(&built, "feed.json");
    assert_eq!(feed["items"].as_array().unwrap().len(), 10);
    let built = grown(500).config("[feeds]\nlimit = 50\n").build().succeeds();
    let feed = json(&built, "feed.json");
    let items: Vec<&Json> = feed["items"].as_array().unwrap().iter().collect();
    assert_eq!(items.len(), 20 + 1 + 4);
    assert_eq!(items[20]["title"], "Added on 3 February 2026");
    assert_eq!(items[20]["content_text"], "60 reports added");
    assert_eq!(items[20]["url"], "https://archive.example/added/2026/02/03/");
    assert!(built.has("/added/2026/02/03/"));
    assert!(built.file("atom.xml").contains("https://archive.example/added/2026/02/03/"));
}

#[test]
fn feed_documents_are_what_rfc_4287_says() {
    let Some(schema) = skip::needs_shared("schemas/atom.rng") else { return };
    if !skip::needs("jing") {
        return;
    }
    let withdrawn = "date = 1950-01-01\nwithdrawn = { date = 2018-01-01, kind = \"privacy\" }";
    let built = grown(7).article("gone.md", &article("Gone", withdrawn)).build().succeeds();
    let feeds: Vec<_> = ending(&built, ".xml")
        .into_iter()
        .filter(|file| {
            file.strip_prefix(built.output()).is_ok_and(|path| path.starts_with("feeds"))
        })
        .collect();
    assert!(feeds.len() > 10, "{feeds:?}");
    assert!(built.has("/feeds/1950/01.xml"), "a withdrawn report breaks no chain");
    let output = skip::basic("jing").arg(schema).args(&feeds).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(Path::new(&feeds[0]).is_file());
}
