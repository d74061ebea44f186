//! How a report is cited: one [`Citation`] made from an article, and its formats.
//!
//! Made when an article's page or a month's data is written; every format is a pure function of it.
//! [`styles`] are for people, the others for their programs: [`bibtex`], [`ris`], [`csl_json`],
//! [`wikipedia`].

pub mod bibtex;
#[cfg(feature = "csl")]
pub mod csl;
pub mod csl_json;
pub mod ris;
pub mod styles;
pub mod title_case;
pub mod wikipedia;

use crate::archive::{Archive, ArticleId};
use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::content::article::{Article, Memento};
use crate::ledger::{Fate, Ledger};
use crate::markdown::without_controls;
use crate::settings::Config;

use crate::citation::person_names::Name;

/// What every format is made from. No text in it holds a line break.
#[derive(Clone, Debug)]
pub struct Citation {
    /// Unique in the archive, and plain enough for a BibTeX key.
    pub key: String,
    /// The headline.
    pub title: String,
    /// Who wrote it, in order.
    pub authors: Vec<Name>,
    /// Who published it.
    pub outlet: Option<String>,
    /// When they did, as precisely as it is known.
    pub date: Date,
    /// When the archive took it in.
    pub added: Option<Date>,
    /// Its page in the archive.
    pub url: String,
    /// The original's address, and whether it still answers.
    pub original: Option<Original>,
    /// An archived copy of the original.
    pub memento: Option<Memento>,
    /// BCP 47.
    pub language: String,
    /// The archive's name.
    pub archive: String,
}

/// Where the original stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its address.
    pub url: String,
    /// Whether it is still there.
    pub status: OriginalStatus,
}

/// Whether an original is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginalStatus {
    /// Nobody has said that it is gone.
    Live,
    /// The curator has.
    Dead,
}

impl Citation {
    /// The citation of a listed article; there is none of a withdrawn one.
    pub fn of(
        archive: &Archive,
        config: &Config,
        ledger: &Ledger,
        id: ArticleId,
    ) -> Option<Citation> {
        let article = archive.article(id);
        if article.is_withdrawn() {
            return None;
        }
        let outlet = archive.outlet_name(config, id).map(one_line);
        let language = article.language.as_deref().unwrap_or(&config.language);
        let authors = article.terms.of(BuiltIn::Authors.name());
        let names = authors.iter().map(|author| one_line(author)).filter(|name| !name.is_empty());
        Some(Citation {
            key: key(article.permalink.as_str()),
            title: one_line(&article.title),
            authors: names.map(|name| Name::read(&name, language, outlet.as_deref())).collect(),
            outlet,
            date: article.date,
            added: article.added,
            url: config.absolute(&article.permalink.encoded()),
            original: original(article, ledger),
            memento: best_memento(&ledger.mementos(article)),
            language: one_line(language),
            archive: one_line(&config.title),
        })
    }

    /// What the report stands in: its outlet or, where nobody knows that, the archive.
    pub fn container(&self) -> &str {
        self.outlet.as_deref().unwrap_or(&self.archive)
    }
}

fn original(article: &Article, ledger: &Ledger) -> Option<Original> {
    let status = match ledger.original(article)? {
        Fate::Living(_) => OriginalStatus::Live,
        Fate::Dead(..) | Fate::Lost => OriginalStatus::Dead,
    };
    Some(Original { url: one_line(article.original_url.as_ref()?), status })
}

/// A dated copy says more than one without a date.
fn best_memento(mementos: &[Memento]) -> Option<Memento> {
    let dated = mementos.iter().find(|memento| memento.date.is_some());
    let best = dated.or(mementos.first())?;
    Some(Memento { url: one_line(&best.url), ..best.clone() })
}

/// The text with all white space made single, and without control characters: no format has a use for
/// a line break, and those for programs are read in terminals too.
fn one_line(text: &str) -> String {
    without_controls(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// From the permalink, which no other article has. `:` is in no permalink, so that keys differ as
/// permalinks do; what BibTeX can't take gives way to a hash.
fn key(permalink: &str) -> String {
    let parts = permalink.trim_matches('/').replace('/', ":");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '.' | '_');
    if parts.chars().all(is_plain) {
        return parts;
    }
    let plain: String = parts.chars().filter(|c| is_plain(*c)).collect();
    let hash = xxhash_rust::xxh3::xxh3_64(permalink.as_bytes()) >> 32;
    format!("{}:{hash:08x}", plain.trim_end_matches([':', '-']))
}

/// A date's year, month and day, as far as they are known.
fn parts(date: Date) -> Vec<u32> {
    use chrono::Datelike;
    let year = u32::try_from(date.year()).unwrap_or_default();
    [Some(year), date.month(), date.day().map(|day| day.day())].into_iter().flatten().collect()
}

/// `2017-01-29`, `2017-01` or `2017`: a time of day says nothing in a citation.
fn iso(date: Date) -> String {
    date.day().map_or_else(|| date.to_string(), |day| day.to_string())
}

pub mod person_names;
#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_plain_and_differ_as_permalinks_do() {
        assert_eq!(key("/2017/01/29/putin/"), "2017:01:29:putin");
        assert_ne!(key("/a/b-c/"), key("/a-b/c/"));
        let (first, second) = (key("/2017/путин/"), key("/2017/трамп/"));
        assert_ne!(first, second);
        assert!(first.is_ascii() && first.starts_with("2017:"), "{first}");
    }
}
