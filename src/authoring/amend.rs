//! What `dateline correct` and `dateline redact` share: finding and reading a report, checking its
//! new text against the old, and replacing the file atomically.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::content::article::Article;
use crate::content::rules::ReadingRules;
use crate::content::{self, Content, Drafts, Loaded, Reader, front_matter, scan};
use crate::pipeline::forgetting::ForgetError;
use crate::settings::Config;

use super::lookup::{self, LookupError};
use super::passages::line_and_column;

/// Why a report can't be corrected or redacted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AmendError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("{0} is withdrawn; nothing of it is published")]
    Withdrawn(String),
    /// The words to replace are not in the text.
    #[error("“{words}” is not in {source_file}")]
    NotThere { words: String, source_file: String },
    /// The words occur more than once.
    #[error("“{words}” is in {source_file} more than once: at {}", places.join(", "))]
    Ambiguous { words: String, source_file: String, places: Vec<String> },
    /// A name matches no file.
    #[error("“{name}” is no file beside {source_file} or in static/{}", near.as_ref().map_or_else(String::new, |near| format!("; {near} is")))]
    NoFile {
        name: String,
        source_file: String,
        /// A file with a similar name.
        near: Option<String>,
    },
    /// The reason contains the words to be removed.
    #[error("the reason, which readers see, holds “{0}”")]
    ReasonTells(String),
    /// The edit would change other parts of the file.
    #[error("{0} can't be changed without risk; nothing was written")]
    Risky(String),
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
    /// A place in the state folder still holds the removed words.
    #[error(transparent)]
    Forget(#[from] ForgetError),
}

impl AmendError {
    /// The remedy.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            AmendError::Lookup(error) => error.help(),
            AmendError::Withdrawn(_) => "to change the notice, edit `withdrawn` in the file",
            AmendError::NotThere { .. } => {
                "copy the words from the file; white space and line breaks do not matter, marks such as * do"
            }
            AmendError::Ambiguous { .. } => {
                "give more of the words around it, in --was and in --now"
            }
            AmendError::NoFile { .. } => {
                "name it as it lies beside the report, or from the root as in /img/letter.png"
            }
            AmendError::ReasonTells(_) => "say why without saying what",
            AmendError::Risky(_) => {
                "change the text by hand, and add a table to its `corrections` or `redactions`"
            }
            AmendError::Io { .. } | AmendError::Forget(_) => {
                "check who owns it and what its permissions are"
            }
        }
    }
}

/// The archive as read by a command.
pub(super) struct Read<'a> {
    pub(super) root: &'a Path,
    pub(super) config: &'a Config,
    pub(super) content: Content,
}

/// A report and its file.
pub(super) struct Found<'a> {
    pub(super) report: &'a Loaded<Article>,
    pub(super) file: PathBuf,
    pub(super) text: String,
}

impl Found<'_> {
    /// The end of the front matter.
    pub(super) fn body_start(&self) -> usize {
        front_matter::layout(&self.text).map_or(0, |layout| layout.body_start)
    }
}

impl<'a> Read<'a> {
    /// Reads the archive, drafts too.
    pub(super) fn new(root: &'a Path, config: &'a Config) -> Read<'a> {
        let options = super::reading_options(config);
        let reader = Reader::afresh(root, config, &options);
        Read {
            root,
            config,
            content: content::load(
                scan::scan(root, &config.build.ignore),
                &reader,
                Drafts::Publish,
            ),
        }
    }

    /// Finds the report; it must be neither withdrawn nor unreadable.
    pub(super) fn find(&self, target: &str) -> Result<Found<'_>, AmendError> {
        let report = lookup::find(self.root, self.config, &self.content, target)?;
        if report.value.is_withdrawn() {
            return Err(AmendError::Withdrawn(report.value.permalink.to_string()));
        }
        // Follow a link inside the archive: its target holds the text.
        let written = report.absolute(self.root);
        let file = fs::canonicalize(&written).unwrap_or(written);
        let text = fs::read_to_string(&file)
            .map_err(|source| AmendError::Io { path: file.clone(), source })?;
        Ok(Found { report, file, text })
    }

    /// The report with a new text; `None` if its address, date or identity would change.
    pub(super) fn reread(&self, old: &Article, text: &str) -> Option<Article> {
        let options = super::reading_options(self.config);
        let new = front_matter::article_again(old, text, &ReadingRules::new(self.config, &options))
            .value?;
        let stays = new.permalink == old.permalink
            && new.date == old.date
            && new.added == old.added
            && new.id == old.id
            && new.aliases == old.aliases
            && new.draft == old.draft
            && new.withdrawn == old.withdrawn;
        stays.then_some(new)
    }
}

/// Line and column for messages.
pub(super) fn place(text: &str, at: usize) -> String {
    let (line, column) = line_and_column(text, at);
    format!("{line}:{column}")
}
