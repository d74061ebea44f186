//! The written form of `dateline.toml`: every setting, its values, and its description.

#![allow(clippy::zero_sized_map_values, reason = "a schema is made of types; no value is")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::base::choices::{Host, SearchedPart};

use super::written::{
    Address, Amount, Anything, BucketAddress, Count, Country, Drawings, Either, ForeignTags,
    HexColour, Home, KindOrNothing, LanguageCode, Masthead, Mementos, OldPattern, OneOrMore, Pairs,
    Path, Pattern, PictureMetadata, RawHtml, RemotePictures, ReportValue, Severities, Sidecar,
    SpacedLanguageCode, Status, Style, TaxonomyKey, Text, Texts, Truth, UnresolvedLinks,
    WebAddress, Whole, Words, Zone,
};

/// The settings of an archive. Each has a default.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "Settings of a Dateline archive")]
pub struct Settings {
    /// Where the archive will be found on the Web; a folder is fine.
    pub base_url: Option<Home>,
    /// The archive's name.
    pub title: Option<Text>,
    /// One sentence about it.
    pub description: Option<Text>,
    /// The language of the interface: the theme speaks 24, such as ar, en, pt-BR and zh-Hant.
    pub language: Option<LanguageCode>,
    /// For times that name no zone.
    pub timezone: Option<Zone>,
    /// A folder of `themes/`, or `gazette`; or a table that changes its look.
    pub theme: Option<Either<Text, Theme>>,
    /// The folder that the site is written to.
    pub output_dir: Option<Text>,
    /// The address of a report, of :year, :month, :day, :outlet, :section, :language, :slug, :filename and
    /// fixed words.
    pub permalink: Option<Pattern>,
    /// Patterns for the reports of single folders.
    pub permalinks: Option<OneOrMore<FolderPattern>>,
    /// Addresses that reports had elsewhere: they lead to them now.
    pub old_permalinks: Option<OneOrMore<OldPermalinks>>,
    /// Where the archive was before: links to there lead to the reports.
    pub origins: Option<OneOrMore<WebAddress>>,
    /// The languages of the archive's reports: what names of files and folders may say. A table may be empty.
    pub languages: Option<BTreeMap<String, LanguageTable>>,
    /// Where readers report a problem; `{url}` stands for the address of the report.
    pub report_url: Option<Address>,
    /// Terms of reuse, at the foot of every page.
    pub terms_url: Option<Address>,
    /// More ways in than tags, outlets, authors, stories and contributors.
    pub taxonomies: Option<OneOrMore<Taxonomy>>,
    /// What is known of an outlet. Articles name its key.
    pub outlets: Option<BTreeMap<String, Outlet>>,
    /// Names of authors, where articles have keys for them.
    pub authors: Option<BTreeMap<String, Author>>,
    /// Who sends reports in.
    pub contributors: Option<BTreeMap<String, Contributor>>,
    /// Keys of another program's front matter, and what they are called here.
    pub keys: Option<BTreeMap<String, Text>>,
    /// Links at the top of every page.
    pub nav: Option<OneOrMore<NavEntry>>,
    /// Old addresses. One report's own old address belongs into its aliases.
    pub redirects: Option<OneOrMore<Redirect>>,
    /// How lists are cut.
    pub listing: Option<Listing>,
    /// What subscribers get.
    pub feeds: Option<Feeds>,
    /// How texts are read.
    pub markdown: Option<Markdown>,
    /// What holds for every report, said once.
    pub notices: Option<Notices>,
    /// Which reports come with a credit to copy and their text.
    pub republish: Option<Republish>,
    /// How pictures are published.
    pub images: Option<Images>,
    /// How readers search.
    pub search: Option<Search>,
    /// What is told of reports that were taken down.
    pub withdrawals: Option<Withdrawals>,
    /// What is done with near-copies.
    pub duplicates: Option<Duplicates>,
    /// How reports are cited.
    pub citation: Option<Citation>,
    /// The archive as data.
    pub data: Option<Data>,
    /// What `dateline check` looks for.
    pub check: Option<Check>,
    /// What is never read and never published.
    pub build: Option<Build>,
    /// Where the site is published.
    pub deploy: Option<Deploy>,
    /// Yours, for templates.
    pub extra: Option<Anything>,
}

