//! Sets one key of a file's front matter, in TOML or YAML, at its place in bytes.
//!
//! Takes the text of a file; returns the same text with another value, and every byte outside of the
//! lines of that key as it was. The result is read again: the key has its value, and all others
//! theirs. What can't be changed so is refused, with the reason.

mod literal;
mod splice;
#[cfg(test)]
mod tests;
mod toml;
mod yaml;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::content::front_matter::{self, Fence, keys};
use crate::tree::{self, Entry, Node, Table, Value};

use literal::is_same;
use splice::end_of_lines;

/// Why a value can't be changed at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EditRefusal {
    /// The front matter can't be read.
    #[error("the front matter of this file can't be read")]
    Unreadable,
    /// The value is shared by an anchor, or has a tag.
    #[error("this value is shared with another place of the file (YAML's & and *)")]
    Shared,
    /// A comment stands inside of the value.
    #[error("comments stand inside of this value, and would be lost")]
    Commented,
    /// The value has a form that can only be changed in the file.
    #[error("this value is written in a form that can be changed in the file only")]
    Form,
    /// The result would not say what was asked for, or change something else.
    #[error("this change can't be made without touching other parts of the file")]
    Unsure,
}

/// The value of a key, where and as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// The key as written: perhaps that of another generator.
    pub(crate) name: String,
    /// Null where the key is missing.
    pub(crate) value: Json,
}

/// Reads a key of a file; `ours` is a key of Dateline, which may be written otherwise.
pub(crate) fn written(text: &str, foreign: &BTreeMap<String, String>, ours: &str) -> Written {
    let missing = || Written { name: ours.to_owned(), value: Json::Null };
    let Some((fence, source)) = front_matter_of(text) else { return missing() };
    let Ok(table) = front_matter::parse(fence, source, 0) else { return missing() };
    let Some(place) = place(&table, foreign, ours) else { return missing() };
    let entry = place.entry();
    Written { name: entry.key.clone(), value: texts(&entry.node) }
}

/// A value whose numbers and dates are texts, as people type them.
fn texts(node: &Node) -> Json {
    match &node.value {
        Value::Number(_, text) => text.as_str().into(),
        Value::List(items) => items.iter().map(texts).collect(),
        Value::Table(table) => {
            let entries = table.entries.iter();
            Json::Object(entries.map(|entry| (entry.key.clone(), texts(&entry.node))).collect())
        }
        _ => node.to_json(),
    }
}

fn front_matter_of(text: &str) -> Option<(Fence, &str)> {
    let (fence, inner) = front_matter::layout(text).ok()?.front_matter?;
    Some((fence, &text[inner]))
}

/// The place of a written key.
struct Place<'a> {
    /// The table that counts as front matter, and its key; `None` for the top.
    holder: Option<&'a str>,
    table: &'a Table,
    at: usize,
}

impl<'a> Place<'a> {
    fn entry(&self) -> &'a Entry {
        &self.table.entries[self.at]
    }
}

/// Tables whose keys count as keys of the front matter.
const LIFTED: [&str; 2] = ["taxonomies", "params"];

fn place<'a>(
    table: &'a Table,
    foreign: &BTreeMap<String, String>,
    ours: &str,
) -> Option<Place<'a>> {
    let names: Vec<&str> = keys::names_of(ours, foreign).collect();
    let within = |holder, table: &'a Table| {
        // Our own name comes last, and goes before the others.
        let found = names
            .iter()
            .rev()
            .find_map(|name| table.entries.iter().position(|entry| entry.key.as_str() == *name));
        found.map(|at| Place { holder, table, at })
    };
    within(None, table).or_else(|| {
        LIFTED.into_iter().find_map(|holder| {
            let entry = table.entries.iter().find(|entry| entry.key == holder)?;
            let Value::Table(inner) = &entry.node.value else { return None };
            within(Some(holder), inner)
        })
    })
}

