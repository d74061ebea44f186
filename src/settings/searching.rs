//! `[search]`: the search page and its fallback.

use std::collections::BTreeMap;

use url::Url;

use crate::base::diagnostic::Rule;
use crate::tree::fields::{Fields, Reading};

use super::stop;

/// `[search]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchConfig {
    /// Whether the archive has a search index and page.
    pub enabled: bool,
    /// The form's target without JavaScript.
    pub fallback: Option<SearchFallback>,
}

/// A search engine with an HTML form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchFallback {
    /// Its address.
    pub action: Url,
    /// The name of the query field.
    pub query: String,
    /// Other fields; `{host}` is replaced by the archive's host.
    pub fields: BTreeMap<String, String>,
}

impl Default for SearchConfig {
    fn default() -> SearchConfig {
        SearchConfig { enabled: true, fallback: None }
    }
}

pub(super) fn search(fields: &mut Fields, reading: &mut Reading<'_>) -> SearchConfig {
    let default = SearchConfig::default();
    let Some(mut table) = fields.table("search", reading) else { return default };
    let enabled = table.bool("enabled", reading).unwrap_or(default.enabled);
    let fallback = table.table("fallback", reading).and_then(|table| fallback(table, reading));
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    SearchConfig { enabled, fallback }
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
