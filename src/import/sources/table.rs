//! Tables (CSV) and JSON lines; columns are mapped to keys by name or by a [`Mapping`].

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use encoding_rs_io::DecodeReaderBytesBuilder;
use serde_json::{Map, Value as Json};
use xxhash_rust::xxh3::xxh3_64;

use super::bundle::Bundle;
use super::feed::{day, picture};
use super::mapping::{Mapping, at};
use super::own;
use super::{Source, SourceError, Visit};
use crate::base::date::Date;
use crate::import::entry::{Body, Entry, Item, Status};
use crate::import::page::charset;
use crate::import::suggestions::days::DayOrder;
use crate::import::text;

/// How many bytes are used to detect encoding and separator.
const HEAD: u64 = 1 << 18;

/// The size limit of a JSON line and of a row.
const LARGEST: usize = 64 * 1024 * 1024;

/// The format of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CSV, with commas, semicolons or tabs.
    Csv,
    /// JSON lines.
    JsonLines,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// The file.
    pub path: PathBuf,
    /// The format of its rows.
    pub form: Form,
    /// The mapping of columns.
    pub mapping: Mapping,
}

impl Source for Table {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let mut days = DayOrder::default();
        self.rows(&mut |row| {
            if let Ok(row) = row {
                let dates = ["date", "added", "updated"]
                    .iter()
                    .filter_map(|key| self.mapping.value(key, &row));
                dates.filter_map(Json::as_str).for_each(|date| days.look_at(date));
            }
        })?;
        self.rows(&mut |row| match row {
            Ok(row) => match own::whole_file(&row) {
                Some(item) => visit(item),
                None => Row { row: &row, mapping: &self.mapping, days }.tell(visit),
            },
            Err(message) => visit(Item::Broken(message)),
        })
    }
}

type VisitRow<'a> = dyn FnMut(Result<Map<String, Json>, String>) + 'a;

impl Table {
    fn rows(&self, visit: &mut VisitRow<'_>) -> Result<(), SourceError> {
        let endings = match self.form {
            Form::Csv => [".csv", ".tsv"],
            Form::JsonLines => [".jsonl", ".ndjson"],
        };
        Bundle::open(&self.path)?.each(&endings, |file| {
            let io = || SourceError::io(&self.path);
            let mut head = Vec::new();
            (&mut *file).take(HEAD).read_to_end(&mut head).map_err(io())?;
            let encoding = charset::encoding_of_part(&head);
            let comma = separator(&encoding.decode(&head).0);
            let whole = std::io::Cursor::new(head).chain(file);
            let text = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(whole);
            match self.form {
                Form::Csv => csv_rows(text, comma, visit),
                Form::JsonLines => json_rows(BufReader::new(text), visit).map_err(io())?,
            }
            Ok(())
        })
    }
}

/// The most frequent separator in the first line, outside quotes.
fn separator(head: &str) -> u8 {
    let line = head.lines().next().unwrap_or_default();
    let outside: String = line.split('"').step_by(2).collect();
    let count = |letter: char| outside.matches(letter).count();
    [(',', b','), (';', b';'), ('\t', b'\t')]
        .into_iter()
        .rev()
        .max_by_key(|(letter, _)| count(*letter))
        .map_or(b',', |(_, byte)| byte)
}

fn csv_rows(text: impl Read, separator: u8, visit: &mut VisitRow<'_>) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(Bounded::new(text));
    let names: Vec<String> = match reader.headers() {
        Ok(names) => {
            names.iter().map(|name| name.trim().trim_start_matches('\u{feff}').to_owned()).collect()
        }
        Err(error) => return visit(Err(error.to_string())),
    };
    let mut row = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(false) => return,
            Ok(true) => {
                reader.get_mut().begin();
                let cells = names.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty());
                visit(Ok(cells
                    .map(|(name, cell)| (name.clone(), Json::from(written(cell))))
                    .collect()));
            }
            Err(error) => {
                let is_over = matches!(error.kind(), csv::ErrorKind::Io(_));
                visit(Err(error.to_string()));
                if is_over {
                    return;
                }
            }
        }
    }
}

