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
    /// Whether missing pictures are fetched from the old site.
    pub media: Media,
    /// The file for comments.
    pub comments: Option<PathBuf>,
    /// Whether to write files.
    pub writing: Writing,
    /// The day of the import.
    pub today: NaiveDate,
}

impl Choices {
    /// Whether pictures are fetched; never in a dry run.
    pub fn fetches(&self) -> bool {
        self.media == Media::Fetch && self.writing == Writing::Write
    }

    /// Whether entries with this status are imported.
    pub fn includes(&self, status: Status) -> bool {
        matches!(status, Status::Published | Status::Draft) || self.include.contains(&status)
    }
}

/// Where pictures come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Media {
    /// From `--uploads` and earlier imports only.
    #[default]
    AtHand,
    /// Missing ones are fetched from the old site.
    Fetch,
}

/// The location of files that texts show.
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
