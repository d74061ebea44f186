//! An unnamed file for what exceeds memory while the index is made.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The file; created with its first bytes, gone with this value.
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
    /// In a folder, which is created when needed.
    pub(super) fn new(folder: PathBuf) -> Overflow {
        Overflow { folder, written: Mutex::default() }
    }

    /// Appends some bytes; returns where they begin.
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

    /// Reads the bytes that were appended at a place.
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
