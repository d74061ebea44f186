//! The form of a report, made from the key table that the schemas are made from.

use serde_json::{Value as Json, json};

use crate::schema;
use crate::settings::Config;

/// Keys that steps of their own write.
const STEPS: [&str; 3] = ["corrections", "withdrawn", "redactions"];

/// Keys that programs write.
const WRITTEN: [&str; 2] = ["evidence", "links"];

/// Keys that the form shows first, in this order.
const FIRST: [&str; 10] = [
    "title",
    "date",
    "outlet",
    "original_url",
    "authors",
    "tags",
    "stories",
    "submitted_by",
    "summary",
    "draft",
];

/// All fields, the most used first.
pub(super) fn fields(config: &Config) -> Vec<Json> {
    let schema = schema::front_matter(config);
    let Some(Json::Object(keys)) = schema.get("properties") else { return Vec::new() };
    let place = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
    let mut fields: Vec<(usize, Json)> = keys
        .iter()
        .filter(|(key, _)| !WRITTEN.contains(&key.as_str()))
        .map(|(key, schema)| {
            let at = place(key);
            let help = schema.get("description").and_then(Json::as_str).unwrap_or_default();
            let kind = if STEPS.contains(&key.as_str()) { "shown" } else { kind(schema) };
            (at, json!({ "key": key, "kind": kind, "help": help, "first": at < FIRST.len() }))
        })
        .collect();
    fields.sort_by_key(|(at, _)| *at);
    fields.into_iter().map(|(_, field)| field).collect()
}

/// Whether a key may be set by the form.
pub(super) fn is_settable(config: &Config, key: &str) -> bool {
    fields(config).iter().any(|field| field["key"] == key && field["kind"] != "shown")
}

/// The kind of a key's values.
fn kind(schema: &Json) -> &'static str {
    let text = schema.to_string();
    if schema.get("enum").is_some_and(|values| values.to_string().contains("true")) {
        "truth"
    } else if text.contains("\"minimum\":1000") && !text.contains("\"object\"") {
        "date"
    } else if text.contains("\"$ref\"") || text.contains("\"#/definitions") {
        "table"
    } else if text.contains("\"array\"") {
        "list"
    } else {
        "text"
    }
}
