//! Queries over reports.
//!
//! Takes a prepared [`Site`] and a [`Selection`]; returns [`Chosen`] reports, newest first, for
//! `dateline list`. A withdrawn report is only found by date and by being withdrawn: finding it by
//! a tag would reveal its subject.

pub(crate) mod dead_links;
pub(crate) mod stats;

use chrono::NaiveDate;
use clap::ValueEnum;
use rayon::prelude::*;

use crate::archive::ArticleId;
use crate::archive::terms::Term;
use crate::base::date::Date;
use crate::base::diagnostic::nearest;
use crate::base::permalink::term_key;
use crate::content::article::Article;
use crate::pipeline::Site;

use dead_links::{dead_links, is_original_dead};

/// A property of a report, named as on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Condition {
    /// Not published yet.
    Drafts,
    /// Dated later than today.
    Future,
    Withdrawn,
    /// With a correction.
    Corrected,
    /// With a redaction.
    Redacted,
    /// With an original that has no known archived copy.
    WithoutMemento,
    /// Without the address of an original.
    WithoutOriginal,
    /// Without the name of who published it.
    WithoutOutlet,
    /// Without the day it entered the archive.
    WithoutAdded,
    /// With a dead link, by links/ or front matter.
    DeadLink,
    /// With a dead original, by links/ or front matter.
    DeadOriginal,
}

/// A required term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WantedTerm {
    /// The taxonomy's key, such as `tags`.
    pub taxonomy: String,
    /// The term in any spelling.
    pub name: String,
}

/// An inclusive range of dates; partial dates mean all their days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub since: Option<Date>,
    pub until: Option<Date>,
}

/// A query; all conditions must hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub conditions: Vec<Condition>,
    pub terms: Vec<WantedTerm>,
    pub kind: Option<String>,
    /// Its language; `pt` includes `pt-BR`.
    pub language: Option<String>,
    /// The date of publication.
    pub dates: Span,
    /// The day it entered the archive.
    pub added: Span,
    pub today: NaiveDate,
}

/// A matching report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub id: ArticleId,
    /// Its dead links, if the query asks for them.
    pub dead_links: Vec<String>,
}

/// Why a query is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SelectionError {
    /// There is no such taxonomy.
    #[error("this archive has no taxonomy “{0}”")]
    Taxonomy(String, Vec<String>),
    /// No report has the term: probably a typing error.
    #[error("no report has the {singular} “{name}”")]
    Term {
        /// The singular of the taxonomy.
        singular: String,
        name: String,
        /// A similar term.
        near: Option<String>,
    },
}

impl SelectionError {
    /// The remedy.
    pub(crate) fn help(&self) -> Option<String> {
        match self {
            SelectionError::Taxonomy(_, known) => Some(format!("use one of {}", known.join(", "))),
            SelectionError::Term { near, .. } => {
                near.as_ref().map(|near| format!("did you mean “{near}”?"))
            }
        }
    }
}

impl Span {
    /// Whether a date can be in the range.
    fn holds(self, date: Date) -> bool {
        self.since.is_none_or(|since| date.last_day() >= since.first_day())
            && self.until.is_none_or(|until| date.first_day() <= until.last_day())
    }

    fn is_open(self) -> bool {
        self == Span::default()
    }
}

/// The index of a taxonomy, by its key or singular.
pub(crate) fn taxonomy(site: &Site, name: &str) -> Result<usize, SelectionError> {
    let taxonomies = &site.config.taxonomies;
    let found = taxonomies.iter().position(|known| known.name == name || known.singular == name);
    found.ok_or_else(|| {
        let known = taxonomies.iter().map(|taxonomy| taxonomy.name.clone()).collect();
        SelectionError::Taxonomy(name.to_owned(), known)
    })
}

/// The matching reports, newest first.
pub(crate) fn select(site: &Site, selection: &Selection) -> Result<Vec<Chosen>, SelectionError> {
    let terms = selection.terms.iter().map(|wanted| term(site, wanted));
    let terms: Vec<&Term> = terms.collect::<Result<_, _>>()?;
    let looks_at_links = selection.conditions.contains(&Condition::DeadLink);
    let chosen = site.archive.all.par_iter().rev().filter_map(|&id| {
        let has_terms = terms.iter().all(|term| term.articles.binary_search(&id).is_ok());
        if !has_terms || !selection.takes(site, site.archive.article(id)) {
            return None;
        }
        let dead_links = if looks_at_links { dead_links(site, id) } else { Vec::new() };
        (!looks_at_links || !dead_links.is_empty()).then_some(Chosen { id, dead_links })
    });
    Ok(chosen.collect())
}

