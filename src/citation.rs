//! Citations of a report: one [`Citation`] made from an article, and its formats.
//!
//! Made when an article's page or a month's data is written; every format is a pure function of it.
//! [`styles`] are for people, the others for programs: [`bibtex`], [`ris`], [`csl_json`],
//! [`wikipedia`].

pub(crate) mod bibtex;
#[cfg(feature = "csl")]
pub mod csl;
pub(crate) mod csl_json;
pub(crate) mod ris;
pub(crate) mod styles;
pub(crate) mod title_case;
pub(crate) mod wikipedia;

use crate::archive::{Archive, ArticleId};
use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::content::article::{Article, Memento};
use crate::ledger::{Fate, Ledger};
use crate::markdown::without_controls;
use crate::settings::Config;

use crate::citation::person_names::Name;

/// The input of every format. No text in it contains a line break.
#[derive(Clone, Debug)]
pub struct Citation {
    /// Unique in the archive, and valid as a BibTeX key.
    pub key: String,
    /// The headline.
    pub title: String,
    /// The authors, in order.
    pub authors: Vec<Name>,
    /// The publisher.
    pub outlet: Option<String>,
    /// The date of publication.
    pub date: Date,
    /// The day the archive added it.
    pub added: Option<Date>,
    /// Its page in the archive.
    pub url: String,
    /// The original's address and status.
    pub original: Option<Original>,
    /// An archived copy of the original.
    pub memento: Option<Memento>,
    /// BCP 47.
    pub language: String,
    /// The archive's name.
    pub archive: String,
}

/// The original of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its address.
    pub url: String,
    /// Whether it is still online.
    pub status: OriginalStatus,
}

/// Whether an original is still online.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginalStatus {
    /// Not known to be gone.
    Live,
    /// Declared dead by the curator.
    Dead,
}

impl Citation {
    /// The citation of a listed article; `None` for a withdrawn one.
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

    /// The container of the report: its outlet, or the archive if the outlet is unknown.
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

/// Prefers a dated copy to one without a date.
fn best_memento(mementos: &[Memento]) -> Option<Memento> {
    let dated = mementos.iter().find(|memento| memento.date.is_some());
    let best = dated.or(mementos.first())?;
    Some(Memento { url: one_line(&best.url), ..best.clone() })
}

/// Collapses white space and removes control characters: no format needs line breaks, and the texts
/// may be shown in terminals.
fn one_line(text: &str) -> String {
    without_controls(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// From the permalink, which is unique. `:` separates: it occurs in no permalink, so keys are as
/// distinct as permalinks. Characters that BibTeX rejects are replaced by a hash.
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

/// Year, month and day, as far as known.
fn parts(date: Date) -> Vec<u32> {
    use chrono::Datelike;
    let year = u32::try_from(date.year()).unwrap_or_default();
    [Some(year), date.month(), date.day().map(|day| day.day())].into_iter().flatten().collect()
}

/// `2017-01-29`, `2017-01` or `2017`, without the time of day.
fn iso(date: Date) -> String {
    date.day().map_or_else(|| date.to_string(), |day| day.to_string())
}

pub(crate) mod person_names;
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
