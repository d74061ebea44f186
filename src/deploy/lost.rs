//! Addresses that readers know and that the site no longer has: what a deploy refuses to take away.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::file_kind::FileKind;
use crate::base::permalink::encode_path;
use crate::hosts::{OldAddress, Pattern, PatternIndex};
use crate::output::Manifest;

use super::remote::{RemoteManifest, source_key};

/// An address that would vanish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// From the archive's root.
    pub address: String,
    /// Where the same article is now.
    pub now: Option<String>,
}

impl Lost {
    /// How to keep it.
    pub fn help(&self) -> String {
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

/// Pages at the target that have neither page, redirect nor tombstone in the site.
///
/// Where an article is withdrawn, listings that held nothing else go with it, and must: they would
/// tell what it was about. Nobody can tell these from others, so that then no listing is missed.
pub fn lost(remote: &RemoteManifest, site: &Manifest) -> Vec<Lost> {
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

/// Whether a file is a page, and not the Markdown or a compressed copy of one.
fn is_page(path: &str) -> bool {
    ![".md", ".br", ".gz"].iter().any(|ending| path.ends_with(ending))
}

/// The address of a page's file, from the archive's root, not encoded.
pub fn address_of(path: &str) -> String {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{path}"),
    }
}

/// Those of the addresses that no rule of a host leads on; patterns have no page of their own.
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
