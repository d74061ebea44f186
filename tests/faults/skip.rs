//! What a test needs of the machine, and what it says where that is missing.

use std::process::Command;

/// Whether a program can be run; under `DATELINE_CI=1` it must be.
pub(crate) fn needs(program: &str, package: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        let strict = std::env::var_os("DATELINE_CI").is_some_and(|value| value == "1");
        assert!(!strict, "DATELINE_CI=1 allows no skipping, but {program} is missing: {package}");
        println!("skipped: {program} is missing: install {package}");
    }
    found
}

/// Whether the system lets a test do what it needs to do; where it does not, no package would help.
pub(crate) fn may(what: &str, command: &mut Command) -> bool {
    let output = command.output().unwrap();
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        println!("skipped: this system does not let us {what}: {}", why.trim());
    }
    output.status.success()
}

/// A count of cases: the usual one, or what a variable of the environment asks for.
pub(crate) fn count(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}
