//! Walks `content/` and classifies files as articles, pages and assets. Reads no file.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::files::Stamp;

use super::named_language::NamedLanguage;
use super::publishable::{Area, Asset, LeftOut, Sieve, Sifted};
pub use super::publishable::{is_html, is_markdown, relative};
use crate::base::leftovers::Ignored;

/// A content file to parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// From the archive's root, with `/`.
    pub path: String,
    /// Its path on this system.
    pub location: Location,
    /// An article or a plain page.
    pub role: Role,
    /// The language in its names, set when all names are known.
    pub named: NamedLanguage,
    /// Its metadata.
    pub stamp: Stamp,
    /// Files beside an `index.md`, by path relative to its folder, with `/`.
    pub assets: Vec<(String, Asset)>,
}

/// A file's path on this system: the source path from the archive's root, unless the system writes
/// the name differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location(Option<Box<Path>>);

impl Location {
    fn of(absolute: &Path, root: &Path, path: &str) -> Location {
        let is_plain = absolute.strip_prefix(root).is_ok_and(|below| below == Path::new(path));
        Location((!is_plain).then(|| absolute.into()))
    }

    /// The absolute path.
    pub fn absolute(&self, root: &Path, path: &str) -> PathBuf {
        self.0.as_deref().map_or_else(|| root.join(path), Path::to_owned)
    }
}

/// The kind of a Markdown file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A report.
    Article,
    /// A plain page: below `content/pages/`.
    Page,
}

/// The files of `content/`.
#[derive(Debug, Default)]
pub struct Sources {
    /// Markdown files, sorted by path; behind them HTML that may be a text.
    pub files: Vec<SourceFile>,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
    /// Files left out by name or type, by path.
    pub left_out: Vec<LeftOut>,
    /// Files that are neither Markdown nor beside an `index.md`.
    pub unread: Vec<String>,
}

/// Walks `root/content`, in parallel by folder. A missing folder is an empty archive.
pub fn scan(root: &Path, ignored: &Ignored) -> Sources {
    let sieve = Sieve { root, ignored };
    let content = root.join("content");
    match is_folder(&content) {
        Ok(true) => {}
        Ok(false) => return Sources::default(),
        Err(error) => {
            let diagnostics = vec![unreadable("content", &error.to_string())];
            return Sources { diagnostics, ..Sources::default() };
        }
    }
    let tops = WalkDir::new(&content).min_depth(1).max_depth(2).sort_by(by_name);
    let Sifted { entries: tops, left_out } = sieve.walk(tops, Area::Content);
    let tops: Vec<walkdir::Result<DirEntry>> =
        tops.into_iter().filter(|top| !top.as_ref().is_ok_and(is_looked_into)).collect();
    let walked: Vec<Walked> = tops
        .into_par_iter()
        .map(|top| match top {
            Ok(top) => walk(sieve, top.path()),
            Err(error) => Walked::default().with_error(root, &error),
        })
        .collect();
    let mut sources = Sources { left_out, ..Sources::default() };
    sources.files.reserve_exact(walked.iter().map(|found| found.files.len()).sum());
    let mut assets = Vec::new();
    for found in walked {
        sources.files.extend(found.files);
        sources.diagnostics.extend(found.diagnostics);
        sources.left_out.extend(found.left_out);
        assets.extend(found.assets);
    }
    sources.left_out.sort();
    let left = give_assets(&mut sources.files, assets);
    sources.take_pages(left, root);
    sources
}

impl Sources {
    /// Takes HTML that lies beside no text for a text, as it may have front matter; the rest is not read.
    fn take_pages(&mut self, left: Vec<(String, Asset)>, root: &Path) {
        for (path, asset) in left {
            let data = match &asset {
                Asset::File(_) if is_html(&path) => asset.path().metadata().ok(),
                _ => None,
            };
            let Some(data) = data else {
                self.unread.push(path);
                continue;
            };
            let location = Location::of(asset.path(), root, &path);
            self.files.push(SourceFile {
                role: role(&path),
                named: NamedLanguage::default(),
                stamp: Stamp::of(&data),
                assets: Vec::new(),
                path,
                location,
            });
        }
    }
}

/// Orders entries of one folder by name. They share the folder's prefix, so comparing whole paths
/// as bytes gives the same order, and is faster than extracting the names.
pub fn by_name(one: &DirEntry, other: &DirEntry) -> Ordering {
    one.path().as_os_str().cmp(other.path().as_os_str())
}

/// Whether an entry is a folder that the walk descends into.
fn is_looked_into(top: &DirEntry) -> bool {
    top.depth() == 1 && top.file_type().is_dir()
}

/// The result for one folder.
#[derive(Default)]
struct Walked {
    files: Vec<SourceFile>,
    assets: Vec<(String, Asset)>,
    diagnostics: Vec<Diagnostic>,
    left_out: Vec<LeftOut>,
}

