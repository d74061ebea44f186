//! CSL-JSON, as from Zotero: metadata of reports without text.

use std::path::PathBuf;

use serde_json::Value as Json;

use super::feed::tags;
use super::{Source, SourceError, Visit};
use crate::base::date::Date;
use crate::import::entry::{Entry, Item, Status};
use crate::import::text;

/// A bibliography in CSL-JSON.
#[derive(Debug)]
pub struct Csl {
    /// The file.
    pub path: PathBuf,
}

impl Source for Csl {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let all = super::json(&self.path)?;
        let items = all.as_array().or_else(|| all["items"].as_array());
        for item in items.into_iter().flatten() {
            visit(Item::Entry(Box::new(entry(item))));
        }
        Ok(())
    }
}

/// A report without text is a draft.
fn entry(item: &Json) -> Entry {
    let text_of = |key: &str| item[key].as_str().map(text::of_html).filter(|text| !text.is_empty());
    let id = item["id"].as_str().map_or_else(|| item["id"].to_string(), str::to_owned);
    Entry {
        id,
        status: Status::Draft,
        title: text_of("title").unwrap_or_default(),
        added: date(&item["accessed"]),
        outlet: text_of("container-title").or_else(|| text_of("publisher")),
        original_url: text_of("URL"),
        authors: item["author"].as_array().into_iter().flatten().filter_map(name).collect(),
        summary: text_of("abstract"),
        language: text_of("language"),
        terms: tags(keywords(item)),
        ..Entry::default()
    }
    .dated(as_written(&item["issued"]).as_deref(), date(&item["issued"]))
}

/// Keywords, separated by commas or semicolons.
fn keywords(item: &Json) -> impl Iterator<Item = String> {
    let written = item["keyword"].as_str().unwrap_or_default();
    let separator = if written.contains(';') { ';' } else { ',' };
    written.split(separator).map(text::plain)
}

/// A date in the words of the source.
fn as_written(issued: &Json) -> Option<String> {
    let text = ["raw", "literal"].iter().find_map(|key| issued[*key].as_str());
    let parts = Some(&issued["date-parts"]).filter(|parts| parts.is_array());
    text.map(str::to_owned).or_else(|| parts.map(Json::to_string))
}

/// `Given van Family`.
fn name(author: &Json) -> Option<String> {
    let part = |key: &str| author[key].as_str().map(text::plain).filter(|part| !part.is_empty());
    let family = || {
        let parts = ["dropping-particle", "non-dropping-particle", "family", "suffix"];
        let parts: Vec<String> = parts.iter().filter_map(|key| part(key)).collect();
        part("family").map(|_| parts.join(" "))
    };
    match (family(), part("given"), part("literal")) {
        (Some(family), Some(given), _) => Some(format!("{given} {family}")),
        (Some(one), None, _) | (None, Some(one), _) | (None, None, Some(one)) => Some(one),
        (None, None, None) => None,
    }
}

/// With the given precision.
fn date(issued: &Json) -> Option<Date> {
    let parts = &issued["date-parts"][0];
    let number = |at: usize| {
        let part = &parts[at];
        part.as_i64().or_else(|| part.as_str()?.trim().parse().ok())
    };
    let written = match (number(0), number(1), number(2)) {
        (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (Some(year), Some(month), None) => format!("{year:04}-{month:02}"),
        (Some(year), None, _) => format!("{year:04}"),
        (None, ..) => issued["raw"].as_str().or(issued["literal"].as_str())?.to_owned(),
    };
    written.parse().ok()
}
