//! CSV (RFC 4180), for spreadsheets.
//!
//! Headlines and names are untrusted, and a spreadsheet evaluates a cell that begins with `=`: such
//! cells get an apostrophe, and control characters are removed. The exact text is in JSON Lines.

use std::io::{self, Write};

use serde_json::Value as Json;

use crate::base::date::Date;
use crate::markdown::without_controls;

use super::record::Record;

const COLUMNS: [&str; 21] = [
    "id",
    "url",
    "title",
    "date",
    "added",
    "updated",
    "outlet",
    "authors",
    "language",
    "dateline",
    "kind",
    "tags",
    "stories",
    "original_url",
    "archived",
    "via",
    "submitted_by",
    "license",
    "rights",
    "corrections",
    "sha256",
];

/// Separates values in one cell.
const SEPARATOR: &str = "; ";

pub(super) fn write<'a>(
    records: impl Iterator<Item = Record<'a>>,
    writer: &mut dyn Write,
) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().from_writer(writer);
    table.write_record(COLUMNS)?;
    for record in records {
        table.write_record(cells(&record).iter().map(|cell| harmless(cell)))?;
    }
    table.flush()
}

fn cells(record: &Record<'_>) -> [String; COLUMNS.len()] {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let archived: Vec<&str> = record.archived.iter().map(|copy| copy.url.as_str()).collect();
    let via: Vec<&str> = record.via.iter().map(|via| via.name).collect();
    [
        record.id.clone(),
        record.url.clone(),
        record.title.to_owned(),
        record.date.to_string(),
        date(record.added),
        date(record.updated),
        text(record.outlet),
        record.authors.join(SEPARATOR),
        record.language.to_owned(),
        text(record.dateline),
        text(record.kind),
        terms(record, "tags"),
        terms(record, "stories"),
        text(record.original_url),
        archived.join(SEPARATOR),
        via.join(SEPARATOR),
        record.submitted_by.join(SEPARATOR),
        text(record.license),
        text(record.rights),
        record.corrections.len().to_string(),
        record.sha256.clone(),
    ]
}

fn terms(record: &Record<'_>, taxonomy: &str) -> String {
    let terms = record.terms.get(taxonomy).and_then(Json::as_array);
    let names: Vec<&str> = terms.into_iter().flatten().filter_map(Json::as_str).collect();
    names.join(SEPARATOR)
}

fn harmless(cell: &str) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = without_controls(cell.to_owned());
    if runs { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(harmless("@SUM(1)"), "'@SUM(1)");
        assert_eq!(harmless("1 = 1"), "1 = 1");
    }
}
