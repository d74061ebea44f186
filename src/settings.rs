//! `dateline.toml` as types: every key has a default, so that an empty file is a valid archive.
//!
//! Read by [`reading`]; handed to every stage, unchanged.

pub mod address_owners;
pub mod addresses;
pub mod checking;
pub mod citing;
pub mod deploying;
pub mod external;
mod languages;
pub mod loading;
mod permalinks;
mod publishing;
pub mod reading;
pub mod reuse;
pub mod searching;
pub mod targets;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono_tz::Tz;
use url::Url;

use addresses::ConfigLink;

use crate::base::choices::WithdrawalKind;
use crate::base::choices::{ForeignTags, RawHtml, UnresolvedLinks};
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::leftovers::Ignored;
use crate::base::old_permalink::OldPattern;
use crate::base::permalink::PermalinkPattern;
use crate::tree::Node;
use crate::tree::fields::Reading;

use crate::settings::reuse::{NoticesConfig, RepublishConfig};

/// The whole configuration of an archive.
#[derive(Clone, Debug)]
pub struct Config {
    /// Absolute address of the home page; always ends with `/`.
    pub base_url: Url,
    /// The archive's name.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// BCP 47 tag of the interface's language.
    pub language: String,
    /// For dates that name no offset.
    pub timezone: Tz,
    /// Folder of `themes/`, or a theme in the binary.
    pub theme: ThemeChoice,
    /// Where the site is written, from the archive's root.
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
    /// All taxonomies: the built-in ones first, then the config's own, in order.
    pub taxonomies: Vec<TaxonomyConfig>,
    /// `[outlets.<key>]`
    pub outlets: BTreeMap<String, OutletConfig>,
    /// `[authors.<key>]`: their names, by the keys that front matter may have for them.
    pub authors: BTreeMap<String, String>,
    /// `[contributors.<key>]`
    pub contributors: BTreeMap<String, ContributorConfig>,
    /// Foreign front-matter keys to ours.
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
    /// Where readers report a problem: a path of the archive, a `mailto:` or a web address, with
    /// `{url}` for the report's permalink.
    pub report_url: Option<String>,
    /// Where the terms of reuse stand: a path of the archive or a web address.
    pub terms_url: Option<String>,
    /// Paths of the archive that the config itself leads to, to be looked up.
    pub links: Vec<ConfigLink>,
    /// `[notices]`
    pub notices: NoticesConfig,
    /// `[republish]`
    pub republish: RepublishConfig,
    /// `[search]`
    pub search: searching::SearchConfig,
    /// `[check]`
    pub check: checking::CheckConfig,
    /// `[build]`
    pub build: BuildConfig,
    /// `[deploy]`
    pub deploy: deploying::DeployConfig,
    /// Who keeps an address that two want: `addresses.toml`.
    pub owners: address_owners::AddressOwners,
    /// `[extra]`, for templates.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// `[build]`
#[derive(Clone, Debug, Default)]
pub struct BuildConfig {
    /// What is never read and never published, besides what programs leave behind.
    pub ignore: Ignored,
}

/// Which theme, and where the config says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeChoice {
    /// Its name.
    pub name: String,
    /// The line that names it; `None` where it goes without saying.
    pub place: Option<Place>,
}

/// A way to sort articles by terms.
#[derive(Clone, Debug, PartialEq)]
pub struct TaxonomyConfig {
    /// Key in the front matter and in `i18n/`, such as `tags`.
    pub name: String,
    /// One of them, such as `tag`.
    pub singular: String,
    /// First part of its addresses, such as `tags`.
    pub path: String,
    /// Whether each term has an Atom feed.
    pub feed: bool,
    /// How much a shared term says about two articles being related; 0 for not at all.
    pub related: f64,
}

/// What is known of an outlet.
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

/// What is known of a contributor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContributorConfig {
    /// The name as shown; the key where it is absent.
    pub name: Option<String>,
    /// A home page.
    pub url: Option<String>,
    /// A sentence.
    pub note: Option<String>,
    /// Named nowhere.
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
    /// Its words.
    pub title: String,
    /// From the archive's root (`/about/`), or absolute.
    pub url: String,
}

/// An old address and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectRule {
    /// From the archive's root; may hold `*` and a query string.
    pub from: String,
    /// From the archive's root, or absolute.
    pub to: String,
    /// 301, 302, 307, 308.
    pub status: u16,
    /// Where the config has it.
    pub place: Place,
}

/// `[listing]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingConfig {
    /// A set of at most so many articles is one page.
    pub leaf: usize,
    /// Whether the whole archive has a page a day.
    pub days: bool,
}

/// `[feeds]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedsConfig {
    /// Entries in a feed.
    pub limit: usize,
    /// `host,date` of the `tag:` URIs (RFC 4151 §2.1); else made from the title, never from `base_url`.
    pub authority: Option<String>,
    /// Where nothing else is said: the host of the address in the settings.
    pub default_authority: String,
}

/// `[withdrawals]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawalsConfig {
    /// The kinds whose tombstones name the report, and which `/withdrawals/` lists.
    pub named: Vec<WithdrawalKind>,
}

/// `[duplicates]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DuplicatesConfig {
    /// Whether near-copies are shown as the same report before a curator has confirmed them.
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
    /// Curly quotes and dashes.
    pub smart_punctuation: bool,
    /// Whether addresses that stand in the text become links.
    pub autolink: bool,
}

impl Config {
    /// The part of every root-relative address before the archive's own path: `/`, `/sub/dir/`.
    pub fn base_path(&self) -> &str {
        self.base_url.path()
    }

    /// A root-relative address of a path of the archive that begins with `/`.
    pub fn address(&self, path: &str) -> String {
        format!("{}{}", self.base_path(), path.trim_start_matches('/'))
    }

    /// The absolute address of a path of the archive that begins with `/`.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}", self.base_url, path.trim_start_matches('/'))
    }
}

/// Notes a value that can't be used; the build stops, for a guess could move every address.
fn stop(reading: &mut Reading<'_>, node: &Node, message: String, help: &str) {
    reading.report(Diagnostic::stop(Rule::Config, message).help(help), node.range.clone());
}
