//! The index of the shelf: `.dateline/img/index.json`.
//!
//! Unlike other caches it is kept when the program changes: a new version makes pictures again only
//! if the recipe has changed. A file of another format is ignored.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::base::files::{self, Durability, Stamp};

use super::facts::Facts;
use super::recipe::{Key, Made};

/// The version of the format and of reading facts.
const FORMAT: u32 = 1;

pub(super) const NAME: &str = "index.json";

/// The state after the last build.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShelfFile {
    format: u32,
    /// Pictures, by path from the archive's root.
    pub(super) files: BTreeMap<String, (Stamp, Facts)>,
    /// The files made from pictures.
    pub(super) made: Vec<(Key, Made)>,
}

impl ShelfFile {
    /// The file for the current state.
    pub(super) fn new(
        files: BTreeMap<String, (Stamp, Facts)>,
        mut made: Vec<(Key, Made)>,
    ) -> ShelfFile {
        made.sort_by_key(|(key, _)| *key);
        ShelfFile { format: FORMAT, files, made }
    }

    /// Reads the file; empty if it is missing or unusable.
    pub(super) fn read(folder: &Path) -> ShelfFile {
        let text = fs::read(folder.join(NAME)).ok();
        let file: Option<ShelfFile> = text.and_then(|text| serde_json::from_slice(&text).ok());
        file.filter(|file| file.format == FORMAT).unwrap_or_default()
    }

    /// Writes the file if it differs; removes it if it would be empty.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        if self.files.is_empty() && self.made.is_empty() {
            return files::remove_if_there(&folder.join(NAME));
        }
        if ShelfFile::read(folder) == *self {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        let bytes = serde_json::to_vec(self).map_err(io::Error::other)?;
        files::replace(&folder.join(NAME), &bytes, Durability::Passing)
    }
}
