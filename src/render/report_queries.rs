//! `reports(tag = "…", from = "…", limit = 10)` in templates and shortcodes: cards of the reports that
//! fit, newest first.
//!
//! Each page's queries are recorded while it is rendered. The next build asks them again, and renders
//! the page only if an answer has changed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use tera::{Kwargs, TeraResult};
use xxhash_rust::xxh3::Xxh3Default;

use crate::base::date::Date;
use crate::base::permalink::term_key;
use crate::view::value::Value;

/// How many reports a query gives that asks for no number.
const USUAL: usize = 10;

thread_local! {
    /// The queries of the page that this thread renders.
    static ASKED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Renders a page, and returns its queries too. One page may be rendered within another's rendering,
/// as threads help each other.
pub(crate) fn recorded<T>(render: impl FnOnce() -> T) -> (T, Vec<String>) {
    let outer = ASKED.take();
    let rendered = render();
    let mut asked = ASKED.replace(outer);
    asked.sort_unstable();
    asked.dedup();
    (rendered, asked)
}

/// A report that queries can find.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) date: Date,
    pub(crate) language: String,
    pub(crate) kind: Option<String>,
    pub(crate) card: Value,
    /// A hash of all that a card shows.
    pub(crate) shown: u128,
}

/// All listed reports, oldest first, and those of each term by its folded name.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) reports: Vec<Found>,
    /// By taxonomy, in the plural and in the singular.
    pub(crate) terms: FxHashMap<String, FxHashMap<String, Vec<usize>>>,
}

/// What queries are answered from: filled once the archive is known.
#[derive(Debug, Default)]
pub(crate) struct ReportShelf(OnceLock<Held>);

impl ReportShelf {
    /// Fills the shelf; only the first time counts.
    pub(crate) fn fill(&self, held: impl FnOnce() -> Held) {
        self.0.get_or_init(held);
    }

    /// The answer to a call in a template.
    pub(crate) fn answer(&self, arguments: &Kwargs) -> TeraResult<Value> {
        let named: BTreeMap<String, String> =
            arguments.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let query = serde_json::to_string(&named).unwrap_or_default();
        let found = self.found(&named).map_err(tera::Error::message)?;
        ASKED.with_borrow_mut(|asked| asked.push(query));
        Ok(Value::from(found.iter().map(|report| report.card.clone()).collect::<Vec<Value>>()))
    }

    /// A hash of the answer to a recorded query.
    pub(crate) fn digest(&self, query: &str, hasher: &mut Xxh3Default) {
        let named: BTreeMap<String, String> = serde_json::from_str(query).unwrap_or_default();
        let found = self.found(&named).unwrap_or_default();
        hasher.update(&found.len().to_le_bytes());
        for report in found {
            hasher.update(&report.shown.to_le_bytes());
        }
    }

    fn found(&self, named: &BTreeMap<String, String>) -> Result<Vec<&Found>, String> {
        let Some(held) = self.0.get() else { return Ok(Vec::new()) };
        let query = Query::read(named, held)?;
        let all: Box<dyn DoubleEndedIterator<Item = usize>> = match query.terms.split_first() {
            Some((first, _)) => Box::new(first.iter().copied()),
            None => Box::new(0..held.reports.len()),
        };
        let others = query.terms.get(1..).unwrap_or_default();
        let fits = |at: &usize| others.iter().all(|term| term.binary_search(at).is_ok());
        let reports = all.rev().filter(fits).filter_map(|at| held.reports.get(at));
        Ok(reports.filter(|report| query.takes(report)).take(query.limit).collect())
    }
}

/// The arguments of a call.
struct Query<'a> {
    /// The reports of each term that was named.
    terms: Vec<&'a [usize]>,
    from: Option<Date>,
    to: Option<Date>,
    language: Option<&'a str>,
    kind: Option<&'a str>,
    limit: usize,
}

impl<'a> Query<'a> {
    fn read(named: &'a BTreeMap<String, String>, held: &'a Held) -> Result<Query<'a>, String> {
        let mut query = Query {
            terms: Vec::new(),
            from: None,
            to: None,
            language: None,
            kind: None,
            limit: USUAL,
        };
        let date = |name: &str, text: &str| {
            text.parse::<Date>().map_err(|_| format!("reports({name} = …): “{text}” is no date"))
        };
        for (name, text) in named {
            match name.as_str() {
                "from" => query.from = Some(date(name, text)?),
                "to" => query.to = Some(date(name, text)?),
                "language" => query.language = Some(text),
                "kind" => query.kind = Some(text),
                "limit" => {
                    let wrong = |_| format!("reports(limit = …): “{text}” is no number");
                    query.limit = text.parse().map_err(wrong)?;
                }
                taxonomy => {
                    let Some(terms) = held.terms.get(taxonomy) else {
                        return Err(format!("reports() takes no “{taxonomy}”"));
                    };
                    query.terms.push(terms.get(&term_key(text)).map_or(&[], Vec::as_slice));
                }
            }
        }
        // The rarest first.
        query.terms.sort_by_key(|term| term.len());
        Ok(query)
    }

    fn takes(&self, report: &Found) -> bool {
        let is_after = self.from.is_none_or(|from| report.date.first_day() >= from.first_day());
        let is_before = self.to.is_none_or(|to| within(report.date, to));
        is_after
            && is_before
            && self.language.is_none_or(|language| report.language == language)
            && self.kind.is_none_or(|kind| report.kind.as_deref() == Some(kind))
    }
}

/// Whether a date is not after another, all of whose year or month counts.
fn within(date: Date, to: Date) -> bool {
    let key = |date: Date| (date.year(), date.month(), date.day());
    let (year, month, day) = key(date);
    match key(to) {
        (last, None, _) => year <= last,
        (last, Some(last_month), None) => (year, month.unwrap_or(0)) <= (last, last_month),
        (.., Some(last)) => day.map_or(date.first_day() <= last, |day| day <= last),
    }
}
