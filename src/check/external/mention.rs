//! Links out of the archive and their places: in bodies, in front matter, in the ledger.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;

use crate::base::diagnostic::Place;
use crate::content::article::Article;
use crate::ledger::{Address, Fate};
use crate::markdown::{self, Link, LinkedFile, Picture, References, ShortcodeCall, ShortcodeError};
use crate::render::bodies::Surroundings;

use super::super::Look;
use super::super::document::{Document, Kind};

/// The role of a link out of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Role {
    /// An ordinary link in a text or in front matter.
    Link,
    /// The original of a report.
    Original,
    /// An archived copy of another page.
    Copy,
}

/// An address that the archive links.
#[derive(Clone, Debug)]
pub(in crate::check) struct Mention {
    /// The first place.
    pub(super) place: Place,
    /// The number of other places.
    pub(super) more: usize,
    /// The most important role.
    pub(super) role: Role,
    /// The day of the first report that links it: a copy from about then shows what its author saw.
    pub(super) near: Option<NaiveDate>,
    /// Whether every report that links it has a copy of it.
    pub(super) has_copy: bool,
    /// Whether a curator declared it lost.
    pub(super) is_lost: bool,
}

/// All addresses that the archive links.
pub(in crate::check) type Mentions = BTreeMap<Address, Mention>;

/// Merges mentions; those in `all` come first.
pub(in crate::check) fn join(all: &mut Mentions, more: Mentions) {
    for (address, mention) in more {
        add(all, address, mention);
    }
}

fn add(all: &mut Mentions, address: Address, mention: Mention) {
    let Some(known) = all.get_mut(&address) else {
        all.insert(address, mention);
        return;
    };
    known.more += mention.more + 1;
    known.role = known.role.max(mention.role);
    known.near = known.near.or(mention.near);
    known.has_copy &= mention.has_copy;
    known.is_lost |= mention.is_lost;
}

/// The links of one file.
pub(in crate::check) fn of(document: &Document<'_>) -> Mentions {
    let mut mentions = Mentions::new();
    if let Kind::Article(article) = document.kind {
        record(document, article, &mut mentions);
    }
    for (written, range) in written_in(document) {
        let Some(address) = outward(document, &written) else { continue };
        let place = document.place_in_body(address_in(document.body(), range, &written));
        let fate = document.look.site.ledger.fate(&written, &document.surroundings.links);
        add(&mut mentions, address, mention(place, Role::Link, &fate, near(document)));
    }
    mentions
}

/// The copies that the ledger links.
pub(in crate::check) fn kept(look: &Look<'_>) -> Mentions {
    let decisions = look.site.ledger.decisions();
    let copies = decisions.filter_map(|(address, decision)| {
        let copy = Address::parse(&decision.memento.as_ref()?.url)?;
        let place = Place::file(address.file());
        Some((copy, mention(place, Role::Copy, &Fate::Living(None), None)))
    });
    let mut mentions = Mentions::new();
    copies.for_each(|(address, mention)| add(&mut mentions, address, mention));
    mentions
}

/// The original of a report, its chain of sources, and copies.
fn record(document: &Document<'_>, article: &Article, mentions: &mut Mentions) {
    let ledger = &document.look.site.ledger;
    let mut take = |key: &str, url: &str, role: Role, fate: &Fate| {
        if let Some(address) = outward(document, url) {
            let place = document.place_of(key);
            add(mentions, address, mention(place, role, fate, near(document)));
        }
    };
    if let (Some(url), Some(fate)) = (&article.original_url, ledger.original(article)) {
        take("original_url", url, Role::Original, &fate);
    }
    for url in article.via.iter().filter_map(|via| via.url.as_deref()) {
        take("via", url, Role::Link, &ledger.fate(url, &document.surroundings.links));
    }
    let living = Fate::Living(None);
    for memento in &article.archived {
        take("archived", &memento.url, Role::Copy, &living);
    }
    for copy in article.links.iter().filter_map(|link| link.archived.as_deref()) {
        take("links", copy, Role::Copy, &living);
    }
}

fn mention(place: Place, role: Role, fate: &Fate, near: Option<NaiveDate>) -> Mention {
    let has_copy = matches!(fate, Fate::Living(Some(_)) | Fate::Dead(_, Some(_)));
    Mention { place, more: 0, role, near, has_copy, is_lost: *fate == Fate::Lost }
}

fn near(document: &Document<'_>) -> Option<NaiveDate> {
    match document.kind {
        Kind::Article(article) => article.date.day(),
        Kind::Page(_) => None,
    }
}

/// The address of a link out of the archive.
fn outward(document: &Document<'_>, written: &str) -> Option<Address> {
    let is_own = written.starts_with(document.look.site.config.base_url.as_str());
    Address::parse(written).filter(|_| !is_own)
}

/// The place of an address in its link, or the whole link if it is written with entities or as a
/// reference.
fn address_in(body: &str, link: Range<usize>, written: &str) -> Range<usize> {
    let text = body.get(link.clone()).unwrap_or_default();
    let ends = |at: usize| {
        let rest = &text[at + written.len()..];
        rest.is_empty()
            || rest.starts_with(|next: char| next.is_whitespace() || ")>]\"'".contains(next))
    };
    let found = text.match_indices(written).map(|(at, _)| at).find(|&at| ends(at));
    found.map_or(link.clone(), |at| link.start + at..link.start + at + written.len())
}

/// All links of a body as written, with their places, in raw HTML too.
fn written_in(document: &Document<'_>) -> Vec<(String, Range<usize>)> {
    if !document.body().contains("//") {
        return Vec::new();
    }
    let surroundings = &document.surroundings;
    let (at, heard) = (Cell::new((0, 0)), RefCell::default());
    let listener = Listener { surroundings, at, heard };
    markdown::render(document.body(), document.options, &listener);
    listener.heard.into_inner()
}

/// Records links while a body is rendered.
struct Listener<'a> {
    surroundings: &'a Surroundings<'a>,
    /// Start and end of the link that is resolved next.
    at: Cell<(usize, usize)>,
    heard: RefCell<Vec<(String, Range<usize>)>>,
}

impl References for Listener<'_> {
    fn link_stands_at(&self, range: &Range<usize>) {
        self.at.set((range.start, range.end));
    }

    fn link(&self, destination: &str) -> Link {
        let (start, end) = self.at.get();
        self.heard.borrow_mut().push((destination.to_owned(), start..end));
        self.surroundings.link(destination)
    }

    fn picture(&self, source: &str) -> Picture {
        self.surroundings.picture(source)
    }

    fn file(&self, source: &str) -> LinkedFile {
        self.surroundings.file(source)
    }

    fn shortcode(&self, call: &ShortcodeCall) -> Result<String, ShortcodeError> {
        self.surroundings.shortcode(call)
    }
}
