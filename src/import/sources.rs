//! Sources: each parses one format to [`Item`]s.

pub mod blogger;
mod bundle;
pub mod csl;
pub mod feed;
pub mod ghost;
pub mod guess;
pub mod kind;
pub mod mapping;
pub mod medium;
pub mod movable_type;
pub mod own;
pub mod ris;
pub mod saved_pages;
pub mod substack;
pub mod table;
pub mod warc;
pub mod wordpress;
pub mod zotero;

pub(crate) use bundle::is_zip;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::entry::Item;
use super::xml::XmlError;

/// Receives items.
pub type Visit<'a> = dyn FnMut(Item) + 'a;

/// A file of another program. It is read twice, with the same items in the same order.
pub trait Source: Sync {
    /// Reads the whole file.
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError>;
}

/// Why a source can't be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The file is invalid.
    #[error("{}: {message}", .path.display())]
    Broken {
        /// Which file.
        path: PathBuf,
        /// The error.
        message: String,
    },
}

impl SourceError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> SourceError {
        let path = path.to_owned();
        move |source| SourceError::Io { path, source }
    }

    pub(super) fn broken(path: &Path, message: impl fmt::Display) -> SourceError {
        SourceError::Broken { path: path.to_owned(), message: message.to_string() }
    }

    pub(super) fn xml(path: &Path) -> impl FnOnce(XmlError) -> SourceError {
        let path = path.to_owned();
        move |error| match error {
            XmlError::Io(source) => SourceError::Io { path, source },
            error => SourceError::Broken { path, message: error.to_string() },
        }
    }
}

/// The size limit of JSON files, which are read whole.
const LARGEST_JSON: u64 = 512 * 1024 * 1024;

/// Reads a JSON file.
fn json(path: &Path) -> Result<serde_json::Value, SourceError> {
    let size = std::fs::metadata(path).map_err(SourceError::io(path))?.len();
    if size > LARGEST_JSON {
        return Err(SourceError::broken(path, format!("it has more than {LARGEST_JSON} bytes")));
    }
    let bytes = std::fs::read(path).map_err(SourceError::io(path))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    serde_json::from_slice(bytes).map_err(|error| SourceError::broken(path, error))
}
