//! The curator's input for a clip.

use std::path::PathBuf;

use chrono::NaiveDate;
use url::Url;

use crate::base::date::Date;
use crate::base::permalink::Slug;

/// A page to clip.
#[derive(Clone, Debug)]
pub struct Request {
    /// The page's location.
    pub from: From,
    /// Metadata from the curator.
    pub given: Given,
    /// Whether evidence is kept.
    pub evidence: KeepEvidence,
    /// Whether pictures are fetched.
    pub pictures: Pictures,
    /// Whether an archived copy is looked up.
    pub memento: Memento,
    /// The current day.
    pub today: NaiveDate,
}

/// The location of a page.
#[derive(Clone, Debug)]
pub enum From {
    /// On the web.
    Address(Url),
    /// A saved file.
    File(PathBuf),
}

/// Metadata from the curator, which takes precedence over the page's.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The headline.
    pub title: Option<String>,
    /// The slug: file name and end of the address.
    pub slug: Option<Slug>,
    /// The outlet.
    pub outlet: Option<String>,
    /// The original's address.
    pub original_url: Option<Url>,
    /// The date of publication.
    pub date: Option<Date>,
    /// Byline.
    pub authors: Vec<String>,
    /// The person who submitted it.
    pub submitted_by: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// The kind: news, opinion, interview …
    pub kind: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
}

/// Whether the received page is kept as evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepEvidence {
    /// Yes, below `evidence/`.
    #[default]
    Keep,
    /// No.
    Drop,
}

/// Whether pictures are downloaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pictures {
    /// No: their addresses stay.
    #[default]
    Addresses,
    /// Yes, to files beside the report.
    Fetched,
}

/// Whether an archived copy of the page is looked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memento {
    /// No.
    #[default]
    Unasked,
    /// Yes.
    Asked,
}
