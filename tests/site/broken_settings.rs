//! A command that writes, publishes or decides does nothing where `dateline.toml` is broken.

use std::collections::BTreeMap;

use crate::archive::Archive;

const REPORT: &str =
    "+++\ntitle = \"A report\"\ndate = \"29/1/2017\"\noutlet = \"o\"\n+++\nThe text.\n";

/// Settings that can't be understood, each for another reason.
fn broken() -> Vec<Vec<u8>> {
    let address = "base_url = \"https://archive.example/\"\n";
    let texts = [
        format!("{address}title = \"The Archive\n"),
        format!("{address}[withdrawals]\nnamed = [\"copyright\"\n"),
        format!("{address}timezone = \"Mars/Olympus\"\n"),
        format!("{address}permalink = \"/no-slug/\"\n"),
        format!("{address}[[taxonomies]]\npath = \"people\"\n"),
        "base_url = \"nowhere\"\n".to_owned(),
    ];
    let mut all: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    all.push([address.as_bytes(), b"title = \"Caf\xe9\"\n"].concat());
    all
}

/// Commands that write, with what each needs to be taken as it is meant.
const WRITING: [&[&str]; 12] = [
    &["build"],
    &["new", "A headline", "--no-input"],
    &["withdraw", "content/x.md", "--kind", "error", "--reason", "Wrong."],
    &["check", "--fix"],
    &["check", "--external"],
    &["init", "--ci", "github"],
    &["schema", "--write"],
    &["deploy"],
    &["export", "jsonl", "records.jsonl"],
    &["correct", "content/x.md", "--was", "text", "--now", "words", "--text", "Wrong."],
    &["redact", "content/x.md", "--words", "text", "--reason", "Asked."],
    &["import", "wordpress", "export.xml"],
];

fn sources(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    let mut files = archive.everything();
    files.retain(|path, _| !path.starts_with(".dateline/"));
    files
}

#[test]
fn broken_settings_stop_every_command_that_writes() {
    for settings in broken() {
        let archive = Archive::new().article("x.md", REPORT).file("dateline.toml", &settings);
        let before = sources(&archive);
        for command in WRITING {
            let said = archive.run(command);
            let settings = String::from_utf8_lossy(&settings);
            assert_ne!(said.code(), 0, "{command:?} with {settings}");
            let words = said.stderr() + said.stdout();
            assert!(words.contains("dateline.toml"), "{command:?}: {words}");
            assert!(sources(&archive) == before, "{command:?} wrote, with {settings}");
        }
    }
}

#[test]
fn commands_say_where_settings_are_missing() {
    for command in [WRITING[1], WRITING[2], WRITING[9], WRITING[10]] {
        let archive = Archive::new().article("x.md", REPORT);
        archive.remove("dateline.toml");
        let said = archive.run(command);
        assert_eq!(said.code(), 2, "{command:?}");
        assert!(said.stderr().contains("there is no"), "{}", said.stderr());
    }
}
