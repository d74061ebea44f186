//! Parses TOML to a tree.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Table, TreeError, Value};

/// Parses TOML; `offset` is the start of `text` in its file.
pub(crate) fn parse(text: &str, offset: usize) -> Result<Table, TreeError> {
    match DeTable::parse(text) {
        Ok(table) => {
            let range = table.span();
            Ok(convert_table(table.get_ref(), range, text, offset))
        }
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            Err(TreeError { message: error.message().to_owned(), range: moved(range, offset) })
        }
    }
}

fn moved(range: Range<usize>, offset: usize) -> Range<usize> {
    range.start + offset..range.end + offset
}

fn convert_table(table: &DeTable<'_>, range: Range<usize>, text: &str, offset: usize) -> Table {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_range: moved(key.span(), offset),
            node: convert(value.get_ref(), value.span(), text, offset),
        })
        .collect();
    // The parser sorts by key; restore file order.
    entries.sort_by_key(|entry| entry.key_range.start);
    Table { entries, contradictions: Vec::new(), range: moved(range, offset) }
}

fn convert(value: &DeValue<'_>, range: Range<usize>, text: &str, offset: usize) -> Node {
    let written = || text.get(range.clone()).unwrap_or_default().to_owned();
    let value = match value {
        DeValue::String(value) => Value::Text(value.to_string()),
        DeValue::Integer(value) => {
            let number = i64::from_str_radix(value.as_str(), value.radix()).unwrap_or_default();
            #[allow(clippy::cast_precision_loss, reason = "an approximation is all a float is")]
            Value::Number(number as f64, written())
        }
        DeValue::Float(value) => {
            Value::Number(value.as_str().parse().unwrap_or(f64::NAN), written())
        }
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(_) => Value::Date(written()),
        DeValue::Array(list) => Value::List(
            list.iter().map(|item| convert(item.get_ref(), item.span(), text, offset)).collect(),
        ),
        DeValue::Table(table) => Value::Table(convert_table(table, range.clone(), text, offset)),
    };
    Node { value, range: moved(range, offset) }
}
