//! Writes decisions of a link check into the ledger's files.
//!
//! [`changed`] is a pure function from text to text; comments and order are kept. [`write`]
//! replaces the files atomically.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use chrono::{Datelike as _, NaiveDate};
use toml_edit::{Date, Datetime, DocumentMut, Item, TableLike, TomlError, value};

use crate::base::files::{create_text, refuse_link, replace_text};

use super::Address;

/// A change of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Dead since this day; an existing date is kept.
    Dead(NaiveDate),
    /// No longer dead; the day is removed if it is unchanged.
    Living(NaiveDate),
    /// Adds a copy; an existing one is kept.
    Copied(String),
    /// Removes this copy, if it is unchanged.
    CopyForgotten(String),
}

/// Why a ledger file could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// The file system refused.
    #[error("{file}: {error}")]
    Io {
        /// Path from the archive's root.
        file: String,
        /// The system's error.
        error: io::Error,
    },
    /// It is not valid TOML.
    #[error("{file} is broken TOML, and nothing was written into it: {error}")]
    Broken {
        /// Path from the archive's root.
        file: String,
        /// The parser's error.
        error: TomlError,
    },
}

/// Writes changes to the ledger; returns the changed files.
pub(crate) fn write(root: &Path, changes: &[(Address, Change)]) -> Result<Vec<String>, WriteError> {
    let mut by_file: BTreeMap<String, Vec<&(Address, Change)>> = BTreeMap::new();
    for change in changes {
        by_file.entry(change.0.file()).or_default().push(change);
    }
    let mut written = Vec::new();
    for (file, changes) in by_file {
        if write_file(root, &file, &changes)? {
            written.push(file);
        }
    }
    Ok(written)
}

fn write_file(root: &Path, file: &str, changes: &[&(Address, Change)]) -> Result<bool, WriteError> {
    let path = root.join(file);
    let refused = |error| WriteError::Io { file: file.to_owned(), error };
    refuse_link(&path).map_err(refused)?;
    let old = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(refused(error)),
    };
    let text = old.as_deref().unwrap_or_default();
    let new = changed(text, changes)
        .map_err(|error| WriteError::Broken { file: file.to_owned(), error })?;
    if new == text {
        return Ok(false);
    }
    let done = match old {
        Some(_) if new.trim().is_empty() => fs::remove_file(&path),
        Some(_) => replace_text(&path, &new),
        None => create_text(&path, &new),
    };
    done.map(|()| true).map_err(refused)
}

/// Applies changes to a file's text.
fn changed(old: &str, changes: &[&(Address, Change)]) -> Result<String, TomlError> {
    let (mark, text) = match old.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", old),
    };
    let mut document: DocumentMut = text.parse()?;
    let keys = keys(&document);
    let mut is_changed = false;
    let mut new: BTreeMap<&Address, DocumentMut> = BTreeMap::new();
    for (address, change) in changes {
        if let Some(key) = keys.get(address).filter(|key| document.contains_key(key)) {
            let entry = document.get_mut(key).and_then(Item::as_table_like_mut);
            is_changed |= entry.is_some_and(|entry| apply(entry, change));
            drop_if_empty(&mut document, key);
        } else if matches!(change, Change::Dead(_) | Change::Copied(_)) {
            apply(new.entry(address).or_default().as_table_mut(), change);
        }
    }
    let mut all = if is_changed { with_ends_of(text, &document.to_string()) } else { text.into() };
    let end = if is_windows(text) { "\r\n" } else { "\n" };
    for (address, entry) in &new {
        // Append at the end, after the curator's own text.
        if !all.is_empty() {
            all.push_str(if all.ends_with('\n') { end } else { "\n\n" });
        }
        let entry = format!("[{}]\n{entry}", value(address.as_str()));
        all.push_str(&entry.replace('\n', end));
    }
    Ok(format!("{mark}{all}"))
}

/// Restores the old text's line endings, since the editor writes only one kind.
fn with_ends_of(old: &str, new: &str) -> String {
    if is_windows(old) { new.replace('\n', "\r\n") } else { new.to_owned() }
}

fn is_windows(text: &str) -> bool {
    text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count()
}

/// Addresses as the curator wrote them; of two equal ones, the first.
fn keys(document: &DocumentMut) -> BTreeMap<Address, String> {
    let mut keys = BTreeMap::new();
    for (key, _) in document.iter() {
        if let Some(address) = Address::parse(key) {
            keys.entry(address).or_insert_with(|| key.to_owned());
        }
    }
    keys
}

/// Applies a change; returns whether anything changed.
fn apply(entry: &mut dyn TableLike, change: &Change) -> bool {
    match change {
        Change::Dead(day) if !entry.contains_key("dead") => {
            entry.insert("dead", value(date(*day)));
            true
        }
        Change::Copied(url) if !entry.contains_key("archived") => {
            entry.insert("archived", value(url));
            true
        }
        Change::Living(day) if says(entry.get("dead"), *day) => entry.remove("dead").is_some(),
        Change::CopyForgotten(url) if entry.get("archived").and_then(Item::as_str) == Some(url) => {
            entry.remove("archived").is_some()
        }
        Change::Dead(_) | Change::Copied(_) | Change::Living(_) | Change::CopyForgotten(_) => false,
    }
}

