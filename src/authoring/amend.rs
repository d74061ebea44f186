//! What `dateline correct` and `dateline redact` have in common: a report found and read, its new text
//! held against the old one, and written in one step.

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
pub enum AmendError {
    /// No such report can be changed.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// It is withdrawn.
    #[error("{0} is withdrawn; nothing of it is published")]
    Withdrawn(String),
    /// The words are not in its text.
    #[error("“{words}” is not in {source_file}")]
    NotThere {
        /// What was looked for.
        words: String,
        /// Where.
        source_file: String,
    },
    /// The words are there more than once.
    #[error("“{words}” is in {source_file} more than once: at {}", places.join(", "))]
    Ambiguous {
        /// What was looked for.
        words: String,
        /// Where.
        source_file: String,
        /// Line and column of each place.
        places: Vec<String>,
    },
    /// No file is meant by a name.
    #[error("“{name}” is no file beside {source_file} or in static/{}", near.as_ref().map_or_else(String::new, |near| format!("; {near} is")))]
    NoFile {
        /// The name.
        name: String,
        /// The report.
        source_file: String,
        /// A file that was perhaps meant.
        near: Option<String>,
    },
    /// The reason says what was to be removed.
    #[error("the reason, which readers see, holds “{0}”")]
    ReasonTells(String),
    /// The file can't be changed so that only this is another.
    #[error("{0} can't be changed without risk; nothing was written")]
    Risky(String),
    /// The system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// What was to be written or removed.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Some place still remembers what was taken out.
    #[error(transparent)]
    Forget(#[from] ForgetError),
}

impl AmendError {
    /// How to go on.
    pub fn help(&self) -> &'static str {
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

/// The archive as a command finds it.
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
    /// Where the front matter ends. A headline in the text is below it.
    pub(super) fn body_start(&self) -> usize {
        front_matter::layout(&self.text).map_or(0, |layout| layout.body_start)
    }
}

impl<'a> Read<'a> {
    /// Reads all of it, drafts too.
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

    /// The report that is meant, if it can be read by others.
    pub(super) fn find(&self, target: &str) -> Result<Found<'_>, AmendError> {
        let report = lookup::find(self.root, self.config, &self.content, target)?;
        if report.value.is_withdrawn() {
            return Err(AmendError::Withdrawn(report.value.permalink.to_string()));
        }
        // A link inside the archive is read as the file it leads to; that file holds the text.
        let written = report.absolute(self.root);
        let file = fs::canonicalize(&written).unwrap_or(written);
        let text = fs::read_to_string(&file)
            .map_err(|source| AmendError::Io { path: file.clone(), source })?;
        Ok(Found { report, file, text })
    }

    /// The report as a new text makes it; `None` where it would have another address, date or identity.
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

/// Line and column of a place, as messages give them.
pub(super) fn place(text: &str, at: usize) -> String {
    let (line, column) = line_and_column(text, at);
    format!("{line}:{column}")
}
