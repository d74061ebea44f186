//! Locks that keep a second program from the same work. They end with the program, however it ends.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// A locked file; the lock is held until this is dropped.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Locks a file, which is created where it is missing; `None` where another program holds the lock.
    pub fn take(path: &Path) -> io::Result<Option<Lock>> {
        let mut options = File::options();
        let file = options.create(true).truncate(false).read(true).write(true).open(path)?;
        Lock::on(file)
    }

    /// Locks a file or a folder that is open already; `None` where another program holds the lock.
    pub fn on(file: File) -> io::Result<Option<Lock>> {
        Ok(hold(&file)?.then_some(Lock(file)))
    }

    /// The locked file.
    pub fn file(&self) -> &File {
        &self.0
    }
}

/// Locks an open file for as long as it is open; whether that was possible. On a file system without
/// locks it counts as locked: better to work unguarded than not at all. Any other refusal is an error.
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
