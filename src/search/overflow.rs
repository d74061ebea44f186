//! An unnamed file for data that exceeds memory while the index is made.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The file; created with its first bytes, removed when dropped.
#[derive(Debug)]
pub(super) struct Overflow {
    folder: PathBuf,
    written: Mutex<Written>,
}

#[derive(Debug, Default)]
struct Written {
    file: Option<File>,
    end: u64,
}

impl Overflow {
    /// No file yet; the folder is created when needed.
    pub(super) fn new(folder: PathBuf) -> Overflow {
        Overflow { folder, written: Mutex::default() }
    }

    /// Appends bytes; returns their position.
    pub(super) fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.file.is_none() {
            std::fs::create_dir_all(&self.folder)?;
            written.file = Some(tempfile::tempfile_in(&self.folder)?);
        }
        let start = written.end;
        if let Some(file) = &mut written.file {
            file.seek(SeekFrom::Start(start))?;
            file.write_all(bytes)?;
        }
        written.end += bytes.len() as u64;
        Ok(start)
    }

    /// Reads appended bytes at a position.
    pub(super) fn read(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let file = written.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether anything was written.
    #[cfg(test)]
    pub(super) fn is_used(&self) -> bool {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).file.is_some()
    }
}
