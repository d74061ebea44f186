//! Writing: a new archive, a new entry, a withdrawal. Takes what the command line asked for, makes
//! files under `content/`; nothing here builds. Only a withdrawal and `check --fix` change what exists, each
//! file in one step ([`crate::base::files`]).

pub mod amend;
pub mod archetype;
pub mod correct;
pub mod entry;
mod evidence;
pub mod known;
pub mod lookup;
mod passages;
pub mod publishing;
mod records;
pub mod redact;
mod removable;
pub mod starter;
mod stripping;
pub mod withdraw;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::base::diagnostic::Diagnostic;
use crate::base::files;
use crate::content::rules::markdown_options;
use crate::markdown::{BodyWords, MarkdownOptions};
use crate::settings::Config;
use crate::settings::loading::SettingsError;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum AuthoringError {
    /// Something stands there already.
    #[error("{} exists already; nothing was written over it", .0.display())]
    Exists(PathBuf),
    /// Another report lives where the entry would.
    #[error("{address} is the address of {holder} already; nothing was written")]
    Taken {
        /// The entry's permalink.
        address: String,
        /// The file that has it.
        holder: String,
    },
    /// The title gives no file name.
    #[error("no file name can be made from the title: {0}")]
    Title(#[from] crate::base::permalink::PathError),
    /// The archetype gives no entry that a build would take.
    #[error("nothing was written")]
    Archetype(Vec<Diagnostic>),
    /// A forge can't publish an archive that is there.
    #[error("{}: {reason}", .path.display())]
    Place {
        /// What is in the wrong place.
        path: PathBuf,
        /// Why.
        reason: &'static str,
    },
    /// The settings are missing or broken.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The file system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
}

impl From<Vec<Diagnostic>> for AuthoringError {
    fn from(problems: Vec<Diagnostic>) -> AuthoringError {
        AuthoringError::Archetype(problems)
    }
}

/// How texts are read where nothing of them is shown: without the words of the interface.
pub(crate) fn reading_options(config: &Config) -> MarkdownOptions {
    markdown_options(&config.markdown, &config.language, BodyWords::default())
}

/// What became of files that were to be there.
#[derive(Debug, Default)]
pub struct Missing {
    /// They were not there, and are now.
    pub written: Vec<PathBuf>,
    /// They were there, and are as they were.
    pub left: Vec<PathBuf>,
}

impl Missing {
    /// Both, in this order.
    #[must_use]
    pub fn and(mut self, next: Missing) -> Missing {
        self.written.extend(next.written);
        self.left.extend(next.left);
        self
    }
}

/// Writes those of the files that are not there yet.
fn write_missing<'a>(
    folder: &Path,
    files: impl Iterator<Item = (&'a str, String)>,
) -> Result<Missing, AuthoringError> {
    let mut missing = Missing::default();
    for (name, text) in files {
        let path = folder.join(name);
        match write_new(&path, &text) {
            Ok(()) => missing.written.push(path),
            Err(AuthoringError::Exists(_)) => missing.left.push(path),
            Err(error) => return Err(error),
        }
    }
    Ok(missing)
}

/// Writes a file that was not there, and the folders above it.
fn write_new(path: &Path, text: &str) -> Result<(), AuthoringError> {
    let failed = |source| AuthoringError::Io { path: path.to_owned(), source };
    files::create_text(path, text).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => AuthoringError::Exists(path.to_owned()),
        _ => failed(error),
    })
}