/// Sets a key; null removes it.
pub(crate) fn set(
    text: &str,
    foreign: &BTreeMap<String, String>,
    ours: &str,
    value: &Json,
) -> Result<String, EditRefusal> {
    let layout = front_matter::layout(text).map_err(|_| EditRefusal::Unreadable)?;
    let Some((fence, inner)) = layout.front_matter else {
        if value.is_null() {
            return Ok(text.to_owned());
        }
        let end = end_of_lines(text);
        let (above, body) = text.split_at(layout.body_start);
        let line = format!("{ours} = {}", literal::in_toml(value, ours, None));
        return Ok(format!("{above}+++{end}{line}{end}+++{end}{body}"));
    };
    let source = &text[inner.clone()];
    let table = front_matter::parse(fence, source, 0).map_err(|_| EditRefusal::Unreadable)?;
    if !table.contradictions.is_empty() {
        return Err(EditRefusal::Unsure);
    }
    let place = place(&table, foreign, ours);
    if place.as_ref().map_or(value.is_null(), |place| is_same(&place.entry().node, value)) {
        return Ok(text.to_owned());
    }
    let end = end_of_lines(text);
    let edits = match (fence, &place) {
        (Fence::Toml, Some(place)) => {
            toml::Editing { source, end }.replaced(place.table, place.at, value)?
        }
        (Fence::Toml, None) => toml::Editing { source, end }.added(&table, ours, value),
        (Fence::Yaml, Some(place)) => {
            yaml::Editing { source, end }.replaced(place.table, place.at, value)?
        }
        (Fence::Yaml, None) => yaml::Editing { source, end }.added(&table, ours, value)?,
        (Fence::Json | Fence::Lines, _) => return Err(EditRefusal::Form),
    };
    let changed = splice::applied(source, edits).ok_or(EditRefusal::Unsure)?;
    let asked = Asked { fence, place: place.as_ref(), ours, value };
    let after = format!("{}{changed}{}", &text[..inner.start], &text[inner.end..]);
    let same_body = front_matter::layout(&after).is_ok_and(|new| {
        after[new.body_start..] == text[layout.body_start..]
            && new
                .front_matter
                .is_some_and(|(new, range)| new == fence && range.len() == changed.len())
    });
    // A key that stands there under two names would show the other value.
    let is_read = front_matter::parse(fence, &changed, 0).is_ok_and(|new| {
        self::place(&new, foreign, ours)
            .map_or(value.is_null(), |place| is_same(&place.entry().node, value))
    });
    if same_body && is_read && asked.is_done(&table, &changed) {
        Ok(after)
    } else {
        Err(EditRefusal::Unsure)
    }
}

/// A change, for comparing it with its result.
struct Asked<'a> {
    fence: Fence,
    place: Option<&'a Place<'a>>,
    ours: &'a str,
    value: &'a Json,
}

impl Asked<'_> {
    fn is_done(&self, before: &Table, changed: &str) -> bool {
        let Ok(after) = front_matter::parse(self.fence, changed, 0) else { return false };
        let (holder, name) = match self.place {
            Some(place) => (place.holder, place.entry().key.as_str()),
            None => (None, self.ours),
        };
        let Some(holder) = holder else { return self.differ_only_in(name, before, &after) };
        let inner = |table: &Table| {
            table.entries.iter().find(|entry| entry.key == holder).and_then(|entry| {
                match &entry.node.value {
                    Value::Table(inner) => Some(inner.clone()),
                    _ => None,
                }
            })
        };
        let others = |table: &Table| others(table, holder);
        let (Some(old), new) = (inner(before), inner(&after)) else { return false };
        // The last key of a table may take the table with it.
        let new = new.unwrap_or_default();
        others(before) == others(&after) && self.differ_only_in(name, &old, &new)
    }

    fn differ_only_in(&self, name: &str, before: &Table, after: &Table) -> bool {
        let found = after.entries.iter().find(|entry| entry.key == name);
        let is_set = found.map_or(self.value.is_null(), |entry| is_same(&entry.node, self.value));
        is_set && after.contradictions.is_empty() && others(before, name) == others(after, name)
    }
}

/// What all other keys say.
fn others(table: &Table, name: &str) -> serde_json::Map<String, Json> {
    let others = table.entries.iter().filter(|entry| entry.key != name);
    others.map(|entry| (entry.key.clone(), exact(&entry.node))).collect()
}

/// A value with its kinds: a number that became a text is another value.
fn exact(node: &Node) -> Json {
    match &node.value {
        tree::Value::Date(text) => serde_json::json!({ "date": text }),
        tree::Value::Number(_, text) => serde_json::json!({ "number": text }),
        tree::Value::List(items) => items.iter().map(exact).collect(),
        tree::Value::Table(table) => Json::Object(
            table.entries.iter().map(|entry| (entry.key.clone(), exact(&entry.node))).collect(),
        ),
        _ => node.to_json(),
    }
}
