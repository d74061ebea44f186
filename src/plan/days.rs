//! View data of days: on this day in other years, and what was added on a day.

use chrono::{Datelike, NaiveDate};
use serde_json::{Value as Json, json};

use crate::archive::ArticleId;
use crate::archive::trie::Period;
use crate::date::Date;

use super::views::{Head, Views};

/// Reports of one year on an *on this day* page; the day's own page has them all.
const A_YEAR: usize = 5;

impl Views<'_> {
    fn anniversary_address(&self, (month, day): (u32, u32)) -> String {
        self.config.address(&format!("/on-this-day/{month:02}-{day:02}/"))
    }

    pub(super) fn anniversaries(&self) -> (Head, Json, &'static str) {
        let months: Vec<Json> = (1..=12)
            .map(|month| {
                // 2000 was a leap year.
                let days = NaiveDate::from_ymd_opt(2000, month, 1)
                    .into_iter()
                    .flat_map(|day| day.iter_days())
                    .take_while(|day| day.month() == month);
                let days: Vec<Json> = days
                    .map(|day| {
                        let key = (month, day.day());
                        let held = self.archive.anniversaries.contains_key(&key);
                        json!({
                            "day": day.day(),
                            "url": held.then(|| self.anniversary_address(key)),
                            "label": self.language.day_of_year(month, day.day()),
                        })
                    })
                    .collect();
                json!({ "title": self.language.month(month), "days": days })
            })
            .collect();
        let head = self.plain_head("on_this_day_index", self.language.text("on_this_day", &[]));
        (head, json!({ "months": months }), "on_this_day_index.html")
    }

    pub(super) fn anniversary(&self, month: u32, day: u32) -> (Head, Json, &'static str) {
        let ids =
            self.archive.anniversaries.get(&(month, day)).map(Vec::as_slice).unwrap_or_default();
        let mut years: Vec<Json> = ids
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
        let days = json!({ "heading": heading, "years": years, "previous": link(before), "next": link(after) });
        (head, json!({ "days": days }), "on_this_day.html")
    }

    fn anniversary_year(&self, chunk: &[ArticleId]) -> Option<Json> {
        let date = self.archive.article(*chunk.first()?).date;
        let more = (chunk.len() > A_YEAR).then(|| {
            let title = self.language.text("more_that_day", &[]);
            Self::crumb(&title, &self.period_address(Period::Day(date.first_day())))
        });
        Some(
            json!({ "year": date.year(), "cards": self.cards(chunk.iter().take(A_YEAR)), "more": more }),
        )
    }

    /// The days with pages around one, the year taken as a circle.
    fn anniversaries_beside(&self, key: (u32, u32)) -> ((u32, u32), (u32, u32)) {
        let days = &self.archive.anniversaries;
        let before = days.range(..key).next_back().or_else(|| days.iter().next_back());
        let after = days.range((key.0, key.1 + 1)..).next().or_else(|| days.iter().next());
        (before.map_or(key, |(key, _)| *key), after.map_or(key, |(key, _)| *key))
    }

    pub(super) fn added_day(&self, day: NaiveDate) -> (Head, Json, &'static str) {
        let ids = self.archive.added.get(&day).map(Vec::as_slice).unwrap_or_default();
        let date = self.language.date(Date::Day(day));
        let heading = self.language.text("added_on", &[("date", &date)]);
        let mut cards = self.cards(ids.iter());
        cards.reverse();
        let count = cards.len();
        let group =
            json!({ "heading": null, "id": null, "url": null, "cards": cards, "groups": [] });
        let head = self.plain_head("added", heading.clone());
        let listing = json!({
            "heading": heading,
            "intro": null,
            "count_text": self.language.counted("added_count_other", count),
            "groups": [group],
            "timeline": null,
            "children": [], "newest": [], "oldest_first": false, "chart": null, "calendar": null,
            "outlet": null, "same_day": null,
        });
        let pager = json!({ "previous": null, "next": null, "up": null });
        (head, json!({ "listing": listing, "pager": pager }), "listing.html")
    }
}
