//! Checks that no other module writes files.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// Functions that write to a disk; only `base/files` may use them.
const OURS: [&str; 8] = [
    "fs::rename",
    "fs::write",
    "fs::copy",
    "fs::hard_link",
    "File::create",
    "File::options",
    "OpenOptions",
    "NamedTempFile",
];

#[test]
fn nothing_else_in_the_program_creates_or_renames_a_file() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let room = source.join("base").join("files");
    let mut offences = Vec::new();
    for entry in WalkDir::new(&source).sort_by_file_name() {
        let entry = entry.unwrap_or_else(|error| panic!("{error}"));
        let path = entry.path();
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        if is_source && !path.starts_with(&room) && !is_test(path) {
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{error}"));
            offences.extend(offences_in(&text).map(|line| format!("{}: {line}", path.display())));
        }
    }
    assert!(offences.is_empty(), "use crate::base::files:\n{}", offences.join("\n"));
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| {
        let name = Path::new(part.as_os_str());
        name.file_stem().is_some_and(|stem| stem == "tests")
    })
}

/// Lines that write files directly, without the tests at the file's end.
fn offences_in(text: &str) -> impl Iterator<Item = &str> {
    let program = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    program.lines().filter(|line| OURS.iter().any(|call| line.contains(call)))
}

#[test]
fn a_call_is_an_offence_but_in_tests() {
    let text = "std::fs::write(a, b);\nread(a);\n#[cfg(test)]\nmod tests { fs::rename(a, b) }";
    assert_eq!(offences_in(text).collect::<Vec<_>>(), ["std::fs::write(a, b);"]);
}
