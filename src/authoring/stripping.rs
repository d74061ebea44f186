//! Front matter without some of its keys and with others, TOML or YAML. All else of the text stays as it is;
//! the commands read the result again before it is written.

use std::ops::Range;

use toml_edit::{DocumentMut, Item, TableLike};

use crate::content::front_matter::keys;
use crate::tree::{self, Table};

/// A key to be written, with its value in both formats.
pub(super) struct Line {
    pub(super) key: &'static str,
    pub(super) toml: Item,
    pub(super) yaml: String,
}

impl Line {
    pub(super) fn in_yaml(&self) -> String {
        format!("{}:{}\n", self.key, self.yaml)
    }
}

/// TOML without some keys, and with new ones behind what stays.
pub(super) fn edited_toml(old: &str, stripped: &[&str], lines: &[Line]) -> Option<String> {
    let mut document: DocumentMut = old.parse().ok()?;
    strip(document.as_table_mut(), stripped);
    for name in keys::LIFTED {
        if let Some(table) = document.get_mut(name).and_then(Item::as_table_like_mut) {
            strip(table, stripped);
        }
    }
    for line in lines {
        if document.contains_key(line.key) {
            return None;
        }
        document.insert(line.key, line.toml.clone());
    }
    Some(document.to_string())
}

fn strip(table: &mut dyn TableLike, stripped: &[&str]) {
    for name in stripped {
        table.remove(name);
    }
}

/// YAML has no editor that keeps comments: lines are cut out and put in, and the result is read again
/// to see that nothing else has changed.
pub(super) fn edited_yaml(old: &str, stripped: &[&str], lines: &[Line]) -> Option<String> {
    let before = tree::parse_yaml(old, 0).ok()?;
    let mut cuts = Vec::new();
    find_cuts(old, &before, 0..old.len(), stripped, &mut cuts);
    let mut text = String::with_capacity(old.len());
    let mut at = 0;
    for cut in cuts {
        text.push_str(old.get(at..cut.start)?);
        at = cut.end;
    }
    text.push_str(old.get(at..)?);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let ending = if old.contains("\r\n") { "\r\n" } else { "\n" };
    for line in lines {
        text.push_str(&line.in_yaml().replace('\n', ending));
    }
    let after = tree::parse_yaml(&text, 0).ok()?;
    let added: Vec<&str> = lines.iter().map(|line| line.key).collect();
    let kept = |table: &Table| flat(table, stripped, &added);
    let was_there = before.entries.iter().any(|entry| added.contains(&entry.key.as_str()));
    (!was_there && kept(&before) == kept(&after) && !holds(&after, stripped)).then_some(text)
}

/// The lines of each unwanted key, up to the next key or the comment above it.
fn find_cuts(
    text: &str,
    table: &Table,
    within: Range<usize>,
    stripped: &[&str],
    cuts: &mut Vec<Range<usize>>,
) {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |found| found + 1);
    for (place, entry) in table.entries.iter().enumerate() {
        let start = line_start(entry.key_range.start);
        let next = table.entries.get(place + 1);
        let end = next.map_or(within.end, |next| line_start(next.key_range.start));
        if stripped.contains(&entry.key.as_str()) {
            cuts.push(start..end - trailing_comments(&text[start..end]));
        } else if keys::LIFTED.contains(&entry.key.as_str())
            && let tree::Value::Table(inner) = &entry.node.value
        {
            find_cuts(text, inner, start..end, stripped, cuts);
        }
    }
}

/// Bytes of the comments at the end that stand at the margin: they belong to what follows.
fn trailing_comments(text: &str) -> usize {
    let lines: Vec<&str> = text.split_inclusive('\n').skip(1).collect();
    lines.iter().rev().take_while(|line| line.starts_with('#')).map(|line| line.len()).sum()
}

/// What a table says apart from some keys, those of lifted tables among them.
fn flat(table: &Table, stripped: &[&str], added: &[&str]) -> Vec<(String, serde_json::Value)> {
    let mut said = Vec::new();
    for entry in &table.entries {
        let key = entry.key.as_str();
        match &entry.node.value {
            _ if stripped.contains(&key) || added.contains(&key) => {}
            tree::Value::Table(inner) if keys::LIFTED.contains(&key) => {
                said.extend(flat(inner, stripped, &[]));
            }
            tree::Value::Null if keys::LIFTED.contains(&key) => {}
            _ => said.push((entry.key.clone(), entry.node.to_json())),
        }
    }
    said
}

fn holds(table: &Table, stripped: &[&str]) -> bool {
    table.entries.iter().any(|entry| {
        let key = entry.key.as_str();
        let inner = match &entry.node.value {
            tree::Value::Table(inner) if keys::LIFTED.contains(&key) => holds(inner, stripped),
            _ => false,
        };
        inner || stripped.contains(&key)
    })
}
