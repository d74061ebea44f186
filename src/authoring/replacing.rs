//! A curator's file written anew, or for the first time.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file anew: whoever reads it finds the old text or the new, never a part.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link inside the archive is read as the file it leads to; that file holds the text.
    let path = &fs::canonicalize(path)?;
    let permissions = fs::metadata(path)?.permissions();
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".dateline-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Refuses a file of the archive's own records that is a symbolic link: what it leads to may be
/// anybody's.
pub fn refuse_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => {
            Err(io::Error::other("this symbolic link is neither read nor written"))
        }
        _ => Ok(()),
    }
}

/// Writes a file that is not there yet, and the folder it is in.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
