//! What others' parsers make of a site's files: `readers.py`, run.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::archive::Built;

/// Runs a reader; it fails where the files are not what it reads.
#[track_caller]
pub(crate) fn read(python: &str, reader: &str, arguments: &[PathBuf]) -> Json {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/site/readers.py");
    let output =
        crate::skip::basic(python).arg(script).arg(reader).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{reader}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The files of a site whose path ends so.
pub(crate) fn ending(built: &Built, end: &str) -> Vec<PathBuf> {
    let paths = built.tree().into_keys().filter(|path| path.ends_with(end));
    paths.map(|path| built.output().join(path)).collect()
}
