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
    /// Where the old site's pictures are.
    pub uploads: Option<Pictures>,
    /// Where comments are written.
    pub comments: Option<PathBuf>,
    /// Whether to write files.
    pub writing: Writing,
    /// The day of the import.
    pub today: NaiveDate,
}

impl Choices {
    /// Whether entries with this status are imported.
    pub fn includes(&self, status: Status) -> bool {
        matches!(status, Status::Published | Status::Draft) || self.include.contains(&status)
    }
}

/// Where the files lie that texts show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// The old site's uploads: a folder or a zip file.
    Uploads(PathBuf),
    /// Beside saved pages.
    BesidePages(PathBuf),
}

/// What becomes of the name of an account of the old archive: it did not send the report in.
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
