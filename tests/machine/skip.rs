//! What a test needs of the machine. Every test that runs another program, or reads a file from outside
//! the repository, asks for it here; where it is missing the test ends, and is counted as skipped.
//!
//! Cargo runs the tests through `tests/run`, whose closing lines count what is noted here. With
//! `DATELINE_CI=1` nothing may be skipped, and what is missing is a failure.
#![allow(dead_code, reason = "shared by all test programs, none of which uses all of it")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::HashSet;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread::{self, ThreadId};

/// Notes that a test is skipped; where skipping is not allowed, fails.
pub(crate) fn skipped(what: &str, how: &str) {
    let strict = std::env::var_os("DATELINE_CI").is_some_and(|value| value == "1");
    assert!(!strict, "DATELINE_CI=1 allows no skipping, but {what} is missing: {how}");
    note(what, how);
}

/// Notes a skipped test, once, for the closing line.
fn note(what: &str, how: &str) {
    static NOTED: Mutex<Option<HashSet<ThreadId>>> = Mutex::new(None);
    eprintln!("skipped: {what} is missing: {how}");
    let this = thread::current();
    // Without threads of their own, all tests run on the main one.
    let is_shared = this.name() == Some("main");
    let mut threads = NOTED.lock().unwrap();
    let is_new = threads.get_or_insert_default().insert(this.id()) || is_shared;
    if let Some(path) = std::env::var_os("DATELINE_SKIPPED").filter(|_| is_new) {
        let mut notes = File::options().create(true).append(true).open(path).unwrap();
        writeln!(notes, "{what}").unwrap();
    }
}

/// A program to be run; `None` where it is missing.
pub(crate) fn program(name: &str) -> Option<Command> {
    let found = find(name);
    if found.is_none() {
        skipped(name, "install it");
    }
    found.map(|_| Command::new(name))
}

/// Whether a program can be run.
pub(crate) fn needs(name: &str) -> bool {
    program(name).is_some()
}

/// A program that is there wherever the tests run: one of coreutils, or git.
pub(crate) fn basic(name: &str) -> Command {
    assert!(find(name).is_some(), "the tests can't run without {name}");
    Command::new(name)
}

/// Where a program is, by its path or by the folders of `PATH`.
fn find(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| path.is_file());
    }
    let folders = std::env::var_os("PATH")?;
    let names = [name.to_owned(), format!("{name}.exe")];
    std::env::split_paths(&folders)
        .flat_map(|folder| names.clone().map(|name| folder.join(name)))
        .find(|path| path.is_file())
}

/// Whether the system lets a test do what it needs to do. Where it does not, no package would help:
/// that is no failure with `DATELINE_CI=1` either.
pub(crate) fn may(what: &str, command: &mut Command) -> bool {
    let output = command.stdin(Stdio::null()).output();
    let refused = match output {
        Ok(output) if output.status.success() => return true,
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    note(&format!("leave to {what}"), &refused);
    false
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
        return None;
    }
    found.filter(|_| needs("node"))
}

/// A count of cases: the usual one, or what a variable of the environment asks for.
pub(crate) fn count(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}
