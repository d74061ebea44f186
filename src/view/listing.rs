//! View data of listings: a period of the archive or of a term, complete or split.

use crate::view::value::{Object as _, Value, view};
use chrono::{Datelike, NaiveDate};

use crate::archive::ArticleId;
use crate::archive::trie::{self, Node, Period};
use crate::base::date::Date;
use crate::i18n::Names;
use crate::settings::ContributorConfig;
use crate::view::chart;

use super::groups::{NEWEST, Order};
use crate::plan::{Scope, articles, cut, has_page};
use crate::view::{Head, Views};

impl Views<'_> {
    pub(crate) fn listing(
        &self,
        scope: Scope,
        period: Period,
        body: &str,
    ) -> (Head, Value, &'static str) {
        let set = articles(self.archive, scope);
        let node = self.node(set, period);
        let count = node.articles.iter().filter(|id| self.archive.is_listed(**id)).count();
        let heading = self.listing_heading(scope, period);
        let whole = scope == Scope::Archive;
        let (children, _) = trie::children(self.archive, &node);
        // A day, or a period small enough, is shown completely.
        let splits = cut(scope, self.config).splits(&node)
            && (!whole || node.articles.len() > self.config.listing.leaf);
        let story = self.is_story(scope);
        let order = if story { Order::OldestFirst } else { Order::NewestFirst };
        let (previous, next) = match scope {
            Scope::Archive => self.beside(period),
            Scope::Term(..) if story => self.chapters_beside(scope, period),
            Scope::Term(..) => (Value::none(), Value::none()),
        };
        let head = Head {
            kind: match period {
                Period::All => "term",
                Period::Year(_) => "year",
                Period::Month(..) => "month",
                Period::Day(_) => "day",
            },
            title: heading.clone(),
            heading: heading.clone(),
            description: self
                .term_note(scope, period)
                .and_then(|note| note.summary.clone())
                .unwrap_or_else(|| self.held_text(count)),
            breadcrumbs: self.listing_crumbs(scope, period),
            crumb: Some(self.listing_here(scope, period, &heading)),
            feed: self.feed(scope, &heading),
            previous: previous.text("url").map(str::to_owned),
            next: next.text("url").map(str::to_owned),
            data: whole.then(|| self.data_address(period)).flatten(),
            ..Head::default()
        };
        let newest: Vec<Value> = if splits {
            let newest = node.articles.iter().rev().filter(|id| self.archive.is_listed(**id));
            self.cards(newest.take(NEWEST))
        } else {
            Vec::new()
        };
        let groups = if splits || story { Vec::new() } else { self.groups(scope, &node) };
        let listing = view!({
            "heading": heading,
            "term": self.told_term(scope, period, body),
            "jumps": self.jumps(&groups, count),
            "intro": self.contributor(scope, period).and_then(|known| known.note.as_deref()),
            "website": self
                .contributor(scope, period)
                .and_then(|known| Some(self.followed(known.url.as_deref()?))),
            "count_text": self.held_text(count),
            "groups": groups,
            "timeline": (story && !splits).then(|| self.timeline(scope, &node)),
            "children": if splits { order.of(self.children(scope, &children)) } else { Vec::new() },
            "newest": newest,
            "oldest_first": order == Order::OldestFirst,
            "chart": self.chart(scope, &node),
            "calendar": self.calendar(scope, period, node.articles),
            "outlet": self.outlet_record(scope, period),
            "same_day": self.same_day(scope, period),
        });
        let pager = view!({ "previous": previous, "next": next, "up": self.above(scope, period) });
        (head, view!({ "listing": listing, "pager": pager }), "listing.html")
    }

    /// The articles of a set in a period; the set is in order of date.
    pub(crate) fn node<'b>(&self, set: &'b [ArticleId], period: Period) -> Node<'b> {
        let key = |id: &ArticleId| {
            let date = self.archive.article(*id).date;
            (date.year(), date.month().unwrap_or(0), date.day().map_or(0, |day| day.day()))
        };
        let (first, last) = match period {
            Period::All => ((i32::MIN, 0, 0), (i32::MAX, 99, 99)),
            Period::Year(year) => ((year, 0, 0), (year, 99, 99)),
            Period::Month(year, month) => ((year, month, 0), (year, month, 99)),
            Period::Day(day) => {
                let key = (day.year(), day.month(), day.day());
                (key, key)
            }
        };
        let from = set.partition_point(|id| key(id) < first);
        let to = set.partition_point(|id| key(id) <= last);
        Node { period, articles: &set[from..to] }
    }

    /// A contributor's entry in the settings; outlets have a record instead.
    fn contributor(&self, scope: Scope, period: Period) -> Option<&ContributorConfig> {
        let (Scope::Term(taxonomy, term), Period::All) = (scope, period) else { return None };
        if self.config.taxonomies[taxonomy].name != "contributors" {
            return None;
        }
        let key = self.archive.taxonomies[taxonomy].terms[term].config_key.as_ref()?;
        self.config.contributors.get(key)
    }

    fn listing_heading(&self, scope: Scope, period: Period) -> String {
        let when = period.date().map(|date| self.language.date(date));
        match (scope, when) {
            (Scope::Archive, when) => when.unwrap_or_default(),
            (Scope::Term(taxonomy, term), None) => {
                self.archive.taxonomies[taxonomy].terms[term].name.clone()
            }
            (Scope::Term(taxonomy, term), Some(when)) => {
                format!("{}: {when}", self.archive.taxonomies[taxonomy].terms[term].name)
            }
        }
    }

    fn listing_crumbs(&self, scope: Scope, period: Period) -> Vec<Value> {
        let Scope::Term(taxonomy, term) = scope else {
            let parent = period.parent().unwrap_or(Period::All);
            let mut crumbs = self.period_crumbs(parent);
            crumbs.extend((parent == Period::All).then(|| self.years_crumb()));
            return crumbs;
        };
        let config = &self.config.taxonomies[taxonomy];
        let mut crumbs = self.period_crumbs(Period::All);
        let index = self
            .config
            .address(&crate::base::permalink::encode_path(&format!("/{}/", config.path)));
        crumbs.push(Self::crumb(&self.language.name(Names::Taxonomies, &config.name), &index));
        let mut above = Vec::new();
        let mut parent = period.parent();
        while let Some(period) = parent {
            let address = self.scope_address(scope, period);
            above.push(match period.date() {
                Some(date) => Self::crumb(&self.language.date(date), &address),
                None => {
                    self.own_crumb(&self.archive.taxonomies[taxonomy].terms[term].name, &address)
                }
            });
            parent = period.parent();
        }
        crumbs.extend(above.into_iter().rev());
        crumbs
    }

    /// The page itself below its breadcrumbs, which name what is above it already.
    fn listing_here(&self, scope: Scope, period: Period, heading: &str) -> Value {
        match (scope, period) {
            (Scope::Archive, Period::Month(_, month)) => Self::here(self.language.month(month)),
            (Scope::Term(..), Period::All) => self.here_in(None, heading),
            (_, period) => {
                let date = period.date().map(|date| self.language.date(date));
                Self::here(date.as_deref().unwrap_or(heading))
            }
        }
    }

    fn feed(&self, scope: Scope, heading: &str) -> Option<Value> {
        let Scope::Term(taxonomy, _) = scope else { return None };
        self.config.taxonomies[taxonomy].feed.then(|| {
            let url = format!("{}atom.xml", self.scope_address(scope, Period::All));
            let title = self.language.text("atom_title", &[("title", heading)]);
            view!({ "title": title, "url": url, "own": true })
        })
    }

    fn children(&self, scope: Scope, children: &[Node<'_>]) -> Vec<Value> {
        children
            .iter()
            .filter(|child| has_page(self.archive, scope, child))
            .map(|child| {
                (child, child.articles.iter().filter(|id| self.archive.is_listed(**id)).count())
            })
            .filter(|(_, count)| *count > 0)
            .map(|(child, count)| {
                view!({
                    "title": child.period.date().map(|date| self.language.date(date)),
                    "url": self.scope_address(scope, child.period),
                    "count": count,
                    "count_text": self.language.counted("reports", count),
                })
            })
            .collect()
    }

    /// A year's reports by month; an outlet's reports by year.
    fn chart(&self, scope: Scope, node: &Node<'_>) -> Option<String> {
        match (scope, node.period) {
            (Scope::Archive, Period::Year(year)) => {
                let title = self.language.text("chart_title", &[("year", &year.to_string())]);
                let mut bars = self.bars_of_year(node.articles);
                for (month, bar) in (1u32..).zip(&mut bars) {
                    bar.url = Some(self.period_address(Period::Month(year, month)));
                }
                Some(chart::labelled(&self.language, &title, &bars))
            }
            (Scope::Term(taxonomy, _), Period::All) if self.is_outlets(taxonomy) => {
                let splits = cut(scope, self.config).splits(node);
                let bars = self.bars_of_years(node.articles, |year| {
                    let page = || self.scope_address(scope, Period::Year(year));
                    if splits { page() } else { format!("#y{year:04}") }
                });
                let title = self.language.text("chart_years_title", &[]);
                (bars.len() > 1).then(|| chart::of_years(&self.language, &title, &bars))
            }
            _ => None,
        }
    }

    fn is_outlets(&self, taxonomy: usize) -> bool {
        self.config.taxonomies[taxonomy].name == "outlets"
    }

    /// How many reports a period shows; where all were taken down, that.
    fn held_text(&self, count: usize) -> String {
        match count {
            0 => self.language.text("withdrawn", &[]),
            count => self.language.counted("reports", count),
        }
    }

    /// A month's calendar, for months of the whole archive.
    fn calendar(&self, scope: Scope, period: Period, ids: &[ArticleId]) -> Option<Value> {
        let (Scope::Archive, Period::Month(year, month)) = (scope, period) else { return None };
        let mut counts = [0usize; 32];
        let mut held = [false; 32];
        for id in ids {
            if let Some(day) = self.archive.article(*id).date.day() {
                held[day.day() as usize] = true;
                counts[day.day() as usize] += usize::from(self.archive.is_listed(*id));
            }
        }
        let (names, first_weekday) = self.language.weekdays();
        let columns: Vec<Value> =
            names.iter().map(|(short, long)| view!({ "short": short, "long": long })).collect();
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let blank = (first.weekday().number_from_monday() + 7 - first_weekday) % 7;
        let empty = || view!({ "day": (), "url": (), "label": "", "count": 0, "count_text": () });
        let mut cells: Vec<Value> = (0..blank).map(|_| empty()).collect();
        for day in first.iter_days().take_while(|day| day.month() == month) {
            let at = day.day() as usize;
            let count = counts[at];
            let reports = self.held_text(count);
            let date = self.language.date(Date::Day(day));
            let url = (held[at] && (self.config.listing.days || count > 0))
                .then(|| self.period_address(Period::Day(day)));
            cells.push(view!({
                "day": day.day(),
                "url": url,
                "label": self.language.text("day_label", &[("date", &date), ("reports", &reports)]),
                "count": count,
                "count_text": (count > 0).then(|| self.language.number(count)),
            }));
        }
        while !cells.len().is_multiple_of(7) {
            cells.push(empty());
        }
        let weeks: Vec<&[Value]> = cells.chunks(7).collect();
        Some(view!({
            "caption": self.language.date(Date::Month(year, month)),
            "columns": columns,
            "weeks": weeks,
        }))
    }

    pub(crate) fn same_day(&self, scope: Scope, period: Period) -> Option<String> {
        let (Scope::Archive, Period::Day(day)) = (scope, period) else { return None };
        self.archive
            .anniversaries
            .contains_key(&(day.month(), day.day()))
            .then(|| self.config.address(&format!("/on-this-day/{}/", day.format("%m-%d"))))
    }

    fn above(&self, scope: Scope, period: Period) -> Option<Value> {
        let parent = period.parent()?;
        if scope == Scope::Archive && parent == Period::All {
            return Some(self.years_crumb());
        }
        Some(Self::crumb(&self.listing_heading(scope, parent), &self.scope_address(scope, parent)))
    }

    /// Links to the neighbouring periods.
    pub(crate) fn beside(&self, period: Period) -> (Value, Value) {
        let link = |period: Period| {
            let title = period.date().map(|date| self.language.date(date)).unwrap_or_default();
            Self::crumb(&title, &self.period_address(period))
        };
        let (before, after) = self.periods_beside(period);
        (before.map_or(Value::none(), link), after.map_or(Value::none(), link))
    }

    /// The nearest periods of the same length before and after one that have reports.
    pub(crate) fn periods_beside(&self, period: Period) -> (Option<Period>, Option<Period>) {
        let node = self.node(&self.archive.all, period);
        let start = self
            .archive
            .all
            .partition_point(|id| node.articles.first().is_some_and(|first| id < first));
        let end = start + node.articles.len();
        let same_length = |id: &ArticleId| {
            let date = self.archive.article(*id).date;
            match period {
                Period::All => None,
                Period::Year(_) => Some(Period::Year(date.year())),
                Period::Month(..) => date.month().map(|month| Period::Month(date.year(), month)),
                Period::Day(_) => date.day().map(Period::Day),
            }
        };
        let before = self.archive.all[..start].iter().rev().find_map(same_length);
        let after = self.archive.all[end..].iter().find_map(same_length);
        (before, after)
    }
}
