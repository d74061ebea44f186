//! `dateline verify`: what happened to the published files since.

use std::fs;

use crate::archive::Archive;

fn archive() -> Archive {
    Archive::new().article("2017-01-29-a.md", "+++\ntitle = \"A\"\n+++\nText.\n")
}

#[test]
fn what_was_just_published_is_sound() {
    let archive = archive();
    let files = archive.build().clean().tree().len();
    let verdict = archive.run(&["verify"]).clean();
    assert_eq!(
        verdict.stdout(),
        format!("{files} as published, 0 changed, 0 missing, 0 not Dateline's\n")
    );
}

#[test]
fn changed_missing_and_foreign_files_are_named() {
    let archive = archive();
    archive.build().clean();
    let page = archive.path("public/2017/01/29/a/index.html");
    let text = fs::read_to_string(&page).unwrap();
    fs::write(&page, text.replacen('A', "B", 1)).unwrap();
    archive.remove("public/404.html");
    archive.write("public/notes/mine.txt", "mine");
    let verdict = archive.run(&["verify", "--json"]);
    assert_eq!(verdict.code(), 1);
    let verdict = verdict.json();
    assert_eq!(verdict["changed"], serde_json::json!(["2017/01/29/a/index.html"]));
    assert_eq!(verdict["missing"], serde_json::json!(["404.html"]));
    assert_eq!(verdict["foreign"], serde_json::json!(["notes/mine.txt"]));
    let words = archive.run(&["verify"]);
    assert!(words.stdout().contains("changed: 2017/01/29/a/index.html\nmissing: 404.html\n"));
    archive.build().clean();
    let mended = archive.run(&["verify"]);
    assert_eq!(mended.code(), 0, "foreign files do no harm: {}", mended.stdout());
}

#[test]
fn without_a_build_there_is_nothing_to_compare() {
    let verdict = archive().run(&["verify"]);
    assert_eq!(verdict.code(), 2);
    assert!(verdict.stderr().contains("no record tells what was published to `ROOT/public`"));
    assert!(verdict.stderr().contains("help: build it first"));
}
