//! The journal of imports: `.dateline/import/<source>.jsonl`, one line for each entry; the last
//! line counts.
//!
//! It distinguishes files that only the import wrote from those that the curator changed or
//! removed.

use std::fs::File;
use std::io::{self, Write as _};
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
    format!("{:032x}", xxh3_128(text.as_ref()))
}

/// The folder of journals.
pub fn folder(root: &Path) -> PathBuf {
    StateFolder::of(root).imports()
}

/// The journal of a source.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    records: FxHashMap<String, Record>,
    file: Option<File>,
}

impl Journal {
    /// Reads a journal; an incomplete line is ignored.
    pub fn read(root: &Path, source: &str) -> io::Result<Journal> {
        let path = folder(root).join(format!("{source}.jsonl"));
        let text = match std::fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Record>(line).ok());
        let records = lines.map(|record| (record.id.clone(), record)).collect();
        Ok(Journal { path, records, file: None })
    }

    /// The record of an entry.
    pub fn get(&self, id: &str) -> Option<&Record> {
        self.records.get(id)
    }

    /// The rules that were accepted for an entry.
    pub fn applied(&self, id: &str) -> &[String] {
        self.get(id).map_or(&[], |record| &record.applied)
    }

    /// All records.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
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
        self.records.insert(record.id.clone(), record);
        Ok(())
    }
}
