//! Metadata of a web page: headline, date, authors, outlet, address.
//!
//! Takes a page parsed by [`Tree::document`]. Each fact comes from the first of JSON-LD, Open
//! Graph, other `<meta>` and the page's own elements, and records which one. Nothing is guessed: a
//! date of change is never the date of publication, an outlet never an author.

pub(crate) mod article;
pub(crate) mod charset;
mod head;
mod json_ld;
pub(crate) mod mhtml;
pub(super) mod names;

use std::fmt;

use url::Url;

use super::html::Tree;
use super::text;
use crate::base::date::Date;
use head::Head;
use json_ld::Hints;
use names::{people, without_outlet};

/// Names and tags of one page.
const MOST_NAMES: usize = 50;

/// The origin of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    JsonLd,
    OpenGraph,
    Meta,
    /// `<time>`.
    Time,
    /// `<title>`.
    Title,
    /// `<link>`.
    Link,
    /// An attribute or element of the page itself.
    Html,
    /// Written by the program that saved the page.
    SavedBy,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Origin::JsonLd => "JSON-LD",
            Origin::OpenGraph => "Open Graph",
            Origin::Meta => "<meta>",
            Origin::Time => "<time>",
            Origin::Title => "<title>",
            Origin::Link => "<link>",
            Origin::Html => "the page",
            Origin::SavedBy => "the program that saved it",
        })
    }
}

/// A fact with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// The metadata of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) title: Option<Said<String>>,
    /// The day or time of publication, in its own offset.
    pub(crate) date: Option<Said<Date>>,
    pub(crate) updated: Option<Said<Date>>,
    pub(crate) authors: Option<Said<Vec<String>>>,
    pub(crate) outlet: Option<Said<String>>,
    /// BCP 47.
    pub(crate) language: Option<Said<String>>,
    /// The address that the page claims.
    pub(crate) address: Option<Said<String>>,
    pub(crate) summary: Option<Said<String>>,
    pub(crate) image: Option<Said<LeadPicture>>,
    /// The licence: an address, or text.
    pub(crate) licence: Option<Said<String>>,
    pub(crate) tags: Vec<String>,
    /// Whether the page claims to be an article.
    pub(crate) is_article: bool,
    /// Whether it says that not everyone can read it.
    pub(crate) is_paywalled: bool,
    /// Invalid structured data.
    pub(crate) broken_json_ld: usize,
}

/// The lead picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeadPicture {
    pub(crate) address: String,
    pub(crate) description: String,
    pub(crate) caption: Option<String>,
}

impl Facts {
    /// With the address that the file around a page names, if the page names none.
    pub(crate) fn or_address(mut self, address: Option<&Url>) -> Facts {
        if self.address.is_none() {
            self.address =
                address.map(|address| Said { value: address.to_string(), origin: Origin::SavedBy });
        }
        self
    }

    /// Collects a page's metadata. `fetched_from` is the address it was fetched from, if any, and
    /// the base of relative addresses.
    pub(crate) fn read(tree: &Tree, fetched_from: Option<&Url>) -> Facts {
        let head = Head::read(tree, fetched_from);
        let address = head.address();
        let meta_title = head.open_graph(&["og:title", "twitter:title"]);
        let hints = Hints {
            address: address.as_ref().map(|address| address.value.as_str()),
            title: meta_title.as_ref().map(|title| title.value.as_str()),
        };
        let linked = json_ld::read(tree, &hints);
        let from_data = |value: Option<String>| said(value, Origin::JsonLd);
        let outlet =
            head.open_graph(&["og:site_name"]).or_else(|| from_data(linked.outlet.clone()));
        let outlet = outlet
            .or_else(|| head.meta(&["application-name", "dc.publisher", "citation_journal_title"]));
        let title = from_data(linked.title).or(meta_title).or_else(|| head.title());
        let title = title.map(|title| without_outlet(title, outlet.as_ref()));
        let authors = Some(Said { value: linked.authors, origin: Origin::JsonLd })
            .and_then(|authors| people(authors, outlet.as_ref()))
            .or_else(|| head.authors(outlet.as_ref()));
        let date = said(linked.date, Origin::JsonLd).or_else(|| head.date());
        let updated = said(linked.updated, Origin::JsonLd).or_else(|| head.updated());
        Facts {
            updated: updated.filter(|updated| {
                date.as_ref().is_none_or(|date| updated.value.day() > date.value.day())
            }),
            language: from_data(linked.language.as_deref().and_then(language))
                .or_else(|| head.language()),
            address: address.or_else(|| from_data(linked.address)),
            summary: from_data(linked.summary)
                .or_else(|| head.open_graph(&["og:description"]))
                .or_else(|| head.meta(&["description", "dc.description"])),
            image: head.image().or_else(|| {
                let address = head.whole(&linked.image?)?;
                let picture =
                    LeadPicture { address, description: String::new(), caption: linked.caption };
                said(Some(picture), Origin::JsonLd)
            }),
            licence: from_data(linked.licence).or_else(|| head.licence.clone()),
            tags: if linked.tags.is_empty() { head.tags() } else { linked.tags },
            is_article: linked.is_article || head.value("og:type") == Some("article"),
            is_paywalled: linked.is_paywalled
                || head.value("article:content_tier").is_some_and(|tier| tier != "free"),
            broken_json_ld: linked.broken,
            title,
            date,
            authors,
            outlet,
        }
        .bounded()
    }

    fn bounded(mut self) -> Facts {
        self.tags.truncate(MOST_NAMES);
        if let Some(authors) = &mut self.authors {
            authors.value.truncate(MOST_NAMES);
        }
        self
    }
}

fn said<T>(value: Option<T>, origin: Origin) -> Option<Said<T>> {
    value.map(|value| Said { value, origin })
}

/// A date in any form, with a year.
pub(crate) fn date_of(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    // A bare number may be seconds or a year.
    let is_number = text.len() != 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let date: Date = text.parse().ok().filter(|_| !is_number)?;
    (1500..=2200).contains(&date.year()).then_some(date)
}

/// A text on one line, perhaps HTML.
fn cleaned(written: &str) -> String {
    text::of_html(&text::plain(written))
}

fn is_web_address(text: &str) -> bool {
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// A BCP 47 language tag.
fn language(written: &str) -> Option<String> {
    let tag = written.split([',', ';']).next()?.trim().replace('_', "-");
    tag.parse::<icu_locale::LanguageIdentifier>().ok().map(|known| known.to_string())
}

#[cfg(test)]
mod tests;
