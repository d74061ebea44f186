//! The kinds of file that can be imported; each makes [`Item`]s of one file and knows nothing else.

pub mod wordpress;

use std::io;
use std::path::{Path, PathBuf};

use super::entry::Item;
use super::xml::XmlError;

/// Receives what a source finds.
pub type Visit<'a> = dyn FnMut(Item) + 'a;

/// A file of another archive. It is read twice, and gives the same items in the same order.
pub trait Source: Sync {
    /// Reads all of it.
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError>;
}

/// Why a file can't be imported.
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
    /// It is broken.
    #[error("{}: {message}", .path.display())]
    Broken {
        /// Which file.
        path: PathBuf,
        /// How.
        message: String,
    },
}

impl SourceError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> SourceError {
        let path = path.to_owned();
        move |source| SourceError::Io { path, source }
    }

    pub(super) fn xml(path: &Path) -> impl FnOnce(XmlError) -> SourceError {
        let path = path.to_owned();
        move |error| match error {
            XmlError::Io(source) => SourceError::Io { path, source },
            error => SourceError::Broken { path, message: error.to_string() },
        }
    }
}