/// Removes the apostrophe that protects spreadsheets from formulas.
fn written(cell: &str) -> &str {
    let inner = cell.strip_prefix('\'').filter(|inner| inner.starts_with(['=', '+', '-', '@']));
    inner.unwrap_or(cell)
}

/// Limits the size of rows: an unclosed quote would make one huge row.
struct Bounded<R> {
    text: R,
    since: usize,
}

impl<R> Bounded<R> {
    fn new(text: R) -> Bounded<R> {
        Bounded { text, since: 0 }
    }

    /// A new row begins.
    fn begin(&mut self) {
        self.since = 0;
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.text.read(into)?;
        self.since += count;
        if self.since > LARGEST {
            return Err(std::io::Error::other(format!("a row has more than {LARGEST} bytes")));
        }
        Ok(count)
    }
}

fn json_rows(mut text: impl BufRead, visit: &mut VisitRow<'_>) -> std::io::Result<()> {
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let count = text.by_ref().take(LARGEST as u64).read_until(b'\n', &mut line)?;
        if count == 0 {
            return Ok(());
        }
        number += 1;
        let row = String::from_utf8_lossy(&line);
        if row.trim().is_empty() {
            continue;
        }
        let parsed = serde_json::from_str::<Map<String, Json>>(row.trim());
        visit(parsed.map_err(|error| format!("line {number}: {error}")));
    }
}

/// A row with its table's properties.
struct Row<'a> {
    row: &'a Map<String, Json>,
    mapping: &'a Mapping,
    days: DayOrder,
}

