//! Adds an entry to `corrections`, `redactions` or another list in a file's front matter, TOML or YAML. The rest
//! of the text stays as it is. The caller parses the result again before writing it.

use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, Value};

use crate::base::date::Date;
use crate::content::front_matter::{self, Fence, keys};
use crate::settings::Config;
use crate::tree::{self, Entry, Table};

/// An entry to be added.
#[derive(Clone, Debug)]
pub(crate) struct NewRecord {
    /// The key of the list.
    pub(crate) list: &'static str,
    pub(crate) fields: Vec<(&'static str, Field)>,
}

/// A value of an entry.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    Date(Date),
    Text(String),
    Texts(Vec<String>),
}

impl Field {
    fn in_toml(&self) -> Value {
        match self {
            Field::Date(date) => toml_date(*date),
            Field::Text(text) => text.as_str().into(),
            Field::Texts(texts) => texts.iter().collect::<Array>().into(),
        }
    }

    fn in_yaml(&self) -> String {
        match self {
            Field::Date(date) => quoted(&date.to_string()),
            Field::Text(text) => quoted(text),
            Field::Texts(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                format!("[{}]", texts.join(", "))
            }
        }
    }
}

/// The text with one more entry; `None` if the list's syntax can't be edited safely.
pub(crate) fn add(original: &str, config: &Config, record: &NewRecord) -> Option<String> {
    let original = &*front_matter::as_yaml(original);
    let layout = front_matter::layout(original).ok()?;
    let names: Vec<&str> = keys::names_of(record.list, &config.keys).collect();
    let end = if has_windows_ends(original) { "\r\n" } else { "\n" };
    let Some((fence, inner)) = layout.front_matter else {
        let (above, body) = original.split_at(layout.body_start);
        let front_matter = format!("+++\n{}+++\n", added_to_toml("", &names, record)?);
        return Some(format!("{above}{}{body}", front_matter.replace('\n', end)));
    };
    let old = &original[inner.clone()];
    let new = match fence {
        Fence::Toml => added_to_toml(old, &names, record)?,
        Fence::Yaml | Fence::Json | Fence::Lines => added_to_yaml(old, &names, record, end)?,
    };
    let new =
        if has_windows_ends(old) { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new };
    Some(format!("{}{new}{}", &original[..inner.start], &original[inner.end..]))
}

fn has_windows_ends(text: &str) -> bool {
    text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count()
}

fn added_to_toml(old: &str, names: &[&str], record: &NewRecord) -> Option<String> {
    let mut document: DocumentMut = old.parse().ok()?;
    let mut entry = InlineTable::new();
    for (key, field) in &record.fields {
        entry.insert(*key, field.in_toml());
    }
    let place = toml_list(document.as_table(), names);
    match place {
        None => {
            let list: Array = [entry].into_iter().collect();
            document.insert(record.list, toml_edit::value(list));
        }
        Some((holder, name)) => {
            let table: &mut dyn TableLike = match holder {
                None => document.as_table_mut(),
                Some(holder) => document.get_mut(holder)?.as_table_like_mut()?,
            };
            match table.get_mut(name)? {
                Item::ArrayOfTables(list) => list.push(entry.into_table()),
                Item::Value(Value::Array(list)) => list.push(entry),
                _ => return None,
            }
        }
    }
    Some(document.to_string())
}

/// Finds the list: in a table whose keys count as the front matter's own, or at the top level.
fn toml_list<'a>(
    document: &toml_edit::Table,
    names: &[&'a str],
) -> Option<(Option<&'static str>, &'a str)> {
    let in_table =
        |table: &dyn TableLike| names.iter().find(|name| table.contains_key(name)).copied();
    let lifted = keys::LIFTED.into_iter().filter_map(|holder| {
        let table = document.get(holder)?.as_table_like()?;
        Some((Some(holder), in_table(table)?))
    });
    in_table(document).map(|name| (None, name)).or_else(|| lifted.into_iter().next())
}

fn added_to_yaml(old: &str, names: &[&str], record: &NewRecord, end: &str) -> Option<String> {
    let table = tree::parse_yaml(old, 0).ok()?;
    let Some((entry, region_end)) = yaml_list(old, &table, old.len(), names) else {
        let mut text = old.to_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(end);
        }
        let lines = block(record, "  ").replace('\n', end);
        return Some(format!("{text}{}:{end}{lines}", record.list));
    };
    let tree::Value::List(items) = &entry.node.value else { return None };
    let behind_key = old[entry.key_range.end..].trim_start_matches(['"', '\'', ' ', ':']);
    if behind_key.starts_with('[') {
        let last = items.last().map_or(entry.key_range.end, |item| item.range.end);
        let close = last + old[last..].find(']')?;
        let comma = if items.is_empty() { "" } else { ", " };
        let inside = old[..close].trim_end().len();
        return Some(format!("{}{comma}{}{}", &old[..inside], flow(record), &old[close..]));
    }
    let first = items.first()?;
    let line_start = old[..first.range.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &old[line_start..first.range.start];
    let indent = &indent[..indent.find('-')?];
    if !indent.trim().is_empty() {
        return None;
    }
    let region = &old[..region_end];
    let at = region.len() - trailing_blank_and_comments(region);
    let lines = block(record, indent).replace('\n', end);
    let gap = if old[..at].ends_with('\n') { "" } else { end };
    Some(format!("{}{gap}{lines}{}", &old[..at], &old[at..]))
}

/// The list's entry, and the end of its lines.
fn yaml_list<'a>(
    text: &str,
    table: &'a Table,
    end: usize,
    names: &[&str],
) -> Option<(&'a Entry, usize)> {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |found| found + 1);
    let mut nested = None;
    for (place, entry) in table.entries.iter().enumerate() {
        let next = table.entries.get(place + 1);
        let end = next.map_or(end, |next| line_start(next.key_range.start));
        if names.contains(&entry.key.as_str()) {
            return Some((entry, end));
        }
        if keys::LIFTED.contains(&entry.key.as_str())
            && let tree::Value::Table(inner) = &entry.node.value
        {
            nested = nested.or_else(|| yaml_list(text, inner, end, names));
        }
    }
    nested
}

/// Length of the blank lines and comments at the end; they belong to the next key.
fn trailing_blank_and_comments(text: &str) -> usize {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_loose = |line: &&&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    lines.iter().rev().take_while(is_loose).map(|line| line.len()).sum()
}

/// An entry as lines of YAML.
fn block(record: &NewRecord, indent: &str) -> String {
    let fields = record.fields.iter().enumerate();
    let lines = fields.map(|(at, (key, field))| {
        let lead = if at == 0 { "- " } else { "  " };
        format!("{indent}{lead}{key}: {}\n", field.in_yaml())
    });
    lines.collect::<Vec<_>>().concat()
}

/// An entry as a YAML flow mapping.
fn flow(record: &NewRecord) -> String {
    let fields = record.fields.iter();
    let fields: Vec<String> =
        fields.map(|(key, field)| format!("{key}: {}", field.in_yaml())).collect();
    format!("{{{}}}", fields.join(", "))
}

/// A JSON string is a YAML string too.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A date in TOML; a year or a month alone is a string, as TOML has no such type.
pub(super) fn toml_date(date: Date) -> Value {
    let text = date.to_string();
    text.parse::<toml_edit::Datetime>().map_or_else(|_| Value::from(text), Value::from)
}
