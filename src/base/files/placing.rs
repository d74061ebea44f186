//! Files, links and folders put where they belong, in one step each where the system has such a step.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::durability::Durability;

/// Creates a file that must not be there yet, in a folder that is there.
pub fn create_new(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

/// Writes a file that must not be there yet so that it lasts, and the folders that it is in.
pub fn create_text(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Durability::Lasting.sync_folder_of(path)
}

/// Opens a file whose new lines follow the old ones; it is created where it is missing.
pub fn append_to(path: &Path) -> io::Result<File> {
    File::options().create(true).append(true).open(path)
}

/// Moves a file or a folder in place of what is there.
pub fn place(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Moves a folder, with all that is in it, to where nothing or an empty folder is.
pub fn place_folder(from: &Path, to: &Path, durability: Durability) -> io::Result<()> {
    match fs::remove_dir(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        // Not every system lets an empty folder give way by itself.
        _ => fs::rename(from, to)?,
    }
    durability.sync_folder_of(to)
}

/// Refuses a file of the archive's own records that is a symbolic link: it may lead to any file.
pub fn refuse_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => {
            Err(io::Error::other("this symbolic link is neither read nor written"))
        }
        _ => Ok(()),
    }
}

/// Gives a file a second path, by a hard link.
pub fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)
}

/// Gives a file a second path, or puts a copy there where the file system has no hard links.
pub fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}

/// Makes a symbolic link to a folder, in place of the link that is there.
pub fn replace_link(to: &Path, link: &Path, durability: Durability) -> io::Result<()> {
    let draft = super::draft_of(link);
    remove_if_there(&draft)?;
    symlink(to, &draft)?;
    fs::rename(&draft, link)?;
    durability.sync_folder_of(link)
}

/// Removes a file; one that is not there is no error.
pub fn remove_if_there(path: &Path) -> io::Result<()> {
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
