//! `dateline.toml` as types. Every key has a default, so an empty file is valid.
//!
//! Parsed by [`reading`]; unchanged afterwards.

pub(crate) mod address_owners;
pub(crate) mod addresses;
pub(crate) mod checking;
pub(crate) mod citing;
pub(crate) mod deploying;
pub(crate) mod external;
pub(crate) mod images;
mod languages;
pub(crate) mod loading;
pub(crate) mod look;
mod permalinks;
mod publishing;
pub mod reading;
pub(crate) mod reuse;
pub(crate) mod searching;
pub(crate) mod targets;
mod taxonomies;
pub(crate) mod term_notes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono_tz::Tz;
use url::Url;

use addresses::ConfigLink;
pub use taxonomies::{Taxonomies, TaxonomyConfig};

use crate::base::choices::WithdrawalKind;
use crate::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::leftovers::Ignored;
use crate::base::old_permalink::OldPattern;
use crate::base::permalink::PermalinkPattern;
use crate::tree::Node;
use crate::tree::fields::Reading;

use crate::settings::reuse::{NoticesConfig, RepublishConfig};

/// All settings of an archive.
#[derive(Clone, Debug)]
pub struct Config {
    /// The absolute address of the home page; ends with `/`.
    pub base_url: Url,
    /// The archive's name.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// BCP 47 tag of the archive's language; the interface's, where the theme has its words.
    pub language: String,
    /// Its line; `None` for the default.
    pub language_place: Option<Place>,
    /// For dates without an offset.
    pub timezone: Tz,
    /// A folder of `themes/`, or a built-in theme.
    pub theme: ThemeChoice,
    /// `[theme]`: what changes of its look.
    pub look: look::Look,
    /// The output folder, from the archive's root.
    pub output_dir: PathBuf,
    /// Pattern of articles' permalinks.
    pub permalink: PermalinkPattern,
    /// `[[permalinks]]`: patterns of single folders.
    pub permalinks: Vec<FolderPattern>,
    /// `[[old_permalinks]]`: addresses that reports had elsewhere, by folder or of all.
    pub old_permalinks: Vec<OldPermalinks>,
    /// `origins`: where the archive was before, each as `https://host`.
    pub origins: Vec<String>,
    /// `[languages.<tag>]`: the languages that names of files and folders may say.
    pub languages: BTreeSet<String>,
    /// All taxonomies: first the built-in ones, then the archive's own, in order.
    pub taxonomies: Taxonomies,
    /// `[outlets.<key>]`
    pub outlets: BTreeMap<String, OutletConfig>,
    /// `[authors.<key>]`: their names, by the keys that front matter may have for them.
    pub authors: BTreeMap<String, String>,
    /// `[contributors.<key>]`
    pub contributors: BTreeMap<String, ContributorConfig>,
    /// Maps foreign front matter keys to ours.
    pub keys: BTreeMap<String, String>,
    /// `[[nav]]`
    pub nav: Vec<NavEntry>,
    /// `[[redirects]]`
    pub redirects: Vec<RedirectRule>,
    /// `[listing]`
    pub listing: ListingConfig,
    /// `[feeds]`
    pub feeds: FeedsConfig,
    /// `[withdrawals]`
    pub withdrawals: WithdrawalsConfig,
    /// `[duplicates]`
    pub duplicates: DuplicatesConfig,
    /// `[markdown]`
    pub markdown: MarkdownConfig,
    /// `[citation]`
    pub citation: citing::CitationConfig,
    /// `[data]`
    pub data: citing::DataConfig,
    /// Where readers report a problem: a path of the archive, a `mailto:` or web address, with
    /// `{url}` for the report's address.
    pub report_url: Option<String>,
    /// The terms of reuse: a path of the archive or a web address.
    pub terms_url: Option<String>,
    /// Paths of the archive in the settings; their pages must exist.
    pub links: Vec<ConfigLink>,
    /// `[notices]`
    pub notices: NoticesConfig,
    /// `[republish]`
    pub republish: RepublishConfig,
    /// `[images]`
    pub images: images::ImagesConfig,
    /// `[search]`
    pub search: searching::SearchConfig,
    /// `[check]`
    pub check: checking::CheckConfig,
    /// `[build]`
    pub build: BuildConfig,
    /// `[deploy]`
    pub deploy: deploying::DeployConfig,
    /// `terms/`: what is known of terms.
    pub term_notes: term_notes::TermNotes,
    /// Decisions in `addresses.toml` about contested addresses.
    pub owners: address_owners::AddressOwners,
    /// `[extra]`, for templates.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// `[build]`
#[derive(Clone, Debug, Default)]
pub struct BuildConfig {
    /// Files that are ignored, besides left-overs of programs.
    pub ignore: Ignored,
}

/// The choice of a theme, and its place in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeChoice {
    /// Its file name.
    pub name: String,
    /// Its line; `None` for the default.
    pub place: Option<Place>,
}

