//! Resolves links inside the archive.

use std::borrow::Cow;
use std::sync::OnceLock;

use chrono::Datelike;
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use crate::archive::Archive;
use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::name_key::{decoded, meant};
use crate::base::near_names::NearNames;
use crate::base::permalink::{Permalink, folded, without_index};
use crate::content::front_matter::file_name;
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
    /// Asked of only where a link leads nowhere as it stands.
    old: OnceLock<OldPlaces>,
}

/// Reports by what old addresses say of them.
#[derive(Debug, Default)]
struct OldPlaces {
    /// By the end of their address and by their file's name, each folded and without a day.
    by_name: FxHashMap<String, Vec<u32>>,
    /// Old addresses with a query.
    by_query: FxHashMap<String, u32>,
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

/// The year, month and day that stand in a path one after the other, as many as there are.
fn numbers(path: &str) -> Vec<u32> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = path.split('/').skip_while(|part| part.len() != 4 || !is_number(part));
    parts.take_while(|part| is_number(part)).filter_map(|part| part.parse().ok()).take(3).collect()
}

/// Whether a report's date is the one that an address names.
fn agrees(date: Date, numbers: &[u32]) -> bool {
    let own = [u32::try_from(date.year()).ok(), date.month(), date.day().map(|day| day.day())];
    numbers.iter().zip(own).all(|(number, own)| own == Some(*number))
}

/// Whether an address names a year: it then is a report's, most likely.
pub(crate) fn names_a_date(path: &str) -> bool {
    numbers(path).len() > 1 || file_name(path.trim_end_matches('/')).0.is_some()
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
    /// Collects the addresses of pages and copied files.
    pub fn new(
        archive: &'a Archive,
        pages: &'a [Page],
        files: impl Iterator<Item = &'a str>,
    ) -> Routes<'a> {
        let files: Vec<&str> = files.collect();
        let known = HashTable::with_capacity(pages.len() + files.len());
        let (sources, near, drafts) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let old = OnceLock::new();
        let mut routes = Routes { archive, pages, files, known, sources, near, drafts, old };
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

    fn old(&self) -> &OldPlaces {
        self.old.get_or_init(|| {
            let mut old = OldPlaces::default();
            for at in 0..u32::try_from(self.archive.articles.len()).unwrap_or(u32::MAX) {
                let article = &self.archive.articles[at as usize].value;
                let own = bare(article.permalink.as_str()).rsplit('/').next().unwrap_or_default();
                let mut names = vec![folded(own).into_owned()];
                names.push(folded(file_name(&article.source).1).into_owned());
                names.dedup();
                for name in names {
                    old.by_name.entry(name).or_default().push(at);
                }
                for alias in article.aliases.iter().filter(|alias| alias.contains('?')) {
                    old.by_query.entry(alias.clone()).or_insert(at);
                }
            }
            old
        })
    }

    /// The encoded permalink of the report that an address with a query led to.
    pub fn old_query(&self, address: &str) -> Option<String> {
        let at = *self.old().by_query.get(address)?;
        Some(self.archive.articles[at as usize].value.permalink.encoded())
    }

    /// The encoded permalink of the one report that an old address or the name of a file can mean: its end is
    /// the report's, and no day in it is another than the report's.
    pub fn old_place(&self, path: &str) -> Option<String> {
        let decoded = decoded(path);
        let whole = decoded.trim_end_matches('/');
        let whole = whole.strip_suffix("/index.html").unwrap_or(whole);
        let last = whole.rsplit('/').next()?;
        let last = [".html", ".htm", ".md", ".markdown"]
            .iter()
            .find_map(|ending| last.strip_suffix(ending))
            .unwrap_or(last);
        let (day, name) = file_name(last);
        let folders = numbers(whole);
        let known = self.old().by_name.get(&*folded(name))?;
        let fits = |at: &&u32| {
            let date = self.archive.articles[**at as usize].value.date;
            day.is_none_or(|day| day == date) && agrees(date, &folders)
        };
        let mut fitting = known.iter().filter(fits);
        let first = fitting.next()?;
        let is_one = fitting.next().is_none();
        is_one.then(|| self.archive.articles[*first as usize].value.permalink.encoded())
    }

    /// Whether a source is there and not published, as it is a draft.
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
