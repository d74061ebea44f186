//! What the archive answers bodies' questions from, besides the body and what is in its fingerprint: where
//! it is what it was in the build before, the answers are too, and nobody asks.
//!
//! [`crate::render::bodies`] gives the answers: from the routes, from the ledger, and from the heads of
//! pictures.

use std::fs;
use std::hash::Hash as _;

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3Default;

use crate::base::files::Stamp;
use crate::content::publishable::Publishable;
use crate::pipeline::memory::page_records::AnsweredFrom;
use crate::view::pictures::Files;

use crate::pipeline::Site;

/// A file that is copied as it is: its path in the output, where it lies, and what the file system says
/// of it.
pub(crate) type Stamped<'a> = (&'a String, &'a Publishable, Stamp);

/// The files with their stamps; nothing is read.
pub(crate) fn stamped(files: &Files) -> Vec<Stamped<'_>> {
    let stamp =
        |from: &Publishable| fs::metadata(from).map(|data| Stamp::of(&data)).unwrap_or_default();
    files.par_iter().map(|(path, from)| (path, from, stamp(from))).collect()
}

/// A hash of all that answers depend on; `None` where a stamp does not tell enough.
pub(crate) fn answered_from(site: &Site, files: &[Stamped<'_>]) -> Option<AnsweredFrom> {
    let is_settled = |(_, _, stamp): &Stamped<'_>| stamp.is_older_than(site.looked_at);
    if !files.iter().all(is_settled) {
        return None;
    }
    let mut hasher = Xxh3Default::new();
    for (path, _, stamp) in files {
        (path, stamp).hash(&mut hasher);
    }
    for page in &site.pages {
        page.path.hash(&mut hasher);
    }
    let archive = &site.archive;
    for article in &archive.articles {
        (&article.value.source, article.value.permalink.as_str()).hash(&mut hasher);
    }
    for page in &archive.pages {
        (&page.value.source, page.value.permalink.as_str()).hash(&mut hasher);
    }
    (&archive.drafts, &site.ledger).hash(&mut hasher);
    (files.len(), site.pages.len(), archive.articles.len(), site.robots).hash(&mut hasher);
    Some(hasher.digest128())
}
