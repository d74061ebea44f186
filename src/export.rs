//! The archive as data: a record for each listed report, in common formats.
//!
//! [`Exporter::write`] streams the whole archive, for `dateline export` and `[data] whole`;
//! [`documents`] are the site's data files by year and month. Withdrawn reports and hidden
//! contributors are left out.

pub(crate) mod documents;
pub(crate) mod file;
pub(crate) mod record;
mod table;
pub(crate) mod whole;

use std::io::{self, Write};

use crate::archive::{Archive, ArticleId};
use crate::base::choices::ExportFormat;
use crate::citation::Citation;
use crate::citation::bibtex::bibtex;
use crate::citation::csl_json::csl_json;
use crate::ledger::Ledger;
use crate::settings::Config;

use record::Record;

/// The source text of an article's body; `None` if it can't be read.
pub(crate) type BodyOf<'a> = &'a (dyn Fn(ArticleId) -> Option<String> + Sync);

/// Makes records.
#[derive(Clone, Copy)]
pub(crate) struct Exporter<'a> {
    pub archive: &'a Archive,
    pub config: &'a Config,
    /// Decisions on links, for copies of originals.
    pub ledger: &'a Ledger,
    /// Called only if a report's licence allows its text in exports.
    pub body_of: BodyOf<'a>,
}

impl<'a> Exporter<'a> {
    /// Writes the whole archive.
    pub(crate) fn write(&self, format: ExportFormat, writer: &mut dyn Write) -> io::Result<()> {
        match format {
            ExportFormat::JsonLines => self.listed(&self.archive.all).try_for_each(|id| {
                serde_json::to_writer(&mut *writer, &self.record(id))?;
                writer.write_all(b"\n")
            }),
            ExportFormat::Csv => table::write(self.records(&self.archive.all), writer),
            ExportFormat::Csl => self.write_csl(writer),
            ExportFormat::Bibtex => self.write_bibtex(&self.archive.all, writer),
        }
    }

    fn write_csl(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut before = "[\n";
        for citation in self.citations(&self.archive.all) {
            writer.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut *writer, &csl_json(&citation))?;
            before = ",\n";
        }
        writer.write_all(if before == ",\n" { b"\n]\n" } else { b"[]\n" })
    }

    fn write_bibtex(&self, ids: &[ArticleId], writer: &mut dyn Write) -> io::Result<()> {
        self.citations(ids).try_for_each(|citation| {
            writer.write_all(bibtex(&citation).as_bytes())?;
            writer.write_all(b"\n")
        })
    }

    fn listed<'b>(&self, ids: &'b [ArticleId]) -> impl Iterator<Item = ArticleId> + use<'a, 'b> {
        let archive = self.archive;
        ids.iter().copied().filter(move |id| archive.is_listed(*id))
    }

    fn records<'b>(&'b self, ids: &'b [ArticleId]) -> impl Iterator<Item = Record<'a>> + 'b {
        self.listed(ids).map(|id| self.record(id))
    }

    fn citations<'b>(&'b self, ids: &'b [ArticleId]) -> impl Iterator<Item = Citation> + 'b {
        ids.iter().filter_map(|id| self.citation(*id))
    }

    fn citation(&self, id: ArticleId) -> Option<Citation> {
        Citation::of(self.archive, self.config, self.ledger, id)
    }

    fn record(&self, id: ArticleId) -> Record<'a> {
        let mut record = Record::new(self.archive, self.config, self.ledger, id);
        if record.may_hold_body(self.config) {
            record.body = (self.body_of)(id);
        }
        record
    }
}
