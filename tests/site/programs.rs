//! Holds all tests to one way of asking for programs, so that none fails where a program is missing.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

#[test]
fn every_test_that_runs_another_program_asks_for_it() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut offences = Vec::new();
    for entry in WalkDir::new(&tests).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        let is_test = path.extension().is_some_and(|extension| extension == "rs");
        if !is_test || path.starts_with(tests.join("machine")) || path.ends_with(file!()) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let starts = text.lines().filter(|line| line.contains("Command::new("));
        let others = starts.filter(|line| !is_our_own(line));
        offences.extend(others.map(|line| format!("{}: {}", path.display(), line.trim())));
    }
    assert!(offences.is_empty(), "use skip::program:\n{}", offences.join("\n"));
}

fn is_our_own(line: &str) -> bool {
    line.contains("env!(\"CARGO_BIN_EXE_dateline\")") || line.contains("cargo_bin!(\"dateline\")")
}
