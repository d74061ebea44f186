//! `[search]`: the search page and its fallback.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use crate::base::choices::{Facet, SearchedPart};
use crate::base::diagnostic::Rule;
use crate::tree::fields::{Fields, Reading};
use crate::tree::{Node, Value};

use super::stop;

/// The maximum weight.
const MOST_WEIGHT: usize = 100;
/// The default of `max_files`.
const MOST_FILES: usize = 20_000;

/// `[search]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchConfig {
    /// Whether the archive has a search index and page.
    pub enabled: bool,
    /// The parts of reports whose words are in the index.
    pub fields: BTreeSet<SearchedPart>,
    /// The relative weights of words.
    pub weights: SearchWeights,
    /// Values of facets; reports with one of them are not in the index.
    pub exclude: Vec<(Facet, String)>,
    /// The maximum number of files of the index.
    pub max_files: usize,
    /// The search engine for readers without scripts.
    pub fallback: Option<SearchFallback>,
}

/// The weights of words for the order of results, relative to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchWeights {
    /// In the headline.
    pub title: u32,
    /// Elsewhere.
    pub text: u32,
}

/// A search engine that accepts a form with a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchFallback {
    /// The address that the form is sent to.
    pub action: Url,
    /// The name of the query field.
    pub query: String,
    /// Other fields; `{host}` is replaced by the archive's host.
    pub fields: BTreeMap<String, String>,
}

impl Default for SearchConfig {
    fn default() -> SearchConfig {
        SearchConfig {
            enabled: true,
            fields: SearchedPart::ALL.into(),
            weights: SearchWeights { title: 1, text: 1 },
            exclude: Vec::new(),
            max_files: MOST_FILES,
            fallback: None,
        }
    }
}

pub(super) fn search(fields: &mut Fields, reading: &mut Reading<'_>) -> SearchConfig {
    let default = SearchConfig::default();
    let Some(mut table) = fields.table("search", reading) else { return default };
    let search = SearchConfig {
        enabled: table.bool("enabled", reading).unwrap_or(default.enabled),
        fields: parts(&mut table, reading).unwrap_or(default.fields),
        weights: weights(&mut table, reading),
        exclude: excluded(&mut table, reading),
        max_files: table.count("max_files", 1, reading).unwrap_or(default.max_files),
        fallback: table.table("fallback", reading).and_then(|table| fallback(table, reading)),
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    search
}

/// The values of a list, or a single value.
fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(node),
    }
}

fn parts(table: &mut Fields, reading: &mut Reading<'_>) -> Option<BTreeSet<SearchedPart>> {
    let node = table.take("fields")?;
    let mut parts = BTreeSet::new();
    for item in items(&node) {
        let name = item.text().unwrap_or_default();
        let part = SearchedPart::ALL.into_iter().find(|part| part.name() == name);
        if part.is_none() {
            let message = format!("search.fields: “{name}” is no part of a report");
            stop(reading, item, message, "use title, summary and text");
        }
        parts.extend(part);
    }
    Some(parts)
}

fn weights(table: &mut Fields, reading: &mut Reading<'_>) -> SearchWeights {
    let default = SearchConfig::default().weights;
    let Some(mut table) = table.table("weights", reading) else { return default };
    let mut weight = |key: &'static str, default: u32| {
        let number = table.count(key, 0, reading);
        number.map_or(default, |number| u32::try_from(number.min(MOST_WEIGHT)).unwrap_or(default))
    };
    let weights =
        SearchWeights { title: weight("title", default.title), text: weight("text", default.text) };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    weights
}

fn excluded(table: &mut Fields, reading: &mut Reading<'_>) -> Vec<(Facet, String)> {
    let Some(node) = table.take("exclude") else { return Vec::new() };
    let mut excluded = Vec::new();
    for item in items(&node) {
        let text = item.text().unwrap_or_default();
        let parts = text.split_once(':').and_then(|(name, value)| {
            Some((name.trim().parse().ok()?, value.trim().trim_matches('"').to_owned()))
        });
        if parts.is_none() {
            let message = format!("search.exclude: “{text}” says nothing of a report");
            stop(
                reading,
                item,
                message,
                "write it as in \"outlet:The Wire\"; also author:, tag:, story:, lang:, kind:",
            );
        }
        excluded.extend(parts);
    }
    excluded
}

fn fallback(mut table: Fields, reading: &mut Reading<'_>) -> Option<SearchFallback> {
    let action = table.take("action").and_then(|node| {
        let url = node.text().and_then(|text| Url::parse(text).ok());
        let url = url.filter(|url| matches!(url.scheme(), "https" | "http"));
        if url.is_none() {
            let message = "search.fallback: action is not a web address".to_owned();
            stop(reading, &node, message, "write the address that a search form leads to");
        }
        url
    });
    let query = table.text("query", reading).unwrap_or_else(|| "q".to_owned());
    let mut others = BTreeMap::new();
    for entry in table.table("fields", reading).map(Fields::rest).unwrap_or_default() {
        if let Some(value) = entry.node.text() {
            others.insert(entry.key, value.to_owned());
        } else {
            let message = format!("search.fallback.fields: “{}” is no text", entry.key);
            stop(reading, &entry.node, message, "write it as in sites = \"{host}\"");
        }
    }
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    Some(SearchFallback { action: action?, query, fields: others })
}
