//! Texts of articles as readers know them: what the build before published, and what this one will.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Manifest, PublishedBody};
use crate::content::article::Article;

/// Texts of articles as readers know them.
///
/// A text that changed and that nobody put on record stays the known one, however often the site is
/// built: only a new correction, redaction or date of update makes the new text the known one.
#[derive(Debug)]
pub struct PublishedTexts<'a> {
    before: Option<&'a Manifest>,
    /// For articles whose address changed.
    by_source: OnceLock<FxHashMap<&'a str, &'a PublishedBody>>,
}

impl<'a> PublishedTexts<'a> {
    /// Those that the build before published.
    pub fn new(before: Option<&'a Manifest>) -> PublishedTexts<'a> {
        PublishedTexts { before, by_source: OnceLock::new() }
    }

    /// What readers knew of an article until now.
    pub fn known(&self, article: &Article) -> Option<&'a PublishedBody> {
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

    /// What readers know of it once it is published; nothing is kept of a withdrawn one.
    pub fn next(&self, article: &Article) -> Option<PublishedBody> {
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

/// Whether an article's text is another than readers know, and nothing new says so.
pub fn is_unrecorded(known: &PublishedBody, article: &Article) -> bool {
    let changes = article.corrections.len() + article.redactions.len();
    known.words != article.words && changes <= known.changes && article.updated <= known.updated
}
