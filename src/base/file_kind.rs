//! Kinds of published files, in the order in which a commit puts them in place.

use serde::{Deserialize, Serialize};

/// What kind of file: the order in which a commit puts them in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// What stands where an article was withdrawn: first, so that it is gone at once.
    Tombstone,
    /// Style sheets and the like, named by their bytes, so that other bytes never stand there.
    Theme,
    /// Pictures, static files: before the pages that show them.
    Asset,
    /// An article's page: before the listings that link to it.
    Article,
    /// A part of the search index: after the articles that it leads to.
    Index,
    /// A page that lists articles.
    Listing,
    /// Feeds, sitemaps: last, as they call readers in.
    Feed,
}
