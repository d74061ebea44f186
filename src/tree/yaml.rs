//! Parses YAML to a tree.
//!
//! Limits stop anchor bombs and deep nesting; `no`, `on` and `017` stay strings.

use std::collections::{HashMap, hash_map};
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::{Contradiction, Entry, Node, Table, TreeError, Value};

/// Parses YAML; `offset` is the start of `text` in its file.
pub(crate) fn parse(text: &str, offset: usize) -> Result<Table, TreeError> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Table { range: offset..offset + text.len(), ..Table::default() });
    }
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        // `entries` distinguishes a repetition from a contradiction.
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        budget: serde_saphyr::budget! { max_depth: 32, max_nodes: 20_000 },
    };
    let whole: Spanned<Raw> = serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| yaml_error(&error, text, offset))?;
    let range = span(&whole, text);
    match whole.value {
        Raw::Table(entries) => convert_table(entries, range, text, offset),
        Raw::Null => Ok(Table::default()),
        _ => Err(TreeError {
            message: "the front matter is not a list of keys and values".to_owned(),
            range: range.start + offset..range.end + offset,
        }),
    }
}

fn yaml_error(error: &serde_saphyr::Error, text: &str, offset: usize) -> TreeError {
    let location = error.location();
    let start = location
        .as_ref()
        .and_then(|location| location.span().byte_offset())
        .and_then(|at| usize::try_from(at).ok())
        .or_else(|| location.map(|at| line_start(text, at.line(), at.column())))
        .unwrap_or(0)
        .min(text.len());
    let message = error.without_snippet().to_string();
    let message = message.lines().next().unwrap_or_default();
    let message = message.rsplit_once(" at line ").map_or(message, |(words, _)| words);
    TreeError { message: message.to_owned(), range: start + offset..start + offset + 1 }
}

fn line_start(text: &str, line: u64, column: u64) -> usize {
    let line = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    before + usize::try_from(column).unwrap_or(1).saturating_sub(1)
}

fn span(spanned: &Spanned<Raw>, text: &str) -> Range<usize> {
    let span = spanned.referenced.span();
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
    let start = number(span.byte_offset()).unwrap_or(0).min(text.len());
    let end = start + number(span.byte_len()).unwrap_or(0);
    start..end.min(text.len())
}

fn convert_table(
    raw: Vec<(Spanned<Raw>, Spanned<Raw>)>,
    range: Range<usize>,
    text: &str,
    offset: usize,
) -> Result<Table, TreeError> {
    let mut entries: Vec<Entry> = Vec::with_capacity(raw.len());
    let mut contradictions = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (key, value) in raw {
        let key = convert(key, text, offset)?;
        let node = convert(value, text, offset)?;
        let name = key.text().unwrap_or_default().to_owned();
        match places.entry(name.clone()) {
            // Other generators allow repeated lines; only different values are ambiguous.
            hash_map::Entry::Occupied(place) => {
                let entry = &mut entries[*place.get()];
                if !entry.node.says(&node) {
                    contradictions.push(Contradiction { key: name, key_range: key.range });
                    entry.node = node;
                }
            }
            hash_map::Entry::Vacant(place) => {
                place.insert(entries.len());
                entries.push(Entry { key: name, key_range: key.range, node });
            }
        }
    }
    Ok(Table { entries, contradictions, range: range.start + offset..range.end + offset })
}

fn convert(spanned: Spanned<Raw>, text: &str, offset: usize) -> Result<Node, TreeError> {
    let range = span(&spanned, text);
    let written = text.get(range.clone()).unwrap_or_default().trim();
    let value = match spanned.value {
        Raw::Null => Value::Null,
        Raw::Bool(value) => Value::Bool(value),
        Raw::Number(number) if written.is_empty() => Value::Number(number, number.to_string()),
        Raw::Number(number) => Value::Number(number, written.to_owned()),
        Raw::Text(value) => Value::Text(value),
        Raw::List(list) => {
            let items = list.into_iter().map(|item| convert(item, text, offset));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        Raw::Table(entries) => {
            let table = convert_table(entries, range.clone(), text, offset)?;
            if let Some(Contradiction { key, key_range }) = table.contradictions.first() {
                let message = format!("“{key}” stands here a second time, with another value");
                return Err(TreeError { message, range: key_range.clone() });
            }
            Value::Table(table)
        }
    };
    Ok(Node { value, range: range.start + offset..range.end + offset })
}

/// The value for serde; places are added around it.
enum Raw {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Table(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

#[allow(clippy::cast_precision_loss, reason = "the text as written is kept beside the number")]
impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = access.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Table(entries))
    }
}
