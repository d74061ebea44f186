//! The journal of imports: `.dateline/import/<source>.jsonl`, one line for each entry; the last
//! line counts.
//!
//! It distinguishes files that only the import wrote from those that the curator changed or
//! removed.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::base::files;
use crate::state::StateFolder;

/// An imported file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The entry's id in its source.
    pub id: String,
    /// Path from the archive's root.
    pub path: String,
    /// The hash of the file.
    pub hash: String,
    /// The hash before, in case a change was interrupted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Rules of accepted suggestions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applied: Vec<String>,
}

impl Record {
    /// Whether the import wrote this text.
    pub fn wrote(&self, text: impl AsRef<[u8]>) -> bool {
        let hash = hash(text);
        self.hash == hash || self.before.as_ref() == Some(&hash)
    }
}

/// The hash of a text.
pub fn hash(text: impl AsRef<[u8]>) -> String {
    written(xxh3_128(text.as_ref()))
}

fn written(hash: u128) -> String {
    format!("{hash:032x}")
}

/// The folder of journals.
pub fn folder(root: &Path) -> PathBuf {
    StateFolder::of(root).imports()
}

/// The journal of a source.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// By the id's hash.
    kept: FxHashMap<u128, Kept>,
    file: Option<File>,
}

/// A record in memory, kept for each entry until the end of an import.
#[derive(Debug)]
struct Kept {
    id: Box<str>,
    path: Box<str>,
    hashes: Hashes,
    applied: Box<[String]>,
}

/// The current and the previous hash of a file.
#[derive(Debug)]
enum Hashes {
    Settled(u128),
    /// With a previous hash, or with a hash in another format.
    Other(Box<(String, Option<String>)>),
}

impl Hashes {
    fn of(hash: String, before: Option<String>) -> Hashes {
        match u128::from_str_radix(&hash, 16) {
            Ok(number) if before.is_none() && written(number) == hash => Hashes::Settled(number),
            _ => Hashes::Other(Box::new((hash, before))),
        }
    }
}

impl From<Record> for Kept {
    fn from(record: Record) -> Kept {
        Kept {
            id: record.id.into(),
            path: record.path.into(),
            hashes: Hashes::of(record.hash, record.before),
            applied: record.applied.into(),
        }
    }
}

impl Kept {
    fn record(&self) -> Record {
        let (hash, before) = match &self.hashes {
            Hashes::Settled(number) => (written(*number), None),
            Hashes::Other(both) => (**both).clone(),
        };
        let (id, path) = (self.id.to_string(), self.path.to_string());
        Record { id, path, hash, before, applied: self.applied.to_vec() }
    }
}

impl Journal {
    /// Reads a journal; an incomplete line is ignored.
    pub fn read(root: &Path, source: &str) -> io::Result<Journal> {
        let path = folder(root).join(format!("{source}.jsonl"));
        let mut journal = Journal { path, kept: FxHashMap::default(), file: None };
        let mut lines = match File::open(&journal.path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(journal),
            Err(error) => return Err(error),
        };
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            if let Ok(record) = serde_json::from_slice::<Record>(&line) {
                journal.kept.insert(key(&record.id), record.into());
            }
            line.clear();
        }
        Ok(journal)
    }

    /// The record of an entry.
    pub fn get(&self, id: &str) -> Option<Record> {
        self.kept.get(&key(id)).map(Kept::record)
    }

    /// The file of an entry, from the archive's root.
    pub fn path(&self, id: &str) -> Option<&str> {
        self.kept.get(&key(id)).map(|kept| &*kept.path)
    }

    /// The rules that were accepted for an entry.
    pub fn applied(&self, id: &str) -> &[String] {
        self.kept.get(&key(id)).map_or(&[], |kept| &kept.applied)
    }

    /// The id and the file of each entry.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.kept.values().map(|kept| (&*kept.id, &*kept.path))
    }

    /// Appends a record.
    pub fn add(&mut self, record: Record) -> io::Result<()> {
        let mut line = serde_json::to_string(&record).map_err(io::Error::other)?;
        line.push('\n');
        let file = match &mut self.file {
            Some(file) => file,
            closed => {
                std::fs::create_dir_all(self.path.parent().unwrap_or(Path::new(".")))?;
                let mut file = files::append_to(&self.path)?;
                // End an incomplete line.
                if file.metadata()?.len() > 0 {
                    file.write_all(b"\n")?;
                }
                closed.insert(file)
            }
        };
        file.write_all(line.as_bytes())?;
        self.kept.insert(key(&record.id), record.into());
        Ok(())
    }
}

fn key(id: &str) -> u128 {
    xxh3_128(id.as_bytes())
}
