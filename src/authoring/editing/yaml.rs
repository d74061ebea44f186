//! Values of YAML, at their places.

use std::ops::Range;

use serde_json::Value as Json;

use crate::tree::{Entry, Node, Table, Value};

use super::EditRefusal;
use super::literal::{in_yaml, is_same};
use super::splice::{Splice, end_at, line_end, line_start, text_end};
use super::toml::rank;

/// A front matter, and the line ends of new lines.
pub(super) struct Editing<'a> {
    pub(super) source: &'a str,
    pub(super) end: &'a str,
}

/// Where an entry and its value are.
struct Spot {
    /// The start of the key's line.
    start: usize,
    /// Behind the colon.
    colon: usize,
    /// The value's first byte, on the key's line or below.
    value: usize,
    /// Behind the last line of the entry.
    end: usize,
    indent: usize,
}

impl Editing<'_> {
    /// Adds a key at the top, behind those that come before it in the manual.
    pub(super) fn added(
        &self,
        table: &Table,
        key: &str,
        value: &Json,
    ) -> Result<Vec<Splice>, EditRefusal> {
        let spots: Vec<(&str, Spot)> = (0..table.entries.len())
            .map(|at| Ok((table.entries[at].key.as_str(), self.spot(table, at)?)))
            .collect::<Result<_, EditRefusal>>()?;
        let indent = spots.first().map_or(0, |(_, spot)| spot.indent);
        let line = format!("{}{key}: {}", " ".repeat(indent), in_yaml(value, None));
        let before = spots.iter().filter(|(other, _)| rank(other) <= rank(key));
        let before = before.max_by_key(|(other, spot)| (rank(other), spot.start));
        let at = before.map_or(0, |(_, spot)| spot.end);
        let end = before.map_or(self.end, |(_, spot)| end_at(self.source, spot.start, self.end));
        let needs_break = at > 0 && !self.source[..at].ends_with('\n');
        let lead = if needs_break { end } else { "" };
        Ok(vec![Splice::insert(at, format!("{lead}{line}{end}"))])
    }

    /// Changes or removes a key.
    pub(super) fn replaced(
        &self,
        table: &Table,
        at: usize,
        value: &Json,
    ) -> Result<Vec<Splice>, EditRefusal> {
        let entry = &table.entries[at];
        let spot = self.spot(table, at)?;
        self.refuse_shared(&spot, &entry.node)?;
        if value.is_null() {
            return self.removed(&spot);
        }
        if let (Value::List(items), Json::Array(values)) = (&entry.node.value, value)
            && self.source[spot.value..].starts_with('-')
            && !items.is_empty()
        {
            return self.lines(&spot, items, values);
        }
        if self.has_comment(&spot) {
            return Err(EditRefusal::Commented);
        }
        let range = self.value_range(&spot);
        let written = &self.source[range.clone()];
        let is_inline = spot.value < text_end(self.source, spot.colon) && !written.contains('\n');
        if is_inline && !written.starts_with(['|', '>']) {
            return Ok(vec![Splice::new(range, in_yaml(value, Some(written)))]);
        }
        let end = text_end(self.source, last_byte(self.source, spot.end));
        Ok(vec![Splice::new(spot.colon..end, format!(" {}", in_yaml(value, None)))])
    }

    /// Where an entry is; keys between braces are not supported.
    fn spot(&self, table: &Table, at: usize) -> Result<Spot, EditRefusal> {
        let Entry { key_range, .. } = &table.entries[at];
        let start = line_start(self.source, key_range.start);
        let lead = &self.source[start..key_range.start];
        // Some parsers leave the quotes out of a key's range.
        let lead = lead.trim_end_matches(['"', '\'']);
        if !lead.trim_matches(' ').is_empty() {
            return Err(EditRefusal::Form);
        }
        let behind = &self.source[key_range.end..];
        let colon = behind.trim_start_matches(['"', '\'']).trim_start_matches(' ');
        if !colon.starts_with(':') {
            return Err(EditRefusal::Form);
        }
        let colon = self.source.len() - colon.len() + 1;
        let indent = lead.len();
        let end = self.end_of_entry(colon, indent);
        let next = table.entries.get(at + 1).map_or(self.source.len(), |next| next.key_range.start);
        if next < end {
            return Err(EditRefusal::Form);
        }
        let value = self.value_start(colon, end);
        Ok(Spot { start, colon, value, end, indent })
    }

    /// The end of an entry: lines that are indented more than its key, and items beside it.
    fn end_of_entry(&self, colon: usize, indent: usize) -> usize {
        let line = self.source[colon..text_end(self.source, colon)].trim_start();
        let is_block_text = line.starts_with(['|', '>']);
        let mut end = line_end(self.source, colon);
        let mut at = end;
        while at < self.source.len() {
            let next = line_end(self.source, at);
            let line = self.source[at..next].trim_end();
            let own = line.len() - line.trim_start_matches(' ').len();
            let bare = line.trim_start_matches(' ');
            let is_item = own == indent && (bare == "-" || bare.starts_with("- "));
            let is_comment = bare.starts_with('#') && !is_block_text;
            if bare.is_empty() || (is_comment && own > indent) {
                at = next;
                continue;
            }
            if (own <= indent && !is_item) || is_comment {
                break;
            }
            at = next;
            end = next;
        }
        end
    }

    /// The first byte of a value: behind the colon, or below blank lines and comments.
    fn value_start(&self, colon: usize, end: usize) -> usize {
        let mut at = colon;
        while at < end {
            let rest = &self.source[at..end];
            let space = rest.len() - rest.trim_start().len();
            if !rest[space..].starts_with('#') {
                return at + space;
            }
            at = line_end(self.source, at + space);
        }
        end
    }

    fn refuse_shared(&self, spot: &Spot, node: &Node) -> Result<(), EditRefusal> {
        let value = &self.source[spot.value..spot.end.max(spot.value)];
        let is_marked = |text: &str| text.starts_with(['&', '*', '!']);
        let is_container = matches!(node.value, Value::List(_) | Value::Table(_));
        let inside = || {
            value.match_indices(['&', '*', '!']).any(|(at, mark)| {
                let before = value[..at].chars().next_back();
                let after = value[at + mark.len()..].chars().next();
                before.is_none_or(|c| c.is_whitespace() || matches!(c, '[' | '{' | ','))
                    && after.is_some_and(|c| c.is_alphanumeric() || c == '!')
            })
        };
        if is_marked(value) || (is_container && inside()) {
            return Err(EditRefusal::Shared);
        }
        Ok(())
    }

    /// Whether a comment stands in the lines of a value that spans several.
    fn has_comment(&self, spot: &Spot) -> bool {
        let range = self.value_range(spot);
        let written = &self.source[range.clone()];
        if written.starts_with(['|', '>']) {
            let first = written.lines().next().unwrap_or_default();
            return first.contains('#');
        }
        let is_comment = |line: &str| line.trim_start().starts_with('#') || line.contains(" #");
        let above = &self.source[spot.colon..spot.value.max(spot.colon)];
        above.contains('#') || (written.contains('\n') && written.lines().any(is_comment))
    }

    /// The value's bytes: without the comment behind it.
    fn value_range(&self, spot: &Spot) -> Range<usize> {
        let region = &self.source[spot.value..spot.end.max(spot.value)];
        let len = match region.chars().next() {
            Some(quote @ ('"' | '\'')) => quoted_len(region, quote),
            Some('[' | '{') => flow_len(region),
            Some('|' | '>' | '-') | None => None,
            Some(_) => plain_len(region),
        };
        let len = len.unwrap_or_else(|| region.trim_end().len());
        spot.value..spot.value + len
    }

    fn removed(&self, spot: &Spot) -> Result<Vec<Splice>, EditRefusal> {
        if self.has_comment(spot) {
            return Err(EditRefusal::Commented);
        }
        let range = self.value_range(spot);
        let behind = &self.source[range.end..text_end(self.source, range.end)];
        let is_commented = behind.trim_start().starts_with('#');
        let end = if is_commented {
            range.end + behind.len() - behind.trim_start().len()
        } else {
            spot.end
        };
        Ok(vec![Splice::new(spot.start..end, "")])
    }

    /// Changes a list of items on lines of their own.
    fn lines(
        &self,
        spot: &Spot,
        items: &[Node],
        values: &[Json],
    ) -> Result<Vec<Splice>, EditRefusal> {
        let same_start = items.iter().zip(values).take_while(|(old, new)| is_same(old, new));
        let first = same_start.count();
        let rest = items.len().min(values.len()) - first;
        let same_end = items.iter().rev().zip(values.iter().rev()).take(rest);
        let last = same_end.take_while(|(old, new)| is_same(old, new)).count();
        let starts = self.item_starts(spot);
        if starts.len() != items.len() {
            return Err(EditRefusal::Form);
        }
        let from = starts.get(first).copied().unwrap_or(spot.end);
        let to = starts.get(items.len() - last).copied().unwrap_or(spot.end);
        let gone = &self.source[from..to];
        if gone.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #")) {
            return Err(EditRefusal::Commented);
        }
        let new = &values[first..values.len() - last];
        if values.is_empty() {
            let end = text_end(self.source, last_byte(self.source, spot.end));
            return Ok(vec![Splice::new(spot.colon..end, " []")]);
        }
        let line = starts.first().map_or(spot.start, |start| line_start(self.source, *start));
        let dash = self.source[line..].find('-').map_or(0, |at| at);
        let indent = " ".repeat(dash);
        let end = end_at(self.source, line, self.end);
        let needs_break = from > 0 && !self.source[..from].ends_with('\n');
        let lead = if needs_break && !new.is_empty() { end } else { "" };
        let lines = new.iter().map(|value| format!("{indent}- {}{end}", in_yaml(value, None)));
        let lines = lines.collect::<Vec<_>>().concat();
        Ok(vec![Splice::new(from..to, format!("{lead}{lines}"))])
    }

    /// The starts of the lines that begin items.
    fn item_starts(&self, spot: &Spot) -> Vec<usize> {
        let first = line_start(self.source, spot.value);
        let column = spot.value - first;
        let mut starts = Vec::new();
        let mut at = first;
        while at < spot.end {
            let next = line_end(self.source, at);
            let line = self.source[at..next].trim_end();
            let own = line.len() - line.trim_start_matches(' ').len();
            let bare = line.trim_start_matches(' ');
            if own == column && (bare == "-" || bare.starts_with("- ")) {
                starts.push(at);
            }
            at = next;
        }
        starts
    }
}

/// The last byte before an end that is not part of a line break.
fn last_byte(text: &str, end: usize) -> usize {
    text[..end].trim_end_matches(['\n', '\r']).len()
}

fn quoted_len(text: &str, quote: char) -> Option<usize> {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && quote == '"' {
            letters.next();
        } else if letter == quote {
            let is_doubled = quote == '\'' && letters.peek().is_some_and(|(_, next)| *next == '\'');
            if !is_doubled {
                return Some(at + 1);
            }
            letters.next();
        }
    }
    None
}

fn flow_len(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(letter) = text[at..].chars().next() {
        match letter {
            '"' | '\'' if text[..at].trim_end().ends_with(['[', '{', ',', ':']) => {
                at += quoted_len(&text[at..], letter)?;
                continue;
            }
            '[' | '{' => depth += 1,
            ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += letter.len_utf8();
    }
    None
}

/// A plain text on one line ends before a comment.
fn plain_len(text: &str) -> Option<usize> {
    let text = text.trim_end();
    if text.contains('\n') {
        return None;
    }
    Some(text.find(" #").map_or(text, |at| &text[..at]).trim_end().len())
}