impl Walked {
    fn with_error(mut self, root: &Path, error: &walkdir::Error) -> Walked {
        let place = error.path().map_or("content".into(), |path| relative(root, path));
        self.diagnostics.push(unreadable(&place, &error.to_string()));
        self
    }

    fn add(&mut self, sieve: Sieve<'_>, entry: DirEntry) {
        let path = relative(sieve.root, entry.path());
        let is_link = entry.path_is_symlink();
        if is_link && let Some(diagnostic) = refused_link(sieve, entry.path(), &path) {
            self.diagnostics.push(diagnostic);
            return;
        }
        let Some(role) = markdown_role(&path) else {
            if !is_markdown(&path) {
                let asset = if is_link {
                    Some(Asset::Link(entry.into_path()))
                } else {
                    Sieve::publishable(entry).map(Asset::File)
                };
                self.assets.extend(asset.map(|asset| (path, asset)));
            }
            return;
        };
        if !is_link && !entry.file_type().is_file() {
            return;
        }
        let absolute = entry.path();
        let data = if is_link { absolute.metadata() } else { entry.metadata().map_err(Into::into) };
        match data {
            Ok(data) => {
                let location = Location::of(absolute, sieve.root, &path);
                let (stamp, assets) = (Stamp::of(&data), Vec::new());
                let named = NamedLanguage::default();
                self.files.push(SourceFile { path, location, role, named, stamp, assets });
            }
            Err(error) => self.diagnostics.push(unreadable(&path, &error.to_string())),
        }
    }
}

fn walk(sieve: Sieve<'_>, top: &Path) -> Walked {
    let walk = WalkDir::new(top).follow_root_links(false).sort_by(by_name);
    let Sifted { entries, left_out } = sieve.walk(walk, Area::Content);
    let mut walked = Walked { left_out, ..Walked::default() };
    for entry in entries {
        match entry {
            Ok(entry) => walked.add(sieve, entry),
            Err(error) => walked = walked.with_error(sieve.root, &error),
        }
    }
    walked
}

/// `_index.md` is a section in Hugo and Zola; listings here are made from articles.
fn markdown_role(path: &str) -> Option<Role> {
    let name = path.rsplit('/').next().unwrap_or_default();
    if !is_markdown(path) || name.starts_with("_index.") {
        return None;
    }
    Some(role(path))
}

fn role(path: &str) -> Role {
    if path.starts_with("content/pages/") { Role::Page } else { Role::Article }
}

/// Whether a folder exists; an error if the system can't say.
pub fn is_folder(path: &Path) -> io::Result<bool> {
    match path.metadata() {
        Ok(data) => Ok(data.is_dir()),
        Err(error)
            if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Reads a regular file; a pipe or device would block.
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    if path.metadata()?.is_file() {
        std::fs::read(path)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"))
    }
}

/// An unreadable file stops the build: it may be readable again in a moment, and a site without it
/// would be incomplete.
pub fn unreadable(file: &str, why: &str) -> Diagnostic {
    Diagnostic::stop(Rule::Unreadable, format!("this can't be read: {why}"))
        .at(Place::file(file))
        .help("check that it exists and that you may read it")
}

/// A problem with a symbolic link. Links to texts inside the archive are followed, links to other
/// files published with their target; the rest is refused.
fn refused_link(sieve: Sieve<'_>, link: &Path, path: &str) -> Option<Diagnostic> {
    let message = match (link.canonicalize(), sieve.root.canonicalize()) {
        (Ok(target), Ok(inside)) if !target.starts_with(&inside) => {
            "this symbolic link leads out of the archive"
        }
        (Ok(target), Ok(_)) if target.is_dir() => {
            "this symbolic link leads to a folder, which could hold itself"
        }
        (Ok(target), Ok(_)) if is_markdown(path) && !sieve.may_be_read(&target) => {
            "this symbolic link leads to a file that is no text of the archive"
        }
        (Ok(_), Ok(_)) => return None,
        _ => "this symbolic link leads nowhere or round in a circle",
    };
    let diagnostic = Diagnostic::reject(Rule::Symlink, message).at(Place::file(path));
    Some(diagnostic.help("put the file itself into content/"))
}

/// Assigns each asset to the `index.md` in the nearest folder above; returns the rest.
fn give_assets(files: &mut [SourceFile], assets: Vec<(String, Asset)>) -> Vec<(String, Asset)> {
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let Some((folder, name)) = file.path.rsplit_once('/') else { continue };
        if !name.starts_with("index.") {
            continue;
        }
        // Among translations, the one without a language in its name, else the first.
        let known = folders.entry(folder.to_owned()).or_insert(at);
        if name.matches('.').count() == 1 {
            *known = at;
        }
    }
    let mut unread = Vec::new();
    for (path, asset) in assets {
        let mut above = path.match_indices('/').rev().map(|(at, _)| at);
        let owner = above.find_map(|at| Some((at, *folders.get(&path[..at])?)));
        match owner {
            Some((at, owner)) => files[owner].assets.push((path[at + 1..].to_owned(), asset)),
            None => unread.push((path, asset)),
        }
    }
    unread
}
