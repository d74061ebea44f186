//! View data of stories: timelines, and an article's place in its stories.

use crate::base::built_in::BuiltIn;
use crate::view::value::{Object as _, Value, view};

use crate::archive::trie::{self, Node, Period};
use crate::archive::{ArticleId, Direction};
use crate::base::date::Date;

use crate::plan::{Scope, articles, has_page};
use crate::view::{Views, chart};

/// The bars of a story's small picture.
const SPARKS: usize = 40;

/// A longer timeline has no summaries.
const TOLD: usize = 100;

impl Views<'_> {
    /// Whether a scope is shown oldest first, as a timeline.
    pub(crate) fn is_story(&self, scope: Scope) -> bool {
        matches!(scope, Scope::Term(taxonomy, _) if BuiltIn::Stories.is(&self.config.taxonomies[taxonomy].name))
    }

    /// A story, or a period of a large one, as steps in order of date, with the time since the step
    /// before.
    pub(crate) fn timeline(&self, scope: Scope, node: &Node<'_>) -> Value {
        let story = articles(self.archive, scope);
        let shown: Vec<ArticleId> = self.listed(node.articles).collect();
        let mut before = shown.first().and_then(|&id| self.step(story, id, Direction::Earlier));
        let mut steps = Vec::with_capacity(shown.len());
        for &id in &shown {
            let date = self.archive.article(id).date;
            let earlier = before.replace(id).map(|id| self.archive.article(id).date);
            let year = (earlier.map(Date::year) != Some(date.year()))
                .then(|| format!("y{:04}", date.year()));
            let gap = earlier.and_then(|earlier| self.gap(earlier, date));
            steps.push(view!({ "id": year, "gap": gap, "card": self.card(id) }));
        }
        view!({ "summaries": shown.len() <= TOLD, "steps": steps })
    }

    /// The stories of an article, each with the previous and next report.
    pub(crate) fn stories_of(&self, id: ArticleId) -> Vec<Value> {
        let terms = self.archive.terms_of(id);
        terms
            .filter(|&(taxonomy, term)| self.is_story(Scope::Term(taxonomy, term)))
            .map(|(taxonomy, term)| {
                let story = articles(self.archive, Scope::Term(taxonomy, term));
                let card =
                    |direction| self.step(story, id, direction).map(|other| self.card(other));
                self.term(taxonomy, term)
                    .with("previous", card(Direction::Earlier))
                    .with("next", card(Direction::Later))
            })
            .collect()
    }

    /// A story in the index of all: its time, its newest report, and a small picture of when how much
    /// was reported.
    pub(crate) fn story_summary(&self, taxonomy: usize, term: usize) -> Value {
        let story = articles(self.archive, Scope::Term(taxonomy, term));
        let mut listed = self.listed(story);
        let first = listed.next().map(|id| self.archive.article(id).date);
        let newest = self.listed(story).next_back();
        let last = newest.map(|id| self.archive.article(id).date);
        let span = first.zip(last).map(|(first, last)| {
            let (first, last) = (self.language.date(first), self.language.date(last));
            let held = || self.language.text("held", &[("first", &first), ("last", &last)]);
            if first == last { first.clone() } else { held() }
        });
        let counts = first.zip(last).map(|(first, last)| self.over_time(story, first, last));
        view!({
            "span_text": span,
            "newest": newest.map(|id| self.card(id)),
            "spark": counts.filter(|counts| counts.len() > 1).map(|counts| chart::spark(&self.language, &counts)),
        })
    }

    /// Counts of a story's reports in equal parts of its time.
    fn over_time(&self, story: &[ArticleId], first: Date, last: Date) -> Vec<usize> {
        let start = first.first_day();
        let days = |date: Date| usize::try_from((date.first_day() - start).num_days()).unwrap_or(0);
        let whole = days(last) + 1;
        let mut counts = vec![0; whole.min(SPARKS)];
        for id in self.listed(story) {
            let at = days(self.archive.article(id).date) * counts.len() / whole;
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
        }
        counts
    }

    /// The previous or next listed report of a story.
    fn step(&self, story: &[ArticleId], id: ArticleId, direction: Direction) -> Option<ArticleId> {
        let at = story.partition_point(|&other| other < id);
        match direction {
            Direction::Earlier => self.listed(&story[..at]).next_back(),
            Direction::Later => self.listed(&story[at..]).find(|&other| other != id),
        }
    }

    /// “4 months later”; `None` for less than a month, or if the dates are too vague.
    fn gap(&self, earlier: Date, later: Date) -> Option<String> {
        let months = months_between(earlier, later)?;
        let years = || self.language.counted("gap_years", months / 12);
        let rest = || self.language.counted("gap_months", months % 12);
        let time = match (months / 12, months % 12) {
            (0, _) => rest(),
            (_, 0) => years(),
            _ => self.language.text("gap_both", &[("years", &years()), ("months", &rest())]),
        };
        Some(self.language.text("gap", &[("time", &time)]))
    }

    /// The neighbouring periods of a large story.
    pub(crate) fn chapters_beside(&self, scope: Scope, period: Period) -> (Value, Value) {
        let Some(parent) = period.parent() else { return (Value::none(), Value::none()) };
        let around = self.node(articles(self.archive, scope), parent);
        let (mut chapters, _) = trie::children(self.archive, &around);
        chapters.retain(|chapter| has_page(self.archive, scope, chapter));
        let at = chapters.partition_point(|chapter| chapter.period < period);
        let link = |chapter: Option<&Node<'_>>| {
            chapter.map_or(Value::none(), |chapter| {
                let title = chapter.period.date().map(|date| self.language.date(date));
                let url = self.scope_address(scope, chapter.period);
                Self::crumb(&title.unwrap_or_default(), &url)
            })
        };
        (link(at.checked_sub(1).and_then(|at| chapters.get(at))), link(chapters.get(at + 1)))
    }
}

/// Whole months between two dates, if at least one. Dates without a day count from a difference of
/// two months, dates without a month from two years: smaller differences may be none.
fn months_between(earlier: Date, later: Date) -> Option<usize> {
    let years = later.year() - earlier.year();
    let (months, least) = match (earlier.day().zip(later.day()), earlier.month().zip(later.month()))
    {
        (Some((from, to)), Some((first, last))) => {
            use chrono::Datelike;
            let whole = years * 12 + last.cast_signed() - first.cast_signed();
            (whole - i32::from(to.day() < from.day()), 1)
        }
        (None, Some((first, last))) => (years * 12 + last.cast_signed() - first.cast_signed(), 2),
        _ => (years * 12, 24),
    };
    usize::try_from(months).ok().filter(|&months| months >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(earlier: &str, later: &str) -> Option<usize> {
        months_between(earlier.parse().unwrap(), later.parse().unwrap())
    }

    #[test]
    fn only_whole_months_count() {
        assert_eq!(months("2017-01-29", "2017-02-28"), None);
        assert_eq!(months("2017-01-29", "2017-03-01"), Some(1));
        assert_eq!(months("2017-01-29", "2017-03-29"), Some(2));
        assert_eq!(months("2016-12-31", "2018-02-28"), Some(13));
        assert_eq!(months("2017-01-29T23:00:00Z", "2017-02-28T23:30:00Z"), None);
    }

    #[test]
    fn vague_dates_need_longer_gaps() {
        assert_eq!(months("2017-01", "2017-02-28"), None);
        assert_eq!(months("2017-01", "2017-03"), Some(2));
        assert_eq!(months("2016", "2017-12-31"), None);
        assert_eq!(months("2015", "2017-01-01"), Some(24));
    }
}
