//! Checks permissions for a commit before anything is changed.
//!
//! A commit renames files into folders and removes files from them, which is subject to the
//! folder's permissions. Checked are: permissions, read-only file systems, immutable files and
//! folders, and sticky folders, in which only a file's owner may replace it.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::OutputError;

/// Checks every file that a commit would write or remove; returns the first error.
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

/// The folder, or its nearest existing ancestor, in which it would be created.
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

    /// The sticky bit of a folder.
    const STICKY: u32 = 0o1000;

    /// Whether files may be created in a folder and removed from it.
    pub(super) fn may_change(folder: &Path) -> io::Result<()> {
        let access = Access::WRITE_OK | Access::EXEC_OK;
        Ok(accessat(CWD, folder, access, AtFlags::EACCESS)?)
    }

    /// Whether a file may be replaced or removed, by the folder's owner and the file's attributes;
    /// the file's own permissions don't matter.
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

    /// The read-only attribute of folders has no effect here.
    #[allow(clippy::unnecessary_wraps, reason = "other systems refuse")]
    pub(super) fn may_change(_: &Path) -> io::Result<()> {
        Ok(())
    }

    /// A read-only file can't be replaced.
    pub(super) fn may_replace(file: &Path) -> io::Result<()> {
        match fs::symlink_metadata(file) {
            Ok(found) if found.is_file() && found.permissions().readonly() => {
                Err(io::ErrorKind::PermissionDenied.into())
            }
            _ => Ok(()),
        }
    }
}