/// An outlet in the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutletConfig {
    /// Its name as shown.
    pub name: String,
    /// Its home page.
    pub url: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// A sentence about it.
    pub note: Option<String>,
}

/// A contributor in the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContributorConfig {
    /// The display name; the key if it is missing.
    pub name: Option<String>,
    /// A home page.
    pub url: Option<String>,
    /// A sentence.
    pub note: Option<String>,
    /// Never named.
    pub hidden: bool,
}

/// The pattern of the permalinks of one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderPattern {
    /// The folder below `content/`, without slashes at its ends.
    pub folder: String,
    /// The pattern.
    pub pattern: PermalinkPattern,
}

impl FolderPattern {
    /// Whether a file, from the archive's root, lies in the folder.
    pub fn holds(&self, path: &str) -> bool {
        lies_in(path, &self.folder)
    }
}

/// Old addresses of the reports of one folder, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldPermalinks {
    /// The folder below `content/`; `None` for all reports.
    pub folder: Option<String>,
    /// Their pattern.
    pub pattern: OldPattern,
}

impl OldPermalinks {
    /// Whether a file, from the archive's root, had an address by this pattern.
    pub fn holds(&self, path: &str) -> bool {
        self.folder.as_ref().is_none_or(|folder| lies_in(path, folder))
    }
}

/// Whether a file lies in a folder below `content/`.
fn lies_in(path: &str, folder: &str) -> bool {
    let inner = path.strip_prefix("content/").and_then(|path| path.strip_prefix(folder));
    inner.is_some_and(|rest| rest.starts_with('/'))
}

/// The pattern that the addresses of a folder's reports are made by.
pub fn pattern_of<'a>(
    path: &str,
    of_folders: &'a [FolderPattern],
    otherwise: &'a PermalinkPattern,
) -> &'a PermalinkPattern {
    let holding = of_folders.iter().filter(|pattern| pattern.holds(path));
    let nearest = holding.max_by_key(|pattern| pattern.folder.len());
    nearest.map_or(otherwise, |nearest| &nearest.pattern)
}

/// A link in the masthead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavEntry {
    /// Its text.
    pub title: String,
    /// From the archive's root (`/about/`), or absolute.
    pub url: String,
}

/// A redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectRule {
    /// From the archive's root; may contain `*` and a query.
    pub from: String,
    /// From the archive's root, or absolute.
    pub to: String,
    /// 301, 302, 307, 308.
    pub status: u16,
    /// Its place in the settings.
    pub place: Place,
}

/// `[listing]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingConfig {
    /// The greatest number of articles that is not split.
    pub leaf: usize,
    /// Whether days have pages in the whole archive's listing.
    pub days: bool,
}

/// `[feeds]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedsConfig {
    /// Entries in a feed.
    pub limit: usize,
    /// The `host,date` of `tag:` URIs (RFC 4151 §2.1); else made from the title, never from
    /// `base_url`.
    pub authority: Option<String>,
    /// The default authority: the host in the settings.
    pub default_authority: String,
}

/// `[withdrawals]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalsConfig {
    /// Kinds whose tombstones name the report, and which `/withdrawals/` lists.
    pub named: Vec<WithdrawalKind>,
}

/// `[duplicates]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DuplicatesConfig {
    /// Whether near-copies are shown before a curator confirms them.
    pub show: bool,
}

/// `[markdown]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownConfig {
    /// `"sanitise"` or `"trust"`.
    pub raw_html: RawHtml,
    /// `"show"` or `"drop"`.
    pub foreign_tags: ForeignTags,
    /// `"mark"` or `"keep"`.
    pub unresolved_links: UnresolvedLinks,
    /// Typographic quotes and dashes.
    pub smart_punctuation: bool,
    /// Whether addresses that stand in the text become links.
    pub autolink: bool,
}

impl Config {
    /// The path of the home page: `/`, `/sub/dir/`.
    pub fn base_path(&self) -> &str {
        self.base_url.path()
    }

    /// A path of the archive, beginning with `/`, with the base path.
    pub fn address(&self, path: &str) -> String {
        format!("{}{}", self.base_path(), path.trim_start_matches('/'))
    }

    /// A path of the archive, beginning with `/`, as absolute address.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}", self.base_url, path.trim_start_matches('/'))
    }
}

/// Reports an invalid value; the build stops, as a guess could change every address.
fn stop(reading: &mut Reading<'_>, node: &Node, message: String, help: &str) {
    reading.report(Diagnostic::stop(Rule::Config, message).help(help), node.range.clone());
}
