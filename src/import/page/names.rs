//! Bylines: finds names of persons.

use super::{Said, is_web_address};
use crate::base::name_key::NameKey;

/// A headline without the outlet's name at its end.
pub(super) fn without_outlet(title: Said<String>, outlet: Option<&Said<String>>) -> Said<String> {
    let Some(outlet) = outlet else { return title };
    let is_outlet = |name: &str| NameKey::of(name) == NameKey::of(&outlet.value);
    let parts = [" | ", " - ", " – ", " — ", " :: ", " · ", " » "];
    let short = parts.iter().find_map(|part| {
        let (short, name) = title.value.rsplit_once(part)?;
        is_outlet(name.trim()).then(|| short.trim().to_owned())
    });
    match short.filter(|short| !short.is_empty()) {
        Some(value) => Said { value, ..title },
        None => title,
    }
}

/// Authors without addresses, duplicates and the outlet itself; `None` if none is left.
pub(in crate::import) fn people(
    authors: Said<Vec<String>>,
    outlet: Option<&Said<String>>,
) -> Option<Said<Vec<String>>> {
    let outlet = outlet.map(|outlet| NameKey::of(&outlet.value));
    let mut names: Vec<String> = Vec::new();
    for name in authors.value {
        let name = without_by(&name).to_owned();
        let key = NameKey::of(&name);
        let is_known = names.iter().any(|known| NameKey::of(known) == key);
        let is_person = !name.is_empty()
            && !is_web_address(&name)
            && !name.contains('@')
            && !name.starts_with("www.")
            && name.chars().count() <= 100
            && name.chars().any(char::is_alphabetic)
            && outlet.as_ref() != Some(&key);
        if is_person
            && !is_known
            && !matches!(name.to_lowercase().as_str(), "admin" | "administrator")
        {
            names.push(name);
        }
    }
    (!names.is_empty()).then_some(Said { value: names, ..authors })
}

fn without_by(name: &str) -> &str {
    let name = name.trim();
    let is_by = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
    if is_by { name[3..].trim() } else { name }
}

/// The names in a byline: several, if each has more than one word.
pub(in crate::import) fn names_of(line: &str) -> Vec<String> {
    split_names(without_by(line), &[',', ';'])
}

/// The same if commas belong to names: `Ann Lee, BBC News`.
pub(super) fn joined_names(name: &str) -> Vec<String> {
    split_names(name.trim(), &[';'])
}

fn split_names(line: &str, separators: &[char]) -> Vec<String> {
    let parts: Vec<&str> = line
        .split(separators)
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" & "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let is_several = parts.len() > 1 && parts.iter().all(|part| part.split(' ').count() > 1);
    if is_several { parts.into_iter().map(str::to_owned).collect() } else { vec![line.to_owned()] }
}
