//! Keys of other generators, terms of taxonomies, and unknown keys.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::base::built_in::BuiltIn;
use crate::base::diagnostic::{Diagnostic, Rule, nearest};
use crate::base::front_matter_keys::KNOWN_KEYS;
use crate::content::interner::{Name, Terms};
use crate::content::rules::ReadingRules;
use crate::tree::{Entry, Node, Value};

use super::bylines;
use super::written_by_others::{Spaces, split_tags};
use crate::tree::fields::{Fields, Reading};

/// Keys of other generators for our keys: (theirs, ours).
const FOREIGN: &[(&str, &str)] = &[
    ("lastmod", "updated"),
    ("last_modified_at", "updated"),
    ("modified", "updated"),
    ("publishDate", "date"),
    ("publishdate", "date"),
    ("pubDate", "date"),
    ("redirect_from", "aliases"),
    ("description", "summary"),
    ("excerpt", "summary"),
    ("author", "authors"),
    ("byline", "authors"),
    ("lang", "language"),
    ("translationKey", "translation_key"),
    ("translationkey", "translation_key"),
    ("url", "path"),
    ("permalink", "path"),
];

/// Keys of other generators without a meaning here, which are not misspellings.
const UNRELATED: &[&str] = &[
    "layout",
    "type",
    "weight",
    "expiryDate",
    "expirydate",
    "images",
    "image_alt",
    "authored",
    "primary_image",
    "source",
    "sources",
    "related",
    "notes",
    "line",
    "links_to",
    "items",
    "data",
];

/// Whether a build has no diagnostic for an unknown key, and no other generator uses it.
pub(crate) fn is_unheard_of(key: &str) -> bool {
    let is_near = || nearest(key, KNOWN_KEYS.iter().copied()).is_some();
    !LIFTED.contains(&key) && !UNRELATED.contains(&key) && (key.len() < 3 || !is_near())
}

/// Tables of other generators whose keys count as front matter.
pub(crate) const LIFTED: [&str; 3] = ["taxonomies", "params", "extra"];

/// All names of a key: ours, other generators', and those of `[keys]` in the settings.
pub(crate) fn names_of<'a>(
    ours: &'a str,
    foreign_keys: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = &'a str> {
    let foreign = FOREIGN.iter().filter(move |(_, key)| *key == ours).map(|(theirs, _)| *theirs);
    let mapped = foreign_keys.iter().filter(move |(_, key)| *key == ours);
    foreign.chain(mapped.map(|(theirs, _)| theirs.as_str())).chain([ours])
}

/// Our keys that a written key may stand for: the inverse of [`names_of`].
pub(crate) fn meanings_of<'a>(
    written: &'a str,
    foreign_keys: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = &'a str> {
    let foreign = FOREIGN.iter().filter(move |(theirs, _)| *theirs == written).map(|(_, key)| *key);
    foreign.chain(foreign_keys.get(written).map(String::as_str)).chain([written])
}

/// Renames keys of `[keys]` and of other generators to ours.
pub(super) fn adopt_foreign(fields: &mut Fields, foreign_keys: &BTreeMap<String, String>) {
    fields.lift("taxonomies");
    fields.lift("params");
    let is_original = |key: &str| foreign_keys.get(key).is_some_and(|ours| ours == "original_url");
    fields.change(is_original, only_text);
    for (theirs, ours) in foreign_keys {
        fields.rename(theirs, ours);
    }
    for (theirs, ours) in FOREIGN {
        fields.rename(theirs, ours);
    }
}

/// Puts a list's only text in its place: a redirect's targets are a list elsewhere.
fn only_text(node: &mut Node) {
    if let Value::List(items) = &node.value
        && let [item] = items.as_slice()
    {
        *node = item.clone();
    }
}

/// A list that both formats can parse: JSON.
pub(crate) fn written_list(items: Vec<String>) -> String {
    serde_json::Value::from(items).to_string().replace(",\"", ", \"")
}

/// The terms of every taxonomy except outlets, as spelled. `submitted_by` holds contributors;
/// `categories` are tags unless the settings have such a taxonomy.
pub(super) fn terms(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    rules: &ReadingRules<'_>,
) -> Terms {
    let mut all: Vec<(Name, Vec<Name>)> = Vec::new();
    let written: BTreeSet<usize> =
        fields.keys().filter_map(|key| rules.taxonomies.of_key(key)).collect();
    let written = written.into_iter().map(|at| &rules.taxonomies[at]);
    for taxonomy in written.filter(|taxonomy| !BuiltIn::Outlets.is(&taxonomy.name)) {
        let names = rules.taxonomies.keys_of(&taxonomy.name);
        let mut terms: Vec<String> = Vec::new();
        let mut known = FxHashSet::default();
        for name in names {
            let Some(node) = fields.take_named(name) else { continue };
            let texts = match name {
                "authors" => bylines::names(&node, rules.authors, reading),
                name => texts_of_terms(name, &node, reading),
            };
            for term in texts {
                if known.insert(term.clone()) {
                    terms.push(term);
                }
            }
        }
        if !terms.is_empty() {
            let terms = terms.into_iter().map(Name::from).collect();
            all.push((Name::from(taxonomy.name.as_str()), terms));
        }
    }
    all.into_iter().collect()
}

/// The terms of a key; other generators put several tags into one text.
fn texts_of_terms(name: &str, node: &Node, reading: &mut Reading<'_>) -> Vec<String> {
    // Hexo writes a category and those below it as a list in the list.
    if let Value::List(items) = &node.value
        && matches!(name, "categories" | "category")
        && items.iter().any(|item| matches!(item.value, Value::List(_)))
    {
        return items
            .iter()
            .flat_map(|item| crate::tree::fields::texts_of(name, item, reading))
            .collect();
    }
    let split = node.text().and_then(|text| split_texts(name, text, reading.text));
    split.unwrap_or_else(|| crate::tree::fields::texts_of(name, node, reading))
}

/// The tags in the one text of a key, if it holds several; `file` is the whole file.
pub(crate) fn split_texts(key: &str, text: &str, file: &str) -> Option<Vec<String>> {
    let is_of_tags = matches!(key, "tags" | "categories");
    is_of_tags.then(|| split_tags(text, Spaces::of_file(file)))?
}

/// The remaining keys, for templates. A near miss of a known key gets a warning, except in
/// `[extra]`.
pub(super) fn extra(
    mut fields: Fields,
    reading: &mut Reading<'_>,
) -> serde_json::Map<String, serde_json::Value> {
    fields.report_contradictions(reading);
    for entry in fields.left() {
        report_near_miss(entry, reading);
    }
    fields.lift("extra");
    fields.rest().into_iter().map(|entry| (entry.key, entry.node.to_json())).collect()
}

fn report_near_miss(entry: &Entry, reading: &mut Reading<'_>) {
    let unrelated = UNRELATED.contains(&entry.key.as_str()) || entry.key.len() < 3;
    // On a plain page, a key of articles is no misspelling.
    let misspelt = |name: &&str| !unrelated && *name != entry.key && entry.key != "extra";
    if let Some(name) = nearest(&entry.key, KNOWN_KEYS.iter().copied()).filter(misspelt) {
        let message = format!("“{}” is not a key of Dateline's", entry.key);
        let diagnostic = Diagnostic::warning(Rule::NearMissKey, message)
            .help(format!("did you mean “{name}”? Otherwise put it under [extra]"));
        reading.report(diagnostic, entry.key_range.clone());
    }
}
