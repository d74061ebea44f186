//! Our own bare repository, in which the commit is made: it spares fetching what a deploy before
//! knew, and nothing is lost with it.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::base::files::Lock;
use crate::output::OutputError;

use super::DeployError;

/// Stands in the lock while git is at work, and for as long as it did not come to its end.
const AT_WORK: &[u8] = b"at work";

/// Our own bare repository.
pub(super) enum Own {
    /// Kept from one deploy to the next.
    Kept {
        /// Its folder.
        path: PathBuf,
        /// Held as long as it is used.
        lock: WorkMark,
    },
    /// Where nothing is to be touched.
    Passing(TempDir),
}

impl Own {
    /// The one at a path. A deploy that was killed may have left locks and half files of git's in it:
    /// then it begins anew.
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

    /// One that is gone with the program.
    pub(super) fn passing() -> Result<Own, DeployError> {
        let folder = TempDir::new().map_err(OutputError::io("make", &std::env::temp_dir()))?;
        Ok(Own::Passing(folder))
    }

    /// From here on it can't be trusted, should git not come to its end.
    pub(super) fn begin(&self) -> Result<(), DeployError> {
        let Own::Kept { path, lock } = self else { return Ok(()) };
        lock.mark(AT_WORK).map_err(OutputError::io("write", &path.with_extension("lock")))?;
        Ok(())
    }

    /// git came to its end.
    pub(super) fn end(&self) {
        if let Own::Kept { lock, .. } = self {
            // One that can't be emptied costs the next deploy a fetch.
            let _ = lock.mark(b"");
        }
    }

    /// Its folder.
    pub(super) fn path(&self) -> &Path {
        match self {
            Own::Kept { path, .. } => path,
            Own::Passing(folder) => folder.path(),
        }
    }
}

/// Keeps a second deploy out, and says whether the last one came to its end.
pub(super) struct WorkMark(Lock);

impl WorkMark {
    fn mark(&self, mark: &[u8]) -> std::io::Result<()> {
        let mut file: &File = self.0.file();
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(mark)
    }
}
