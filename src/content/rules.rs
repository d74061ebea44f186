//! The settings that parsing a content file depends on.
//!
//! Parsers get [`ReadingRules`] instead of the settings, and the cache of sources is keyed by all
//! of them ([`ReadingRules::key`]): a setting that parsers use can't be missing in the key.

use std::collections::BTreeMap;
use std::fmt;

use crate::base::choices::WithdrawalKind;
use crate::base::permalink::PermalinkPattern;
use crate::markdown::{BodyWords, MarkdownOptions};
use crate::settings::{Config, MarkdownConfig, OutletConfig, TaxonomyConfig};

/// Everything besides the file that parsing depends on.
#[derive(Clone, Copy, Debug)]
pub struct ReadingRules<'a> {
    pub(super) permalink: &'a PermalinkPattern,
    pub(super) taxonomies: &'a [TaxonomyConfig],
    /// Maps foreign front matter keys to ours.
    pub(super) keys: &'a BTreeMap<String, String>,
    /// The default language of texts.
    pub(super) language: &'a str,
    /// The kinds of withdrawal whose notices name the report.
    pub(super) named_withdrawals: &'a [WithdrawalKind],
    /// Whether sketches are needed, to show near-copies.
    pub(super) shows_near_copies: bool,
    pub(super) outlets: OutletNames<'a>,
    pub(super) markdown: &'a MarkdownOptions,
}

impl<'a> ReadingRules<'a> {
    /// The rules for these settings.
    pub fn new(config: &'a Config, markdown: &'a MarkdownOptions) -> ReadingRules<'a> {
        ReadingRules {
            permalink: &config.permalink,
            taxonomies: &config.taxonomies,
            keys: &config.keys,
            language: &config.language,
            named_withdrawals: &config.withdrawals.named,
            shows_near_copies: config.duplicates.show,
            outlets: OutletNames(&config.outlets),
            markdown,
        }
    }

    /// All rules as text, for cache keys.
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
    let &MarkdownConfig { raw_html, foreign_tags, unresolved_links, smart_punctuation } = config;
    let language = language.to_owned();
    MarkdownOptions { raw_html, foreign_tags, unresolved_links, smart_punctuation, language, words }
}
