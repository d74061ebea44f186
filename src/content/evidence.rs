//! Files below `evidence/`: what was received of originals. Front matter names them
//! ([`super::front_matter`]); commands remove, hash and pack them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A file of evidence, by its path from the archive's root. `None` where there is no regular file, or where a
/// symbolic link is on the way to it that leads out of the archive.
pub fn own_file(root: &Path, file: &str) -> Option<PathBuf> {
    let path = root.join(file);
    let is_file = path.symlink_metadata().is_ok_and(|found| found.file_type().is_file());
    let folder = path.parent()?.canonicalize().ok()?;
    (is_file && folder.starts_with(root.canonicalize().ok()?)).then_some(path)
}

/// A digest in hexadecimal.
pub(crate) fn hex(digest: &[u8]) -> String {
    let mut digits = String::with_capacity(digest.len() * 2);
    for byte in digest {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
