//! Creating, moving and linking files and folders, atomically where the system allows it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::durability::Durability;

/// Creates a file that must not exist, in an existing folder.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

/// Creates a file durably, with its parent folders. The file must not exist.
pub(crate) fn create_text(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Durability::Lasting.sync_folder_of(path)
}

/// Refuses a folder, which may be missing, that symbolic links lead out of a root.
pub(crate) fn refuse_outside(root: &Path, folder: &Path) -> io::Result<()> {
    let there = folder.ancestors().find(|above| above.symlink_metadata().is_ok());
    if there.unwrap_or(root).canonicalize()?.starts_with(root.canonicalize()?) {
        return Ok(());
    }
    Err(io::Error::other(format!("{} leads out of the archive", folder.display())))
}

/// Opens a file for appending; creates it if it is missing.
pub(crate) fn append_to(path: &Path) -> io::Result<File> {
    File::options().create(true).append(true).open(path)
}

/// Renames a file or folder over the target.
pub(crate) fn place(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Renames a folder; the target must be missing or an empty folder.
pub(crate) fn place_folder(from: &Path, to: &Path, durability: Durability) -> io::Result<()> {
    match fs::remove_dir(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        // Some systems can't rename over an empty folder.
        _ => fs::rename(from, to)?,
    }
    durability.sync_folder_of(to)
}

/// Refuses a symbolic link as a file of the archive's own records: its target could be any file.
pub(crate) fn refuse_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => {
            Err(io::Error::other("this symbolic link is neither read nor written"))
        }
        _ => Ok(()),
    }
}

/// Makes a hard link.
pub(crate) fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)
}

/// Makes a hard link, or a copy if the file system has no hard links.
pub(crate) fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}

/// Makes a symbolic link to a folder, or replaces it.
pub(crate) fn replace_link(to: &Path, link: &Path, durability: Durability) -> io::Result<()> {
    let draft = super::draft_of(link);
    remove_if_there(&draft)?;
    symlink(to, &draft)?;
    fs::rename(&draft, link)?;
    durability.sync_folder_of(link)
}

/// Removes a file; a missing one is no error.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    fs::remove_file(path).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}

#[cfg(unix)]
fn symlink(to: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, link)
}

#[cfg(windows)]
fn symlink(to: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(to, link)
}
