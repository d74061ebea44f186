//! Puts files into the archive: what an import wrote before is renewed, what the curator touched is left.

use std::io;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::base::files::{self, Durability};

use super::journal::{Journal, Record, hash};
use super::options::Writing;

/// What became of an entry's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was not there.
    Written,
    /// It is another than before.
    Updated,
    /// It is the same.
    Unchanged,
    /// The curator changed it.
    Edited,
    /// The curator removed it.
    Removed,
    /// Another hand wrote it.
    Occupied,
}

/// The archive's folder as an import writes to it.
pub(crate) struct Writer<'a> {
    root: &'a Path,
    journal: Journal,
    writing: Writing,
    /// Folders that were found to be inside of the archive.
    folders: FxHashSet<PathBuf>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(root: &'a Path, journal: Journal, writing: Writing) -> Writer<'a> {
        Writer { root, journal, writing, folders: FxHashSet::default() }
    }

    /// Writes the file of an entry, unless it is not the import's to write.
    pub(crate) fn put(
        &mut self,
        id: &str,
        path: &str,
        text: &[u8],
        applied: &[String],
    ) -> io::Result<Outcome> {
        let there = self.read(path)?;
        let known = self.journal.get(id).filter(|record| record.path == path).cloned();
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
            // A run that was cut short had written it already.
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
                // First the journal: a run that is cut short here leaves a file that is still known.
                self.remember(record(Some(hash(&there))))?;
                self.write(path, text)?;
                Ok(Outcome::Updated)
            }
            (Some(_), Some(_)) => Ok(Outcome::Edited),
        }
    }

    /// Copies a file that is not there yet; whether it was not.
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

    /// Replaces a file of the import's own in the archive's folder.
    pub(crate) fn replace(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.write(path, bytes)
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

/// Makes a folder of the archive; a symbolic link on the way that leads out of it is refused.
pub(super) fn make_folder(root: &Path, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let (inside, root) = (folder.canonicalize()?, root.canonicalize()?);
    if inside.starts_with(&root) {
        return Ok(());
    }
    Err(io::Error::other(format!("{} leads out of the archive", folder.display())))
}
