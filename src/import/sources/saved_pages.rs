//! A folder of saved pages: metadata and article of each.

use std::path::PathBuf;

use serde_json::{Map, Value as Json};
use url::Url;

use super::bundle::{Bundle, file_name, has_ending};
use super::feed::day;
use super::{Source, SourceError, Visit};
use crate::base::date::Date;
use crate::import::entry::{Body, Entry, Item, Picture};
use crate::import::html::Tree;
use crate::import::page::article::article;
use crate::import::page::charset::decode;
use crate::import::page::mhtml;
use crate::import::page::{Facts, LeadPicture};
use crate::import::text;

/// The size limit of a page.
pub(super) const LARGEST_PAGE: usize = 16 * 1024 * 1024;

/// Saved pages.
#[derive(Debug)]
pub struct SavedPages {
    /// Their folder, a zip file of it, or one page.
    pub path: PathBuf,
}

impl Source for SavedPages {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        bundle.tell_refused(visit);
        let is_alone = bundle.names().count() == 1;
        for name in bundle.names() {
            if is_alone || is_page(name) && !is_part(name, &bundle) {
                page(&bundle, name, visit);
            }
        }
        Ok(())
    }
}

fn page(bundle: &Bundle, name: &str, visit: &mut Visit<'_>) {
    let bytes = match bundle.bytes(name) {
        Ok(bytes) => bytes,
        Err(error) => return visit(Item::Broken(error.to_string())),
    };
    if bytes.len() > LARGEST_PAGE {
        visit(Item::Broken(format!("“{name}” has more than {LARGEST_PAGE} bytes")));
        return;
    }
    let page = if mhtml::is_mhtml(&bytes) {
        let Some(found) = mhtml::page(&bytes) else {
            return visit(Item::Broken(format!("“{name}” is MHTML without a page")));
        };
        let page = Page::read(found.html.as_bytes(), Some("text/html; charset=utf-8"), None);
        Page { facts: page.facts.or_address(found.address.as_ref()), ..page }
    } else {
        Page::read(&bytes, None, None)
    };
    let stem = file_name(name).rsplit_once('.').map_or(name, |(stem, _)| stem);
    let entry = page.entry(name, stem);
    page.doubts(name, visit);
    visit(Item::Entry(Box::new(entry)));
}

fn is_page(name: &str) -> bool {
    [".html", ".htm", ".xhtml", ".mhtml", ".mht"].iter().any(|ending| has_ending(name, ending))
}

/// A frame in a browser's folder beside a saved page.
fn is_part(name: &str, bundle: &Bundle) -> bool {
    let Some((folder, _)) = name.rsplit_once('/') else { return false };
    let stems = ["_files", "-Dateien", "_fichiers", "_archivos", ".files"].iter();
    stems.filter_map(|ending| folder.strip_suffix(ending)).any(|stem| {
        ["html", "htm", "xhtml"].iter().any(|kind| bundle.has(&format!("{stem}.{kind}")))
    })
}

/// A parsed page.
pub(super) struct Page {
    pub(super) facts: Facts,
    tree: Tree,
    fetched_from: Option<Url>,
}

impl Page {
    /// Parses a page. `said` is the server's media type, `fetched_from` its address.
    pub(super) fn read(bytes: &[u8], said: Option<&str>, fetched_from: Option<Url>) -> Page {
        let tree = Tree::document(&decode(bytes, said).text);
        let facts = Facts::read(&tree, fetched_from.as_ref());
        Page { facts, tree, fetched_from }
    }

    /// The page's report; `name` is used if the headline is missing.
    pub(super) fn entry(&self, id: &str, name: &str) -> Entry {
        let facts = &self.facts;
        let title = facts.title.as_ref().map(|title| title.value.clone());
        let address = facts.address.as_ref().map(|address| address.value.clone());
        let fetched = self.fetched_from.as_ref().map(Url::to_string);
        let date = facts.date.as_ref().map(|date| date.value);
        let value = |said: &Option<crate::import::page::Said<String>>| {
            said.as_ref().map(|said| said.value.clone())
        };
        let mut keys = Map::new();
        keys.extend(
            value(&facts.licence).map(|licence| ("license".to_owned(), Json::from(licence))),
        );
        Entry {
            id: id.to_owned(),
            title: title.unwrap_or_else(|| text::one_line(name)),
            body: Body::Html(article(&self.tree, self.fetched_from.as_ref())),
            date: date.map(day),
            updated: facts.updated.as_ref().map(|updated| day(updated.value)),
            original_url: fetched.or(address),
            outlet: value(&facts.outlet),
            authors: facts
                .authors
                .as_ref()
                .map(|authors| authors.value.clone())
                .unwrap_or_default(),
            summary: value(&facts.summary),
            language: value(&facts.language),
            image: facts.image.as_ref().map(|image| picture(&image.value)),
            terms: super::feed::tags(facts.tags.iter().cloned()),
            keys,
            ..Entry::default()
        }
    }

    /// Notes for the curator to review.
    pub(super) fn doubts(&self, name: &str, visit: &mut Visit<'_>) {
        if self.facts.is_paywalled {
            visit(Item::Doubt(format!(
                "“{name}” says that only subscribers can read it: is its text whole?"
            )));
        }
        if self.facts.broken_json_ld > 0 {
            visit(Item::Doubt(format!("“{name}” has structured data that can't be read")));
        }
        if self
            .facts
            .date
            .as_ref()
            .is_some_and(|date| !matches!(date.value, Date::Day(_) | Date::Time(..)))
        {
            visit(Item::Doubt(format!("“{name}” names no day, only a month or a year")));
        }
    }
}

fn picture(image: &LeadPicture) -> Picture {
    Picture::Address {
        address: image.address.clone(),
        description: image.description.clone(),
        caption: image.caption.clone(),
    }
}