/// The addresses of one folder's reports.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FolderPattern {
    /// The folder below `content/`.
    pub folder: Text,
    /// Their pattern, as `permalink` has it.
    pub pattern: Pattern,
}

/// Addresses that the reports of a folder had elsewhere.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OldPermalinks {
    /// The folder below `content/`; all reports without it.
    pub folder: Option<Text>,
    /// Of :year, :month, :day, :slug, :title (the file's name), :section, :language, :outlet and words.
    pub pattern: OldPattern,
}

/// An author that articles name by a key.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Author {
    /// The name as shown.
    pub name: Option<Text>,
}

/// A language of the archive's reports.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LanguageTable {}

/// A way to sort reports by terms.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Taxonomy {
    /// The key in the front matter.
    pub name: TaxonomyKey,
    /// One of them, in messages.
    pub singular: Option<Text>,
    /// The first part of its addresses.
    pub path: Option<Text>,
    /// Whether each of its terms has a feed.
    pub feed: Option<Truth>,
}

/// What is known of an outlet.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Outlet {
    /// Its name as shown.
    pub name: Option<Text>,
    /// Its home page.
    pub url: Option<WebAddress>,
    /// Its country (ISO 3166), as in "GB".
    pub country: Option<Country>,
    /// Its language (BCP 47), as in "pt-BR".
    pub language: Option<SpacedLanguageCode>,
    /// A sentence about it.
    pub note: Option<Text>,
}

/// What is known of a contributor.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Contributor {
    /// The name as shown.
    pub name: Option<Text>,
    /// A home page.
    pub url: Option<WebAddress>,
    /// A sentence about them.
    pub note: Option<Text>,
    /// Whether they are named nowhere.
    pub hidden: Option<Truth>,
}

/// A link at the top of every page.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct NavEntry {
    /// Its words.
    pub title: Words,
    /// Where it leads: a path of the archive, or a web address.
    pub url: Address,
}

/// An old address, and where it leads.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Redirect {
    /// The old address; `*` stands for anything.
    pub from: Path,
    /// Where it leads.
    pub to: Address,
    /// How the host answers.
    pub status: Option<Status>,
}

/// How lists are cut.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Listing {
    /// A longer list is cut by year, month, day.
    pub leaf: Option<Count>,
    /// Whether every day with reports has a page.
    pub days: Option<Truth>,
}

/// What subscribers get.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Feeds {
    /// Entries in a feed.
    pub limit: Option<Count>,
    /// A name you held at a date, for permanent identities: "example.org,2026".
    pub authority: Option<Text>,
}

/// How texts are read.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Markdown {
    /// "trust" is for archives where every word is your own.
    pub raw_html: Option<RawHtml>,
    /// Whether template tags of other programs are shown or left out.
    pub foreign_tags: Option<ForeignTags>,
    /// Whether links to nowhere are marked, or kept as they are.
    pub unresolved_links: Option<UnresolvedLinks>,
    /// Whether quotes become curly, and hyphens dashes.
    pub smart_punctuation: Option<Truth>,
    /// Whether addresses that stand in the text become links.
    pub autolink: Option<Truth>,
}

/// What holds for every report, said once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Notices {
    /// Sentences under each report.
    pub standing: Option<Texts>,
    /// How reports are chosen and kept.
    pub principles: Option<Address>,
    /// How mistakes are corrected.
    pub corrections_policy: Option<Address>,
    /// Who answers for what.
    pub responsibility: Option<Address>,
    /// Where holders of rights turn.
    pub rights_contact: Option<Address>,
}