/// A term, by its key in the settings, any spelling, or its slug.
fn term<'a>(site: &'a Site, wanted: &WantedTerm) -> Result<&'a Term, SelectionError> {
    let at = taxonomy(site, &wanted.taxonomy)?;
    let (terms, name) = (&site.archive.taxonomies[at].terms, wanted.name.as_str());
    let key = term_key(name);
    let is_key = |term: &&Term| term.config_key.as_deref() == Some(name);
    let found = terms
        .iter()
        .find(is_key)
        .or_else(|| terms.iter().find(|term| term.key == key || term.slug.as_str() == name))
        .or_else(|| {
            let is_of =
                |term: &&Term| term.note.as_ref().is_some_and(|note| note.has_spelling(name));
            terms.iter().find(is_of)
        });
    found.ok_or_else(|| SelectionError::Term {
        singular: site.config.taxonomies[at].singular.clone(),
        name: name.to_owned(),
        near: nearest(&key, terms.iter().map(|term| term.key.as_str())).and_then(|near| {
            terms.iter().find(|term| term.key == near).map(|term| term.name.clone())
        }),
    })
}

impl Selection {
    /// Checks everything except terms and links.
    fn takes(&self, site: &Site, article: &Article) -> bool {
        let may_be_known = !article.is_withdrawn() || !self.asks_what_it_is();
        may_be_known
            && self.conditions.iter().all(|condition| self.holds(*condition, site, article))
            && self.kind.as_ref().is_none_or(|kind| {
                article.kind.as_deref().is_some_and(|own| term_key(own) == term_key(kind))
            })
            && self.language.as_ref().is_none_or(|wanted| {
                speaks(article.language.as_deref().unwrap_or(&site.config.language), wanted)
            })
            && self.dates.holds(article.date)
            && (self.added.is_open() || article.added.is_some_and(|day| self.added.holds(day)))
    }

    /// Whether the query uses more than dates and withdrawal.
    fn asks_what_it_is(&self) -> bool {
        let others = self.conditions.iter().any(|condition| {
            !matches!(condition, Condition::Withdrawn | Condition::Future | Condition::Drafts)
        });
        let particulars = self.kind.is_some() || self.language.is_some() || !self.terms.is_empty();
        others || particulars || !self.added.is_open()
    }

    fn holds(&self, condition: Condition, site: &Site, article: &Article) -> bool {
        match condition {
            Condition::Drafts => article.draft,
            Condition::Future => article.date.first_day() > self.today,
            Condition::Withdrawn => article.is_withdrawn(),
            Condition::Corrected => !article.corrections.is_empty(),
            Condition::Redacted => !article.redactions.is_empty(),
            Condition::WithoutMemento => {
                article.original_url.is_some() && site.ledger.mementos(article).is_empty()
            }
            Condition::WithoutOriginal => {
                article.original_url.is_none() && !article.is_original_lost
            }
            Condition::WithoutOutlet => article.outlet.is_none(),
            Condition::WithoutAdded => article.added.is_none(),
            // Checked last in `select`, as it reads bodies.
            Condition::DeadLink => true,
            Condition::DeadOriginal => is_original_dead(site, article),
        }
    }
}

/// Whether a language is the wanted one or a variant of it.
fn speaks(own: &str, wanted: &str) -> bool {
    let (own, wanted) = (own.to_lowercase(), wanted.to_lowercase());
    own.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap_or(Date::Year(1))
    }

    #[test]
    fn a_span_holds_every_date_that_can_lie_in_it() {
        let span = Span { since: Some(date("2017-03")), until: Some(date("2017")) };
        for inside in ["2017", "2017-03", "2017-03-01", "2017-12-31", "2017-12-31T23:59:59"] {
            assert!(span.holds(date(inside)), "{inside}");
        }
        for outside in ["2016", "2017-02", "2017-02-28", "2018", "2018-01-01"] {
            assert!(!span.holds(date(outside)), "{outside}");
        }
    }

    #[test]
    fn a_language_takes_in_its_varieties() {
        assert!(speaks("pt-BR", "pt") && speaks("EN", "en"));
        assert!(!speaks("pt", "pt-BR") && !speaks("end", "en"));
    }
}
