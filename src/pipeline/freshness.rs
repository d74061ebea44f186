//! Whether a site is up to date with its archive, without a build.
//!
//! A build records its inputs: names and stamps of all sources, and hashes of their contents. Equal
//! stamps mean no change. If stamps differ, as in a fresh clone or beside a site from another
//! machine, contents are hashed. Copied files need no hash, as the manifest has one. The record
//! contains only hashes and may be lost: then the answer is [`Freshness::Unknown`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64, xxh3_128};

use crate::base::diagnostic::{Diagnostic, Effect};
use crate::base::file_kind::FileKind;
use crate::base::{files, state_file};
use crate::content::article::Article;
use crate::content::scan::{self, SourceFile, Sources};
use crate::content::{SourcesDigest, cache};
use crate::images::file::cleaned;
use crate::output::{Manifest, Sha256, Target, copy_hashed};
use crate::settings::Config;

use super::memory::noop::stamps;
use super::{BuildOptions, Report, Site, now, prepare, read_config};

/// Whether a site is up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Yes: a build would publish the same.
    Current,
    /// No: sources have changed since.
    Older,
    /// There is no record.
    Unknown,
}

impl Freshness {
    /// Its name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Freshness::Current => "current",
            Freshness::Older => "newer",
            Freshness::Unknown => "unknown",
        }
    }
}

/// A withdrawal or redaction that the built site does not show yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unpublished {
    pub decision: Decision,
    /// The report's address.
    pub address: String,
    /// The report's source.
    pub source: String,
}

/// Lists unpublished decisions by address.
pub(crate) fn unpublished_in_words(unpublished: &[Unpublished]) -> String {
    let one = |found: &Unpublished| {
        format!("the {} of {} is not yet published", found.decision.name(), found.address)
    };
    unpublished.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// A curator's decision about a published report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Decision {
    Withdrawal,
    Redaction,
}

impl Decision {
    /// Its name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Decision::Withdrawal => "withdrawal",
            Decision::Redaction => "redaction",
        }
    }
}

/// The recorded inputs of a site.
#[derive(Serialize, Deserialize)]
struct BuiltFrom {
    /// The checksum of the site's manifest.
    manifest: u64,
    /// A hash of the settings that affect the site.
    settings: u64,
    /// A hash of the names and stamps of all sources; `None` if stamps were too recent.
    stamps: Option<u128>,
    /// Hashes of the contents of all sources.
    contents: Contents,
    /// A hash of each report's redactions.
    redactions: BTreeSet<u64>,
}

/// Hashes of names and contents of the sources.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Contents {
    /// `content/`.
    articles: u128,
    /// Theme, templates and ledger.
    texts: u128,
    /// Names of files in `static/`.
    names: u128,
}

/// Folders and files that affect a site, besides articles and settings.
fn texts(config: &Config) -> [PathBuf; 6] {
    let theme = Path::new("themes").join(&config.theme.name);
    let folders = ["templates", "data", "links", "terms"].map(PathBuf::from);
    let [templates, data, links, terms] = folders;
    [theme, templates, data, links, terms, "addresses.toml".into()]
}

fn file(target: &Target) -> PathBuf {
    target.state.join("built-from")
}

/// Records the inputs of a site. `stamps` were taken before anything was read.
pub(super) fn remember(
    target: &Target,
    options: &BuildOptions,
    site: &Site,
    stamps: Option<u128>,
    manifest: u64,
) {
    let articles = site.archive.articles.iter().map(|article| &*article.value);
    let record = BuiltFrom {
        manifest,
        settings: settings(options),
        stamps,
        contents: Contents {
            articles: site.sources,
            texts: hash_of_texts(&options.root, &site.config),
            names: hash_of_names(&options.root.join("static")),
        },
        redactions: articles.filter_map(hash_of_redactions).collect(),
    };
    // Without the record, the next deploy reports that it can't tell.
    let _ =
        state_file::seal(&record, 0).and_then(|bytes| state_file::replace(&file(target), &bytes));
}

/// Compares a site with its archive.
pub(crate) fn freshness(
    options: &BuildOptions,
    config: &Config,
    target: &Target,
    manifest: &Manifest,
) -> Freshness {
    let Some(record) = record(target, manifest) else { return Freshness::Unknown };
    if record.settings != settings(options) {
        return Freshness::Older;
    }
    let at = now();
    let sources = scan::scan(&options.root, &config.build.ignore);
    let found = stamps(&options.root, config, &sources, at);
    if found.is_some() && found == record.stamps {
        return Freshness::Current;
    }
    let found = Contents {
        articles: hash_of_sources(&options.root, &sources),
        texts: hash_of_texts(&options.root, config),
        names: hash_of_names(&options.root.join("static")),
    };
    let is_same = found == record.contents && has_same_copies(&options.root, &sources, manifest);
    if is_same { Freshness::Current } else { Freshness::Older }
}

fn record(target: &Target, manifest: &Manifest) -> Option<BuiltFrom> {
    let record = state_file::read::<BuiltFrom>(&file(target), 0)?;
    (record.manifest == manifest.seal()).then_some(record)
}

/// Withdrawals and redactions since the site was built; diagnostics if the archive can't be read.
pub(crate) fn unpublished(
    options: &BuildOptions,
    target: &Target,
    manifest: &Manifest,
) -> Result<Vec<Unpublished>, Vec<Diagnostic>> {
    let mut report = Report::default();
    let site = prepare(options, &mut report, &|_| {});
    let Some(site) = site.filter(|_| !report.was_refused()) else {
        report.diagnostics.retain(|problem| problem.weight == Effect::Stop);
        return Err(report.diagnostics);
    };
    let published = Published::of(manifest);
    let record = record(target, manifest);
    let articles = site.archive.articles.iter().map(|article| &*article.value);
    let mut found: Vec<Unpublished> = articles
        .filter_map(|article| {
            let decision = published.misses(article, record.as_ref())?;
            let (address, source) = (article.permalink.to_string(), article.source.to_string());
            Some(Unpublished { decision, address, source })
        })
        .collect();
    found.sort();
    Ok(found)
}

