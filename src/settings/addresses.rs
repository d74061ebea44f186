//! Addresses in the settings: which are allowed, and which must exist in the archive.

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::tree::fields::{Fields, Reading};
use crate::tree::{Node, Value};

/// A path of the archive in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigLink {
    /// From the archive's root, as written.
    pub path: String,
    /// Its line.
    pub place: Place,
}

/// A link target: a path from the archive's root, a web address or a mailbox. Paths are added to
/// `links`, to be checked when all pages are known.
pub(super) fn link(
    fields: &mut Fields,
    key: &'static str,
    reading: &mut Reading<'_>,
    links: &mut Vec<ConfigLink>,
) -> Option<String> {
    let node = fields.take(key)?;
    link_of(key, &node, reading, links)
}

/// Link targets: a list, or a single one.
pub(super) fn links(
    fields: &mut Fields,
    key: &'static str,
    reading: &mut Reading<'_>,
    links: &mut Vec<ConfigLink>,
) -> Vec<String> {
    let Some(node) = fields.take(key) else { return Vec::new() };
    match &node.value {
        Value::List(list) => {
            list.iter().filter_map(|node| link_of(key, node, reading, links)).collect()
        }
        _ => link_of(key, &node, reading, links).into_iter().collect(),
    }
}

fn link_of(
    key: &'static str,
    node: &Node,
    reading: &mut Reading<'_>,
    links: &mut Vec<ConfigLink>,
) -> Option<String> {
    let Some(text) = node.text().map(str::trim) else {
        reading.wrong(key, node, "a text");
        return None;
    };
    if text.is_empty() {
        return None;
    }
    if text.starts_with('/') && !text.starts_with("//") {
        let place = reading.place(node.range.clone());
        links.push(ConfigLink { path: text.to_owned(), place });
        return Some(text.to_owned());
    }
    if is_web(text) || text.starts_with("mailto:") {
        return Some(text.to_owned());
    }
    let help = "write a path from the archive's root, as in /about/, or begin with https://";
    refuse(key, node, help, reading);
    None
}

fn is_web(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn refuse(key: &str, node: &Node, help: &str, reading: &mut Reading<'_>) {
    let text = node.text().unwrap_or_default();
    let message = format!("{key}: “{text}” leads nowhere, and is left out");
    reading
        .report(Diagnostic::warning(Rule::UnsafeAddress, message).help(help), node.range.clone());
}