fn date(day: NaiveDate) -> Datetime {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(day.year()).unwrap_or(0);
    let date = Date { year, month: part(day.month()), day: part(day.day()) };
    Datetime { date: Some(date), time: None, offset: None }
}

fn says(item: Option<&Item>, day: NaiveDate) -> bool {
    let date_in = |item: &Item| item.as_datetime().map(ToString::to_string);
    let text_in = |item: &Item| item.as_str().map(str::to_owned);
    item.and_then(|item| date_in(item).or_else(|| text_in(item))) == Some(day.to_string())
}

/// Removes an empty entry, unless a comment is directly above it. Comments further up stay.
fn drop_if_empty(document: &mut DocumentMut, key: &str) {
    let Some(entry) = document.get(key) else { return };
    let above = entry.as_table().and_then(|table| table.decor().prefix()?.as_str());
    let above = above.unwrap_or_default().to_owned();
    let is_described = above.lines().last().is_some_and(|line| line.trim().starts_with('#'));
    if is_described || !entry.as_table_like().is_some_and(TableLike::is_empty) {
        return;
    }
    let next = document.iter().skip_while(|(other, _)| *other != key).nth(1);
    let next = next.map(|(next, _)| next.to_owned());
    document.remove(key);
    let Some(kept) = Some(above.trim_end()).filter(|kept| !kept.is_empty()) else { return };
    if let Some(next) = next.and_then(|next| document.get_mut(&next)).and_then(Item::as_table_mut) {
        let own = next.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        let joined = format!("{kept}\n{own}");
        next.decor_mut().set_prefix(joined);
    } else {
        let last = document.trailing().as_str().unwrap_or_default();
        let joined = format!("{kept}\n{last}");
        document.set_trailing(joined);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Mine.\n\n[\"https://x.example/a#top\"] # the old page\narchived = \"https://k.example/a\" # kept\n\n# Last words.\n";

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn with(text: &str, address: &str, change: Change) -> String {
        changed(text, &[&(Address::parse(address).unwrap(), change)]).unwrap()
    }

    #[test]
    fn what_a_curator_wrote_stays_as_it_is() {
        let dead = with(FILE, "https://x.example/a", Change::Dead(day(1)));
        assert_eq!(dead, FILE.replace("# kept\n", "# kept\ndead = 2026-11-01\n"));
        assert_eq!(with(&dead, "https://x.example/a", Change::Dead(day(9))), dead);
        let copied = Change::Copied("https://other.example/".to_owned());
        assert_eq!(with(&dead, "https://x.example/a", copied), dead);
        assert_eq!(with(&dead, "https://x.example/a", Change::Living(day(1))), FILE);
        assert_eq!(with(&dead, "https://x.example/a", Change::Living(day(2))), dead);
    }

    #[test]
    fn a_new_entry_stands_at_the_end() {
        let new = with(FILE, "https://x.example/b", Change::Dead(day(1)));
        assert_eq!(new, format!("{FILE}\n[\"https://x.example/b\"]\ndead = 2026-11-01\n"));
        assert_eq!(with(&new, "https://x.example/b", Change::Living(day(1))), FILE);
        let first = with("", "https://x.example/b", Change::Dead(day(1)));
        assert_eq!(first, "[\"https://x.example/b\"]\ndead = 2026-11-01\n");
        assert_eq!(with(&first, "https://x.example/b", Change::Living(day(1))), "");
    }

    #[test]
    fn comments_outlive_an_entry_that_is_not_theirs() {
        let entry = |name: &str| format!("[\"https://x.example/{name}\"]\ndead = 2026-11-01\n");
        let revived = |text: &str| with(text, "https://x.example/a", Change::Living(day(1)));
        let text = format!("# Mine.\n\n{}\n# Of b.\n{}", entry("a"), entry("b"));
        assert_eq!(revived(&text), format!("# Mine.\n\n# Of b.\n{}", entry("b")));
        assert_eq!(revived(&format!("# Mine.\n\n{}", entry("a"))), "# Mine.\n");
        let of_a = format!("# Of a.\n{}", entry("a"));
        assert_eq!(revived(&of_a), "# Of a.\n[\"https://x.example/a\"]\n");
    }

    #[test]
    fn windows_and_inline_tables_are_kept() {
        let text = "\u{feff}\"https://x.example/a\" = { archived = \"https://k.example/\" }\r\n";
        let new = with(text, "https://x.example/a", Change::Dead(day(1)));
        assert_eq!(new, text.replace(" }", " , dead = 2026-11-01 }"));
        assert!(changed("[a", &[]).is_err());
    }
}
