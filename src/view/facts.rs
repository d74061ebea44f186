//! Facts of a report for machine-readable parts of its page: structured data, `<meta>` and the
//! credit share them, so that they agree.
//!
//! Made from an article, its terms and the settings, without hidden contributors. All addresses are
//! absolute.

use crate::base::date::Date;
use crate::content::article::Memento;

use super::translations::TranslationFacts;

#[derive(Clone, Debug)]
pub struct Facts {
    /// The report's address in the archive.
    pub page: String,
    /// The target of `rel=canonical`.
    pub canonical: String,
    pub headline: String,
    pub description: String,
    /// BCP 47.
    pub language: String,
    pub date: Date,
    /// The report in other languages.
    pub translations: Vec<TranslationFacts>,
    /// The report that this one translates.
    pub translates: Option<TranslationFacts>,
    /// The date in words.
    pub date_text: String,
    pub added: Option<Date>,
    /// The last change since it was added.
    pub changed: Option<Date>,
    /// Byline.
    pub authors: Vec<Named>,
    /// The publisher, with its home page.
    pub outlet: Option<Named>,
    /// The outlet's page in the archive, which identifies it.
    pub outlet_page: Option<String>,
    pub contributors: Vec<Named>,
    /// Place, "MOSCOW".
    pub dateline: Option<String>,
    /// The kind in words.
    pub kind: Option<String>,
    /// Terms of subject taxonomies.
    pub keywords: Vec<String>,
    pub stories: Vec<Named>,
    /// The original's address, dead or not.
    pub original: Option<String>,
    /// The chain of sources.
    pub via: Vec<Named>,
    /// Copies of the original.
    pub mementos: Vec<Memento>,
    pub picture: Option<PictureFacts>,
    /// The sounds and films beside it.
    pub recordings: Vec<RecordingFacts>,
    /// The licence, with its address if known.
    pub license: Option<Named>,
    /// Rights holder.
    pub rights: Option<String>,
    /// Corrections, each as one text.
    pub corrections: Vec<(Date, String)>,
}

/// A name, with an address if known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    /// Absolute.
    pub url: Option<String>,
}

/// A lead picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFacts {
    /// Absolute.
    pub url: String,
    /// The text alternative.
    pub alternative: String,
    /// The creator.
    pub credit: Option<String>,
    /// The text below it.
    pub caption: Option<String>,
    /// Width and height in pixels, if known.
    pub size: Option<(u64, u64)>,
    /// What other sites show of it with a link.
    pub card: Option<LinkPictureFacts>,
}

/// A sound or a film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingFacts {
    /// Absolute.
    pub url: String,
    /// Whether it is a film.
    pub is_film: bool,
    /// RFC 6838.
    pub media_type: String,
    /// In bytes.
    pub length: u64,
}

/// A picture that other sites show with a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPictureFacts {
    /// Absolute.
    pub url: String,
    /// Width and height in pixels, if known.
    pub size: Option<(u64, u64)>,
}

/// Facts about the archive.
#[derive(Clone, Debug)]
pub(crate) struct ArchiveFacts {
    /// The home page.
    pub home: String,
    pub name: String,
    /// One sentence.
    pub description: String,
    /// BCP 47.
    pub language: String,
    /// The page about how reports are chosen and kept.
    pub principles: Option<String>,
    /// The page about corrections.
    pub corrections_policy: Option<String>,
    /// The contact of rights holders.
    pub rights_contact: Option<String>,
}
