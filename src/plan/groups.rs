//! Reports under headings of time: years and months of a term, months of a year, days of a month.

use chrono::Datelike;
use serde_json::{Value as Json, json};

use crate::archive::ArticleId;
use crate::archive::trie::{self, Node, Period};
use crate::date::Date;

use super::Scope;
use super::listing::NEWEST;
use super::views::Views;

/// Which end of time a listing begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As a story is told.
    OldestFirst,
    /// As all other listings are.
    NewestFirst,
}

impl Order {
    /// Puts things that are in order of date into this order.
    pub(super) fn of<T>(self, mut things: Vec<T>) -> Vec<T> {
        if self == Order::NewestFirst {
            things.reverse();
        }
        things
    }

    /// Turns things that are in this order so that the newest stand first.
    fn newest_first<T>(self, mut things: Vec<T>) -> Vec<T> {
        if self == Order::OldestFirst {
            things.reverse();
        }
        things
    }
}

impl Views<'_> {
    /// The groups of a listing that is shown whole. A year among several holds its months as groups
    /// of its own; what its date is too vague for stands before them.
    pub(super) fn groups(&self, scope: Scope, node: &Node<'_>, order: Order) -> Vec<Json> {
        let mut groups = self.dated_groups(scope, node, order);
        tell_newest(&mut groups, order);
        groups
    }

    fn dated_groups(&self, scope: Scope, node: &Node<'_>, order: Order) -> Vec<Json> {
        if matches!(node.period, Period::Day(_)) {
            // The page's own heading names the day.
            let cards = self.ordered(node.articles, order);
            return vec![
                json!({ "heading": null, "id": null, "url": null, "cards": cards, "groups": [] }),
            ];
        }
        let (parts, vague) = trie::children(self.archive, node);
        let mut groups: Vec<Json> =
            parts.iter().filter_map(|part| self.period_group(scope, part, order)).collect();
        if let Some(group) = self.vague_group(node, vague, order) {
            groups.insert(0, group);
        }
        order.of(groups)
    }

    fn period_group(&self, scope: Scope, part: &Node<'_>, order: Order) -> Option<Json> {
        let url = (scope == Scope::Archive).then(|| self.period_address(part.period));
        let (cards, inner) = match part.period {
            Period::Year(_) => {
                let (months, vague) = trie::children(self.archive, part);
                let inner: Vec<Json> = months
                    .iter()
                    .filter_map(|month| self.period_group(scope, month, order))
                    .collect();
                (self.ordered(vague, order), order.of(inner))
            }
            _ => (self.ordered(part.articles, order), Vec::new()),
        };
        if cards.is_empty() && inner.is_empty() {
            return None;
        }
        // A month without pages for its days would lead to itself.
        let leads_on = self.config.listing.days || !matches!(part.period, Period::Day(_));
        let url = url.filter(|_| leads_on);
        let (heading, id) = self.heading(part.period);
        Some(json!({ "heading": heading, "id": id, "url": url, "cards": cards, "groups": inner }))
    }

    /// A period's words and the id of its heading on a page.
    fn heading(&self, period: Period) -> (String, String) {
        match period {
            Period::All => (String::new(), "all".to_owned()),
            Period::Year(year) => (self.language.date(Date::Year(year)), format!("y{year:04}")),
            Period::Month(year, month) => {
                (self.language.month(month).to_owned(), format!("m{year:04}-{month:02}"))
            }
            // Where days have no pages, links to a day lead here: `/2017/01/#29`.
            Period::Day(day) => {
                (self.language.day_of_year(day.month(), day.day()), day.format("%d").to_string())
            }
        }
    }

    /// Reports of a year without a month, of a month without a day.
    fn vague_group(&self, node: &Node<'_>, ids: &[ArticleId], order: Order) -> Option<Json> {
        let (key, id) = match node.period {
            Period::Month(..) => ("unknown_day", "day-unknown"),
            _ => ("unknown_month", "month-unknown"),
        };
        let cards = self.ordered(ids, order);
        let heading = self.language.text(key, &[]);
        (!cards.is_empty()).then(
            || json!({ "heading": heading, "id": id, "url": null, "cards": cards, "groups": [] }),
        )
    }

    fn ordered(&self, ids: &[ArticleId], order: Order) -> Vec<Json> {
        order.of(self.cards(ids.iter()))
    }
}

/// Marks the newest cards of a listing, whose summaries are shown; all others are one line each.
fn tell_newest(groups: &mut [Json], order: Order) {
    let mut cards: Vec<&mut Json> = Vec::new();
    for group in groups {
        gather_cards(group, &mut cards);
    }
    for card in order.newest_first(cards).into_iter().take(NEWEST) {
        card["told"] = true.into();
    }
}

fn gather_cards<'a>(group: &'a mut Json, cards: &mut Vec<&'a mut Json>) {
    let Some(group) = group.as_object_mut() else { return };
    let mut inner = Vec::new();
    for (key, value) in group {
        let Some(items) = value.as_array_mut() else { continue };
        match key.as_str() {
            "cards" => cards.extend(items),
            "groups" => inner.extend(items),
            _ => {}
        }
    }
    for group in inner {
        gather_cards(group, cards);
    }
}
