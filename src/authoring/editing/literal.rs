//! Values as they are written in TOML and YAML.

use serde_json::Value as Json;

use crate::base::date::Date;
use crate::tree::{Node, Value};

/// Whether a written value says what was typed: numbers and dates count as their text.
pub(super) fn is_same(node: &Node, value: &Json) -> bool {
    match (&node.value, value) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(one), Json::Bool(other)) => one == other,
        (Value::List(items), Json::Array(values)) => {
            items.len() == values.len()
                && items.iter().zip(values).all(|(item, value)| is_same(item, value))
        }
        (Value::Table(table), Json::Object(values)) => {
            table.entries.len() == values.len()
                && table.entries.iter().all(|entry| {
                    values.get(&entry.key).is_some_and(|value| is_same(&entry.node, value))
                })
        }
        (Value::Text(_) | Value::Number(..) | Value::Date(_), Json::String(text)) => {
            node.text() == Some(text)
        }
        (Value::Number(..), Json::Number(number)) => node.text() == Some(&number.to_string()),
        _ => false,
    }
}

/// Keys whose values are dates.
const DATES: [&str; 4] = ["date", "added", "updated", "received"];

/// A value in TOML, on one line. `old` is the value in its place, as written.
pub(super) fn in_toml(value: &Json, key: &str, old: Option<&str>) -> String {
    match value {
        Json::Null => "\"\"".to_owned(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::String(text) => toml_text(text, key, old),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| in_toml(item, key, None)).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(table) => {
            let entries = table.iter().filter(|(_, value)| !value.is_null());
            let entries: Vec<String> = entries
                .map(|(key, value)| format!("{} = {}", toml_key(key), in_toml(value, key, None)))
                .collect();
            if entries.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

fn toml_text(text: &str, key: &str, old: Option<&str>) -> String {
    let was_quoted = old.is_some_and(|old| old.starts_with(['"', '\'']));
    // A date without a day is no date of TOML's.
    let is_date = DATES.contains(&key)
        && !was_quoted
        && text.len() >= 10
        && text.parse::<Date>().is_ok()
        && text.parse::<toml_edit::Datetime>().is_ok();
    let is_literal = old.is_some_and(|old| old.starts_with('\'') && !old.starts_with("'''"));
    if is_date {
        text.to_owned()
    } else if is_literal && !text.contains('\'') && !text.contains(char::is_control) {
        format!("'{text}'")
    } else {
        quoted(text)
    }
}

/// A key of TOML.
pub(super) fn toml_key(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(is_bare) { key.to_owned() } else { quoted(key) }
}

/// A text between quotes that means the same in JSON, TOML and YAML.
pub(super) fn quoted(text: &str) -> String {
    let json = Json::from(text).to_string();
    let is_plain =
        |c: char| !matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    if json.chars().all(is_plain) {
        return json;
    }
    json.chars()
        .map(|c| if is_plain(c) { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
        .collect()
}

/// A value in YAML, on one line. `old` is the value in its place, as written.
pub(super) fn in_yaml(value: &Json, old: Option<&str>) -> String {
    match value {
        Json::Null => "\"\"".to_owned(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::String(text) => yaml_text(text, old),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| in_yaml(item, None)).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(table) => {
            let entries = table.iter().filter(|(_, value)| !value.is_null());
            let entries: Vec<String> = entries
                .map(|(key, value)| format!("{}: {}", yaml_text(key, None), in_yaml(value, None)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn yaml_text(text: &str, old: Option<&str>) -> String {
    let is_single = old.is_some_and(|old| old.starts_with('\''));
    let is_double = old.is_some_and(|old| old.starts_with('"'));
    if is_single && !text.contains(|c: char| c.is_control() || !is_printable(c)) {
        format!("'{}'", text.replace('\'', "''"))
    } else if !is_double && is_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

fn is_printable(c: char) -> bool {
    !matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Whether a text needs no quotes in YAML, in lists and elsewhere.
fn is_plain(text: &str) -> bool {
    let is_date = text.parse::<Date>().is_ok() && text.len() >= 10;
    let starts_well = text.chars().next().is_some_and(char::is_alphabetic);
    let ends_well = text.trim_end() == text;
    let lower = text.to_lowercase();
    let is_meaning =
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&lower.as_str());
    let is_tame = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_');
    is_date || (starts_well && ends_well && !is_meaning && text.chars().all(is_tame))
}
