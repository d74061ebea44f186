//! A file outside the archive that is removed when it is not used any more.

use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

/// A file in the system's folder for temporary files; dropping it removes the file.
#[derive(Debug)]
pub(crate) struct TemporaryFile(NamedTempFile);

impl TemporaryFile {
    /// Writes a temporary file.
    pub(crate) fn with(bytes: &[u8]) -> io::Result<TemporaryFile> {
        let mut file = NamedTempFile::new()?;
        file.write_all(bytes)?;
        Ok(TemporaryFile(file))
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}