impl Row<'_> {
    fn value(&self, key: &str) -> Option<&Json> {
        self.mapping.value(key, self.row)
    }

    fn text(&self, key: &str) -> Option<String> {
        let text = match self.value(key)? {
            Json::String(text) => text::one_line(text),
            Json::Number(number) => number.to_string(),
            Json::Object(inner) => text::one_line(inner.get("name")?.as_str()?),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// A date with the given precision; whether day or month comes first is decided for the whole
    /// table.
    fn date(&self, key: &str) -> Option<Date> {
        let written = self.text(key)?;
        let date = || self.days.read(&written).map(Date::Day);
        written.parse().ok().or_else(date).or_else(|| super::feed::moment(&written))
    }

    fn tell(&self, visit: &mut Visit<'_>) {
        for key in ["date", "added", "updated"] {
            if let Some(written) = self.text(key).filter(|_| self.date(key).is_none()) {
                let title = self.text("title").unwrap_or_default();
                visit(Item::Broken(format!(
                    "“{title}”: {key} “{written}” does not say which day it is"
                )));
            }
        }
        visit(Item::Entry(Box::new(self.entry())));
    }

    fn entry(&self) -> Entry {
        let body = self.body();
        let date = self.date("date");
        let terms = ["tags", "categories"].map(|name| (name, self.value(name)));
        let said = self.mapping.named("terms.").map(|(name, column)| (name, at(self.row, column)));
        let own = self.row.get("terms").and_then(Json::as_object).into_iter().flatten();
        let own = own.map(|(name, value)| (name.as_str(), Some(value)));
        let all = terms.into_iter().chain(said).chain(own);
        let all = all.map(|(name, value)| (name.to_owned(), terms_in(value)));
        let mut terms: Vec<(String, Vec<String>)> = Vec::new();
        for (name, list) in all.filter(|(_, list)| !list.is_empty()) {
            if !terms.iter().any(|(known, _)| *known == name) {
                terms.push((name, list));
            }
        }
        let address = self.text("address").or_else(|| self.own_address());
        Entry {
            id: self.id(),
            status: self.status(matches!(body, Body::Empty)),
            title: self.text("title").map(|title| text::of_html(&title)).unwrap_or_default(),
            body,
            date: date.map(|date| if self.has_time("date") { day(date) } else { date }),
            added: self.date("added").or(date.filter(|_| self.has_time("date"))),
            updated: self.date("updated").map(day),
            slug: self.text("slug"),
            addresses: address.filter(|address| address.starts_with("http")).into_iter().collect(),
            original_url: self.text("original_url"),
            outlet: self.text("outlet"),
            authors: list(self.value("authors")),
            submitted_by: list(self.value("submitted_by")),
            terms,
            summary: self.text("summary"),
            image: self.text("image").map(|address| picture(&address)),
            language: self.text("language"),
            keys: self.other_keys(),
            extra: self.extra(),
            ..Entry::default()
        }
    }

    fn has_time(&self, key: &str) -> bool {
        matches!(self.date(key), Some(Date::Time(..)))
    }

    /// The page's own address, besides the original's.
    fn own_address(&self) -> Option<String> {
        self.row.get("original_url")?;
        self.row.get("url").and_then(Json::as_str).map(str::to_owned)
    }

    /// Its own id, its address, or a hash of everything.
    fn id(&self) -> String {
        let own =
            self.text("id").or_else(|| self.text("original_url")).or_else(|| self.text("address"));
        own.unwrap_or_else(|| {
            let row = serde_json::to_string(self.row).unwrap_or_default();
            format!("{:016x}", xxh3_64(row.as_bytes()))
        })
    }

    /// A report without text is a draft.
    fn status(&self, is_empty: bool) -> Status {
        let is_draft = match self.value("draft") {
            Some(Json::Bool(is_draft)) => *is_draft,
            Some(Json::String(text)) => {
                matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "1" | "x")
            }
            _ => false,
        };
        match self.text("status").map(|status| status.to_ascii_lowercase()).as_deref() {
            Some("private") => Status::Private,
            Some("trash" | "deleted") => Status::Trash,
            Some("draft" | "pending" | "future" | "unpublished") => Status::Draft,
            _ if is_draft || is_empty => Status::Draft,
            _ => Status::Published,
        }
    }

    fn body(&self) -> Body {
        let text = |key: &str| self.value(key).and_then(Json::as_str);
        if let Some(markdown) = text("body") {
            return Body::Markdown(markdown.replace("\r\n", "\n"));
        }
        match text("html") {
            Some(html) if html.contains("</") || html.contains("/>") => Body::Html(html.to_owned()),
            Some(plain) => Body::Html(text::paragraphs(plain)),
            None => text("text").map_or(Body::Empty, |plain| Body::Html(text::paragraphs(plain))),
        }
    }

    /// Keys with the same name in reports.
    fn other_keys(&self) -> Map<String, Json> {
        let keys = ["dateline", "kind", "license", "rights", "via", "archived", "corrections"];
        let found = keys.iter().filter_map(|key| {
            let value = self.value(key)?;
            let is_list = matches!(*key, "via" | "archived" | "corrections");
            (value.is_array() == is_list).then(|| ((*key).to_owned(), value.clone()))
        });
        found.collect()
    }

    fn extra(&self) -> Map<String, Json> {
        let found = self.mapping.named("extra.");
        found
            .filter_map(|(name, column)| Some((name.to_owned(), at(self.row, column)?.clone())))
            .collect()
    }
}

/// The values of a list in a cell, separated by semicolons or bars.
fn list(value: Option<&Json>) -> Vec<String> {
    let named = |item: &Json| match item {
        Json::Object(inner) => inner.get("name").and_then(Json::as_str).map(text::one_line),
        item => item.as_str().map(text::one_line),
    };
    let all: Vec<String> = match value {
        Some(Json::Array(items)) => items.iter().filter_map(named).collect(),
        Some(Json::String(text)) => text.split([';', '|']).map(text::one_line).collect(),
        Some(other) => named(other).into_iter().collect(),
        None => Vec::new(),
    };
    all.into_iter().filter(|name| !name.is_empty()).collect()
}

/// The same of terms, which may be separated by commas.
fn terms_in(value: Option<&Json>) -> Vec<String> {
    let separator = |text: &&str| !text.contains([';', '|']);
    match value.and_then(Json::as_str).filter(separator) {
        Some(text) => text.split(',').map(text::one_line).filter(|name| !name.is_empty()).collect(),
        None => list(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_what_parts_the_first_line() {
        assert_eq!(separator("title,date\na;b;c;d"), b',');
        assert_eq!(separator("title;date;\"a,b,c,d\""), b';');
        assert_eq!(separator("title\tdate"), b'\t');
        assert_eq!(separator("title"), b',');
    }
}
