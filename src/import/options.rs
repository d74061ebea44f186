//! Options of an import.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::entry::Status;

/// Options of an import.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The source's name, such as `wordpress`, also the journal's name.
    pub source: &'static str,
    /// Additional statuses to import, as drafts.
    pub include: Vec<Status>,
    /// The use of account names.
    pub creator: Creator,
    /// The folder or zip file of the old site's pictures.
    pub uploads: Option<Pictures>,
    /// Whether pictures of the old site that are not at hand are fetched from it.
    pub media: Media,
    /// The file for comments.
    pub comments: Option<PathBuf>,
    /// Whether to write files.
    pub writing: Writing,
    /// The day of the import.
    pub today: NaiveDate,
}

impl Choices {
    /// Whether the network is asked: a dry run asks nobody.
    pub fn fetches(&self) -> bool {
        self.media == Media::Fetch && self.writing == Writing::Write
    }

    /// Whether entries with this status are imported.
    pub fn includes(&self, status: Status) -> bool {
        matches!(status, Status::Published | Status::Draft) || self.include.contains(&status)
    }
}

/// Whether the old site is asked for its pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Media {
    /// No.
    #[default]
    AtHand,
    /// Yes, for those that are not at hand.
    Fetch,
}

/// Where the files lie that texts show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// The old site's uploads: a folder or a zip file.
    Uploads(PathBuf),
    /// Beside saved pages.
    BesidePages(PathBuf),
}

/// The use of an account's name. By default it is not a contributor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Creator {
    /// `extra.posted_by`.
    #[default]
    PostedBy,
    /// As contributor.
    SubmittedBy,
    /// As byline.
    Authors,
    /// Not at all.
    None,
}

/// Whether files are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    /// Yes.
    #[default]
    Write,
    /// No: only report.
    DryRun,
}
