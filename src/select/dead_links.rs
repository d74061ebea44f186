//! The links of a report whose pages are gone, as the ledger and its front matter have decided.
//!
//! Bodies are read again for it, one at a time on each thread, and dropped. Nothing is asked of the
//! network: what became of a page, the ledger says.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::archive::ArticleId;
use crate::content::Loaded;
use crate::content::article::Article;
use crate::ledger::{Address, Fate, Ledger, OwnLinks};
use crate::markdown::{self, LinkListener};
use crate::pipeline::{Site, markdown_options};

/// The addresses that a report links and that are gone, each once however it is spelled, in order: in
/// the chain it came through, its text, and its original. None of a withdrawn one.
pub fn dead_links(site: &Site, id: ArticleId) -> Vec<String> {
    let loaded = &site.archive.articles[id as usize];
    let article = &loaded.value;
    let knows_none = site.ledger.is_empty() && article.links.is_empty();
    if article.is_withdrawn() || knows_none {
        return Vec::new();
    }
    let asked = Asked::of(site, article);
    for url in article.via.iter().filter_map(|step| step.url.as_deref()) {
        asked.link(url);
    }
    asked.body(site, loaded);
    if let Some(url) = article.original_url.as_deref().filter(|_| is_original_dead(site, article)) {
        asked.note(url);
    }
    asked.gone.into_inner().into_values().collect()
}

/// Whether a report's original is gone.
pub fn is_original_dead(site: &Site, article: &Article) -> bool {
    site.ledger.original(article).is_some_and(|fate| is_gone(&fate))
}

fn is_gone(fate: &Fate) -> bool {
    matches!(fate, Fate::Dead(..) | Fate::Lost)
}

/// Hears where a body's links lead, and keeps those that lead nowhere any more.
struct Asked<'a> {
    ledger: &'a Ledger,
    links: OwnLinks<'a>,
    /// As they are written first, by the address that the spelling stands for.
    gone: RefCell<BTreeMap<String, String>>,
}

impl<'a> Asked<'a> {
    fn of(site: &'a Site, article: &'a Article) -> Asked<'a> {
        Asked {
            ledger: &site.ledger,
            links: OwnLinks::new(&article.links),
            gone: RefCell::default(),
        }
    }

    /// Asks for all that a build would, links that are written as HTML too.
    fn body(&self, site: &Site, loaded: &Loaded<Article>) {
        // It was read a moment ago; what has become of it since, the next build tells.
        let text = std::fs::read_to_string(loaded.absolute(&site.root)).unwrap_or_default();
        let body = text.get(loaded.value.body_start..).unwrap_or_default();
        let options = markdown_options(&site.config, &site.language);
        let options = options.for_file(&loaded.value.source, None);
        markdown::render(body, &options, &LinkListener(&|destination| self.link(destination)));
    }

    fn link(&self, destination: &str) {
        if is_gone(&self.ledger.fate(destination, &self.links)) {
            self.note(destination);
        }
    }

    fn note(&self, written: &str) {
        let address =
            Address::parse(written).map_or_else(|| written.to_owned(), |it| it.to_string());
        self.gone.borrow_mut().entry(address).or_insert_with(|| written.to_owned());
    }
}
