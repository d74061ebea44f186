//! Makes written files durable: data that must survive a power cut is synced before the next step.
//!
//! A few files are synced one by one. For many, one sync of the whole file system is cheaper, where
//! the system has it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

/// At most this many files are synced one by one.
const ONE_BY_ONE: usize = 128;

/// Errors of opening a folder that was removed or became a file.
const GONE: [io::ErrorKind; 3] =
    [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory, io::ErrorKind::PermissionDenied];

/// Errors of a file system that can't sync folders: nothing more can be done there.
const UNABLE: [io::ErrorKind; 2] = [io::ErrorKind::InvalidInput, io::ErrorKind::Unsupported];

/// Whether writes must survive a power cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Each step is synced before the next.
    #[default]
    Lasting,
    /// Nothing is synced: lost data is made again.
    Passing,
}

impl Durability {
    /// Syncs files and folders, if durability is asked for.
    pub fn sync(
        self,
        folder: &Path,
        about: usize,
        list: impl FnOnce() -> Vec<PathBuf>,
    ) -> io::Result<()> {
        match self {
            Durability::Lasting => sync(folder, about, list),
            Durability::Passing => Ok(()),
        }
    }

    /// Syncs the folder of a path, which makes its rename, creation or removal durable.
    pub fn sync_folder_of(self, path: &Path) -> io::Result<()> {
        let Some(folder) = path.parent() else { return Ok(()) };
        // A bare name is in the working folder.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        self.sync(folder, 1, || vec![folder.to_owned()])
    }

    /// Syncs an open file.
    pub(super) fn sync_file(self, file: &File) -> io::Result<()> {
        match self {
            Durability::Lasting => file.sync_all(),
            Durability::Passing => Ok(()),
        }
    }
}

/// Syncs files and folders, all on the file system of `folder`. `about` is their rough number; they
/// are listed only if they are synced one by one. Missing files and files without permission are
/// skipped.
pub(crate) fn sync(
    folder: &Path,
    about: usize,
    list: impl FnOnce() -> Vec<PathBuf>,
) -> io::Result<()> {
    if about > ONE_BY_ONE
        && let Some(done) = sync_file_system(folder)
    {
        return done;
    }
    list().par_iter().try_for_each(|path| match File::open(path) {
        Ok(file) => match file.sync_all() {
            Err(error) if UNABLE.contains(&error.kind()) => Ok(()),
            done => done,
        },
        Err(error) if GONE.contains(&error.kind()) => Ok(()),
        Err(error) => Err(error),
    })
}

#[cfg(target_os = "linux")]
fn sync_file_system(folder: &Path) -> Option<io::Result<()>> {
    let file = File::open(folder).ok()?;
    Some(rustix::fs::syncfs(file).map_err(io::Error::from))
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_: &Path) -> Option<io::Result<()>> {
    None
}
