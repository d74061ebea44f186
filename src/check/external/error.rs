//! Why links out of the archive could not be asked: made by what asks, remembers and decides, told by the
//! command line.

use std::io;

use crate::ledger::writing::WriteError;
use crate::state::links::FAILING;

/// Why links could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ExternalError {
    /// The system refused.
    #[error("{file}: {error}")]
    Io {
        /// From the archive's root.
        file: &'static str,
        /// Why.
        error: io::Error,
    },
    /// `failing-links.toml` is none.
    #[error("{FAILING} can't be read: {0}")]
    Failing(#[from] toml::de::Error),
    /// Another check asks links.
    #[error("another check of this archive is asking links; wait until it is done")]
    Busy,
    /// There is no way to speak TLS here.
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
