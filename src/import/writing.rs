//! Writes imported files: its own are updated, those that the curator changed are left alone.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::base::files::{self, Draft, Durability};

use super::journal::{Journal, Record, hash};
use super::options::Writing;

/// The result for an entry's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is new.
    Written,
    /// It was updated.
    Updated,
    /// It is unchanged.
    Unchanged,
    /// The curator changed it.
    Edited,
    /// The curator removed it.
    Removed,
    /// Another file is at its place.
    Occupied,
}

/// Writes to an archive's folder.
pub(crate) struct Writer<'a> {
    root: &'a Path,
    journal: Journal,
    writing: Writing,
    /// Folders known to be inside the archive.
    folders: FxHashSet<PathBuf>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(root: &'a Path, journal: Journal, writing: Writing) -> Writer<'a> {
        Writer { root, journal, writing, folders: FxHashSet::default() }
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Writes an entry's file, unless it belongs to the curator.
    pub(crate) fn put(
        &mut self,
        id: &str,
        path: &str,
        text: &[u8],
        applied: &[String],
    ) -> io::Result<Outcome> {
        let there = self.read(path)?;
        let known = self.journal.get(id).filter(|record| record.path == path);
        let record = |before: Option<String>| Record {
            id: id.to_owned(),
            path: path.to_owned(),
            hash: hash(text),
            before,
            applied: applied.to_vec(),
        };
        match (there, known) {
            (None, None) => {
                self.write(path, text)?;
                self.remember(record(None))?;
                Ok(Outcome::Written)
            }
            // An interrupted run wrote it.
            (Some(there), None) if there == text => {
                self.remember(record(None))?;
                Ok(Outcome::Written)
            }
            (Some(_), None) => Ok(Outcome::Occupied),
            (None, Some(_)) => Ok(Outcome::Removed),
            (Some(there), Some(known)) if there == text => {
                if known.hash != hash(text) || known.before.is_some() {
                    self.remember(record(None))?;
                }
                Ok(Outcome::Unchanged)
            }
            (Some(there), Some(known)) if known.wrote(&there) => {
                // Write the journal first: a file of an interrupted run must still be recognised.
                self.remember(record(Some(hash(&there))))?;
                self.write(path, text)?;
                Ok(Outcome::Updated)
            }
            (Some(_), Some(_)) => Ok(Outcome::Edited),
        }
    }

    /// Copies a file if it is missing; returns whether it was.
    pub(crate) fn copy(
        &mut self,
        path: &str,
        read: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> io::Result<bool> {
        if self.root.join(path).symlink_metadata().is_ok() {
            return Ok(false);
        }
        let bytes = read()?;
        self.write(path, &bytes)?;
        Ok(true)
    }

    /// Replaces one of the import's own files.
    pub(crate) fn replace(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.write(path, bytes)
    }

    /// The same, with content from a function.
    pub(crate) fn replace_with(
        &self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.writing == Writing::DryRun {
            return Ok(());
        }
        let mut draft = Draft::of(&self.root.join(path))?;
        let mut buffer = BufWriter::new(draft.file());
        write(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        draft.put(Durability::Passing)
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match files::read(&self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn remember(&mut self, record: Record) -> io::Result<()> {
        match self.writing {
            Writing::Write => self.journal.add(record),
            Writing::DryRun => Ok(()),
        }
    }

    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if self.writing == Writing::DryRun {
            return Ok(());
        }
        let file = self.root.join(path);
        let folder = file.parent().unwrap_or(self.root).to_owned();
        if !self.folders.contains(&folder) {
            make_folder(self.root, &folder)?;
            self.folders.insert(folder);
        }
        files::replace(&file, bytes, Durability::Passing)
    }
}

/// Creates a folder in the archive; refuses symbolic links that lead out of it.
pub(crate) fn make_folder(root: &Path, folder: &Path) -> io::Result<()> {
    files::refuse_outside(root, folder)?;
    std::fs::create_dir_all(folder)
}
