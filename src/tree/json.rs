//! JSON to a tree: it is YAML but for a few letters, and its places are found as YAML's.

use serde_json::Value as Json;

use super::{Entry, Node, Table, TreeError, Value, parse_yaml};

/// Parses an object of JSON; ranges are moved by `offset`, where `text` begins in its file.
pub(crate) fn parse(text: &str, offset: usize) -> Result<Table, TreeError> {
    let object: serde_json::Map<String, Json> =
        serde_json::from_str(text).map_err(|error| broken(&error, text, offset))?;
    let mut table = Table { range: offset..offset + text.len(), ..Table::default() };
    // YAML indents with spaces; in JSON a tab stands between values only.
    let placed = parse_yaml(&text.replace('\t', " "), offset).unwrap_or_default();
    for (key, value) in object {
        let entry = placed.entries.iter().find(|entry| entry.key == key);
        let (key_range, range) = entry.map_or_else(
            || (table.range.clone(), table.range.clone()),
            |entry| (entry.key_range.clone(), entry.node.range.clone()),
        );
        let node = match entry {
            Some(entry) if entry.node.to_json() == value => entry.node.clone(),
            _ => node(value, &range),
        };
        table.entries.push(Entry { key, key_range, node });
    }
    Ok(table)
}

fn broken(error: &serde_json::Error, text: &str, offset: usize) -> TreeError {
    let before: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut at = (before + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(&*message, |(words, _)| words);
    TreeError { message: message.to_owned(), range: offset + at..offset + at }
}

fn node(value: Json, range: &std::ops::Range<usize>) -> Node {
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => {
            Value::Number(number.as_f64().unwrap_or_default(), number.to_string())
        }
        Json::String(text) => Value::Text(text),
        Json::Array(items) => {
            Value::List(items.into_iter().map(|item| node(item, range)).collect())
        }
        Json::Object(entries) => {
            let entries = entries.into_iter().map(|(key, value)| Entry {
                key,
                key_range: range.clone(),
                node: node(value, range),
            });
            Value::Table(Table {
                entries: entries.collect(),
                contradictions: Vec::new(),
                range: range.clone(),
            })
        }
    };
    Node { value, range: range.clone() }
}
