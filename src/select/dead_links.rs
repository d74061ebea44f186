//! Dead links of a report, according to the ledger and front matter.
//!
//! Bodies are read again, one at a time on each thread. There are no network requests.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::archive::ArticleId;
use crate::content::Loaded;
use crate::content::article::Article;
use crate::ledger::{Address, Fate, Ledger, OwnLinks};
use crate::markdown::{self, LinkListener};
use crate::pipeline::{Site, markdown_options};

/// The dead links of a report, without duplicates, in order: chain of sources, text, original.
/// Empty for a withdrawn one.
pub(crate) fn dead_links(site: &Site, id: ArticleId) -> Vec<String> {
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

/// Whether a report's original is dead.
pub(crate) fn is_original_dead(site: &Site, article: &Article) -> bool {
    site.ledger.original(article).is_some_and(|fate| is_gone(&fate))
}

fn is_gone(fate: &Fate) -> bool {
    matches!(fate, Fate::Dead(..) | Fate::Lost)
}

/// Resolves a body's links, and collects dead ones.
struct Asked<'a> {
    ledger: &'a Ledger,
    links: OwnLinks<'a>,
    /// The first spelling, by normalised address.
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

    /// Resolves all links of a body, in raw HTML too.
    fn body(&self, site: &Site, loaded: &Loaded<Article>) {
        // It was readable a moment ago; if it no longer is, the next build reports that.
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
