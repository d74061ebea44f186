//! TOML mended with its crate's editor, which keeps comments and spacing.

use toml_edit::{Array, Datetime, DocumentMut, Formatted, Item, Table, TableLike, Value};

use crate::content::front_matter::KNOWN_KEYS;
use crate::date::Date;

use super::{DATES, Fixer, TABLES_OF_TERMS, better_date, redated, respelled};

/// The mended text and what was mended.
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
    // The editor's own text may have other ends of lines: no change, no text.
    (!changes.is_empty()).then(|| (with_ends_of(old, &document.to_string()), changes))
}

/// The text with lines that end as all of the old one's do; the editor knows one end only.
fn with_ends_of(old: &str, new: &str) -> String {
    let plain = new.replace("\r\n", "\n");
    let is_windows = old.contains('\n') && old.matches('\n').count() == old.matches("\r\n").count();
    if is_windows { plain.replace('\n', "\r\n") } else { plain }
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
}

fn respell_one(key: &str, value: &mut Value, fixer: &Fixer<'_>, changes: &mut Vec<String>) {
    let Some(old) = value.as_str().map(str::to_owned) else { return };
    if let Some(new) = fixer.better(key, &old) {
        changes.push(respelled(key, &old, new));
        put(value, Value::from(new));
    }
}

/// A date that stands between quotes becomes a date; a month or a year, which TOML has not, stays a text.
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

/// Puts another value in the place of one, with the same space and comments around it.
fn put(place: &mut Value, new: Value) {
    let decor = place.decor().clone();
    *place = new;
    *place.decor_mut() = decor;
}

/// Sorts the keys as the manual has them; others follow in the order written. A comment that stands on
/// its own says something of what is below it, and then nothing is moved.
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
    lines.windows(2).any(is_followed) || lines.last().is_some_and(|line| is_comment(line))
}