/// Which reports come with a credit to copy and their text.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Republish {
    /// All of them.
    pub allow: Option<Truth>,
    /// Those under one of these licences.
    pub licenses: Option<Texts>,
}

/// How readers search.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Search {
    /// Whether the archive has a search page and an index for it.
    pub enabled: Option<Truth>,
    /// The parts of reports whose words are found: `title`, `summary` where it is written, `text`; all of them unless said otherwise.
    pub fields: Option<OneOrMore<SearchedPart>>,
    /// How much words count for the order of hits.
    pub weights: Option<SearchWeights>,
    /// Reports that are not found: those with one of these values, as in `"outlet:The Wire"`; also `author:`, `tag:`, `story:`, `lang:`, `kind:`.
    pub exclude: Option<OneOrMore<ReportValue>>,
    /// How many files the index is to have at most, for hosts that count: it then has larger ones. 20,000 unless said otherwise.
    pub max_files: Option<Count>,
    /// A search engine to which the form leads without JavaScript.
    pub fallback: Option<SearchFallback>,
}

/// How much words count for the order of hits, relative to each other.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SearchWeights {
    /// In the headline; 1 unless said otherwise, up to 100.
    pub title: Option<Amount>,
    /// Elsewhere; 1 unless said otherwise, up to 100.
    pub text: Option<Amount>,
}

/// A search engine that takes a form.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SearchFallback {
    /// The address that its form leads to.
    pub action: Option<WebAddress>,
    /// The name of the field with the words.
    pub query: Option<Text>,
    /// Other fields; `{host}` stands for the archive's host.
    pub fields: Option<BTreeMap<String, Text>>,
}

/// What changes of a theme's look, without a template.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Theme {
    /// A folder of `themes/`, or `gazette`.
    pub name: Option<Text>,
    /// The colour of links and marks, as in `"#0a5c4a"`.
    pub accent: Option<HexColour>,
    /// The same on dark paper; without it a lighter shade of `accent` that can be read.
    pub accent_dark: Option<HexColour>,
    /// A picture in place of the archive's name at the top, as in `/logo.svg`.
    pub logo: Option<Address>,
    /// `grand`: the name is large on the front page; `centred`: in the middle of every page; `plain`: small.
    pub masthead: Option<Masthead>,
    /// Style sheets after the theme's own, as in `/ours.css`.
    pub css: Option<OneOrMore<Address>>,
    /// Fonts before the theme's own.
    pub fonts: Option<Fonts>,
}

/// Fonts before the theme's own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fonts {
    /// Families for reports and headlines.
    pub text: Option<Texts>,
    /// Families for dates, labels and records.
    pub labels: Option<Texts>,
    /// Files of fonts.
    pub files: Option<OneOrMore<FontFile>>,
}

/// A file of a font.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FontFile {
    /// The family that it belongs to.
    pub family: Text,
    /// Where it is, as in `/fonts/literata.woff2`.
    pub src: Address,
    /// `"400"`, or `"200 900"` for a variable font.
    pub weight: Option<Text>,
    /// Whether its letters are italic.
    pub italic: Option<Truth>,
}

/// How pictures are published.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Images {
    /// `remove` takes places, devices, names and previews out of published pictures; `keep` copies files as they are.
    pub metadata: Option<PictureMetadata>,
    /// `safe` leaves out SVG files beside reports that hold scripts or load from elsewhere; `raw` publishes them.
    pub svg: Option<Drawings>,
    /// `load` lets readers load pictures from other hosts; `link` shows links to them, with their words and host.
    pub remote: Option<RemotePictures>,
    /// The picture that other sites show with a link to a page without one, as in `/card.png`.
    pub card: Option<Address>,
}

/// What is told of reports that were taken down.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Withdrawals {
    /// Kinds of withdrawal that keep their headline.
    pub named: Option<OneOrMore<KindOrNothing>>,
}

