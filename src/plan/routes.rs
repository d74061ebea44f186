//! Resolves links inside the archive.

use std::borrow::Cow;
use std::sync::OnceLock;

use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::name_key::{decoded, meant};
use crate::base::near_names::NearNames;
use crate::base::permalink::{Permalink, folded, without_index};
use crate::settings::addresses::ConfigLink;

use super::Page;

/// All addresses of the site, and the permalinks of source files. The tables store indexes only;
/// texts belong to pages and archive.
#[derive(Debug)]
pub struct Routes<'a> {
    archive: &'a Archive,
    pages: &'a [Page],
    files: Vec<&'a str>,
    /// Indexes of pages, then of files.
    known: HashTable<u32>,
    /// Built at the first link to a source file; most archives link addresses.
    sources: OnceLock<Sources>,
    /// Built at the first unresolved link to a source file.
    near: OnceLock<NearSources>,
    drafts: OnceLock<FxHashSet<String>>,
}

/// Source files by path and by name: indexes of articles, then of plain pages.
#[derive(Debug)]
struct Sources {
    by_path: HashTable<u32>,
    by_name: HashTable<Named>,
    by_folded_name: HashTable<Named>,
}

/// The first source with a name.
#[derive(Debug)]
struct Named {
    at: u32,
    is_only: bool,
}

/// Source files, for suggestions.
#[derive(Debug)]
struct NearSources {
    /// The first path with each name.
    by_name: FxHashMap<String, String>,
    /// The files of each folder; a folder's path ends with `/`.
    by_folder: FxHashMap<String, NearNames>,
}

impl NearSources {
    fn new<'a>(paths: impl Iterator<Item = &'a str>) -> NearSources {
        let mut by_name: FxHashMap<&str, &str> = FxHashMap::default();
        let mut folders: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for path in paths {
            let first = by_name.entry(name(path)).or_insert(path);
            *first = path.min(first);
            folders.entry(folder(path)).or_default().push(path);
        }
        let by_name = by_name.into_iter().map(|(name, path)| (name.to_owned(), path.to_owned()));
        let by_folder =
            folders.into_iter().map(|(folder, paths)| (folder.to_owned(), NearNames::new(paths)));
        NearSources { by_name: by_name.collect(), by_folder: by_folder.collect() }
    }
}

/// The folder of a file, with its last slash.
fn folder(source: &str) -> &str {
    &source[..source.len() - name(source).len()]
}

/// A hash of a name, equal for all its spellings.
fn hash(name: &str) -> u64 {
    xxh3_64(folded(name).as_bytes())
}

/// An address without the ending that a host may add or remove.
fn bare(path: &str) -> &str {
    without_index(path).trim_end_matches('/')
}

/// A file's own name.
fn name(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}

impl<'a> Routes<'a> {
    /// Collects the addresses of pages and copied files.
    pub fn new(
        archive: &'a Archive,
        pages: &'a [Page],
        files: impl Iterator<Item = &'a str>,
    ) -> Routes<'a> {
        let files: Vec<&str> = files.collect();
        let known = HashTable::with_capacity(pages.len() + files.len());
        let (sources, near, drafts) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let mut routes = Routes { archive, pages, files, known, sources, near, drafts };
        let mut known = std::mem::take(&mut routes.known);
        for at in 0..u32::try_from(pages.len() + routes.files.len()).unwrap_or(u32::MAX) {
            let rehash = |&at: &u32| hash(bare(&routes.published(at)));
            known.insert_unique(rehash(&at), at, rehash);
        }
        routes.known = known;
        routes
    }

    /// The address at an index, not encoded.
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
            let mut by_folded_name = HashTable::with_capacity(count);
            for at in 0..u32::try_from(count).unwrap_or(u32::MAX) {
                let path = self.source_at(at).0;
                by_path.insert_unique(hash(path), at, |&at| hash(self.source_at(at).0));
                let own = name(path);
                let other = |known: &Named| name(self.source_at(known.at).0);
                self.add_name(&mut by_name, at, |known| other(known) == own);
                self.add_name(&mut by_folded_name, at, |known| folded(other(known)) == folded(own));
            }
            Sources { by_path, by_name, by_folded_name }
        })
    }

    fn add_name(&self, names: &mut HashTable<Named>, at: u32, is_same: impl Fn(&Named) -> bool) {
        let hash_of = |at: u32| hash(name(self.source_at(at).0));
        names
            .entry(hash_of(at), is_same, |known| hash_of(known.at))
            .and_modify(|known| known.is_only = false)
            .or_insert(Named { at, is_only: true });
    }

    fn source_at(&self, at: u32) -> (&'a str, &'a Permalink) {
        let at = at as usize;
        if let Some(article) = self.archive.articles.get(at) {
            return (&article.value.source, &article.value.permalink);
        }
        let page = &self.archive.pages[at - self.archive.articles.len()];
        (&page.value.source, &page.value.permalink)
    }

    /// Whether a path from the archive's root exists; it may be encoded.
    pub fn knows(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// The canonical path, not encoded: `/a` and `/a/index.html` give `/a/`, which needs no
    /// redirect of the host.
    pub fn find(&self, path: &str) -> Option<Cow<'a, str>> {
        let decoded = decoded(path);
        let wanted = bare(&decoded);
        let key = folded(wanted);
        let published = self.known.iter_hash(hash(wanted)).map(|&at| self.published(at));
        let alike = published.filter(|path| folded(bare(path)) == key);
        meant(wanted, alike, |path| Cow::Borrowed(bare(path)))
    }

    /// Diagnostics about missing link targets in the settings.
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

    /// The encoded permalink of a source file, by path from the archive's root.
    pub fn source(&self, path: &str) -> Option<String> {
        let key = folded(path);
        let sources = self.sources().by_path.iter_hash(hash(path)).map(|&at| self.source_at(at));
        let alike = sources.filter(|(source, _)| folded(source) == key);
        meant(path, alike, |(source, _)| Cow::Borrowed(*source)).map(|(_, to)| to.encoded())
    }

    /// The encoded permalink of the only source file with this name.
    pub fn file_name(&self, wanted: &str) -> Option<String> {
        let sources = self.sources();
        let other = |known: &Named| name(self.source_at(known.at).0);
        let is_alike = |known: &Named| folded(other(known)) == folded(wanted);
        let exact = sources.by_name.find(hash(wanted), |known| other(known) == wanted);
        let known = exact.or_else(|| sources.by_folded_name.find(hash(wanted), is_alike))?;
        known.is_only.then(|| self.source_at(known.at).1.encoded())
    }

    /// Whether a source is a draft that is left out.
    pub fn is_draft(&self, path: &str) -> bool {
        let drafts = self.drafts.get_or_init(|| {
            self.archive.drafts.iter().map(|draft| folded(draft).into_owned()).collect()
        });
        drafts.contains(&*folded(path))
    }

    /// The source path closest to a missing one: the same name in another folder, or a similar name
    /// in the same folder.
    pub fn nearest_source(&self, path: &str) -> Option<&str> {
        let articles = self.archive.articles.iter().map(|article| article.value.source.as_ref());
        let pages = self.archive.pages.iter().map(|page| page.value.source.as_ref());
        let near = self.near.get_or_init(|| NearSources::new(articles.chain(pages)));
        let elsewhere = near.by_name.get(name(path)).map(String::as_str);
        elsewhere.or_else(|| near.by_folder.get(folder(path))?.nearest(path))
    }
}
