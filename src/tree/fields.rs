//! Takes known keys from a table, with type checks.

use std::ops::Range;

use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Effect, Place, Pointed, Rule, nearest};

use super::{Contradiction, Entry, Node, Table, Value};

/// A file being parsed, with the problems found.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    /// Path from the archive's root.
    pub file: &'a str,
    /// The whole file.
    pub text: &'a str,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
    pointed: Pointed<'a>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Reading<'a> {
        Reading { file, text, diagnostics: Vec::new(), pointed: Pointed::new(file, text) }
    }

    pub(crate) fn place(&self, range: Range<usize>) -> Place {
        self.pointed.place(range)
    }

    /// Adds a problem at a place in the file.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic, range: Range<usize>) {
        let place = self.place(range);
        self.diagnostics.push(diagnostic.at(place));
    }

    /// Reports a value of the wrong type, which then counts as missing.
    pub(crate) fn wrong(&mut self, key: &str, node: &Node, wanted: &str) {
        let message = format!("“{key}” should be {wanted}, not {}", node.kind());
        self.report(Diagnostic::warning(Rule::WrongValue, message), node.range.clone());
    }
}

/// A table whose keys are removed as they are parsed.
#[derive(Debug)]
pub(crate) struct Fields {
    entries: Vec<Entry>,
    contradictions: Vec<Contradiction>,
    known: Vec<&'static str>,
    /// The place of the table.
    pub range: Range<usize>,
}

impl Fields {
    /// All keys of a table.
    pub(crate) fn new(table: Table) -> Fields {
        Fields {
            entries: table.entries,
            contradictions: table.contradictions,
            known: Vec::new(),
            range: table.range,
        }
    }

