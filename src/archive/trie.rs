//! The date trie: a set of articles cut by date, never by number.
//!
//! A set of at most `leaf` articles is one page; a larger set splits by year, then month, then day.
//! Articles are in order of date, so every node is a slice.

use chrono::NaiveDate;

use crate::base::date::Date;

use super::{Archive, ArticleId};

/// The period of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// All of time.
    All,
    Year(i32),
    /// A month of a year, from 1 to 12.
    Month(i32, u32),
    Day(NaiveDate),
}

impl Period {
    /// Its part of the address: `2017/01/29/`, or empty.
    pub fn path(self) -> String {
        match self {
            Period::All => String::new(),
            Period::Year(year) => format!("{year:04}/"),
            Period::Month(year, month) => format!("{year:04}/{month:02}/"),
            Period::Day(day) => format!("{}/", day.format("%Y/%m/%d")),
        }
    }

    /// The next larger period.
    pub fn parent(self) -> Option<Period> {
        use chrono::Datelike;
        match self {
            Period::All => None,
            Period::Year(_) => Some(Period::All),
            Period::Month(year, _) => Some(Period::Year(year)),
            Period::Day(day) => Some(Period::Month(day.year(), day.month())),
        }
    }

    /// The part of this period that a date falls into, if the date is precise enough.
    pub fn child_of(self, date: Date) -> Option<Period> {
        match self {
            Period::All => Some(Period::Year(date.year())),
            Period::Year(year) => date.month().map(|month| Period::Month(year, month)),
            Period::Month(..) => date.day().map(Period::Day),
            Period::Day(_) => None,
        }
    }

    /// The period as a date, for display.
    pub fn date(self) -> Option<Date> {
        match self {
            Period::All => None,
            Period::Year(year) => Some(Date::Year(year)),
            Period::Month(year, month) => Some(Date::Month(year, month)),
            Period::Day(day) => Some(Date::Day(day)),
        }
    }
}

/// A node: a period and the articles in it.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    pub period: Period,
    /// Its articles, oldest first.
    pub articles: &'a [ArticleId],
}

/// The parts of a node, in order of time. Articles with too vague a date are returned beside them.
pub(crate) fn children<'a>(archive: &Archive, node: &Node<'a>) -> (Vec<Node<'a>>, &'a [ArticleId]) {
    let (parts, undated) = parts(node.articles, node.period, |id| archive.article(*id).date);
    let parts = parts.into_iter().map(|(period, articles)| Node { period, articles }).collect();
    (parts, undated)
}

/// Splits items in order of date into the parts of a period. Items with too vague a date are
/// returned beside them.
pub(super) fn parts<T>(
    things: &[T],
    period: Period,
    date: impl Fn(&T) -> Date,
) -> (Vec<(Period, &[T])>, &[T]) {
    let part = |thing: &T| period.child_of(date(thing));
    let vague = things.iter().take_while(|thing| part(thing).is_none()).count();
    let (undated, dated) = things.split_at(vague);
    let parts = dated
        .chunk_by(|a, b| part(a) == part(b))
        .filter_map(|things| Some((part(things.first()?)?, things)))
        .collect();
    (parts, undated)
}

/// How deep the nodes with pages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Split nodes of more than this many articles.
    Above(usize),
    /// The whole archive: always years, months and days.
    ToDays,
    /// The whole archive of a host that counts files: always years and months.
    ToMonths,
}

impl Cut {
    /// Whether a node's parts have pages of their own.
    pub fn splits(self, node: &Node<'_>) -> bool {
        match self {
            Cut::Above(leaf) => {
                node.articles.len() > leaf && !matches!(node.period, Period::Day(_))
            }
            Cut::ToDays => !matches!(node.period, Period::Day(_)),
            Cut::ToMonths => matches!(node.period, Period::All | Period::Year(_)),
        }
    }
}

/// Every node with a page, the root first.
pub(crate) fn nodes<'a>(archive: &Archive, articles: &'a [ArticleId], cut: Cut) -> Vec<Node<'a>> {
    let mut found = vec![Node { period: Period::All, articles }];
    let mut at = 0;
    while at < found.len() {
        if cut.splits(&found[at]) {
            let (parts, _) = children(archive, &found[at]);
            found.extend(parts);
        }
        at += 1;
    }
    found
}
