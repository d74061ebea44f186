//! Where everything is: what a link in a body can lead to.

use std::borrow::Cow;
use std::sync::OnceLock;

use hashbrown::HashTable;
use percent_encoding::percent_decode_str;
use xxhash_rust::xxh3::xxh3_64;

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Rule, nearest};
use crate::base::permalink::{Permalink, without_index};
use crate::settings::addresses::ConfigLink;

use super::Page;

/// All addresses of the site, and the permalinks of its source files. The tables hold places only: the
/// texts are those of the pages and of the archive.
#[derive(Debug)]
pub struct Routes<'a> {
    archive: &'a Archive,
    pages: &'a [Page],
    files: Vec<&'a str>,
    /// Places among the pages and, after them, among the files.
    known: HashTable<u32>,
    /// Most archives link addresses, and never ask.
    sources: OnceLock<Sources>,
}

/// Source files by their path and by their name: places among the articles and, after them, among the
/// plain pages.
#[derive(Debug)]
struct Sources {
    by_path: HashTable<u32>,
    by_name: HashTable<Named>,
}

/// The first source of a name.
#[derive(Debug)]
struct Named {
    at: u32,
    is_only: bool,
}

fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// An address without what a host may add or leave out at its end.
fn bare(path: &str) -> &str {
    without_index(path).trim_end_matches('/')
}

/// A file's own name.
fn name(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}

impl<'a> Routes<'a> {
    /// Collects them from the pages and from the files that are copied as they are.
    pub fn new(
        archive: &'a Archive,
        pages: &'a [Page],
        files: impl Iterator<Item = &'a str>,
    ) -> Routes<'a> {
        let files: Vec<&str> = files.collect();
        let known = HashTable::with_capacity(pages.len() + files.len());
        let mut routes = Routes { archive, pages, files, known, sources: OnceLock::new() };
        let mut known = std::mem::take(&mut routes.known);
        for at in 0..u32::try_from(pages.len() + routes.files.len()).unwrap_or(u32::MAX) {
            let rehash = |&at: &u32| hash(bare(&routes.published(at)));
            known.insert_unique(rehash(&at), at, rehash);
        }
        routes.known = known;
        routes
    }

    /// The address at a place, not encoded.
    fn published(&self, at: u32) -> Cow<'a, str> {
        let at = at as usize;
        match self.pages.get(at) {
            Some(page) => without_index(&page.path).into(),
            None => format!("/{}", without_index(self.files[at - self.pages.len()])).into(),
        }
    }

    fn sources(&self) -> &Sources {
        self.sources.get_or_init(|| {
            let count = self.archive.articles.len() + self.archive.pages.len();
            let mut by_path = HashTable::with_capacity(count);
            let mut by_name = HashTable::with_capacity(count);
            for at in 0..u32::try_from(count).unwrap_or(u32::MAX) {
                let path = self.source_at(at).0;
                by_path.insert_unique(hash(path), at, |&at| hash(self.source_at(at).0));
                let is_named = |known: &Named| name(self.source_at(known.at).0) == name(path);
                let rehash = |known: &Named| hash(name(self.source_at(known.at).0));
                let first = by_name.entry(hash(name(path)), is_named, rehash);
                first
                    .and_modify(|known| known.is_only = false)
                    .or_insert(Named { at, is_only: true });
            }
            Sources { by_path, by_name }
        })
    }

    fn source_at(&self, at: u32) -> (&'a str, &'a Permalink) {
        let at = at as usize;
        if let Some(article) = self.archive.articles.get(at) {
            return (&article.value.source, &article.value.permalink);
        }
        let page = &self.archive.pages[at - self.archive.articles.len()];
        (&page.value.source, &page.value.permalink)
    }

    /// Whether a path from the archive's root leads anywhere; it may be encoded.
    pub fn knows(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// A path as it is published, not encoded: `/a` and `/a/index.html` are found at `/a/`, where
    /// no host has to lead a reader on.
    pub fn find(&self, path: &str) -> Option<Cow<'a, str>> {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let wanted = bare(&decoded);
        let is_wanted = |&at: &u32| bare(&self.published(at)) == wanted;
        self.known.find(hash(wanted), is_wanted).map(|&at| self.published(at))
    }

    /// What the config leads to and the archive does not have.
    pub fn missing(&self, links: &[ConfigLink]) -> Vec<Diagnostic> {
        let path = |link: &ConfigLink| {
            let end = link.path.find(['?', '#']).unwrap_or(link.path.len());
            link.path[..end].to_owned()
        };
        let unknown = links.iter().filter(|link| !self.knows(&path(link)));
        let diagnostics = unknown.map(|link| {
            let message = format!("nothing is at `{}`", link.path);
            Diagnostic::warning(Rule::UnresolvedLink, message)
                .at(link.place.clone())
                .help("name a page that there is, or write it: content/pages/about.md is /about/")
        });
        diagnostics.collect()
    }

    /// The encoded permalink of a source file, by its path from the archive's root.
    pub fn source(&self, path: &str) -> Option<String> {
        let is_wanted = |&at: &u32| self.source_at(at).0 == path;
        let at = self.sources().by_path.find(hash(path), is_wanted)?;
        Some(self.source_at(*at).1.encoded())
    }

    /// The encoded permalink of the only source file of a name.
    pub fn file_name(&self, wanted: &str) -> Option<String> {
        let is_wanted = |known: &Named| name(self.source_at(known.at).0) == wanted;
        let known = self.sources().by_name.find(hash(wanted), is_wanted)?;
        known.is_only.then(|| self.source_at(known.at).1.encoded())
    }

    /// Whether a source is there and not published, as it is a draft.
    pub fn is_draft(&self, path: &str) -> bool {
        self.archive.drafts.iter().any(|draft| **draft == *path)
    }

    /// The source whose path is nearest to one that does not exist: of the same name elsewhere, or of a
    /// like name in the same folder.
    pub fn nearest_source(&self, path: &str) -> Option<&'a str> {
        let articles = self.archive.articles.iter().map(|article| article.value.source.as_ref());
        let pages = self.archive.pages.iter().map(|page| page.value.source.as_ref());
        let sources = || articles.clone().chain(pages.clone());
        let elsewhere = sources().filter(|source| name(source) == name(path)).min();
        elsewhere.or_else(|| {
            let folder = &path[..path.len() - name(path).len()];
            let beside = sources().filter(|source| {
                source.strip_prefix(folder).is_some_and(|name| !name.contains('/'))
            });
            nearest(path, beside)
        })
    }
}