    /// Removes a key's value. A key without a value counts as missing.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        self.take_named(key)
    }

    /// The same for a dynamic key.
    pub(crate) fn take_named(&mut self, key: &str) -> Option<Node> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        let node = self.entries.remove(at).node;
        if node.value == Value::Null { None } else { Some(node) }
    }

    /// The keys that were not removed yet, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }

    /// Whether a key has a value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key && entry.node.value != Value::Null)
    }

    /// Renames a key, unless the new name exists.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if self.entries.iter().any(|entry| entry.key == to && entry.node.value != Value::Null) {
            return;
        }
        self.entries.retain(|entry| entry.key != to);
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == from) {
            to.clone_into(&mut entry.key);
        }
        for contradiction in self.contradictions.iter_mut().filter(|said| said.key == from) {
            to.clone_into(&mut contradiction.key);
        }
    }

    /// Reports repeated keys with different values, after all known keys are taken: an error for
    /// known keys, a warning for keys for templates.
    pub(crate) fn report_contradictions(&mut self, reading: &mut Reading<'_>) {
        for Contradiction { key, key_range } in std::mem::take(&mut self.contradictions) {
            let is_handed_on = self.entries.iter().any(|entry| entry.key == key);
            let weight = if is_handed_on { Effect::Warning } else { Effect::Reject };
            let message = format!("“{key}” stands here a second time, with another value");
            let help = if is_handed_on {
                "keep one of the two; until then the last one counts"
            } else {
                "keep one of the two"
            };
            let diagnostic = Diagnostic::warning(Rule::RepeatedKey, message).help(help);
            reading.report(Diagnostic { weight, ..diagnostic }, key_range);
        }
    }

    /// Changes the values of some keys in place.
    pub(crate) fn change(&mut self, is_meant: impl Fn(&str) -> bool, change: impl Fn(&mut Node)) {
        for entry in self.entries.iter_mut().filter(|entry| is_meant(&entry.key)) {
            change(&mut entry.node);
        }
    }

    /// Moves the keys of a nested table (`[taxonomies]`, `[extra]`) up, unless they exist.
    pub(crate) fn lift(&mut self, key: &str) {
        let Some(at) = self
            .entries
            .iter()
            .position(|entry| entry.key == key && matches!(entry.node.value, Value::Table(_)))
        else {
            return;
        };
        if let Value::Table(table) = self.entries.remove(at).node.value {
            for entry in table.entries {
                if !self.entries.iter().any(|other| other.key == entry.key) {
                    self.entries.push(entry);
                }
            }
        }
    }

    /// A string; trimmed, and missing if empty.
    pub(crate) fn text(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Option<String> {
        let node = self.take(key)?;
        let Some(text) = node.text() else {
            reading.wrong(key, &node, "a text");
            return None;
        };
        let text = text.trim();
        if text.is_empty() { None } else { Some(text.to_owned()) }
    }

    /// Whether a key declares its address lost, as in `lost:original`; if so, it is removed.
    pub(crate) fn take_lost(&mut self, key: &'static str) -> bool {
        self.place_of_lost(key).map(|at| self.entries.remove(at)).is_some()
    }

    /// The address behind a key; one that is lost stays for [`Fields::take_lost`].
    pub(crate) fn take_unlost(
        &mut self,
        key: &'static str,
        reading: &mut Reading<'_>,
    ) -> Option<String> {
        match self.place_of_lost(key) {
            Some(_) => None,
            None => self.web_address(key, reading),
        }
    }

    fn place_of_lost(&self, key: &str) -> Option<usize> {
        let is_lost = |entry: &Entry| {
            entry.key == key && entry.node.text().is_some_and(|text| is_lost(text.trim()))
        };
        self.entries.iter().position(is_lost)
    }

    /// An absolute http or https address; others are ignored with a warning.
    pub(crate) fn web_address(
        &mut self,
        key: &'static str,
        reading: &mut Reading<'_>,
    ) -> Option<String> {
        let node = self.take(key)?;
        let Some(text) = node.text().map(str::trim) else {
            reading.wrong(key, &node, "a text");
            return None;
        };
        if text.is_empty() {
            return None;
        }
        if text.contains(breaks_line) {
            let message = format!("{key}: this address holds a line break or a control character");
            let diagnostic = Diagnostic::warning(Rule::UnsafeAddress, message)
                .help("write it in one line, beginning with https://");
            reading.report(diagnostic, node.range);
            return None;
        }
        match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Some(text.to_owned()),
            _ => {
                let diagnostic = Diagnostic::warning(
                    Rule::UnsafeAddress,
                    format!("{key}: “{text}” is not a web address"),
                )
                .help("write it whole, beginning with https://");
                reading.report(diagnostic, node.range);
                None
            }
        }
    }

    /// `true` or `false`.
    pub(crate) fn bool(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Option<bool> {
        let node = self.take(key)?;
        match &node.value {
            Value::Bool(value) => Some(*value),
            Value::Text(text) if text == "true" => Some(true),
            Value::Text(text) if text == "false" => Some(false),
            _ => {
                reading.wrong(key, &node, "true or false");
                None
            }
        }
    }

    /// A whole number of at least `least`.
    pub(crate) fn count(
        &mut self,
        key: &'static str,
        least: usize,
        reading: &mut Reading<'_>,
    ) -> Option<usize> {
        let node = self.take(key)?;
        let number = node.text().and_then(|text| text.replace('_', "").parse::<usize>().ok());
        let number = number.filter(|&number| number >= least);
        if number.is_none() {
            reading.wrong(key, &node, &format!("a whole number of at least {least}"));
        }
        number
    }

    /// A date of any precision; an invalid one gets a warning.
    pub(crate) fn date(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Option<Date> {
        let node = self.take(key)?;
        match read_date(&node) {
            Ok(date) => date,
            Err(diagnostic) => {
                let message = format!("{key}: {}", diagnostic.message);
                let diagnostic = Diagnostic { message, ..diagnostic };
                reading.report(diagnostic, node.range);
                None
            }
        }
    }

    /// Strings: a list, or a single one.
    pub(crate) fn texts(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Vec<String> {
        let Some(node) = self.take(key) else { return Vec::new() };
        texts_of(key, &node, reading)
    }

    pub(crate) fn table(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Option<Fields> {
        let node = self.take(key)?;
        if let Value::Table(table) = node.value {
            Some(Fields::new(table))
        } else {
            reading.wrong(key, &node, "a table");
            None
        }
    }

    /// Tables: a list, or a single one.
    pub(crate) fn tables(&mut self, key: &'static str, reading: &mut Reading<'_>) -> Vec<Fields> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let list = match node.value {
            Value::Table(table) => return vec![Fields::new(table)],
            Value::List(list) => list,
            _ => {
                reading.wrong(key, &node, "a list of tables");
                return Vec::new();
            }
        };
        list.into_iter()
            .filter_map(|item| {
                if let Value::Table(table) = item.value {
                    Some(Fields::new(table))
                } else {
                    reading.wrong(key, &item, "a list of tables");
                    None
                }
            })
            .collect()
    }

    /// Reports a required key that is missing or empty.
    pub(crate) fn missing(&self, key: &str, reading: &mut Reading<'_>) {
        let message = format!("“{key}” is missing here, so nothing of this is shown");
        let diagnostic = Diagnostic::warning(Rule::WrongValue, message);
        reading.report(diagnostic.help(format!("add {key} = \"…\"")), self.range.clone());
    }

    /// Warns of every remaining key, with the closest known one.
    pub(crate) fn refuse_rest(self, rule: Rule, reading: &mut Reading<'_>) {
        for entry in &self.entries {
            let message = format!("“{}” is not a key that Dateline knows here", entry.key);
            let mut diagnostic = Diagnostic::warning(rule, message);
            if let Some(name) = nearest(&entry.key, self.known.iter().copied()) {
                diagnostic = diagnostic.help(format!("did you mean “{name}”?"));
            } else {
                let known = self.known.join(", ");
                diagnostic = diagnostic.help(format!("remove it, or use one of {known}"));
            }
            reading.report(diagnostic, entry.key_range.clone());
        }
    }

    /// The remaining entries.
    pub(crate) fn left(&self) -> &[Entry] {
        &self.entries
    }

    /// The remaining entries, in file order.
    pub(crate) fn rest(self) -> Vec<Entry> {
        self.entries
    }
}

/// Whether an address is declared lost: `lost:` and any words.
pub(crate) fn is_lost(address: &str) -> bool {
    address.get(..LOST.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(LOST))
}

/// The prefix of a lost address.
const LOST: &str = "lost:";

pub(crate) fn read_date(node: &Node) -> Result<Option<Date>, Diagnostic> {
    let Some(text) = node.text().filter(|_| !matches!(node.value, Value::Bool(_))) else {
        let message = format!("{} is not a date", node.kind());
        return Err(Diagnostic::warning(Rule::BadDate, message)
            .help("write it as 2017-01-29, 2017-01 or 2017"));
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error: crate::base::date::DateError| {
        Diagnostic::warning(Rule::BadDate, error.to_string()).help(error.help())
    })
}

/// The strings in a node: a list, or a single one.
pub(crate) fn texts_of(key: &str, node: &Node, reading: &mut Reading<'_>) -> Vec<String> {
    let items = match &node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        match item.text() {
            Some(text) if text.trim().is_empty() => {}
            Some(text) => texts.push(text.trim().to_owned()),
            None if item.value == Value::Null => {}
            None => reading.wrong(key, item, "a text or a list of texts"),
        }
    }
    texts
}

/// Control characters and line separators. No address contains them, but parsers silently drop
/// some.
fn breaks_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}
