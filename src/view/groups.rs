//! Reports grouped by time: a term's by year and month, a year's by month, a month's by day.

use crate::view::value::{Object as _, Value, view};
use chrono::Datelike;

use crate::archive::ArticleId;
use crate::archive::trie::{self, Node, Period};
use crate::base::date::Date;

use crate::plan::Scope;
use crate::view::Views;

/// The number of articles with summaries at the top of a listing.
pub(crate) const NEWEST: usize = 30;

/// The order of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// For stories.
    OldestFirst,
    /// For all other listings.
    NewestFirst,
}

impl Order {
    /// Reorders items, which are in order of date.
    pub(crate) fn of<T>(self, mut things: Vec<T>) -> Vec<T> {
        if self == Order::NewestFirst {
            things.reverse();
        }
        things
    }
}

/// From so many reports on, a listing has links to its parts.
const LONG: usize = 40;

/// A complete listing: scope, and the oldest article shown with a summary.
#[derive(Clone, Copy)]
struct Whole {
    scope: Scope,
    told_from: ArticleId,
}

impl Views<'_> {
    /// The groups of a complete listing, newest first. With several years, a year contains months
    /// as groups; reports with too vague a date have a group of their own.
    pub(crate) fn groups(&self, scope: Scope, node: &Node<'_>) -> Vec<Value> {
        let told_from = self.listed(node.articles).rev().nth(NEWEST - 1).unwrap_or_default();
        let whole = Whole { scope, told_from };
        if matches!(node.period, Period::Day(_)) {
            // The page's own heading names the day.
            let cards = self.told_cards(whole, node.articles);
            return vec![view!({
                "heading": (), "id": (), "url": (), "cards": cards, "groups": Vec::<Value>::new(),
            })];
        }
        let (parts, vague) = trie::children(self.archive, node);
        let mut groups: Vec<Value> =
            parts.iter().rev().filter_map(|part| self.period_group(whole, part)).collect();
        groups.extend(self.vague_group(whole, node.period, vague));
        groups
    }

    /// Links to the parts of a long listing on its page, each with its number of reports.
    pub(crate) fn jumps(&self, groups: &[Value], count: usize) -> Vec<Value> {
        if count < LONG || groups.len() < 3 {
            return Vec::new();
        }
        let jump = |group: &Value| {
            let url = format!("#{}", group.text("id")?);
            let count = self.language.number(held(group));
            Some(view!({ "title": group.text("heading")?, "url": url, "count_text": count }))
        };
        groups.iter().filter_map(jump).collect()
    }

    fn period_group(&self, whole: Whole, part: &Node<'_>) -> Option<Value> {
        let url = (whole.scope == Scope::Archive).then(|| self.period_address(part.period));
        let (cards, inner): (Vec<Value>, Vec<Value>) = match part.period {
            Period::Year(_) => {
                let (months, vague) = trie::children(self.archive, part);
                let months = months.iter().rev();
                let inner = months.filter_map(|month| self.period_group(whole, month));
                (self.told_cards(whole, vague), inner.collect())
            }
            _ => (self.told_cards(whole, part.articles), Vec::new()),
        };
        if cards.is_empty() && inner.is_empty() {
            return None;
        }
        // Without pages for days, a month would link itself.
        let leads_on = self.config.listing.days || !matches!(part.period, Period::Day(_));
        let url = url.filter(|_| leads_on);
        let (heading, id) = self.heading(part.period);
        Some(view!({ "heading": heading, "id": id, "url": url, "cards": cards, "groups": inner }))
    }

    /// A period's heading and its id.
    fn heading(&self, period: Period) -> (String, String) {
        match period {
            Period::All => (String::new(), "all".to_owned()),
            Period::Year(year) => (self.language.date(Date::Year(year)), format!("y{year:04}")),
            Period::Month(year, month) => {
                (self.language.month(month).to_owned(), format!("m{year:04}-{month:02}"))
            }
            // If days have no pages, links to a day lead here: `/2017/01/#29`.
            Period::Day(day) => {
                (self.language.day_of_year(day.month(), day.day()), day.format("%d").to_string())
            }
        }
    }

    /// Reports of a year without a month, or of a month without a day.
    fn vague_group(&self, whole: Whole, period: Period, ids: &[ArticleId]) -> Option<Value> {
        let (key, id) = match period {
            Period::Month(..) => ("unknown_day", "day-unknown"),
            _ => ("unknown_month", "month-unknown"),
        };
        let cards = self.told_cards(whole, ids);
        let heading = self.language.text(key, &[]);
        (!cards.is_empty()).then(|| {
            view!({
                "heading": heading, "id": id, "url": (), "cards": cards, "groups": Vec::<Value>::new(),
            })
        })
    }

    /// Cards of listed articles, newest first; the newest in the listing have summaries, others are
    /// one line each.
    fn told_cards(&self, whole: Whole, ids: &[ArticleId]) -> Vec<Value> {
        let cards = self.listed(ids).rev().map(|id| {
            let card = self.card(id);
            if id >= whole.told_from { card.with("told", true) } else { card }
        });
        cards.collect()
    }
}

/// How many reports a group holds.
fn held(group: &Value) -> usize {
    let items = |key| group.entry(key).and_then(Value::as_array).unwrap_or_default();
    items("cards").len() + items("groups").iter().map(held).sum::<usize>()
}
