//! Blogger: the old export (Atom), and Google Takeout (`feed.atom`).

use std::path::PathBuf;

use super::bundle::Bundle;
use super::feed::{atom_entry, tags};
use super::{Source, SourceError, Visit};
use crate::import::entry::{Entry, Item, Kind, Site, Status};
use crate::import::text;
use crate::import::xml::{self, Element, Next};

/// The category scheme for an entry's kind in the old export.
const KIND: &str = "http://schemas.google.com/g/2005#kind";

/// Takeout lacks the blog's host.
const UNKNOWN_HOST: &str = "https://blog.invalid";

/// An export of Blogger.
#[derive(Debug)]
pub struct Blogger {
    /// The file, or the zip file or folder of Takeout.
    pub path: PathBuf,
}

impl Source for Blogger {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        bundle.tell_refused(visit);
        visit(Item::Site(Site { address: Some(format!("{UNKNOWN_HOST}/")), language: None }));
        bundle.each(&[".atom", ".xml"], |file| {
            xml::parts(file, &|name| matches!(name, "entry" | "link"), &mut |part| {
                match part.name.as_str() {
                    "entry" => visit(item(&part)),
                    _ => visit(Item::Site(Site { address: home(&part), language: None })),
                }
                Next::GoOn
            })
            .map_err(SourceError::xml(&self.path))
        })
    }
}

/// The home page among the feed's links.
fn home(link: &Element) -> Option<String> {
    let is_page =
        link.attribute("rel") == Some("alternate") && link.attribute("type") == Some("text/html");
    link.attribute("href").filter(|_| is_page).map(str::to_owned)
}

fn item(entry: &Element) -> Item {
    let kind = kind_of(entry);
    match kind.as_str() {
        "post" => Item::Entry(Box::new(of_post(entry, Kind::Report))),
        "page" => Item::Entry(Box::new(of_post(entry, Kind::Page))),
        _ => Item::Other(kind),
    }
}

/// `post`, `page`, `comment`, `settings`, `template`.
fn kind_of(entry: &Element) -> String {
    let named = entry.value("blogger:type").map(str::to_ascii_lowercase);
    let scheme = |term: &&Element| term.attribute("scheme") == Some(KIND);
    let by_scheme = || {
        let term = entry.all("category").find(scheme)?.attribute("term")?;
        term.rsplit('#').next().map(str::to_owned)
    };
    named.or_else(by_scheme).unwrap_or_else(|| "unknown entry".to_owned())
}

fn of_post(entry: &Element, kind: Kind) -> Entry {
    let common = atom_entry(entry);
    let draft = entry.child("app:control").and_then(|control| control.value("app:draft"));
    let is_draft = draft == Some("yes")
        || entry.value("blogger:status").is_some_and(|status| status != "LIVE");
    let file = entry.value("blogger:filename").map(|path| format!("{UNKNOWN_HOST}{path}"));
    let addresses: Vec<String> = common.addresses.iter().cloned().chain(file).collect();
    let labels = entry.all("category").filter(|term| term.attribute("scheme") != Some(KIND));
    let labels = labels.filter_map(|term| term.attribute("term")).map(text::plain);
    Entry {
        kind,
        status: if is_draft { Status::Draft } else { Status::Published },
        slug: addresses.first().and_then(|address| slug(address)),
        posted_by: common.authors.first().filter(|name| *name != "Unknown").cloned(),
        authors: Vec::new(),
        terms: tags(labels),
        addresses,
        ..common
    }
}

/// The slug at the end of `/2017/01/talks-begin.html`.
fn slug(address: &str) -> Option<String> {
    let name = address.rsplit('/').next()?;
    let stem = name.split(['?', '#']).next()?.trim_end_matches(".html");
    (!stem.is_empty()).then(|| text::decoded(stem))
}
