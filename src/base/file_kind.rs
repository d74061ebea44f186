//! Kinds of published files, in the order in which a commit puts them in place.

use serde::{Deserialize, Serialize};

/// A kind of published file; the order is that of the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// The notice in place of a withdrawn article: first, so that the article is gone at once.
    Tombstone,
    /// Style sheets and the like. Their names contain a hash of their bytes, so that a name never
    /// gets other bytes.
    Theme,
    /// Pictures and static files: before the pages that show them.
    Asset,
    /// An article's page: before the listings that link to it.
    Article,
    /// A part of the search index: after the articles that it leads to.
    Index,
    /// A page that lists articles.
    Listing,
    /// Feeds and sitemaps: last, as they bring readers.
    Feed,
}
