//! Repairs YAML at the places of values; the rest of the text is unchanged.

use std::ops::Range;

use crate::tree::{self, Entry, Node, Value};

use super::{DATES, Fixer, TABLES_OF_TERMS, better_date, doubled, redated, respelled};

/// A range of the text, its replacement, and a description.
struct Edit {
    range: Range<usize>,
    new: String,
    change: String,
}

/// The repaired text and the changes.
pub(super) fn mended(old: &str, fixer: &Fixer<'_>) -> Option<(String, Vec<String>)> {
    let table = tree::parse_yaml(old, 0).ok()?;
    let mut edits = Vec::new();
    for entry in table.entries.iter().filter(|entry| !is_shared(old, entry)) {
        match &entry.node.value {
            Value::Table(inner) if TABLES_OF_TERMS.contains(&entry.key.as_str()) => {
                inner.entries.iter().for_each(|entry| respell(old, entry, fixer, &mut edits));
            }
            _ => respell(old, entry, fixer, &mut edits),
        }
        if DATES.contains(&entry.key.as_str()) {
            edits.extend(redate(old, entry));
        }
    }
    edits.sort_by_key(|edit| edit.range.start);
    let mut text = String::with_capacity(old.len());
    let mut at = 0;
    for edit in &edits {
        text.push_str(old.get(at..edit.range.start)?);
        text.push_str(&edit.new);
        at = edit.range.end;
    }
    text.push_str(old.get(at..)?);
    let changes: Vec<String> = edits.into_iter().map(|edit| edit.change).collect();
    (!changes.is_empty()).then_some((text, changes))
}

/// Whether a value has an anchor (YAML 1.2 §3.2.2.2): editing it would change its aliases, too.
fn is_shared(text: &str, entry: &Entry) -> bool {
    let between = text.get(entry.key_range.end..entry.node.range.start);
    let items = match &entry.node.value {
        Value::List(list) => list.as_slice(),
        _ => &[],
    };
    let is_named = |node: &Node| {
        let before = text.get(..node.range.start).unwrap_or_default();
        let start = before.rfind(['\n', ',', '[', '{']).map_or(0, |at| at + 1);
        before[start..].trim_start_matches([' ', '-']).starts_with('&')
    };
    between.is_some_and(|between| between.contains('&')) || items.iter().any(is_named)
}

fn respell(text: &str, entry: &Entry, fixer: &Fixer<'_>, edits: &mut Vec<Edit>) {
    let nodes = match &entry.node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    };
    let mut seen: Vec<&str> = Vec::new();
    for node in nodes {
        let Some(old) = node.text() else { continue };
        let better = fixer.better(&entry.key, old);
        let name = better.unwrap_or(old);
        let is_doubled = seen.contains(&name) && fixer.holds_terms(&entry.key);
        let removal = if is_doubled { removal(text, node) } else { None };
        seen.push(name);
        edits.extend(match (removal, better) {
            (Some(range), _) => {
                let change = doubled(&entry.key, name);
                Some(Edit { range, new: String::new(), change })
            }
            (None, Some(new)) => edit(text, node, new, respelled(&entry.key, old, new)),
            (None, None) => None,
        });
    }
}

/// The range to delete with a list item: its line, or the comma before it. `None` if a comment
/// would be deleted, too.
fn removal(text: &str, node: &Node) -> Option<Range<usize>> {
    let Range { start, end } = node.range.clone();
    let before = text.get(..start)?;
    if let Some(comma) = before.trim_end().strip_suffix(',') {
        return Some(comma.len()..end);
    }
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let next = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at + 1);
    let is_alone = text[line..start].trim() == "-" && text[end..next].trim().is_empty();
    is_alone.then_some(line..next)
}

fn redate(text: &str, entry: &Entry) -> Option<Edit> {
    let date = better_date(entry.node.text()?)?;
    edit(text, &entry.node, &date.to_string(), redated(&entry.key, date))
}

/// Replaces a text and keeps its style of quoting; `None` if the style is not supported.
fn edit(text: &str, node: &Node, new: &str, change: String) -> Option<Edit> {
    let old = node.text()?;
    let written = text.get(node.range.clone())?;
    let quoted = serde_json::Value::from(new).to_string();
    let new = if written == old && is_plain(new) {
        new.to_owned()
    } else if written == old || written == format!("\"{old}\"") {
        quoted
    } else if written == format!("'{old}'") && !new.contains('\'') {
        format!("'{new}'")
    } else {
        return None;
    };
    Some(Edit { range: node.range.clone(), new, change })
}

/// Whether a text needs no quotes in YAML, in lists and elsewhere.
fn is_plain(text: &str) -> bool {
    let is_date = text.parse::<crate::base::date::Date>().is_ok();
    let starts_well = text.chars().next().is_some_and(char::is_alphabetic);
    let lower = text.to_lowercase();
    let is_meaning =
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&lower.as_str());
    let is_tame = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_');
    is_date || (starts_well && !is_meaning && text.chars().all(is_tame))
}
