//! Commands that write: a new archive, a new entry, a correction, a redaction, a withdrawal. Each
//! takes the arguments of the command line and writes files of the archive; none builds. Existing
//! files are replaced atomically ([`crate::base::files`]).

pub(crate) mod amend;
pub(crate) mod archetype;
pub(crate) mod correct;
pub(crate) mod editing;
pub(crate) mod entry;
mod evidence;
pub(crate) mod known;
pub(crate) mod lookup;
mod passages;
pub(crate) mod publishing;
pub(crate) mod records;
pub(crate) mod redact;
mod removable;
pub(crate) mod starter;
mod stripping;
pub(crate) mod translation;
pub(crate) mod withdraw;

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
pub(crate) enum AuthoringError {
    /// The file exists already.
    #[error("{} exists already; nothing was written over it", .0.display())]
    Exists(PathBuf),
    /// Another report has the entry's permalink.
    #[error("{address} is the address of {holder} already; nothing was written")]
    Taken {
        address: String,
        /// The file of the other report.
        holder: String,
    },
    /// The title makes no valid file name.
    #[error("no file name can be made from the title: {0}")]
    Title(#[from] crate::base::permalink::PathError),
    /// The archetype's result is no valid entry.
    #[error("nothing was written")]
    Archetype(Vec<Diagnostic>),
    /// A forge can't publish an archive in this place.
    #[error("{}: {reason}", .path.display())]
    Place { path: PathBuf, reason: &'static str },
    /// The settings are missing or broken.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The file system refused.
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

impl From<Vec<Diagnostic>> for AuthoringError {
    fn from(problems: Vec<Diagnostic>) -> AuthoringError {
        AuthoringError::Archetype(problems)
    }
}

/// How bodies are parsed for commands that don't show them: without the interface's words.
pub(crate) fn reading_options(config: &Config) -> MarkdownOptions {
    markdown_options(&config.markdown, &config.language, BodyWords::default())
}

/// The result of creating missing files.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    /// Created files.
    pub written: Vec<PathBuf>,
    /// Files that existed, unchanged.
    pub left: Vec<PathBuf>,
}

impl Missing {
    /// Both results, in this order.
    #[must_use]
    pub(crate) fn and(mut self, next: Missing) -> Missing {
        self.written.extend(next.written);
        self.left.extend(next.left);
        self
    }
}

/// Creates the files that are missing.
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

/// Creates a file and its parent folders.
fn write_new(path: &Path, text: &str) -> Result<(), AuthoringError> {
    let failed = |source| AuthoringError::Io { path: path.to_owned(), source };
    files::create_text(path, text).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => AuthoringError::Exists(path.to_owned()),
        _ => failed(error),
    })
}
