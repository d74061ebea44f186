//! The settings that parsing a content file depends on.
//!
//! Parsers get [`ReadingRules`] instead of the settings, and the cache of sources is keyed by all
//! of them ([`ReadingRules::key`]): a setting that parsers use can't be missing in the key.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::base::choices::WithdrawalKind;
use crate::base::language_tag;
use crate::base::permalink::{Permalink, PermalinkParts, PermalinkPattern};
use crate::markdown::{BodyFormat, BodyWords, MarkdownOptions};
use crate::settings::{
    Config, FolderPattern, MarkdownConfig, OldPermalinks, OutletConfig, Taxonomies, pattern_of,
};

use super::named_language::NamedLanguage;

/// Everything besides the file that parsing depends on.
#[derive(Clone, Copy, Debug)]
pub struct ReadingRules<'a> {
    /// Which language keeps an address that several share.
    pub(super) kept_addresses: &'a BTreeMap<String, String>,
    permalink: &'a PermalinkPattern,
    /// Patterns of old addresses.
    old_permalinks: &'a [OldPermalinks],
    /// Patterns of single folders.
    permalinks: &'a [FolderPattern],
    pub(super) taxonomies: &'a Taxonomies,
    /// Maps foreign front matter keys to ours.
    pub(super) keys: &'a BTreeMap<String, String>,
    /// The default language of texts.
    pub(super) language: &'a str,
    /// The languages that the settings name.
    languages: &'a BTreeSet<String>,
    /// The language in the file's names; it differs for each file.
    pub(super) named: Option<&'a NamedLanguage>,
    /// The kinds of withdrawal whose notices name the report.
    pub(super) named_withdrawals: &'a [WithdrawalKind],
    /// Whether sketches are needed, to show near-copies.
    pub(super) shows_near_copies: bool,
    /// The names of authors, by the keys that front matter may have for them.
    pub(super) authors: &'a BTreeMap<String, String>,
    pub(super) outlets: OutletNames<'a>,
    pub(super) markdown: &'a MarkdownOptions,
}

impl<'a> ReadingRules<'a> {
    /// The rules for these settings.
    pub fn new(config: &'a Config, markdown: &'a MarkdownOptions) -> ReadingRules<'a> {
        ReadingRules {
            kept_addresses: &config.owners.translations,
            permalink: &config.permalink,
            old_permalinks: &config.old_permalinks,
            permalinks: &config.permalinks,
            taxonomies: &config.taxonomies,
            keys: &config.keys,
            language: &config.language,
            languages: &config.languages,
            named: None,
            named_withdrawals: &config.withdrawals.named,
            shows_near_copies: config.duplicates.show,
            authors: &config.authors,
            outlets: OutletNames(&config.outlets),
            markdown,
        }
    }

    /// The rules for a file with this language in its names.
    #[must_use]
    pub fn named(self, named: &'a NamedLanguage) -> ReadingRules<'a> {
        ReadingRules { named: Some(named), ..self }
    }

    /// Whether a language is one of the archive's by its settings.
    pub(super) fn is_language(&self, tag: &str) -> bool {
        let mut known = self.languages.iter().map(String::as_str).chain([self.language]);
        known.any(|known| language_tag::is_same(known, tag))
    }

    /// The permalink of a report in a file, by the pattern of its folder.
    pub(super) fn permalink_of(&self, path: &str, parts: &PermalinkParts<'_>) -> Permalink {
        pattern_of(path, self.permalinks, self.permalink).permalink(parts)
    }

    /// Earlier addresses of the report in a file, at other generators.
    pub(super) fn old_addresses(&self, path: &str, parts: &PermalinkParts<'_>) -> Vec<String> {
        let holding = self.old_permalinks.iter().filter(|pattern| pattern.holds(path));
        holding.filter_map(|old| old.pattern.address(parts)).collect()
    }

    /// All of the rules as text: what was read under another key says nothing about these.
    pub fn key(&self) -> String {
        format!("{self:?}")
    }
}

/// Display names of outlets, which permalinks may contain. Parsers use nothing else of an outlet.
#[derive(Clone, Copy)]
pub(super) struct OutletNames<'a>(&'a BTreeMap<String, OutletConfig>);

impl<'a> OutletNames<'a> {
    /// The display name of an outlet, given its key or name.
    pub(super) fn name(self, written: &'a str) -> &'a str {
        self.0.get(written).map_or(written, |outlet| &outlet.name)
    }
}

impl fmt::Debug for OutletNames<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_map()
            .entries(self.0.iter().map(|(key, outlet)| (key, &outlet.name)))
            .finish()
    }
}

/// The Markdown options for a language.
pub fn markdown_options(
    config: &MarkdownConfig,
    language: &str,
    words: BodyWords,
) -> MarkdownOptions {
    let &MarkdownConfig { raw_html, foreign_tags, unresolved_links, smart_punctuation, autolink } =
        config;
    let language = language.to_owned();
    MarkdownOptions {
        raw_html,
        foreign_tags,
        unresolved_links,
        smart_punctuation,
        autolink,
        format: BodyFormat::Markdown,
        language,
        words,
    }
}
