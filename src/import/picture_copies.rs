//! `dateline fetch-pictures`: copies the pictures that reports show from other hosts, puts them
//! beside the reports, and notes where they came from.
//!
//! A report is changed in whole or not at all, and one that was done has no more such pictures: a run
//! that was cut short goes on where it stopped. Addresses are judged as for clips and checks of links.

mod copying;
mod editing;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::authoring::lookup::{self, LookupError};
use crate::authoring::reading_options;
use crate::content::article::Article;
use crate::content::{self, Content, Drafts, Loaded, Reader, scan};
use crate::settings::Config;

use super::clip::ClipError;
use super::clip::net::Net;

use copying::Copying;

/// What a curator asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Reports, by address or file; all if none is named.
    pub targets: Vec<String>,
    /// Who made the pictures or holds the rights, and terms of reuse.
    pub rights: Option<String>,
    /// The day of today.
    pub today: NaiveDate,
    /// Whether anything is fetched and written.
    pub doing: Doing,
}

/// Whether anything is fetched and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Yes.
    Everything,
    /// No: only what would be.
    Nothing,
}

/// What became of a report's pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The report's file, from the archive's root, after the change.
    pub source: String,
    /// The report's file before, if it moved into a folder of its own.
    pub moved_from: Option<String>,
    /// Pictures that lie beside the report now.
    pub copied: Vec<Copied>,
    /// Pictures that stay where they are.
    pub left: Vec<Left>,
}

/// A picture that was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Where it was.
    pub address: String,
    /// Its name beside the report; empty where nothing was fetched.
    pub file: String,
    /// Whether its rights were given.
    pub has_credit: bool,
}

/// A picture that was not copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Where it is.
    pub address: String,
    /// Why it stays there.
    pub why: String,
}

/// Why no pictures are fetched.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// A report is not known.
    #[error("{message}")]
    Lookup {
        /// What is wrong.
        message: String,
        /// How to go on.
        help: &'static str,
    },
    /// A report is withdrawn.
    #[error("{0} is withdrawn; nothing of it is published")]
    Withdrawn(String),
    /// There is no way to the network.
    #[error(transparent)]
    Network(#[from] ClipError),
    /// A file can't be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl PictureError {
    /// How to go on.
    pub fn help(&self) -> &'static str {
        match self {
            PictureError::Lookup { help, .. } => help,
            PictureError::Withdrawn(_) => "name another report",
            PictureError::Network(error) => error.help(),
            PictureError::Io { .. } => {
                "check who owns it and what its permissions are; what was done stays done"
            }
        }
    }
}

impl From<LookupError> for PictureError {
    fn from(error: LookupError) -> PictureError {
        PictureError::Lookup { message: error.to_string(), help: error.help() }
    }
}

/// Copies the pictures of reports; `told` is called for each report with such pictures.
pub fn run(
    root: &Path,
    config: &Config,
    request: &Request,
    told: &mut dyn FnMut(&Done),
) -> Result<(), PictureError> {
    let options = reading_options(config);
    let sources = scan::scan(root, &config.build.ignore);
    let content = content::load(sources, &Reader::afresh(root, config, &options), Drafts::Publish);
    let net = match request.doing {
        Doing::Everything => Some(Net::open(config)?),
        Doing::Nothing => None,
    };
    let copying = Copying { root, config, options: &options, net: net.as_ref(), request };
    for report in reports(root, config, &content, &request.targets)? {
        if let Some(done) = copying.copy(report, &content)? {
            told(&done);
        }
    }
    Ok(())
}

/// The reports that are meant.
fn reports<'a>(
    root: &Path,
    config: &Config,
    content: &'a Content,
    targets: &[String],
) -> Result<Vec<&'a Loaded<Article>>, PictureError> {
    if targets.is_empty() {
        let all = content.articles.iter();
        return Ok(all.filter(|report| !report.value.is_withdrawn()).collect());
    }
    let mut reports: Vec<&Loaded<Article>> = Vec::with_capacity(targets.len());
    for target in targets {
        let report = lookup::find(root, config, content, target)?;
        if report.value.is_withdrawn() {
            return Err(PictureError::Withdrawn(report.value.permalink.to_string()));
        }
        if !reports.iter().any(|other| other.value.source == report.value.source) {
            reports.push(report);
        }
    }
    Ok(reports)
}
