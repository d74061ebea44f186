//! The site's data files: `/data/index.json` links to years, `/2017/index.json` to months;
//! `/2017/01/index.json` and `index.bib` hold the month's reports.
//!
//! A report without a month is in its year's file. Adding a report changes its month's two files,
//! its year's and the index, however large the archive is.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::archive::ArticleId;
use crate::archive::trie::{self, Period};
use crate::citation::Citation;
use crate::citation::{bibtex::bibtex, csl_json::csl_json_file, ris::ris};
use crate::markdown::without_controls;
use crate::plan::data::{DataFile, held, path, years};
use crate::settings::citing::Sidecar;

use super::Exporter;

impl Exporter<'_> {
    /// A data file's bytes.
    pub(crate) fn document(&self, file: DataFile) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Writing to memory can't fail, nor can JSON without maps with non-string keys.
        let _ = self.write_document(file, &mut bytes);
        bytes
    }

    fn write_document(&self, file: DataFile, bytes: &mut Vec<u8>) -> io::Result<()> {
        match file {
            DataFile::Index => write_json(&self.index(), bytes),
            DataFile::Year(year) => self.write_period(&self.year(year), Period::Year(year), bytes),
            DataFile::Month(year, month) => {
                let period = Period::Month(year, month);
                self.write_period(&self.month(period), period, bytes)
            }
            DataFile::Bibliography(period) => {
                let date = period.date().map(|date| date.to_string()).unwrap_or_default();
                // Text outside an entry is a comment, except “@”.
                let title = self.config.title.replace('@', "(at)");
                let title = without_controls(title.replace(['\n', '\r'], " "));
                writeln!(bytes, "% {title}, {date}\n")?;
                self.write_bibtex(held(self.archive, period), bytes)
            }
            DataFile::Whole(format) => self.write(format, bytes),
            DataFile::Beside(id, sidecar) => match self.citation(id) {
                Some(citation) => write_citation(&citation, sidecar, bytes),
                None => Ok(()),
            },
        }
    }

    fn address(&self, path: &str) -> String {
        self.config.absolute(path)
    }

    fn count(&self, ids: &[ArticleId]) -> usize {
        self.listed(ids).count()
    }

    fn index(&self) -> Json {
        let years: Vec<Json> = years(self.archive)
            .iter()
            .map(|year| {
                json!({
                    "year": year.period.date().map(crate::base::date::Date::year),
                    "url": self.address(&path(year.period, "json")),
                    "count": self.count(year.articles),
                })
            })
            .collect();
        let whole =
            self.config.data.whole.iter().map(
                |format| json!({ "format": format.name(), "url": self.address(format.path()) }),
            );
        json!({
            "archive": self.config.title,
            "url": self.config.base_url.as_str(),
            "documentation": self.address("/data/"),
            "feed": self.address("/atom.xml"),
            "years": years,
            "whole": whole.collect::<Vec<Json>>(),
        })
    }

    fn year(&self, year: i32) -> Json {
        let period = Period::Year(year);
        let node = years(self.archive).into_iter().find(|node| node.period == period);
        let months = node.map(|node| trie::children(self.archive, &node).0).unwrap_or_default();
        let months: Vec<Json> = months
            .iter()
            .map(|month| {
                json!({
                    "month": month.period.date(),
                    "url": self.address(&path(month.period, "json")),
                    "bibtex": self.address(&path(month.period, "bib")),
                    "count": self.count(month.articles),
                })
            })
            .collect();
        let bibtex =
            (!held(self.archive, period).is_empty()).then(|| self.address(&path(period, "bib")));
        json!({
            "archive": self.config.title,
            "year": year,
            "index": self.address("/data/index.json"),
            "months": months,
            "bibtex": bibtex,
        })
    }

    fn month(&self, period: Period) -> Json {
        json!({
            "archive": self.config.title,
            "month": period.date(),
            "index": self.address("/data/index.json"),
            "bibtex": self.address(&path(period, "bib")),
        })
    }

    /// A JSON object with its reports, one a line.
    fn write_period(&self, head: &Json, period: Period, bytes: &mut Vec<u8>) -> io::Result<()> {
        let head = serde_json::to_string(head)?;
        write!(bytes, "{},\"articles\":[", head.strip_suffix('}').unwrap_or(&head))?;
        let mut before = "\n";
        for record in self.records(held(self.archive, period)) {
            bytes.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut *bytes, &record)?;
            before = ",\n";
        }
        bytes.write_all(b"\n]}\n")
    }
}

fn write_json(value: &Json, bytes: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *bytes, value)?;
    bytes.write_all(b"\n")
}

fn write_citation(citation: &Citation, sidecar: Sidecar, bytes: &mut Vec<u8>) -> io::Result<()> {
    match sidecar {
        Sidecar::Bibtex => bytes.write_all(bibtex(citation).as_bytes()),
        Sidecar::Ris => bytes.write_all(ris(citation).as_bytes()),
        Sidecar::Csl => bytes.write_all(csl_json_file(citation).as_bytes()),
    }
}
