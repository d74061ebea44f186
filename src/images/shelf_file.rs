//! The file that says what is on the shelf: `.dateline/img/index.json`.
//!
//! Unlike other caches it outlives the program that wrote it: a new program makes pictures anew only
//! where their recipe has changed. A file of another format counts as none.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::base::files::{self, Durability, Stamp};

use super::facts::Facts;
use super::recipe::{Key, Made};

/// The format, and how facts are found.
const FORMAT: u32 = 1;

/// Its name.
pub(super) const NAME: &str = "index.json";

/// What was known after the last build.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShelfFile {
    format: u32,
    /// Pictures, by path from the archive's root.
    pub(super) files: BTreeMap<String, (Stamp, Facts)>,
    /// What was made of pictures.
    pub(super) made: Vec<(Key, Made)>,
}

impl ShelfFile {
    /// Of what is known now.
    pub(super) fn new(
        files: BTreeMap<String, (Stamp, Facts)>,
        mut made: Vec<(Key, Made)>,
    ) -> ShelfFile {
        made.sort_by_key(|(key, _)| *key);
        ShelfFile { format: FORMAT, files, made }
    }

    /// Reads the file of a shelf; nothing if there is none that can be used.
    pub(super) fn read(folder: &Path) -> ShelfFile {
        let text = fs::read(folder.join(NAME)).ok();
        let file: Option<ShelfFile> = text.and_then(|text| serde_json::from_slice(&text).ok());
        file.filter(|file| file.format == FORMAT).unwrap_or_default()
    }

    /// Writes the file, if it differs; removes it if there is nothing to say.
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
