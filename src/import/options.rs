//! What is asked of an import.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::entry::Status;

/// What is imported, and how.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The name of the source, as in `wordpress`: its journal's name.
    pub source: &'static str,
    /// Entries that readers did not see, and that are imported all the same, as drafts.
    pub include: Vec<Status>,
    /// What becomes of the names of those who put entries into the old archive.
    pub creator: Creator,
    /// Where the old site's pictures are.
    pub uploads: Option<Pictures>,
    /// Where comments are written.
    pub comments: Option<PathBuf>,
    /// Whether anything is written.
    pub writing: Writing,
    /// The day of the import.
    pub today: NaiveDate,
}

impl Choices {
    /// Whether entries of a status are imported.
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
    /// It counts as who sent the report in.
    SubmittedBy,
    /// It counts as the byline.
    Authors,
    /// It is left out.
    None,
}

/// Whether an import writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    /// It does.
    #[default]
    Write,
    /// It only says what it would do.
    DryRun,
}
