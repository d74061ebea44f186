//! The reference chapters of the manual are those that the program makes.
//!
//! Only a program with all its features knows all commands.
#![cfg(all(feature = "deploy", feature = "network", feature = "serve", not(feature = "csl")))]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_reference_chapters_are_those_that_the_program_makes() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_dateline"));
    let made = program.args(["reference", "--write"]).arg(folder.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/reference");
    for file in
        ["front-matter.md", "terms.md", "settings.md", "commands.md", "lints.md", "mistakes.md"]
    {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(
            read(&manual) == read(folder.path()),
            "{file} is stale; run: dateline reference --write docs/src/reference"
        );
    }
}
