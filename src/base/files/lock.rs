//! File locks that keep a second program from the same work. The system releases them when the
//! program ends.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// A locked file; dropping it releases the lock.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Creates a file if it is missing, and locks it; `None` if another program holds the lock.
    pub(crate) fn take(path: &Path) -> io::Result<Option<Lock>> {
        let mut options = File::options();
        let file = options.create(true).truncate(false).read(true).write(true).open(path)?;
        Lock::on(file)
    }

    /// Locks an open file or folder; `None` if another program holds the lock.
    pub(crate) fn on(file: File) -> io::Result<Option<Lock>> {
        Ok(hold(&file)?.then_some(Lock(file)))
    }

    /// The locked file.
    pub(crate) fn file(&self) -> &File {
        &self.0
    }
}

/// Locks an open file until it is closed; returns whether it could. A file system without locks
/// counts as locked: better to work unguarded than not at all. Other failures are errors.
pub(super) fn hold(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_until_it_is_dropped() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("lock");
        let first = Lock::take(&path)?;
        assert!(first.is_some());
        assert!(Lock::take(&path)?.is_none());
        drop(first);
        assert!(Lock::take(&path)?.is_some());
        Ok(())
    }
}
