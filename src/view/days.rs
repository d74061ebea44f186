//! View data of days: anniversaries, and additions on a day.

use crate::view::value::{Value, view};
use chrono::{Datelike, NaiveDate};

use crate::archive::ArticleId;
use crate::archive::trie::Period;
use crate::base::date::Date;

use crate::view::{Head, Views};

/// The maximum number of reports of a year on an anniversary page; the day's own page has all.
const A_YEAR: usize = 5;

impl Views<'_> {
    fn anniversary_address(&self, (month, day): (u32, u32)) -> String {
        self.config.address(&format!("/on-this-day/{month:02}-{day:02}/"))
    }

    pub(crate) fn anniversaries(&self) -> (Head, Value, &'static str) {
        let months: Vec<Value> = (1..=12)
            .map(|month| {
                // 2000 was a leap year.
                let days = NaiveDate::from_ymd_opt(2000, month, 1)
                    .into_iter()
                    .flat_map(|day| day.iter_days())
                    .take_while(|day| day.month() == month);
                let days: Vec<Value> = days
                    .map(|day| {
                        let key = (month, day.day());
                        let held = self.archive.anniversaries.contains_key(&key);
                        view!({
                            "day": day.day(),
                            "url": held.then(|| self.anniversary_address(key)),
                            "label": self.language.day_of_year(month, day.day()),
                        })
                    })
                    .collect();
                view!({ "title": self.language.month(month), "days": days })
            })
            .collect();
        let head = self.plain_head("on_this_day_index", self.language.text("on_this_day", &[]));
        (head, view!({ "months": months }), "on_this_day_index.html")
    }

    pub(crate) fn anniversary(&self, month: u32, day: u32) -> (Head, Value, &'static str) {
        let ids =
            self.archive.anniversaries.get(&(month, day)).map(Vec::as_slice).unwrap_or_default();
        let mut years: Vec<Value> = ids
            .chunk_by(|a, b| {
                self.archive.article(*a).date.year() == self.archive.article(*b).date.year()
            })
            .filter_map(|chunk| self.anniversary_year(chunk))
            .collect();
        years.reverse();
        let name = self.language.day_of_year(month, day);
        let heading = self.language.text("on_this_day_of", &[("day", &name)]);
        let (before, after) = self.anniversaries_beside((month, day));
        let link = |key: (u32, u32)| {
            Self::crumb(&self.language.day_of_year(key.0, key.1), &self.anniversary_address(key))
        };
        let mut head = self.plain_head("on_this_day", heading.clone());
        let index = self.config.address("/on-this-day/");
        head.breadcrumbs.push(Self::crumb(&self.language.text("on_this_day", &[]), &index));
        head.crumb = Some(Self::here(&name));
        let days = view!({ "heading": heading, "years": years, "previous": link(before), "next": link(after) });
        (head, view!({ "days": days }), "on_this_day.html")
    }

    /// Reports of earlier years for the front page: of the day on which the archive was last added to,
    /// or else of the next that has some. A build has no clock. `shown` are those above.
    pub(crate) fn of_that_day(&self, shown: &[ArticleId]) -> Option<Value> {
        let newest = self.archive.added.keys().next_back()?;
        let days = &self.archive.anniversaries;
        let from = (newest.month(), newest.day());
        let new = |ids: &[ArticleId]| {
            let ids = self.listed(ids).rev().filter(|id| !shown.contains(id));
            ids.take(A_YEAR).map(|id| self.card(id)).collect::<Vec<Value>>()
        };
        let mut around = days.range(from..).chain(days.range(..from));
        let (key, cards) = around
            .find_map(|(key, ids)| Some((*key, new(ids))).filter(|(_, of)| !of.is_empty()))?;
        let day = self.language.day_of_year(key.0, key.1);
        let heading = self.language.text("on_this_day_of", &[("day", &day)]);
        Some(view!({ "heading": heading, "url": self.anniversary_address(key), "cards": cards }))
    }

    fn anniversary_year(&self, chunk: &[ArticleId]) -> Option<Value> {
        let date = self.archive.article(*chunk.first()?).date;
        let more = (chunk.len() > A_YEAR).then(|| {
            let title = self.language.text("more_that_day", &[]);
            Self::crumb(&title, &self.period_address(Period::Day(date.first_day())))
        });
        Some(
            view!({ "year": date.year(), "cards": self.cards(chunk.iter().take(A_YEAR)), "more": more }),
        )
    }

    /// The next days with pages before and after one, across the new year.
    fn anniversaries_beside(&self, key: (u32, u32)) -> ((u32, u32), (u32, u32)) {
        let days = &self.archive.anniversaries;
        let before = days.range(..key).next_back().or_else(|| days.iter().next_back());
        let after = days.range((key.0, key.1 + 1)..).next().or_else(|| days.iter().next());
        (before.map_or(key, |(key, _)| *key), after.map_or(key, |(key, _)| *key))
    }

    pub(crate) fn added_day(&self, day: NaiveDate) -> (Head, Value, &'static str) {
        let ids = self.archive.added.get(&day).map(Vec::as_slice).unwrap_or_default();
        let date = self.language.date(Date::Day(day));
        let heading = self.language.text("added_on", &[("date", &date)]);
        let mut cards = self.cards(ids.iter());
        cards.reverse();
        let count = cards.len();
        let group = view!({ "heading": (), "id": (), "url": (), "cards": cards, "groups": Vec::<Value>::new() });
        let head = self.plain_head("added", heading.clone());
        let listing = view!({
            "heading": heading,
            "intro": (),
            "count_text": self.language.counted("added_count_other", count),
            "groups": [group],
            "timeline": (),
            "children": Vec::<Value>::new(), "newest": Vec::<Value>::new(), "oldest_first": false, "chart": (), "calendar": (),
            "outlet": (), "same_day": (),
        });
        let pager = view!({ "previous": (), "next": (), "up": () });
        (head, view!({ "listing": listing, "pager": pager }), "listing.html")
    }
}
