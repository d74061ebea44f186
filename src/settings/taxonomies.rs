//! `[[taxonomies]]`: the built-in taxonomies and the archive's own, found by place, name or key.
//!
//! Parsed by [`reading`](super::reading). An archive may have thousands, so that each search goes
//! through an index.

use std::collections::BTreeMap;
use std::ops::Deref;

use rustc_hash::FxHashMap;

use crate::base::built_in::BuiltIn;
use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::front_matter_keys::KNOWN_KEYS;
use crate::base::permalink::{Slug, fold};
use crate::tree::fields::{Fields, Reading};

/// A taxonomy.
#[derive(Clone, Debug, PartialEq)]
pub struct TaxonomyConfig {
    /// Key in the front matter and in `i18n/`, such as `tags`.
    pub name: String,
    /// The singular, such as `tag`.
    pub singular: String,
    /// The first segment of its addresses, such as `tags`.
    pub path: String,
    /// Whether each term has an Atom feed.
    pub feed: bool,
    /// The weight of a shared term for related articles; 0 for none.
    pub related: f64,
}

/// All taxonomies of an archive: a slice, with an index of their names.
#[derive(Clone, Debug, PartialEq)]
pub struct Taxonomies {
    all: Vec<TaxonomyConfig>,
    /// Places in `all`.
    by_name: BTreeMap<String, usize>,
}

impl Deref for Taxonomies {
    type Target = [TaxonomyConfig];

    fn deref(&self) -> &[TaxonomyConfig] {
        &self.all
    }
}

impl Taxonomies {
    /// The built-in taxonomies.
    fn built_in() -> Taxonomies {
        let all = BuiltIn::ALL.map(|taxonomy| TaxonomyConfig {
            name: taxonomy.name().to_owned(),
            singular: taxonomy.singular().to_owned(),
            path: taxonomy.name().to_owned(),
            feed: false,
            related: taxonomy.related(),
        });
        let by_name = all.iter().map(|taxonomy| taxonomy.name.clone()).zip(0..).collect();
        Taxonomies { all: all.into(), by_name }
    }

    /// The place of the taxonomy of this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The keys of front matter that hold the terms of a taxonomy. Categories are tags, unless
    /// the archive has such a taxonomy.
    pub(crate) fn keys_of<'a>(&self, taxonomy: &'a str) -> Vec<&'a str> {
        match BuiltIn::of(taxonomy) {
            Some(BuiltIn::Outlets) => vec!["outlet"],
            Some(BuiltIn::Contributors) => vec!["submitted_by"],
            // Every report has a language; no key holds a list of them.
            Some(BuiltIn::Languages) => Vec::new(),
            Some(BuiltIn::Tags) if self.position("categories").is_none() => {
                vec!["tags", "categories", "category"]
            }
            _ => vec![taxonomy],
        }
    }

    /// The place of the taxonomy whose terms a key of front matter holds: the inverse of
    /// [`Taxonomies::keys_of`].
    pub(crate) fn of_key(&self, key: &str) -> Option<usize> {
        let name = match key {
            "outlet" => BuiltIn::Outlets.name(),
            "submitted_by" => BuiltIn::Contributors.name(),
            "categories" | "category" if self.position("categories").is_none() => {
                BuiltIn::Tags.name()
            }
            name => name,
        };
        self.position(name).filter(|_| self.keys_of(name).contains(&key))
    }

    fn put(&mut self, taxonomy: TaxonomyConfig) {
        if let Some(at) = self.position(&taxonomy.name) {
            self.all[at] = taxonomy;
        } else {
            self.by_name.insert(taxonomy.name.clone(), self.all.len());
            self.all.push(taxonomy);
        }
    }
}

