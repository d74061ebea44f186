//! The archive as data: which files there are, and the page that explains them.

use crate::render::value::{Value, view};

use crate::archive::Archive;
use crate::archive::trie::{self, Period};
use crate::config::Config;
use crate::export::documents::{self, DataFile};

use super::views::{Head, Views};
use super::{Page, PageKind};

/// What a record holds: the names, and the key of the words that explain them.
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

/// The data files' pages. A curator's own page at `/data/` stands in place of ours.
pub(super) fn pages(archive: &Archive, config: &Config, pages: &mut Vec<Page>) {
    sidecars(archive, config, pages);
    if !config.data.enabled {
        return;
    }
    let mut add = |path: &str, kind| pages.push(Page::new(path, kind));
    if !archive.has_page_at("/data/") {
        add("/data/", PageKind::Data);
    }
    add("/data/index.json", PageKind::DataFile(DataFile::Index));
    for year in documents::years(archive) {
        let Period::Year(number) = year.period else { continue };
        add(&documents::path(year.period, "json"), PageKind::DataFile(DataFile::Year(number)));
        let (months, undated) = trie::children(archive, &year);
        if !undated.is_empty() {
            let file = DataFile::Bibliography(year.period);
            add(&documents::path(year.period, "bib"), PageKind::DataFile(file));
        }
        for month in months {
            let Period::Month(year, number) = month.period else { continue };
            let file = DataFile::Month(year, number);
            add(&documents::path(month.period, "json"), PageKind::DataFile(file));
            let file = DataFile::Bibliography(month.period);
            add(&documents::path(month.period, "bib"), PageKind::DataFile(file));
        }
    }
    for &format in &config.data.whole {
        add(format.path(), PageKind::DataFile(DataFile::Whole(format)));
    }
}

fn sidecars(archive: &Archive, config: &Config, pages: &mut Vec<Page>) {
    for &sidecar in &config.citation.sidecars {
        for &id in archive.all.iter().filter(|id| archive.is_listed(**id)) {
            let path = format!("{}{}", archive.article(id).permalink, sidecar.file());
            pages.push(Page::new(path, PageKind::DataFile(DataFile::Beside(id, sidecar))));
        }
    }
}

impl Views<'_> {
    pub(super) fn data_page(&self) -> (Head, Value, &'static str) {
        let years = documents::years(self.archive);
        let years: Vec<Value> = years
            .iter()
            .rev()
            .map(|year| {
                let title = year.period.date().map(|date| self.language.date(date));
                let url = self.config.address(&documents::path(year.period, "json"));
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

    /// Where a period of the archive is found as data: a day in its month's file.
    pub(super) fn data_address(&self, period: Period) -> Option<String> {
        let period = match period {
            Period::Day(_) => period.parent()?,
            other => other,
        };
        let path = match period {
            Period::All => "/data/index.json".to_owned(),
            period => documents::path(period, "json"),
        };
        self.config.data.enabled.then(|| self.config.address(&path))
    }
}
