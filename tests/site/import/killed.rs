//! An import that is killed at any moment leaves no half file, and the next one completes it.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::shelf::Shelf;
use super::wxr::{Post, wxr};
use crate::archive::Archive;

/// A blog with so many posts that killing it meets every stage.
fn export(text: &str) -> String {
    let post = |id: u32| {
        Post::new(id, &format!("post-{id}")).body(&format!(
            "(Northern Post, 29/1/2017) ~ {text} {id}.\n\n{}",
            "More words. ".repeat(40)
        ))
    };
    wxr(&(1..=200).map(post).collect::<Vec<_>>())
}

/// What an import leaves, without what remembers how it went.
fn outcome(archive: &Archive) -> BTreeMap<String, Vec<u8>> {
    let mut files = archive.everything();
    files.retain(|path, _| path.starts_with("content/") || path == "import-suggestions.toml");
    files
}

fn command(archive: &Archive, path: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.arg("--root").arg(archive.path("")).args(["import", "wordpress"]).arg(path);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn an_import_that_is_killed_is_completed_by_the_next() {
    let shelf = Shelf::new();
    let (old, new) =
        (shelf.file("old.xml", export("First")), shelf.file("new.xml", export("Second")));
    let clean = Archive::new();
    let started = Instant::now();
    clean.import_from(&["wordpress"], &old, &[]).succeeds();
    let usual = started.elapsed();
    let first = outcome(&clean);
    clean.import_from(&["wordpress"], &new, &[]).succeeds();
    let second = outcome(&clean);
    assert_eq!(first.len(), 201);

    let moments: u32 = if std::env::var_os("DATELINE_SOAK").is_some() { 100 } else { 10 };
    let mut killed = 0u32;
    for moment in 0..moments {
        let archive = Archive::new();
        // Every other one renews what an earlier import wrote.
        let (path, wanted) = if moment % 2 == 0 { (&old, &first) } else { (&new, &second) };
        if moment % 2 == 1 {
            archive.import_from(&["wordpress"], &old, &[]).succeeds();
        }
        let mut child = command(&archive, path).spawn().unwrap();
        // The steps of the golden ratio fill the time evenly, however many there are.
        let part = (f64::from(moment) * 0.618_033_988_75).fract();
        std::thread::sleep(usual.mul_f64(part) + Duration::from_micros(50));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        for (file, bytes) in outcome(&archive) {
            // A draft beside a file is overwritten by the next run.
            if file.starts_with("content/") && !file.ends_with(".draft") {
                let is_whole =
                    first.get(&file) == Some(&bytes) || second.get(&file) == Some(&bytes);
                assert!(is_whole, "half of {file} after {part}");
            }
        }
        let report = archive.import_from(&["wordpress"], path, &["--json"]).succeeds().json();
        for list in ["edited", "removed", "occupied", "gone"] {
            assert_eq!(report[list], serde_json::json!([]), "{list} after {part}");
        }
        assert!(outcome(&archive) == *wanted, "after {part}");
        let left = archive.everything().into_keys().find(|path| path.ends_with(".unfinished"));
        assert_eq!(left, None);
    }
    println!("killed {killed} of {moments}");
    assert!(killed > moments / 4, "only {killed} of {moments} imports were killed");
}