/// Parses `[[taxonomies]]`.
pub(super) fn read(fields: &mut Fields, reading: &mut Reading<'_>) -> Taxonomies {
    let mut taxonomies = Taxonomies::built_in();
    let mut paths = Paths::default();
    for taxonomy in taxonomies.iter() {
        paths.hold(taxonomy);
    }
    for table in fields.tables("taxonomies", reading) {
        let place = table.range.clone();
        let Some(taxonomy) = taxonomy(table, &taxonomies, reading) else { continue };
        let clash = clash(&taxonomy, &taxonomies).or_else(|| paths.clash(&taxonomy));
        if let Some(message) = clash {
            let diagnostic = Diagnostic::stop(Rule::Config, message);
            reading.report(diagnostic.help("give it another name or another path"), place);
        }
        if let Some(at) = taxonomies.position(&taxonomy.name) {
            paths.release(&taxonomies[at]);
        }
        paths.hold(&taxonomy);
        taxonomies.put(taxonomy);
    }
    taxonomies
}

fn taxonomy(
    mut table: Fields,
    known: &Taxonomies,
    reading: &mut Reading<'_>,
) -> Option<TaxonomyConfig> {
    let range = table.range.clone();
    let Some(name) = table.text("name", reading) else {
        let diagnostic =
            Diagnostic::stop(Rule::Config, "a taxonomy has no name").help("add name = \"topics\"");
        reading.report(diagnostic, range);
        table.refuse_rest(Rule::UnknownConfigKey, reading);
        return None;
    };
    let written = table.text("path", reading);
    let path = Slug::from_written(written.as_deref().unwrap_or(&name));
    let path = path.unwrap_or_else(|error| {
        let diagnostic = Diagnostic::stop(Rule::Config, format!("taxonomies: {error}"));
        reading.report(diagnostic.help("give it a path of plain letters"), range);
        Slug::from_term(&fold(&name))
    });
    let before = known.position(&name).map(|at| &known[at]);
    let singular = table.text("singular", reading);
    let taxonomy = TaxonomyConfig {
        singular: singular.unwrap_or_else(|| match before {
            Some(before) => before.singular.clone(),
            None => name.trim_end_matches('s').to_owned(),
        }),
        path: path.as_str().to_owned(),
        feed: table.bool("feed", reading).unwrap_or(false),
        related: before.map_or_else(|| weight(&name), |before| before.related),
        name,
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    Some(taxonomy)
}

/// First segments of addresses that are taken.
const TAKEN_PATHS: [&str; 10] = [
    "years",
    "added",
    "on-this-day",
    "assets",
    "sitemaps",
    "data",
    "feeds",
    "corrections",
    "withdrawals",
    "search",
];

/// Why a taxonomy conflicts with the archive's own keys and addresses.
fn clash(taxonomy: &TaxonomyConfig, others: &Taxonomies) -> Option<String> {
    let TaxonomyConfig { name, path, .. } = taxonomy;
    if KNOWN_KEYS.contains(&name.as_str()) && others.position(name).is_none() {
        return Some(format!("“{name}” is a key of every article, and can't be a taxonomy"));
    }
    if TAKEN_PATHS.contains(&path.as_str()) || path.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("the addresses below /{path}/ are taken by the archive's own pages"));
    }
    None
}

/// The names of taxonomies by their folded paths.
#[derive(Default)]
struct Paths(FxHashMap<String, String>);

impl Paths {
    fn hold(&mut self, taxonomy: &TaxonomyConfig) {
        self.0.entry(fold(&taxonomy.path)).or_insert_with(|| taxonomy.name.clone());
    }

    fn release(&mut self, taxonomy: &TaxonomyConfig) {
        let path = fold(&taxonomy.path);
        if self.0.get(&path) == Some(&taxonomy.name) {
            self.0.remove(&path);
        }
    }

    /// Why a taxonomy conflicts with another one.
    fn clash(&self, taxonomy: &TaxonomyConfig) -> Option<String> {
        let TaxonomyConfig { name, path, .. } = taxonomy;
        let other = self.0.get(&fold(path)).filter(|other| *other != name)?;
        Some(format!("the taxonomies {other} and {name} both want the address /{path}/"))
    }
}

/// The weight of a shared person or place for related reports, relative to a tag.
fn weight(name: &str) -> f64 {
    match name {
        "people" => 2.0,
        "places" => 1.5,
        _ => 1.0,
    }
}