/// What is done with near-copies.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Duplicates {
    /// Whether they are shown without asking you.
    pub show: Option<Truth>,
}

/// How reports are cited.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Citation {
    /// Whether reports have a box “Cite this report”.
    #[schemars(rename = "box")]
    pub shown: Option<Truth>,
    /// The styles in it, in your order.
    pub styles: Option<OneOrMore<Style>>,
    /// Files for reference managers beside every report.
    pub sidecars: Option<OneOrMore<Sidecar>>,
}

/// The archive as data.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Data {
    /// Whether there is `/data/`.
    pub enabled: Option<Truth>,
    /// Licences under which the text of a report is among the data.
    pub body_licenses: Option<Texts>,
    /// The archive in one file each.
    pub whole: Option<OneOrMore<Whole>>,
}

/// What `dateline check` looks for.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Check {
    /// A written summary of more characters is long.
    pub summary_length: Option<Count>,
    /// Terms that look alike and are two, such as Austria and Australia.
    pub distinct: Option<Pairs>,
    /// How `check --external` asks links out of the archive.
    pub external: Option<External>,
    /// How loudly each is said: "off", "note", "warning" or "error".
    pub lints: Option<Severities>,
}

/// How `check --external` asks links out of the archive.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct External {
    /// Seconds between two requests to one host.
    pub delay: Option<Amount>,
    /// Seconds after which a request is given up.
    pub timeout: Option<Count>,
    /// How often a request that failed is made again.
    pub retries: Option<Amount>,
    /// How many redirects are followed.
    pub redirects: Option<Amount>,
    /// How many hosts are asked at the same time.
    pub hosts: Option<Count>,
    /// On how many days a link fails before it is called dead.
    pub days: Option<Count>,
    /// Whose pages are looked for in the Wayback Machine: "none", "dead" or "originals".
    pub mementos: Option<Mementos>,
    /// Where the Wayback Machine is asked for copies.
    pub wayback: Option<WebAddress>,
    /// Whether addresses of this machine and of private networks are asked.
    pub private: Option<Truth>,
    /// Hosts that are not asked, nor those below them.
    pub skip: Option<Texts>,
}

/// What is never read and never published.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Build {
    /// Globs: without `/` for a name anywhere, with one for a path from the archive's root.
    pub ignore: Option<Texts>,
}

/// Where the site is published.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Deploy {
    /// The host whose rules (redirects, headers, withdrawals) are written beside the site.
    pub host: Option<Host>,
    /// Whether a compressed copy lies beside each file of text.
    pub compress: Option<Truth>,
    /// The places that `dateline deploy` puts the site to.
    pub targets: Option<BTreeMap<String, Target>>,
}

/// A place that the site is put to: one of bucket, folder, rsync and git.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Target {
    /// A bucket and the folder in it: s3://, gs:// or az://.
    pub bucket: Option<BucketAddress>,
    /// The address of a service that speaks S3's language, where it is not Amazon's.
    pub endpoint: Option<WebAddress>,
    /// Where the bucket is, as in "eu-central-1".
    pub region: Option<Text>,
    /// So many files are on their way at once.
    pub connections: Option<Count>,
    /// A folder of releases, here or mounted.
    pub folder: Option<Text>,
    /// So many releases before the current one are kept.
    pub keep: Option<Amount>,
    /// What rsync takes as its destination.
    pub rsync: Option<Text>,
    /// A Git repository: its address, or the name of a remote.
    pub git: Option<Text>,
    /// The branch that holds the site.
    pub branch: Option<Text>,
    /// For how many seconds a reader's browser may keep a page.
    pub pages_max_age: Option<Amount>,
    /// For how many seconds it may keep pictures and other files.
    pub files_max_age: Option<Amount>,
    /// A deploy that would delete more files stops.
    pub max_deletes: Option<Amount>,
    /// Is sent the addresses that changed.
    pub purge: Option<WebAddress>,
}
