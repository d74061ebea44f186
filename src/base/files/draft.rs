//! Atomic replacement of a file: the new bytes go to a draft beside it, which is renamed over it.
//!
//! The draft's name is computed from the file's name: the next run finds and overwrites the draft
//! of a killed one. A lock on the draft keeps two programs from writing it at once.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::durability::Durability;
use super::lock;

/// Replaces or creates a file: readers see the old bytes or the new ones, never a part. The folder
/// must exist.
pub(crate) fn replace(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<()> {
    let mut draft = Draft::of(path)?;
    draft.file().write_all(bytes)?;
    draft.put(durability)?;
    durability.sync_folder_of(path)
}

/// Replaces a curator's file durably and keeps its permissions. Of a symbolic link the target is
/// replaced.
pub(crate) fn replace_text(path: &Path, text: &str) -> io::Result<()> {
    let path = &fs::canonicalize(path)?;
    let permissions = fs::metadata(path)?.permissions();
    let mut draft = Draft::of(path)?;
    draft.file().write_all(text.as_bytes())?;
    draft.file().set_permissions(permissions)?;
    draft.put(Durability::Lasting)?;
    Durability::Lasting.sync_folder_of(path)
}

/// The path of a file's draft.
pub(crate) fn draft_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default();
    // Use a hash: the name itself may have the greatest length that the system allows.
    let hash = xxh3_64(name.as_encoded_bytes());
    path.with_file_name(format!(".dateline-{hash:016x}.draft"))
}

/// The new bytes of a file. Dropped before [`Draft::put`], it is removed, and the file is
/// unchanged.
#[derive(Debug)]
pub(crate) struct Draft {
    file: File,
    path: PathBuf,
    target: PathBuf,
    is_put: bool,
}

impl Draft {
    /// Creates an empty draft in the file's folder.
    pub(crate) fn of(target: &Path) -> io::Result<Draft> {
        let path = draft_of(target);
        loop {
            let file = open_draft(&path)?;
            if !lock::hold(&file)? {
                let message = "another program is writing this file";
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, message));
            }
            // The last holder of the lock may have renamed its draft already.
            if is_at(&file, &path)? {
                file.set_len(0)?;
                return Ok(Draft { file, path, target: target.to_owned(), is_put: false });
            }
        }
    }

    /// The open draft.
    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Renames the draft over the file. To make the rename itself durable, sync the folder.
    pub(crate) fn put(mut self, durability: Durability) -> io::Result<()> {
        durability.sync_file(&self.file)?;
        fs::rename(&self.path, &self.target)?;
        self.is_put = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_put {
            // The error that got us here says more.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Opens a new or left-over draft without following symbolic links.
fn open_draft(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// Whether the open file is the one at this path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let opened = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (opened.dev(), opened.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// On other systems a locked file can't be renamed.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"))
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}"));
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_the_old_file() -> io::Result<()> {
        let folder = folder();
        let path = folder.path().join("a");
        replace(&path, b"old", Durability::Lasting)?;
        let mut draft = Draft::of(&path)?;
        draft.file().write_all(b"new")?;
        drop(draft);
        assert_eq!(fs::read(&path)?, b"old");
        assert_eq!(names(folder.path()), ["a"]);
        Ok(())
    }

    #[test]
    fn what_a_killed_program_left_is_overwritten() -> io::Result<()> {
        let folder = folder();
        let path = folder.path().join("a");
        super::super::create_text(&draft_of(&path), "much longer than the new bytes")?;
        replace(&path, b"new", Durability::Passing)?;
        assert_eq!(fs::read(&path)?, b"new");
        assert_eq!(names(folder.path()), ["a"]);
        Ok(())
    }

    #[test]
    fn two_drafts_of_one_file_are_never_mixed() -> io::Result<()> {
        let folder = folder();
        let path = folder.path().join("a");
        let first = Draft::of(&path)?;
        let second = Draft::of(&path).map_err(|error| error.kind());
        assert_eq!(second.err(), Some(io::ErrorKind::ResourceBusy));
        first.put(Durability::Passing)?;
        Draft::of(&path)?.put(Durability::Passing)
    }

    #[test]
    fn a_file_with_the_longest_name_is_replaced() -> io::Result<()> {
        let folder = folder();
        let path = folder.path().join("n".repeat(255));
        replace(&path, b"new", Durability::Passing)?;
        assert_eq!(fs::read(&path)?, b"new");
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_draft_is_not_followed() -> io::Result<()> {
        let folder = folder();
        let (path, other) = (folder.path().join("a"), folder.path().join("other"));
        super::super::create_text(&other, "not ours")?;
        std::os::unix::fs::symlink(&other, draft_of(&path))?;
        assert!(replace(&path, b"new", Durability::Passing).is_err());
        assert_eq!(fs::read(&other)?, b"not ours");
        Ok(())
    }
}
