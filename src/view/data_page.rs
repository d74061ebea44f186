//! The page about data files, and the data address of a period.

use crate::archive::trie::Period;
use crate::plan::data;

use super::value::{Value, view};
use super::{Head, Views};

/// The fields of a record, and the key of their description.
const FIELDS: [(&[&str], &str); 12] = [
    (&["id"], "data_id"),
    (&["url"], "data_url"),
    (&["title", "outlet", "authors", "dateline", "kind"], "data_report"),
    (&["language"], "data_language"),
    (&["date", "added", "updated"], "data_dates"),
    (&["terms"], "data_terms"),
    (&["original_url", "archived"], "data_original"),
    (&["via", "submitted_by"], "data_chain"),
    (&["corrections"], "data_corrections"),
    (&["license", "rights"], "data_rights"),
    (&["sha256"], "data_sha256"),
    (&["body"], "data_body"),
];

impl Views<'_> {
    pub(super) fn data_page(&self) -> (Head, Value, &'static str) {
        let years = data::years(self.archive);
        let years: Vec<Value> = years
            .iter()
            .rev()
            .map(|year| {
                let title = year.period.date().map(|date| self.language.date(date));
                let url = self.config.address(&data::path(year.period, "json"));
                view!({ "title": title, "url": url })
            })
            .collect();
        let whole = self.config.data.whole.iter().map(
            |format| view!({ "title": format.label(), "url": self.config.address(format.path()) }),
        );
        let fields = FIELDS
            .iter()
            .map(|(names, key)| view!({ "names": names, "text": self.language.text(key, &[]) }));
        let data = view!({
            "index_url": self.config.address("/data/index.json"),
            "feed_url": self.config.address("/atom.xml"),
            "years": years,
            "whole": whole.collect::<Vec<Value>>(),
            "fields": fields.collect::<Vec<Value>>(),
        });
        let head = Head {
            data: Some(self.config.address("/data/index.json")),
            ..self.plain_head("data", self.language.text("data", &[]))
        };
        (head, view!({ "data": data }), "data.html")
    }

    /// The data address of a period: a day is in its month's file.
    pub(super) fn data_address(&self, period: Period) -> Option<String> {
        let period = match period {
            Period::Day(_) => period.parent()?,
            other => other,
        };
        let path = match period {
            Period::All => "/data/index.json".to_owned(),
            period => data::path(period, "json"),
        };
        self.config.data.enabled.then(|| self.config.address(&path))
    }
}
