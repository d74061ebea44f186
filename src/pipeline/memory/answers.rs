//! A hash of everything that resolves references in bodies and is not part of a page's fingerprint.
//! If it is unchanged since the last build, so are all answers, and bodies need not be checked.
//!
//! [`crate::render::bodies`] gives the answers: from routes, ledger, and picture headers.

use std::fs;
use std::hash::Hash as _;

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3Default;

use crate::base::files::Stamp;
use crate::content::publishable::Publishable;
use crate::pipeline::memory::page_records::AnsweredFrom;
use crate::view::pictures::Files;

use crate::pipeline::Site;

/// A copied file: output path, source, and stamp.
pub(crate) type Stamped<'a> = (&'a String, &'a Publishable, Stamp);

/// The files with their stamps; reads no contents.
pub(crate) fn stamped(files: &Files) -> Vec<Stamped<'_>> {
    let stamp =
        |from: &Publishable| fs::metadata(from).map(|data| Stamp::of(&data)).unwrap_or_default();
    files.par_iter().map(|(path, from)| (path, from, stamp(from))).collect()
}

/// A hash of everything that answers depend on; `None` if a stamp is too recent.
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
