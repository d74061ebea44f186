//! Whether the system will let a commit do what it is about to do, asked before anything is touched.
//!
//! A commit renames files into folders and removes files from them, for which the folder decides. What
//! is asked here is what can be known beforehand: permissions, file systems that are mounted read-only,
//! files and folders that are marked as immutable, and folders whose files only their owners may
//! replace.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::OutputError;

/// Asks for each file that a commit would put or remove. The first refusal is the error.
pub(super) fn ask<'a>(
    output: &Path,
    paths: impl Iterator<Item = &'a str>,
) -> Result<(), OutputError> {
    let (mut files, mut folders) = (Vec::new(), BTreeSet::new());
    for path in paths {
        folders.insert(path.rsplit_once('/').map_or("", |(folder, _)| folder));
        files.push(output.join(path));
    }
    let folders: BTreeSet<PathBuf> =
        folders.into_iter().filter_map(|folder| existing(output, folder)).collect();
    folders.par_iter().try_for_each(|folder| {
        system::may_change(folder).map_err(OutputError::io("write to the folder", folder))
    })?;
    files.par_iter().try_for_each(|file| {
        system::may_replace(file).map_err(OutputError::io("replace the file", file))
    })
}

/// The folder, or the nearest one above it that is there, in which it would be made.
fn existing(output: &Path, folder: &str) -> Option<PathBuf> {
    let full = output.join(folder);
    full.ancestors().find(|folder| folder.is_dir()).map(Path::to_owned)
}

#[cfg(unix)]
mod system {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{Access, AtFlags, CWD, accessat};
    use rustix::io::Errno;
    use rustix::process::geteuid;

    use super::{Path, io};

    /// The bit of a folder in which only their owners may replace files.
    const STICKY: u32 = 0o1000;

    /// Whether files may be made in a folder and removed from it.
    pub(super) fn may_change(folder: &Path) -> io::Result<()> {
        let access = Access::WRITE_OK | Access::EXEC_OK;
        Ok(accessat(CWD, folder, access, AtFlags::EACCESS)?)
    }

    /// Whether the folder's owner and the file's marks allow that it is replaced or removed; its own
    /// permissions say nothing about that.
    pub(super) fn may_replace(file: &Path) -> io::Result<()> {
        let Ok(found) = fs::symlink_metadata(file) else { return Ok(()) };
        if found.is_file()
            && let Err(Errno::PERM) = accessat(CWD, file, Access::WRITE_OK, AtFlags::EACCESS)
        {
            return Err(Errno::PERM.into());
        }
        let Some(folder) = file.parent().and_then(|folder| fs::metadata(folder).ok()) else {
            return Ok(());
        };
        let user = geteuid();
        let is_owner = [found.uid(), folder.uid()].contains(&user.as_raw());
        if folder.mode() & STICKY != 0 && !user.is_root() && !is_owner {
            return Err(Errno::PERM.into());
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs;

    use super::{Path, io};

    /// A folder's own mark decides nothing here.
    #[allow(clippy::unnecessary_wraps, reason = "other systems refuse")]
    pub(super) fn may_change(_: &Path) -> io::Result<()> {
        Ok(())
    }

    /// A file that is marked as read-only can't be replaced.
    pub(super) fn may_replace(file: &Path) -> io::Result<()> {
        match fs::symlink_metadata(file) {
            Ok(found) if found.is_file() && found.permissions().readonly() => {
                Err(io::ErrorKind::PermissionDenied.into())
            }
            _ => Ok(()),
        }
    }
}
