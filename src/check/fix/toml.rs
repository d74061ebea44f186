//! Repairs TOML with `toml_edit`, which keeps comments and spacing.

use toml_edit::{
    Array, Datetime, DocumentMut, Formatted, Item, RawString, Table, TableLike, Value,
};

use crate::base::date::Date;
use crate::base::front_matter_keys::KNOWN_KEYS;

use super::{DATES, Fixer, TABLES_OF_TERMS, better_date, doubled, redated, respelled};

/// The repaired text and the changes.
pub(super) fn mended(old: &str, fixer: &Fixer<'_>) -> Option<(String, Vec<String>)> {
    let mut document: DocumentMut = old.parse().ok()?;
    let mut changes = Vec::new();
    respell(document.as_table_mut(), fixer, &mut changes);
    for name in TABLES_OF_TERMS {
        if let Some(table) = document.get_mut(name).and_then(Item::as_table_like_mut) {
            respell(table, fixer, &mut changes);
        }
    }
    for key in DATES {
        if let Some(value) = document.get_mut(key).and_then(Item::as_value_mut) {
            changes.extend(redate(key, value));
        }
    }
    changes.extend(sort(&mut document, old));
    // The editor may change line endings: without changes, return no text.
    (!changes.is_empty()).then(|| (with_ends_of(old, &document.to_string()), changes))
}

/// Restores the old text's line endings, since the editor writes only one kind. A changed line gets
/// the ending of the line with its key; a new line gets that of the first.
fn with_ends_of(old: &str, new: &str) -> String {
    let plain = new.replace("\r\n", "\n");
    let is_windows = |line: &str| line.ends_with("\r\n");
    if !old.split_inclusive('\n').any(is_windows) {
        return plain;
    }
    let ends: Vec<(&str, bool)> =
        old.split_inclusive('\n').map(|line| (line.trim_end(), is_windows(line))).collect();
    let key = |line: &str| line.split('=').next().map(|key| key.trim().to_owned());
    let end = |line: &str| {
        let same = ends.iter().find(|(old, _)| *old == line.trim_end());
        let of_key = || ends.iter().find(|(old, _)| old.contains('=') && key(old) == key(line));
        same.or_else(of_key).or_else(|| ends.first()).is_some_and(|(_, is_windows)| *is_windows)
    };
    let lines = plain.split_inclusive('\n').map(|line| match line.strip_suffix('\n') {
        Some(words) if end(line) => format!("{words}\r\n"),
        _ => line.to_owned(),
    });
    lines.collect()
}

fn respell(table: &mut dyn TableLike, fixer: &Fixer<'_>, changes: &mut Vec<String>) {
    for (key, item) in table.iter_mut() {
        let key = key.get().to_owned();
        let Item::Value(value) = item else { continue };
        match value {
            Value::Array(array) => respell_all(&key, array, fixer, changes),
            value => respell_one(&key, value, fixer, changes),
        }
    }
}

fn respell_all(key: &str, array: &mut Array, fixer: &Fixer<'_>, changes: &mut Vec<String>) {
    for value in array.iter_mut() {
        respell_one(key, value, fixer, changes);
    }
    if fixer.holds_terms(key) {
        remove_doubled(key, array, changes);
    }
}

/// Removes duplicates in an array, except one with a comment beside it.
fn remove_doubled(key: &str, array: &mut Array, changes: &mut Vec<String>) {
    let mut seen: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(value) = array.get(at) {
        let is_commented = |text: Option<&RawString>| {
            text.and_then(RawString::as_str).is_some_and(|text| text.contains('#'))
        };
        let decor = value.decor();
        let has_comment = is_commented(decor.prefix()) || is_commented(decor.suffix());
        match value.as_str().map(str::to_owned) {
            Some(text) if seen.contains(&text) && !has_comment => {
                array.remove(at);
                changes.push(doubled(key, &text));
                continue;
            }
            Some(text) => seen.push(text),
            None => {}
        }
        at += 1;
    }
}

fn respell_one(key: &str, value: &mut Value, fixer: &Fixer<'_>, changes: &mut Vec<String>) {
    let Some(old) = value.as_str().map(str::to_owned) else { return };
    if let Some(new) = fixer.better(key, &old) {
        changes.push(respelled(key, &old, new));
        put(value, Value::from(new));
    }
}

/// Turns a quoted date into a TOML date; a month or a year stays a string, as TOML has no such
/// type.
fn redate(key: &str, value: &mut Value) -> Option<String> {
    let text = value.as_str()?.to_owned();
    let date: Date = better_date(&text).or_else(|| text.parse().ok())?;
    let new = match date {
        Date::Time(..) => return None,
        Date::Day(_) => Value::Datetime(Formatted::new(date.to_string().parse::<Datetime>().ok()?)),
        Date::Month(..) | Date::Year(_) if date.to_string() == text => return None,
        Date::Month(..) | Date::Year(_) => Value::from(date.to_string()),
    };
    put(value, new);
    Some(redated(key, date))
}

/// Replaces a value and keeps the space and comments around it.
fn put(place: &mut Value, new: Value) {
    let decor = place.decor().clone();
    *place = new;
    *place.decor_mut() = decor;
}

/// Sorts the keys in the manual's order; unknown keys follow in their own order. With a comment on
/// its own line or at the top nothing is moved, as it may be about what follows.
fn sort(document: &mut DocumentMut, old: &str) -> Option<String> {
    let place = |key: &str| KNOWN_KEYS.iter().position(|known| *known == key);
    let order = |key: &str| place(key).unwrap_or(KNOWN_KEYS.len());
    let values = document.iter().filter(|(_, item)| item.is_value());
    let keys: Vec<usize> = values.map(|(key, _)| order(key)).collect();
    let has_dotted = document.iter().any(|(_, item)| item.as_table().is_some_and(Table::is_dotted));
    if keys.is_sorted() || has_dotted || has_lone_comment(old) {
        return None;
    }
    document.sort_values_by(|one, _, other, _| order(one.get()).cmp(&order(other.get())));
    Some("keys: in the manual's order".to_owned())
}

fn has_lone_comment(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_comment = |line: &str| line.starts_with('#');
    let is_followed = |pair: &[&str]| is_comment(pair[0]) && pair[1].is_empty();
    let is_at_top = lines.iter().find(|line| !line.is_empty()).is_some_and(|line| is_comment(line));
    let is_at_end = lines.last().is_some_and(|line| is_comment(line));
    is_at_top || is_at_end || lines.windows(2).any(is_followed)
}
