//! How others covered what a report tells: the same report elsewhere, and what other outlets published
//! in its stories within days.
//!
//! From a report's neighbours in its stories only, so that one more report changes few pages.

use crate::archive::ArticleId;
use crate::archive::duplicates::also_carried;
use crate::archive::related::window;
use crate::base::built_in::BuiltIn;
use crate::view::Views;
use crate::view::value::{Object as _, Value};

/// How many reports stand beside each other.
const SHOWN: usize = 6;

/// The largest difference of two reports' dates.
const DAYS: i64 = 3;

impl Views<'_> {
    /// The reports that stand beside one, in order of date.
    pub(crate) fn coverage(&self, id: ArticleId) -> Vec<ArticleId> {
        let mut shown = also_carried(self.archive, self.config, id);
        let mut others = self.of_the_same_days(id);
        others.sort_unstable_by_key(|&other| (self.archive.days_between(id, other), other));
        others.dedup();
        others.retain(|other| !shown.contains(other));
        others.truncate(SHOWN.saturating_sub(shown.len()));
        shown.extend(others);
        shown.sort_unstable();
        shown
    }

    /// Their cards; those of the same report say so.
    pub(crate) fn coverage_cards(&self, id: ArticleId, beside: &[ArticleId]) -> Vec<Value> {
        let same = also_carried(self.archive, self.config, id);
        let card = |other: ArticleId| self.card(other).with("same", same.contains(&other));
        beside.iter().map(|&other| card(other)).collect()
    }

    /// What other outlets published in a report's stories within days of it.
    fn of_the_same_days(&self, id: ArticleId) -> Vec<ArticleId> {
        let is_dated = |id: ArticleId| self.archive.article(id).date.day().is_some();
        let Some(own) = self.outlet_term(id).filter(|_| is_dated(id)) else { return Vec::new() };
        let stories = self.config.taxonomies.position(BuiltIn::Stories.name());
        let terms = self.archive.terms_of(id).filter(|(taxonomy, _)| Some(*taxonomy) == stories);
        terms
            .flat_map(|(taxonomy, term)| window(self.archive, taxonomy, term, id))
            .filter(|&other| is_dated(other) && self.archive.days_between(id, other) <= DAYS)
            .filter(|&other| self.outlet_term(other).is_some_and(|outlet| outlet != own))
            .collect()
    }
}
