//! Makes written files last: what a power cut must not undo is on the disk before the next step.
//!
//! A few files are synced one by one; more than that cost less together, the whole file system at
//! once, where the system can.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

/// So many files are synced one by one.
const ONE_BY_ONE: usize = 128;

/// What opening a folder says that was removed, or became a file.
const GONE: [io::ErrorKind; 3] =
    [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory, io::ErrorKind::PermissionDenied];

/// What a file system says that can't sync a folder: there it is as lasting as it gets.
const UNABLE: [io::ErrorKind; 2] = [io::ErrorKind::InvalidInput, io::ErrorKind::Unsupported];

/// Whether what is written has to outlive a power cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Each step is on the disk before the next.
    #[default]
    Lasting,
    /// Nothing is synced: what a power cut takes is made again.
    Passing,
}

impl Durability {
    /// Makes files and folders last, as [`sync`] does, where that is asked for.
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

    /// Makes the rename, creation or removal of a path last: syncs the folder that it is in.
    pub fn sync_folder_of(self, path: &Path) -> io::Result<()> {
        let Some(folder) = path.parent() else { return Ok(()) };
        // The parent of a bare name is the working folder.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        self.sync(folder, 1, || vec![folder.to_owned()])
    }

    /// Makes the bytes of an open file last.
    pub(super) fn sync_file(self, file: &File) -> io::Result<()> {
        match self {
            Durability::Lasting => file.sync_all(),
            Durability::Passing => Ok(()),
        }
    }
}

/// Syncs files and folders, all on the file system of `folder`: about so many, which are listed only
/// where they are synced one by one. One that is gone by now, or that we may not open, is passed over.
pub fn sync(folder: &Path, about: usize, list: impl FnOnce() -> Vec<PathBuf>) -> io::Result<()> {
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
