//! Writes a report or page: TOML front matter and body.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};
use toml_edit::{Array, InlineTable, Value};

use crate::base::date::Date;

use super::entry::{Entry, Kind, Status};
use super::options::{Choices, Creator};
use super::placing::Place;

/// A lead picture in front matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeadPicture {
    pub(crate) source: String,
    pub(crate) description: String,
    pub(crate) caption: Option<String>,
}

/// The whole file of an entry.
pub(crate) fn text(
    entry: &Entry,
    place: &Place,
    image: Option<&LeadPicture>,
    markdown: &str,
    choices: &Choices,
) -> String {
    let keys = keys(entry, place, image, choices);
    let end = if markdown.is_empty() { "" } else { "\n" };
    format!("+++\n{keys}+++\n{end}{markdown}{end}")
}

fn keys(entry: &Entry, place: &Place, image: Option<&LeadPicture>, choices: &Choices) -> String {
    let is_report = entry.kind == Kind::Report;
    let mut keys = Keys::default();
    keys.text("title", Some(entry.title.as_str()));
    if is_report {
        keys.date("date", entry.date);
        keys.date("added", Some(entry.added.unwrap_or(Date::Day(choices.today))));
        keys.date("updated", entry.updated);
    }
    keys.text("slug", place.slug.as_ref().map(super::super::base::permalink::Slug::as_str));
    keys.list("aliases", &place.aliases);
    if is_report {
        keys.text("outlet", entry.outlet.as_deref());
        keys.text("original_url", entry.original_url.as_deref());
        let creator: Vec<String> = entry.posted_by.iter().cloned().collect();
        let is = |wanted: Creator| choices.creator == wanted;
        keys.list(
            "authors",
            if is(Creator::Authors) && entry.authors.is_empty() {
                &creator
            } else {
                &entry.authors
            },
        );
        let senders = if is(Creator::SubmittedBy) && entry.submitted_by.is_empty() {
            &creator
        } else {
            &entry.submitted_by
        };
        keys.list("submitted_by", senders);
        for (taxonomy, names) in &entry.terms {
            keys.list(taxonomy, names);
        }
    }
    keys.text("summary", entry.summary.as_deref());
    keys.text("language", entry.language.as_deref());
    if is_report {
        keys.picture(image);
    }
    if is_report {
        for (name, value) in &entry.keys {
            if let Some(value) = toml_value(name, value) {
                keys.line(name, &value);
            }
        }
    }
    if entry.status != Status::Published {
        keys.line("draft", &Value::from(true));
    }
    let mut extra = entry.extra.clone();
    if is_report
        && choices.creator == Creator::PostedBy
        && let Some(name) = &entry.posted_by
    {
        extra.insert("posted_by".to_owned(), Json::from(name.as_str()));
    }
    keys.table("extra", &extra);
    keys.0
}

/// TOML lines.
#[derive(Default)]
struct Keys(String);

impl Keys {
    fn line(&mut self, name: &str, value: &Value) {
        let value = value.to_string();
        let _ = writeln!(self.0, "{} = {}", written_key(name), value.trim());
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.line(name, &Value::from(text));
        }
    }

    fn date(&mut self, name: &str, date: Option<Date>) {
        if let Some(date) = date {
            self.line(name, &date_value(&date.to_string()));
        }
    }

    fn list(&mut self, name: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.line(name, &Value::Array(texts.iter().map(String::as_str).collect::<Array>()));
        }
    }

    fn picture(&mut self, image: Option<&LeadPicture>) {
        let Some(image) = image else { return };
        let mut table = InlineTable::new();
        table.insert("src", Value::from(image.source.as_str()));
        table.insert("alt", Value::from(image.description.as_str()));
        if let Some(caption) = image.caption.as_deref().filter(|caption| !caption.is_empty()) {
            table.insert("caption", Value::from(caption));
        }
        self.line("image", &Value::InlineTable(table));
    }

    fn table(&mut self, name: &str, inner: &Map<String, Json>) {
        if inner.is_empty() {
            return;
        }
        let _ = writeln!(self.0, "\n[{}]", written_key(name));
        for (key, value) in inner {
            if let Some(value) = toml_value(key, value) {
                self.line(key, &value);
            }
        }
    }
}

fn written_key(name: &str) -> String {
    toml_edit::Key::new(name).to_string().trim().to_owned()
}

/// A date in TOML; a year or a month alone is a string, as TOML has no such type.
fn date_value(text: &str) -> Value {
    text.parse::<toml_edit::Datetime>().map_or_else(|_| Value::from(text), Value::from)
}

/// A JSON value in TOML; null is left out.
fn toml_value(name: &str, json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::from(whole),
            None => Value::from(number.as_f64()?),
        },
        Json::String(text) if matches!(name, "date" | "added" | "updated") => date_value(text),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => {
            Value::Array(items.iter().filter_map(|item| toml_value("", item)).collect())
        }
        Json::Object(inner) => {
            let mut table = InlineTable::new();
            for (key, value) in inner {
                if let Some(value) = toml_value(key, value) {
                    table.insert(key, value);
                }
            }
            Value::InlineTable(table)
        }
    })
}
