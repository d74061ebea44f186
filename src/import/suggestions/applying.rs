//! Applies suggestions to a text: sets keys and removes the words.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Value, value};

use crate::authoring::reading_options;
use crate::content::front_matter::{self, Fence};
use crate::content::rules::ReadingRules;
use crate::settings::Config;

use super::{Rule, Says, Suggestion};

/// Why suggestions can't be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// The front matter is not TOML.
    #[error("its front matter is not the importer's")]
    FrontMatter,
    /// The words are no longer at their place.
    #[error("the words are not in line {0} of its text any more")]
    Moved(usize),
}

/// Applies suggestions to a report's text. If its address changes, the old one becomes an alias.
pub fn apply(
    path: &str,
    text: &str,
    suggestions: &[&Suggestion],
    config: &Config,
) -> Result<String, ApplyError> {
    let layout = front_matter::layout(text).map_err(|_| ApplyError::FrontMatter)?;
    let Some((Fence::Toml, inner)) = layout.front_matter else {
        return Err(ApplyError::FrontMatter);
    };
    let mut keys: DocumentMut = text[inner].parse().map_err(|_| ApplyError::FrontMatter)?;
    for suggestion in suggestions {
        set(&mut keys, suggestion);
    }
    let body = without_words(&text[layout.body_start..], suggestions)?;
    let changed = format!("+++\n{keys}+++\n\n{body}");
    let (old, new) = (permalink(path, text, config), permalink(path, &changed, config));
    match old {
        Some(old) if new.as_ref() != Some(&old) => {
            add(&mut keys, "aliases", &old);
            Ok(format!("+++\n{keys}+++\n\n{body}"))
        }
        _ => Ok(changed),
    }
}

/// A draft has no public address.
fn permalink(path: &str, text: &str, config: &Config) -> Option<String> {
    let options = reading_options(config);
    let article = front_matter::article(path, text, &ReadingRules::new(config, &options)).value?;
    (!article.draft).then(|| article.permalink.to_string())
}

fn set(keys: &mut DocumentMut, suggestion: &Suggestion) {
    let Says { outlet, date, dateline, submitted_by, original_url, via, standing: _ } =
        &suggestion.says;
    if let Some(outlet) = outlet {
        keys["outlet"] = value(outlet.as_str());
    }
    if let Some(date) = date.as_deref().and_then(|date| date.parse::<toml_edit::Datetime>().ok()) {
        keys["date"] = value(date);
    }
    if let Some(dateline) = dateline {
        keys["dateline"] = value(dateline.as_str());
    }
    if !submitted_by.is_empty() {
        keys["submitted_by"] = value(submitted_by.iter().map(String::as_str).collect::<Array>());
        forget_account(keys);
    }
    if let Some(address) = original_url.as_deref().filter(|_| !keys.contains_key("original_url")) {
        keys["original_url"] = value(address);
    }
    if let Some(via) = via {
        let mut step = InlineTable::new();
        step.insert("name", Value::from(via.name.as_str()));
        if let Some(url) = &via.url {
            step.insert("url", Value::from(url.as_str()));
        }
        keys["via"] = value(std::iter::once(Value::InlineTable(step)).collect::<Array>());
    }
}

/// With a contributor known, the posting account is removed.
fn forget_account(keys: &mut DocumentMut) {
    let is_empty = match keys.get_mut("extra").and_then(Item::as_table_like_mut) {
        Some(extra) => {
            extra.remove("posted_by");
            extra.is_empty()
        }
        None => false,
    };
    if is_empty {
        keys.remove("extra");
    }
}

fn add(keys: &mut DocumentMut, name: &str, text: &str) {
    let mut list: Array = keys.get(name).and_then(Item::as_array).cloned().unwrap_or_default();
    if !list.iter().any(|known| known.as_str() == Some(text)) {
        list.push(text);
    }
    keys[name] = value(list);
}

/// Removes the words of suggestions; an empty line goes with the blank line before it.
fn without_words(body: &str, suggestions: &[&Suggestion]) -> Result<String, ApplyError> {
    let body = body.strip_prefix('\n').unwrap_or(body);
    let mut lines: Vec<Option<String>> = body.lines().map(|line| Some(line.to_owned())).collect();
    for suggestion in suggestions {
        let place = suggestion.place;
        let moved = ApplyError::Moved(place.line);
        let line = place.line.checked_sub(1).and_then(|at| lines.get_mut(at)).ok_or(moved)?;
        let text = line.as_deref().ok_or(moved)?;
        let words = text.get(place.from..place.to).ok_or(moved)?;
        if suggestion.quote.as_deref().is_some_and(|quote| quote != words) {
            return Err(moved);
        }
        let rest = format!("{}{}", &text[..place.from], &text[place.to..]);
        *line = (!rest.trim().is_empty()).then_some(rest);
    }
    let mut written: Vec<&str> = Vec::new();
    for line in lines.iter().flatten() {
        if !(line.is_empty() && written.last().is_none_or(|last| last.is_empty())) {
            written.push(line);
        }
    }
    while written.last().is_some_and(|last| last.is_empty()) {
        written.pop();
    }
    // A break at a paragraph's end would be a literal backslash.
    let mut text = String::new();
    for (at, line) in written.iter().enumerate() {
        let ends = written.get(at + 1).is_none_or(|next| next.is_empty());
        let line = if ends {
            line.strip_suffix('\\').filter(|rest| !rest.ends_with('\\')).unwrap_or(line)
        } else {
            line
        };
        text.push_str(line);
        text.push('\n');
    }
    Ok(text)
}

/// Whether a rule changes the settings, too.
pub fn is_of_archive(rule: Rule) -> bool {
    rule == Rule::StandingNotice
}
