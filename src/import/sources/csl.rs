//! CSL-JSON, as from Zotero: metadata of reports without text.

use std::path::PathBuf;

use serde_json::Value as Json;

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
        date: date(&item["issued"]),
        outlet: text_of("container-title").or_else(|| text_of("publisher")),
        original_url: text_of("URL"),
        authors: item["author"].as_array().into_iter().flatten().filter_map(name).collect(),
        summary: text_of("abstract"),
        language: text_of("language"),
        ..Entry::default()
    }
}

/// `Family, Given`, for citations.
fn name(author: &Json) -> Option<String> {
    let part = |key: &str| author[key].as_str().map(text::plain).filter(|part| !part.is_empty());
    match (part("family"), part("given"), part("literal")) {
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
