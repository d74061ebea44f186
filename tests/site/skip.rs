//! What a test needs from outside the repository: without it the test says so and passes, unless
//! `DATELINE_CI=1` asks for every test to run.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Says why a test is skipped; where skipping is not allowed, fails.
fn skipped(what: &str, how: &str) {
    let strict = std::env::var_os("DATELINE_CI").is_some_and(|value| value == "1");
    assert!(!strict, "DATELINE_CI=1 allows no skipping, but {what} is missing: {how}");
    eprintln!("skipped: {what} is missing: {how}");
}

/// Whether a program can be run.
pub(crate) fn needs(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        skipped(program, "install it");
    }
    found
}

/// A schema of other people's formats that the repository holds.
pub(crate) fn schema(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(name)
}

/// A folder or file of what the project's tests share, such as `corpora`: in `../shared`, or under
/// the folder that `DATELINE_SHARED` names.
pub(crate) fn needs_shared(path: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("DATELINE_SHARED").map_or(beside, PathBuf::from);
    let found = Some(shared.join(path)).filter(|path| path.exists());
    if found.is_none() {
        skipped(path, "put it into ../shared, or set DATELINE_SHARED");
    }
    found
}

/// The file that a variable of the environment names.
pub(crate) fn needs_file(variable: &str, what: &str) -> Option<PathBuf> {
    let found = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    if found.is_none() {
        skipped(what, &format!("set {variable} to its path"));
    }
    found
}

/// A Python that has some modules: `python3`, or the one that `DATELINE_PYTHON` names.
pub(crate) fn needs_python(modules: &[&str]) -> Option<String> {
    let python = std::env::var("DATELINE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let import = format!("import {}", modules.join(", "));
    let found = Command::new(&python).args(["-c", &import]).output();
    if found.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    let how = "install them with pip, and name their Python in DATELINE_PYTHON";
    skipped(&format!("{} for Python", modules.join(", ")), how);
    None
}

/// The folder of npm's packages that `DATELINE_NODE_MODULES` names, where it has these.
pub(crate) fn needs_modules(packages: &[&str]) -> Option<PathBuf> {
    let folder = std::env::var_os("DATELINE_NODE_MODULES").map(PathBuf::from);
    let found = folder.filter(|folder| packages.iter().all(|name| folder.join(name).is_dir()));
    if found.is_none() {
        let how = "install them with npm, and set DATELINE_NODE_MODULES to their folder";
        skipped(&packages.join(", "), how);
    }
    found
}
