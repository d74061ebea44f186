//! Writes a report's file: TOML front matter, with the origin of each value in a comment.

use std::fmt::Write as _;

use toml_edit::{Array, InlineTable, Value};

use crate::base::date::Date;
use crate::content::article::Evidence;
use crate::import::text::one_line;

use super::draft::Draft;
use super::mark::Field;
use super::request::Given;

/// The maximum length of a comment; longer ones are truncated.
const LONGEST_COMMENT: usize = 160;

/// The input of the front matter.
pub(super) struct Frame<'a> {
    pub(super) draft: &'a Draft,
    pub(super) given: &'a Given,
    pub(super) added: Date,
    pub(super) evidence: Option<&'a Evidence>,
    pub(super) title: &'a str,
}

impl Frame<'_> {
    /// The whole file.
    pub(super) fn text(&self, markdown: &str) -> String {
        let end = if markdown.is_empty() { "" } else { "\n" };
        format!("+++\n{}+++\n{end}{markdown}{end}", self.keys())
    }

    fn keys(&self) -> String {
        let Frame { draft, given, .. } = self;
        let mut lines = Lines::default();
        let title = draft.title.as_ref().map(Field::comment);
        lines.line("title", &Value::from(self.title), title.as_deref());
        lines.field("date", draft.date.as_ref(), |date| date_value(*date));
        lines.line("added", &date_value(self.added), None);
        lines.field("outlet", draft.outlet.as_ref(), |name| Value::from(name.as_str()));
        lines.field("original_url", draft.original.as_ref(), |url| Value::from(url.as_str()));
        lines.field("authors", draft.authors.as_ref(), |names| list(names));
        lines.list("submitted_by", &given.submitted_by);
        lines.text("kind", given.kind.as_deref());
        lines.list("tags", &given.tags);
        lines.field_if_any("language", draft.language.as_ref(), |tag| Value::from(tag.as_str()));
        lines.field_if_any("license", draft.licence.as_ref(), |name| Value::from(name.as_str()));
        lines.field_if_any("image", draft.image.as_ref(), |(source, description)| {
            let mut table = InlineTable::new();
            table.insert("src", Value::from(source.as_str()));
            table.insert("alt", Value::from(description.as_str()));
            Value::InlineTable(table)
        });
        lines.field_if_any("archived", draft.memento.as_ref(), |url| {
            let mut table = InlineTable::new();
            table.insert("url", Value::from(url.as_str()));
            Value::Array([Value::InlineTable(table)].into_iter().collect())
        });
        if let Some(evidence) = self.evidence {
            lines.line("evidence", &evidence_value(evidence), None);
        }
        if draft.date.is_none() {
            let why = "REVIEW: the page names no day; write `date`, then take this line out";
            lines.line("draft", &Value::from(true), Some(why));
        }
        lines.0
    }
}

fn list(names: &[String]) -> Value {
    Value::Array(names.iter().map(String::as_str).collect::<Array>())
}

fn evidence_value(evidence: &Evidence) -> Value {
    let mut table = InlineTable::new();
    table.insert("file", Value::from(evidence.file.as_str()));
    table.insert("sha256", Value::from(evidence.sha256.as_str()));
    if let Some(received) = evidence.received {
        table.insert("received", date_value(received));
    }
    if let Some(url) = &evidence.url {
        table.insert("url", Value::from(url.as_str()));
    }
    table.insert("kind", Value::from(evidence.kind.name()));
    Value::Array([Value::InlineTable(table)].into_iter().collect())
}

/// A date in TOML; a year or a month alone is a string, as TOML has no such type.
fn date_value(date: Date) -> Value {
    let text = date.to_string();
    text.parse::<toml_edit::Datetime>().map_or_else(|_| Value::from(text), Value::from)
}

/// Lines of TOML.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, name: &str, value: &Value, comment: Option<&str>) {
        let value = value.to_string();
        let comment = comment.map(|comment| format!(" # {}", plain(comment)));
        let _ = writeln!(self.0, "{name} = {}{}", value.trim(), comment.unwrap_or_default());
    }

    fn field<T>(&mut self, name: &str, field: Option<&Field<T>>, value: impl Fn(&T) -> Value) {
        match field {
            Some(field) => self.line(name, &value(&field.value), Some(&field.comment())),
            None => {
                let _ = writeln!(self.0, "# REVIEW: {name}: not found on the page");
            }
        }
    }

    fn field_if_any<T>(
        &mut self,
        name: &str,
        field: Option<&Field<T>>,
        value: impl Fn(&T) -> Value,
    ) {
        if field.is_some() {
            self.field(name, field, value);
        }
    }

    fn list(&mut self, name: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.line(name, &list(texts), None);
        }
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.line(name, &Value::from(text), None);
        }
    }
}

/// A comment on one line.
fn plain(comment: &str) -> String {
    let line = one_line(comment);
    match line.char_indices().nth(LONGEST_COMMENT) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
