//! Errors of checking links out of the archive.

use std::io;

use crate::ledger::writing::WriteError;
use crate::state::links::FAILING;

/// Why links could not be checked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExternalError {
    /// The file system refused.
    #[error("{file}: {error}")]
    Io {
        /// Path from the archive's root.
        file: &'static str,
        /// The system's error.
        error: io::Error,
    },
    /// `failing-links.toml` is not valid.
    #[error("{FAILING} can't be read: {0}")]
    Failing(#[from] toml::de::Error),
    /// Another check is running.
    #[error("another check of this archive is asking links; wait until it is done")]
    Busy,
    /// TLS is not available.
    #[error("links can't be asked: {0}")]
    Client(#[from] reqwest::Error),
    /// The ledger could not be written.
    #[error(transparent)]
    Ledger(#[from] WriteError),
}

impl ExternalError {
    pub(super) fn io(file: &'static str, error: io::Error) -> ExternalError {
        ExternalError::Io { file, error }
    }
}
