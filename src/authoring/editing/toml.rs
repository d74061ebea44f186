//! Values of TOML, at their places.

use serde_json::Value as Json;

use crate::base::front_matter_keys::KNOWN_KEYS;
use crate::tree::{Entry, Node, Table, Value};

use super::EditRefusal;
use super::literal::{in_toml, is_same, toml_key};
use super::splice::{Splice, end_at, line_end, line_start, text_end};

/// A front matter, and the line ends of new lines.
pub(super) struct Editing<'a> {
    pub(super) source: &'a str,
    pub(super) end: &'a str,
}

/// The place of a key in the manual's order; unknown ones come last.
pub(super) fn rank(key: &str) -> usize {
    KNOWN_KEYS.iter().position(|known| *known == key).unwrap_or(KNOWN_KEYS.len())
}

impl Editing<'_> {
    /// Adds a key at the top, behind those that come before it in the manual.
    pub(super) fn added(&self, table: &Table, key: &str, value: &Json) -> Vec<Splice> {
        let line = format!("{} = {}", toml_key(key), in_toml(value, key, None));
        let before = table.entries.iter().filter(|entry| self.is_line(entry));
        let before = before.filter(|entry| rank(&entry.key) <= rank(key));
        let before = before.max_by_key(|entry| (rank(&entry.key), entry.key_range.start));
        let Some(before) = before else {
            return vec![Splice::insert(0, format!("{line}{}", self.end))];
        };
        let last = before.node.range.end;
        let end = end_at(self.source, last, self.end);
        vec![Splice::insert(line_end(self.source, last), format!("{line}{end}"))]
    }

    /// Changes or removes a key.
    pub(super) fn replaced(
        &self,
        table: &Table,
        at: usize,
        value: &Json,
    ) -> Result<Vec<Splice>, EditRefusal> {
        let entry = &table.entries[at];
        if !self.is_line(entry) {
            return Err(EditRefusal::Form);
        }
        if value.is_null() {
            return self.removed(entry);
        }
        if let (Value::List(items), Json::Array(values)) = (&entry.node.value, value) {
            return self.list(&entry.key, &entry.node, items, values);
        }
        if self.has_comment(&entry.node) {
            return Err(EditRefusal::Commented);
        }
        let written = &self.source[entry.node.range.clone()];
        Ok(vec![Splice::new(entry.node.range.clone(), in_toml(value, &entry.key, Some(written)))])
    }

    /// Whether the entry is `key = value` on lines of its own.
    fn is_line(&self, entry: &Entry) -> bool {
        let start = line_start(self.source, entry.key_range.start);
        let between = self.source.get(entry.key_range.end..entry.node.range.start);
        self.source[start..entry.key_range.start].trim().is_empty()
            && between.is_some_and(|between| between.trim() == "=")
    }

    /// Removes the lines of a key; a comment behind it stays.
    fn removed(&self, entry: &Entry) -> Result<Vec<Splice>, EditRefusal> {
        if self.has_comment(&entry.node) {
            return Err(EditRefusal::Commented);
        }
        let start = line_start(self.source, entry.key_range.start);
        let last = entry.node.range.end;
        let behind = &self.source[last..text_end(self.source, last)];
        let end = if behind.trim().is_empty() {
            line_end(self.source, last)
        } else {
            last + behind.len() - behind.trim_start().len()
        };
        Ok(vec![Splice::new(start..end, "")])
    }

    /// Whether a comment stands inside of a list or a table.
    fn has_comment(&self, node: &Node) -> bool {
        let inner: Vec<&Node> = match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Table(table) => table.entries.iter().map(|entry| &entry.node).collect(),
            _ => return false,
        };
        let mut at = node.range.start;
        for item in &inner {
            let gap = self.source.get(at..item.range.start);
            if gap.is_none_or(|gap| gap.contains('#')) || self.has_comment(item) {
                return true;
            }
            at = item.range.end;
        }
        self.source.get(at..node.range.end).is_none_or(|gap| gap.contains('#'))
    }

    fn list(
        &self,
        key: &str,
        node: &Node,
        items: &[Node],
        values: &[Json],
    ) -> Result<Vec<Splice>, EditRefusal> {
        let literal = |value: &Json| in_toml(value, key, None);
        let is_kept = |at: usize| values.get(at).is_some_and(|value| is_same(&items[at], value));
        let first = (0..items.len()).take_while(|at| is_kept(*at)).count();
        if first == items.len()
            && let Some(last) = items.last()
            && self.source[node.range.clone()].contains('\n')
        {
            return self.appended(last, &values[first..].iter().map(literal).collect::<Vec<_>>());
        }
        if items.len() == values.len() {
            let changed = items.iter().zip(values).filter(|(item, value)| !is_same(item, value));
            if changed.clone().any(|(item, _)| self.has_comment(item)) {
                return Err(EditRefusal::Commented);
            }
            return Ok(changed
                .map(|(item, value)| {
                    let written = &self.source[item.range.clone()];
                    Splice::new(item.range.clone(), in_toml(value, key, Some(written)))
                })
                .collect());
        }
        if self.has_comment(node) {
            return Err(EditRefusal::Commented);
        }
        let written = |value: &Json| {
            let same = items.iter().find(|item| is_same(item, value));
            same.map_or_else(|| literal(value), |item| self.source[item.range.clone()].to_owned())
        };
        let new: Vec<String> = values.iter().map(written).collect();
        let (Some(first), Some(last), false) = (items.first(), items.last(), new.is_empty()) else {
            return Ok(vec![Splice::new(node.range.clone(), format!("[{}]", new.join(", ")))]);
        };
        let glue = match self.indent(first) {
            Some(indent) => format!(",{}{indent}", end_at(self.source, first.range.end, self.end)),
            None => ", ".to_owned(),
        };
        Ok(vec![Splice::new(first.range.start..last.range.end, new.join(&glue))])
    }

    /// The space before an item that begins its line.
    fn indent(&self, item: &Node) -> Option<&str> {
        let start = line_start(self.source, item.range.start);
        let indent = &self.source[start..item.range.start];
        indent.trim().is_empty().then_some(indent)
    }

    /// Adds items behind the last one of a list over several lines.
    fn appended(&self, last: &Node, new: &[String]) -> Result<Vec<Splice>, EditRefusal> {
        let at = last.range.end;
        let Some(indent) = self.indent(last) else {
            return Ok(vec![Splice::insert(at, format!(", {}", new.join(", ")))]);
        };
        let end = end_at(self.source, at, self.end);
        let line = text_end(self.source, at);
        let behind = self.source[at..line].trim();
        if behind.starts_with(',') {
            let lines = new.iter().map(|item| format!("{end}{indent}{item},"));
            return Ok(vec![Splice::insert(line, lines.collect::<String>())]);
        }
        if behind.contains('#') {
            return Err(EditRefusal::Commented);
        }
        let lines = new.iter().map(|item| format!(",{end}{indent}{item}"));
        Ok(vec![Splice::insert(at, lines.collect::<String>())])
    }
}
