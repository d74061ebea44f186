//! Our bare repository, in which the commit is made. It saves fetching; losing it is harmless.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::base::files::Lock;
use crate::output::OutputError;

use super::DeployError;

/// Content of the lock file while git is working; it remains after a crash.
const AT_WORK: &[u8] = b"at work";

/// Our bare repository.
pub(super) enum Own {
    /// Kept for the next deploy.
    Kept { path: PathBuf, lock: WorkMark },
    /// For dry runs.
    Passing(TempDir),
}

impl Own {
    /// Opens the repository at a path. After a crash it may contain locks and partial files: then
    /// it is recreated.
    pub(super) fn kept(path: &Path) -> Result<Own, DeployError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(OutputError::io("create the folder", folder))?;
        }
        let lock = path.with_extension("lock");
        let held = Lock::take(&lock).map_err(OutputError::io("lock", &lock))?;
        let held = held.ok_or_else(|| DeployError::overtaken(path.display()))?;
        let mut before = Vec::new();
        held.file().read_to_end(&mut before).map_err(OutputError::io("read", &lock))?;
        if !before.is_empty() && path.exists() {
            fs::remove_dir_all(path).map_err(OutputError::io("remove", path))?;
        }
        Ok(Own::Kept { path: path.to_owned(), lock: WorkMark(held) })
    }

    /// A temporary repository.
    pub(super) fn passing() -> Result<Own, DeployError> {
        let folder = TempDir::new().map_err(OutputError::io("make", &std::env::temp_dir()))?;
        Ok(Own::Passing(folder))
    }

    /// Marks it as in use: without [`Own::end`] it is not trusted.
    pub(super) fn begin(&self) -> Result<(), DeployError> {
        let Own::Kept { path, lock } = self else { return Ok(()) };
        lock.mark(AT_WORK).map_err(OutputError::io("write", &path.with_extension("lock")))?;
        Ok(())
    }

    /// git finished.
    pub(super) fn end(&self) {
        if let Own::Kept { lock, .. } = self {
            // If the mark stays, the next deploy fetches again.
            let _ = lock.mark(b"");
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Own::Kept { path, .. } => path,
            Own::Passing(folder) => folder.path(),
        }
    }
}

/// Locks out a second deploy, and stores whether the last one finished.
pub(super) struct WorkMark(Lock);

impl WorkMark {
    fn mark(&self, mark: &[u8]) -> std::io::Result<()> {
        let mut file: &File = self.0.file();
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(mark)
    }
}