/// The reports of a site.
struct Published<'a> {
    manifest: &'a Manifest,
    /// Pages by source.
    pages: FxHashMap<&'a str, &'a str>,
}

impl<'a> Published<'a> {
    fn of(manifest: &'a Manifest) -> Published<'a> {
        let pages = manifest.files.iter().filter_map(|(path, entry)| {
            let is_shown = entry.kind == FileKind::Article;
            entry.source.as_deref().filter(|_| is_shown).map(|source| (source, &**path))
        });
        Published { manifest, pages: pages.collect() }
    }

    /// The page of a report: by its source, or by one of its addresses if the source has moved.
    fn page(&self, article: &Article) -> Option<&'a str> {
        let at = |address: &str| {
            let path = format!("{}index.html", address.trim_start_matches('/'));
            let (path, entry) = self.manifest.files.under(&path).next()?;
            (entry.kind == FileKind::Article).then_some(&**path)
        };
        let known = self.pages.get(&*article.source).copied();
        known.or_else(|| at(article.permalink.as_str())).or_else(|| {
            article.aliases.iter().filter(|alias| alias.ends_with('/')).find_map(|alias| at(alias))
        })
    }

    /// A decision about a report that the site does not show yet.
    fn misses(&self, article: &Article, record: Option<&BuiltFrom>) -> Option<Decision> {
        let page = self.page(article)?;
        if article.is_withdrawn() {
            return Some(Decision::Withdrawal);
        }
        let redactions = hash_of_redactions(article)?;
        let is_known = if let Some(record) = record {
            record.redactions.contains(&redactions)
        } else {
            let changes = article.corrections.len() + article.redactions.len();
            let body = self.manifest.files.get(page).and_then(|entry| entry.body.as_deref());
            body.is_none_or(|body| body.changes == changes)
        };
        (!is_known).then_some(Decision::Redaction)
    }
}

fn hash_of_redactions(article: &Article) -> Option<u64> {
    let redactions = &article.redactions;
    let text = || format!("{} {redactions:?}", article.permalink);
    (!redactions.is_empty()).then(|| xxh3_64(text().as_bytes()))
}

/// A hash of the parsed settings, without deploy targets.
fn settings(options: &BuildOptions) -> u64 {
    let plain = BuildOptions {
        root: options.root.clone(),
        config: options.config.clone(),
        ..BuildOptions::default()
    };
    let mut config = read_config(&plain, &mut Report::default());
    config.deploy.targets.clear();
    xxh3_64(format!("{config:?}").as_bytes())
}

/// The same hash as reading the sources for a build gives.
fn hash_of_sources(root: &Path, sources: &Sources) -> u128 {
    let read = |file: &SourceFile| {
        let bytes = files::read(&file.location.absolute(root, &file.path));
        // Like a build, treat an unreadable file as one with hash 0.
        bytes.map_or(0, |bytes| cache::hash(&bytes))
    };
    let hashes: Vec<u128> = sources.files.par_iter().map(read).collect();
    let mut digest = SourcesDigest::default();
    for (file, hash) in sources.files.iter().zip(hashes) {
        digest.add(file, hash);
    }
    digest.end()
}

fn hash_of_texts(root: &Path, config: &Config) -> u128 {
    let mut hasher = Xxh3Default::new();
    for top in texts(config) {
        for path in regular_files(&root.join(&top)) {
            let name = scan::relative(root, &path);
            let text = files::read(&path).unwrap_or_default();
            hasher.update(&xxh3_128(name.as_bytes()).to_le_bytes());
            hasher.update(&xxh3_128(&text).to_le_bytes());
        }
    }
    hasher.digest128()
}

fn hash_of_names(folder: &Path) -> u128 {
    let mut hasher = Xxh3Default::new();
    for path in regular_files(folder) {
        hasher.update(&xxh3_128(scan::relative(folder, &path).as_bytes()).to_le_bytes());
    }
    hasher.digest128()
}

/// The files of a folder, or the file itself, in order.
fn regular_files(top: &Path) -> Vec<PathBuf> {
    let walk = WalkDir::new(top).sort_by_file_name().into_iter();
    walk.flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// Whether each copied file is unchanged. A file without a copy was left out by the build, and will
/// be again.
fn has_same_copies(root: &Path, sources: &Sources, manifest: &Manifest) -> bool {
    let fixed = root.join("static");
    let mut copies: Vec<(String, PathBuf)> = regular_files(&fixed)
        .into_iter()
        .map(|path| (scan::relative(&fixed, &path), path))
        .collect();
    let published = Published::of(manifest);
    for file in &sources.files {
        let page = published.pages.get(file.path.as_str()).and_then(|page| page.rsplit_once('/'));
        let Some((folder, _)) = page else { continue };
        copies.extend(
            file.assets
                .iter()
                .map(|(name, path)| (format!("{folder}/{name}"), path.path().to_owned())),
        );
    }
    copies.par_iter().all(|(path, from)| {
        let copy = manifest.files.get(path).filter(|entry| entry.kind == FileKind::Asset);
        copy.is_none_or(|copy| {
            let has_hash = |sha256| sha256 == copy.sha256;
            copy_hashed(from, None).is_ok_and(|(sha256, _)| has_hash(sha256))
                || cleaned(from)
                    .is_ok_and(|bytes| bytes.is_some_and(|bytes| has_hash(Sha256::of(&bytes))))
        })
    })
}
