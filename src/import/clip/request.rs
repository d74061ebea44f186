//! What a curator asks for.

use std::path::PathBuf;

use chrono::NaiveDate;
use url::Url;

use crate::base::date::Date;
use crate::base::permalink::Slug;

/// A page that is to become a report.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where the page is.
    pub from: From,
    /// What the curator knows better than the page.
    pub given: Given,
    /// Whether what was received is kept.
    pub evidence: KeepEvidence,
    /// Whether pictures are fetched.
    pub pictures: Pictures,
    /// Whether an archive is asked for a copy.
    pub memento: Memento,
    /// The day of today.
    pub today: NaiveDate,
}

/// Where a page is.
#[derive(Clone, Debug)]
pub enum From {
    /// On the Web.
    Address(Url),
    /// On the curator's disk.
    File(PathBuf),
}

/// What the curator says: it goes before all that the page says.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The headline.
    pub title: Option<String>,
    /// The name of the file.
    pub slug: Option<Slug>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The original's address.
    pub original_url: Option<Url>,
    /// When it was published.
    pub date: Option<Date>,
    /// Byline.
    pub authors: Vec<String>,
    /// Who sent it in.
    pub submitted_by: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// News, opinion, interview …
    pub kind: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
}

/// Whether what was received is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepEvidence {
    /// Below `evidence/`.
    #[default]
    Keep,
    /// It is dropped.
    Drop,
}

/// What becomes of pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pictures {
    /// Their addresses stay.
    #[default]
    Addresses,
    /// They are put beside the report.
    Fetched,
}

/// Whether an archive is asked for a copy of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memento {
    /// It is not.
    #[default]
    Unasked,
    /// It is.
    Asked,
}
