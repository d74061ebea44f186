//! `addresses.toml`, beside `dateline.toml`: who keeps a contested address, and the authority of
//! feeds.
//!
//! A build adds a missing line; later builds use only this file, so that equal sources give equal
//! addresses. It is a source, to be committed with the others.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml_edit::{DocumentMut, Item, Table, value};

use crate::base::diagnostic::{Diagnostic, Pointed, Rule};
use crate::base::permalink::Slug;

/// Its path from the archive's root.
pub(crate) const FILE: &str = "addresses.toml";

/// The comment at the top of a new file.
const HEAD: &str = "# Addresses that two want, and who keeps each; and the name under which feeds are known.\n\
    # `dateline build` adds lines and changes none. Keep this file with your articles.\n\n";

/// The decisions in `addresses.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressOwners {
    /// By taxonomy and key of the term: its slug.
    pub terms: BTreeMap<String, BTreeMap<String, Slug>>,
    /// The language that keeps an address which reports in several share, by address.
    pub translations: BTreeMap<String, String>,
    /// The authority of feed ids (RFC 4151).
    pub authority: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    terms: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    translations: BTreeMap<String, String>,
    #[serde(default)]
    feeds: WrittenFeeds,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFeeds {
    authority: Option<String>,
}

impl AddressOwners {
    /// Parses the file.
    pub fn read(text: &str) -> Result<AddressOwners, Diagnostic> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let range = error.span().unwrap_or(0..0);
            Diagnostic::stop(Rule::Config, error.message().to_owned())
                .at(Pointed::new(FILE, text).place(range))
                .help("a line under [terms.tags] reads \"c++\" = \"c\"")
        })?;
        let mut owners =
            AddressOwners { authority: written.feeds.authority, ..AddressOwners::default() };
        owners.translations = written.translations;
        for (taxonomy, terms) in written.terms {
            for (key, slug) in terms {
                let own = Slug::from_written(&slug).ok().filter(|own| own.as_str() == slug);
                let own = own.ok_or_else(|| refused(text, &slug))?;
                owners.terms.entry(taxonomy.clone()).or_default().insert(key, own);
            }
        }
        Ok(owners)
    }

    /// The slug that a term keeps, if decided.
    pub fn slug_of(&self, taxonomy: &str, key: &str) -> Option<&Slug> {
        self.terms.get(taxonomy)?.get(key)
    }

    /// Whether a slug has an owner.
    pub fn holds(&self, taxonomy: &str, slug: &Slug) -> bool {
        self.terms.get(taxonomy).is_some_and(|terms| terms.values().any(|kept| kept == slug))
    }

    /// Adds these decisions to the file's text, which is otherwise unchanged.
    pub fn added_to(&self, text: &str) -> Result<String, toml_edit::TomlError> {
        let start = if text.trim().is_empty() { HEAD } else { text };
        let mut document: DocumentMut = start.parse()?;
        let mut set = |path: &[&str], key: &str, text: &str| {
            let mut table: &mut Table = document.as_table_mut();
            for name in path {
                let entry = table.entry(name).or_insert_with(|| {
                    let mut table = Table::new();
                    table.set_implicit(true);
                    Item::Table(table)
                });
                let Some(next) = entry.as_table_mut() else { return };
                table = next;
            }
            table.set_implicit(false);
            table.entry(key).or_insert_with(|| value(text));
        };
        for (taxonomy, terms) in &self.terms {
            for (key, slug) in terms {
                set(&["terms", taxonomy], key, slug.as_str());
            }
        }
        for (address, language) in &self.translations {
            set(&["translations"], address, language);
        }
        if let Some(authority) = &self.authority {
            set(&["feeds"], "authority", authority);
        }
        Ok(document.to_string())
    }
}

fn refused(text: &str, slug: &str) -> Diagnostic {
    let at = text.find(slug).unwrap_or(0);
    let message = format!("“{slug}” can't be a part of an address");
    Diagnostic::stop(Rule::Config, message)
        .at(Pointed::new(FILE, text).place(at..at + slug.len()))
        .help("write letters, digits and dashes, as they stand in the address")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_is_read_again_and_what_stands_there_stays() {
        let text = "# mine\n[terms.tags]\n\"c++\" = \"c\" # old\n";
        let mut owners = AddressOwners::read(text).unwrap();
        let slug = Slug::from_written("ci-cd").unwrap();
        owners.terms.entry("tags".to_owned()).or_default().insert("ci/cd".to_owned(), slug);
        owners.authority = Some("x.example,2017".to_owned());
        let after = owners.added_to(text).unwrap();
        assert!(after.starts_with(text), "{after}");
        assert_eq!(AddressOwners::read(&after).unwrap(), owners);
        assert_eq!(owners.added_to(&after).unwrap(), after);
        assert_eq!(AddressOwners::read(&owners.added_to("").unwrap()).unwrap(), owners);
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_place() {
        for text in
            ["[terms.tags]\na = \"../b\"\n", "[terms.tags]\na = \"b c\"\n", "x = 1\n", "[\n"]
        {
            let problem = AddressOwners::read(text).unwrap_err();
            assert!(problem.place.is_some_and(|place| place.spot.is_some()), "{text}");
        }
    }
}
