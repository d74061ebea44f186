//! Files of a clip in the archive's folder, and the rule that keeps evidence out of its history.

use std::io::Write as _;
use std::path::Path;

use crate::base::files;
use crate::import::writing::make_folder;
use crate::state::EVIDENCE;

use super::error::ClipError;

/// Whether nothing was kept before, and no rule keeps evidence out of the history.
pub(super) fn is_first_evidence(root: &Path) -> bool {
    let rules = std::fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let is_ruled = rules.lines().any(|line| line.trim().trim_matches('/') == EVIDENCE);
    !is_ruled && !root.join(EVIDENCE).exists()
}

/// Writes a file that was not there, inside of the archive.
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

/// Adds the rule that keeps evidence out of the history.
pub fn keep_out_of_history(root: &Path) -> std::io::Result<()> {
    let path = root.join(".gitignore");
    files::refuse_link(&path)?;
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let mut file = files::append_to(&path)?;
    file.write_all(format!("{gap}/{EVIDENCE}/\n").as_bytes())
}
