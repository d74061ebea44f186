//! Published texts of articles: of the last build, and of this one.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Manifest, PublishedBody};
use crate::content::article::Article;

/// Published texts of articles.
///
/// A changed text without a record does not replace the published one, however often the site is
/// built: only a new correction, redaction or `updated` does.
/// built: only a new correction, redaction or date of update makes the new text the known one.
#[derive(Debug)]
pub(crate) struct PublishedTexts<'a> {
    before: Option<&'a Manifest>,
    /// For articles that moved.
    by_source: OnceLock<FxHashMap<&'a str, &'a PublishedBody>>,
}

impl<'a> PublishedTexts<'a> {
    pub(crate) fn new(before: Option<&'a Manifest>) -> PublishedTexts<'a> {
        PublishedTexts { before, by_source: OnceLock::new() }
    }

    /// The published text of an article, until now.
    pub(crate) fn known(&self, article: &Article) -> Option<&'a PublishedBody> {
        let before = self.before?;
        let page = format!("{}index.html", article.permalink.as_str().trim_start_matches('/'));
        if let Some(entry) = before.files.get(&page) {
            return entry.body.as_deref();
        }
        let by_source = self.by_source.get_or_init(|| {
            let entries = before.files.iter().map(|(_, entry)| entry);
            entries
                .filter_map(|entry| Some((entry.source.as_deref()?, entry.body.as_deref()?)))
                .collect()
        });
        by_source.get(article.source.as_ref()).copied()
    }

    /// The published text after this build; `None` for a withdrawn article.
    pub(crate) fn next(&self, article: &Article) -> Option<PublishedBody> {
        if article.is_withdrawn() {
            return None;
        }
        let known = self.known(article).filter(|known| is_unrecorded(known, article));
        Some(known.cloned().unwrap_or_else(|| PublishedBody {
            words: article.words,
            changes: article.corrections.len() + article.redactions.len(),
            updated: article.updated,
        }))
    }
}

/// Whether an article's text differs from the published one, without a new record.
pub(crate) fn is_unrecorded(known: &PublishedBody, article: &Article) -> bool {
    let changes = article.corrections.len() + article.redactions.len();
    known.words != article.words && changes <= known.changes && article.updated <= known.updated
}
