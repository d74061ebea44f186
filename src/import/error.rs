//! Errors and progress of an import.

use std::io;
use std::path::PathBuf;

use super::media::MediaError;
use super::sources::SourceError;

/// The number of entries processed in a batch.
pub(super) const BATCH: usize = 256;

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source can't be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The file system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The program was built without the feature `network`.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The source is empty.
    #[error("no report or page was found in it{}", .0.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    Empty(Option<String>),
    /// It contains only things that are not imported.
    #[error("no report or page was found in it, only {0}")]
    Others(String),
}

impl ImportError {
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> ImportError {
        let path = path.into();
        move |source| ImportError::Io { path, source }
    }

    /// The remedy.
    pub fn help(&self) -> &'static str {
        match self {
            ImportError::Source(_) => {
                "look whether the file is whole and of the kind that was named"
            }
            ImportError::Io { .. } => "check who owns it and what its permissions are",
            ImportError::Media(error) => error.help(),
            ImportError::Others(_) => {
                "a page of a web archive counts as an article if it says so or names its day"
            }
            ImportError::Empty(_) => "name the kind of source: dateline import wordpress FILE",
        }
    }
}

/// The progress of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The stage.
    pub what: Stage,
    /// The number of finished items.
    pub done: usize,
    /// The number of all items.
    pub of: usize,
}

/// A stage of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Pictures are fetched from the old site.
    Pictures,
    /// Reports are written.
    Reports,
}

impl Stage {
    /// The noun for its items.
    pub fn words(self) -> &'static str {
        match self {
            Stage::Pictures => "pictures",
            Stage::Reports => "reports",
        }
    }
}
