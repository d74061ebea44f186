//! Writes a clip's files, and the rule that excludes evidence from version control.

use std::io::Write as _;
use std::path::Path;

use crate::base::files;
use crate::import::writing::make_folder;
use crate::state::EVIDENCE;

use super::error::ClipError;

/// Whether the archive has no evidence yet, and no rule excludes it from version control.
pub(super) fn is_first_evidence(root: &Path) -> bool {
    let rules = std::fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let is_ruled = rules.lines().any(|line| line.trim().trim_matches('/') == EVIDENCE);
    !is_ruled && !root.join(EVIDENCE).exists()
}

/// Writes a new file inside the archive; fails if it exists.
pub(super) fn create(root: &Path, path: &str, bytes: &[u8]) -> Result<(), ClipError> {
    let file = root.join(path);
    let failed = |source| ClipError::Io { path: file.clone(), source };
    make_folder(root, file.parent().unwrap_or(root)).map_err(failed)?;
    let mut created = match files::create_new(&file) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(ClipError::Taken(path.to_owned()));
        }
        created => created.map_err(failed)?,
    };
    created.write_all(bytes).and_then(|()| created.sync_all()).map_err(failed)
}

/// Adds the rule that excludes evidence from version control.
pub fn keep_out_of_history(root: &Path) -> std::io::Result<()> {
    let path = root.join(".gitignore");
    files::refuse_link(&path)?;
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let mut file = files::append_to(&path)?;
    file.write_all(format!("{gap}/{EVIDENCE}/\n").as_bytes())
}
