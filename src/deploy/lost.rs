//! Finds published addresses that the site no longer has, which stop a deploy.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::file_kind::FileKind;
use crate::base::permalink::encode_path;
use crate::hosts::{OldAddress, Pattern, PatternIndex};
use crate::output::Manifest;

use super::remote::{RemoteManifest, source_key};

/// An address that would be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// From the archive's root.
    pub address: String,
    /// The article's new address.
    pub now: Option<String>,
}

impl Lost {
    /// The remedy.
    pub(crate) fn help(&self) -> String {
        let Lost { address, now } = self;
        match now {
            Some(now) => format!("it is at {now} now: add aliases = [\"{address}\"]"),
            None => format!(
                "keep the file and add withdrawn = {{ … }}, or give another page aliases = \
                 [\"{address}\"]"
            ),
        }
    }
}

/// Pages at the target without page, redirect or tombstone in the site.
///
/// When an article is withdrawn, listings with nothing else must vanish: they would reveal its
/// subject. They can't be told from other listings, so in that case no listing counts as lost.
pub(crate) fn lost(remote: &RemoteManifest, site: &Manifest) -> Vec<Lost> {
    let takes_down = site.files.iter().any(|(path, entry)| {
        entry.kind == FileKind::Tombstone
            && remote.files.get(path).is_some_and(|file| file.kind != FileKind::Tombstone)
    });
    let missing = remote.files.iter().filter(|(path, file)| {
        let is_missed = match file.kind {
            FileKind::Article | FileKind::Tombstone => true,
            FileKind::Listing => !takes_down,
            FileKind::Theme | FileKind::Asset | FileKind::Index | FileKind::Feed => false,
        };
        is_missed && is_page(path) && !site.files.contains(path)
    });
    let missing = missing.map(|(path, file)| (address_of(path), file.source));
    let missing: Vec<_> = missing.collect();
    let missing = not_redirected(missing, site);
    if missing.is_empty() {
        return Vec::new();
    }
    let articles = site.files.articles();
    let sources: FxHashMap<u64, &str> =
        articles.map(|(source, permalink)| (source_key(source), permalink)).collect();
    let now = |source: Option<u64>| Some(format!("/{}", sources.get(&source?)?));
    missing.into_iter().map(|(address, source)| Lost { address, now: now(source) }).collect()
}

/// Whether a file is a page, and not its Markdown or a compressed copy.
fn is_page(path: &str) -> bool {
    ![".md", ".br", ".gz"].iter().any(|ending| path.ends_with(ending))
}

/// The decoded address of a page's file.
pub(crate) fn address_of(path: &str) -> String {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{path}"),
    }
}

/// Addresses without a redirect by the host's rules; patterns have no page of their own.
fn not_redirected<T>(mut addresses: Vec<(String, T)>, site: &Manifest) -> Vec<(String, T)> {
    if addresses.is_empty() {
        return addresses;
    }
    let mut plain: FxHashSet<&str> = FxHashSet::default();
    let mut patterns: Vec<Pattern> = Vec::new();
    for redirect in &site.redirects {
        match OldAddress::read("/", &redirect.from) {
            Ok(OldAddress::Pattern(pattern)) => patterns.push(pattern),
            _ => drop(plain.insert(&redirect.from)),
        }
    }
    let patterns = PatternIndex::new(&patterns);
    addresses.retain(|(address, _)| {
        let is_plain =
            plain.contains(address.as_str()) || plain.contains(encode_path(address).as_str());
        !is_plain && !patterns.fits(address)
    });
    addresses
}
