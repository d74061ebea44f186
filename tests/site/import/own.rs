//! What Dateline exports itself comes back as it was.

use std::collections::BTreeMap;

use super::shelf::{Shelf, holds};
use crate::archive::{Archive, Built};

/// Texts with everything that a conversion could change.
fn archive() -> Archive {
    Archive::new()
        .article("2017/talks.md", "+++\ntitle = \"Talks\"  # a remark\ndate = 2017-01-29\ntags = [ 'a',\n 'b' ]\n+++\r\n\n\nText *with*  spaces.  \n")
        .article("2017/yaml.md", "---\ntitle: Yaml\ndate: 2017-02-01\nextra: {x: [1, {y: 2}]}\n---\nText\n")
        .article("2017/folder/index.md", "+++\ntitle = \"Folder\"\ndate = 2017-03-01\n+++\n![A](a.png)\n")
        .file("content/2017/folder/a.png", [0x89, b'P', b'N', b'G', 0xff, 0])
        .article("drafts/some.md", "+++\ntitle = \"Some\"\ndraft = true\n+++\nNot yet.\n")
        .article("pages/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n")
        .file("static/100% sure.txt", "a percent sign")
        .file("links/news.example.toml", "")
        .file("templates/404.html", "{% extends \"base.html\" %}")
}

/// The files below some folders.
fn files(archive: &Archive, folders: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let mut files = archive.everything();
    files.retain(|path, _| folders.iter().any(|folder| path.starts_with(folder)));
    files
}

fn export(archive: &Archive, arguments: &[&str]) -> Built {
    let mut all = vec!["export"];
    all.extend(arguments);
    archive.run(&all)
}

#[test]
fn all_texts_come_back_as_they_were() {
    let old = archive();
    let shelf = Shelf::new();
    let path = shelf.path("all.jsonl");
    export(&old, &["jsonl", "--full", path.to_str().unwrap()]).succeeds();
    let lines = std::fs::read_to_string(&path).unwrap();
    holds(&lines, &["\"keys\":{\"title\":\"Yaml\"", "\"file\":\"content/drafts/some.md\""]);

    let new = Archive::new();
    new.import_from(&[], &path, &[]).succeeds();
    let mut texts = files(&old, &["content/"]);
    texts.retain(|path, _| path.ends_with(".md"));
    assert_eq!(files(&new, &["content/"]), texts);
    let again = new.import_from(&["jsonl"], &path, &["--json"]).succeeds().json();
    assert_eq!((&again["unchanged"], &again["written"]), (&5.into(), &0.into()));

    // What the curator changed or removed here stays so.
    new.write("content/2017/talks.md", "+++\ntitle = \"Mine\"\ndate = 2017-01-29\n+++\nMine.\n");
    new.remove("content/2017/yaml.md");
    let again = new.import_from(&["jsonl"], &path, &["--json"]).succeeds().json();
    assert_eq!(again["edited"], serde_json::json!(["content/2017/talks.md"]));
    assert_eq!(again["removed"], serde_json::json!(["content/2017/yaml.md"]));
}

#[test]
fn an_export_of_drafts_is_not_written_where_it_would_be_published() {
    let archive = archive();
    archive.build().succeeds();
    for place in ["static/all.jsonl", "content/all.jsonl", "public/all.jsonl"] {
        let path = archive.path(place);
        let run = export(&archive, &["jsonl", "--full", path.to_str().unwrap()]);
        assert_eq!((run.code(), path.exists()), (2, false), "{place}");
    }
    holds(export(&archive, &["jsonl", "--full", "-"]).succeeds().stdout(), &["Not yet."]);
}

#[test]
fn a_bag_comes_back_as_it_was() {
    let old = archive().config("title = \"The Old One\"\n");
    old.build().succeeds();
    let shelf = Shelf::new();
    let bag = shelf.path("bag");
    export(&old, &["bagit", bag.to_str().unwrap()]).succeeds();
    let parts = ["content/", "static/", "links/", "templates/", "dateline.toml"];
    let mut wanted = files(&old, &parts);
    wanted.remove("content/drafts/some.md");

    let new = Archive::new();
    new.remove("dateline.toml");
    new.import_from(&[], &bag, &[]).succeeds();
    assert_eq!(files(&new, &parts), wanted);
    assert_eq!(new.build().succeeds().tree(), old.build().tree());
    let again = new.import_from(&["bagit"], &bag, &["--json"]).succeeds().json();
    assert_eq!(again["written"], 0, "{again}");

    // An archive that has settings keeps them.
    let other = Archive::new();
    let report = other.import_from(&["bagit"], &bag, &["--json"]).succeeds().json();
    holds(&report["doubts"].to_string(), &["dateline.toml"]);
    holds(&other.text("dateline.toml"), &["The Archive"]);
}

#[test]
fn a_bag_that_was_changed_is_told_and_leads_nowhere_else() {
    let old = archive();
    old.build().succeeds();
    let shelf = Shelf::new();
    let bag = shelf.path("bag");
    export(&old, &["bagit", bag.to_str().unwrap()]).succeeds();
    shelf.file(
        "bag/data/content/2017/talks.md",
        "+++\ntitle = \"Forged\"\ndate = 2017-01-29\n+++\n",
    );
    shelf.file("bag/data/content/2017/more.md", "not in the list");
    shelf.file("bag/data/run.sh", "rm");
    std::fs::remove_file(shelf.path("bag/data/content/pages/about.md")).unwrap();
    let new = Archive::new();
    let report = new.import_from(&["bagit"], &bag, &["--json"]).succeeds().json();
    let broken = report["broken"].to_string();
    holds(&broken, &["2017/talks.md", "2017/more.md", "run.sh", "pages/about.md"]);
    let files = new.everything();
    assert!(!files.contains_key("content/2017/talks.md") && !files.contains_key("run.sh"));
}

#[test]
fn records_without_texts_become_drafts() {
    let old = archive();
    let shelf = Shelf::new();
    let path = shelf.path("records.jsonl");
    export(&old, &["jsonl", path.to_str().unwrap()]).succeeds();
    let new = Archive::new();
    let report = new.import_from(&["jsonl"], &path, &["--json"]).succeeds().json();
    assert_eq!(report["written"], 3, "{report}");
    holds(
        &new.text("content/2017/talks.md"),
        &["title = \"Talks\"", "date = 2017-01-29", "tags = [\"a\", \"b\"]", "draft = true"],
    );
    new.build_with(&["--strict", "--drafts"]).succeeds();

    let table = shelf.path("records.csv");
    export(&old, &["csv", table.to_str().unwrap()]).succeeds();
    let new = Archive::new();
    new.import_from(&[], &table, &[]).succeeds();
    holds(
        &new.text("content/2017/talks.md"),
        &["title = \"Talks\"", "tags = [\"a\", \"b\"]", "draft = true"],
    );
}
