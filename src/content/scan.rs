//! What is there: walks `content/` and tells articles, pages and assets apart. Reads no file.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

use crate::base::diagnostic::{Diagnostic, Place, Rule};

/// A file of content to be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// From the archive's root, with `/`.
    pub path: String,
    /// Where it is on this machine.
    pub location: Location,
    /// An article or a plain page.
    pub role: Role,
    /// What the file system says of it.
    pub stamp: Stamp,
    /// Files beside an `index.md`, as (name relative to its folder, with `/`; path on this machine).
    pub assets: Vec<(String, PathBuf)>,
}

/// Where a file is on this machine: where its path says, from the archive's root, unless that is not
/// how the system writes its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location(Option<Box<Path>>);

impl Location {
    fn of(absolute: &Path, root: &Path, path: &str) -> Location {
        let is_plain = absolute.strip_prefix(root).is_ok_and(|below| below == Path::new(path));
        Location((!is_plain).then(|| absolute.into()))
    }

    /// The file's path on this machine.
    pub fn absolute(&self, root: &Path, path: &str) -> PathBuf {
        self.0.as_deref().map_or_else(|| root.join(path), Path::to_owned)
    }
}

/// What a file system says of a file: while it stays the same, so does the file, unless it was written
/// in the very moment it was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// When its bytes last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When its bytes, name or permissions last changed, where the system keeps that.
    pub changed: i64,
    /// The number of its inode, where there are such.
    pub inode: u64,
}

impl Stamp {
    /// Of a file's metadata.
    #[cfg(unix)]
    pub fn of(data: &std::fs::Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt as _;
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Stamp {
            size: data.len(),
            modified: nanoseconds(data.mtime(), data.mtime_nsec()),
            changed: nanoseconds(data.ctime(), data.ctime_nsec()),
            inode: data.ino(),
        }
    }

    /// Of a file's metadata.
    #[cfg(not(unix))]
    pub fn of(data: &std::fs::Metadata) -> Stamp {
        Stamp {
            size: data.len(),
            modified: data.modified().map_or(0, nanoseconds),
            ..Stamp::default()
        }
    }
}

impl Stamp {
    /// Whether the file was written so long before a moment, in nanoseconds since 1970, that writing it
    /// again after that moment would show: clocks of file systems tick in steps, some of two seconds.
    pub fn is_older_than(self, moment: i64) -> bool {
        self.modified.max(self.changed) < moment.saturating_sub(2_000_000_000)
    }
}

/// A moment in nanoseconds since 1970.
pub fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(0))
}

/// What a Markdown file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A report.
    Article,
    /// A page of the curator's own, under `content/pages/`.
    Page,
}

/// Everything under `content/`.
#[derive(Debug, Default)]
pub struct Sources {
    /// Markdown files, sorted by path.
    pub files: Vec<SourceFile>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Walks `root/content`, the folders in each of its folders on threads of their own. A missing folder
/// is an empty archive.
pub fn scan(root: &Path) -> Sources {
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
    let tops: Vec<walkdir::Result<DirEntry>> =
        tops.into_iter().filter(|top| !top.as_ref().is_ok_and(is_looked_into)).collect();
    let walked: Vec<Walked> = tops
        .into_par_iter()
        .map(|top| match top {
            Ok(top) => walk(root, top.path()),
            Err(error) => Walked::default().with_error(root, &error),
        })
        .collect();
    let mut sources = Sources::default();
    sources.files.reserve_exact(walked.iter().map(|found| found.files.len()).sum());
    let mut assets = Vec::new();
    for found in walked {
        sources.files.extend(found.files);
        sources.diagnostics.extend(found.diagnostics);
        assets.extend(found.assets);
    }
    give_assets(&mut sources.files, assets);
    sources
}

/// By name, in one folder: where all that comes before the names is the same, paths are compared as
/// bytes, which takes a tenth of the time of finding the names in them.
pub fn by_name(one: &DirEntry, other: &DirEntry) -> Ordering {
    one.path().as_os_str().cmp(other.path().as_os_str())
}

/// A folder whose own entries follow it.
fn is_looked_into(top: &DirEntry) -> bool {
    top.depth() == 1 && top.file_type().is_dir()
}

/// What one folder of content holds.
#[derive(Default)]
struct Walked {
    files: Vec<SourceFile>,
    assets: Vec<(String, PathBuf)>,
    diagnostics: Vec<Diagnostic>,
}

impl Walked {
    fn with_error(mut self, root: &Path, error: &walkdir::Error) -> Walked {
        let place = error.path().map_or("content".into(), |path| relative(root, path));
        self.diagnostics.push(unreadable(&place, &error.to_string()));
        self
    }

    fn add(&mut self, root: &Path, entry: DirEntry) {
        let path = relative(root, entry.path());
        let is_link = entry.path_is_symlink();
        if is_link {
            if let Some(diagnostic) = refused_link(root, entry.path(), &path) {
                self.diagnostics.push(diagnostic);
                return;
            }
        } else if !entry.file_type().is_file() {
            return;
        }
        if path.split('/').any(|part| part.starts_with('.')) {
            return;
        }
        let Some(role) = markdown_role(&path) else {
            if !is_markdown(&path) {
                self.assets.push((path, entry.into_path()));
            }
            return;
        };
        let absolute = entry.path();
        let data = if is_link { absolute.metadata() } else { entry.metadata().map_err(Into::into) };
        match data {
            Ok(data) => {
                let location = Location::of(absolute, root, &path);
                let (stamp, assets) = (Stamp::of(&data), Vec::new());
                self.files.push(SourceFile { path, location, role, stamp, assets });
            }
            Err(error) => self.diagnostics.push(unreadable(&path, &error.to_string())),
        }
    }
}

fn walk(root: &Path, top: &Path) -> Walked {
    let mut walked = Walked::default();
    for entry in WalkDir::new(top).follow_root_links(false).sort_by(by_name) {
        match entry {
            Ok(entry) => walked.add(root, entry),
            Err(error) => walked = walked.with_error(root, &error),
        }
    }
    walked
}

/// A path from the archive's root, with `/` on every system.
pub fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    if let (std::path::MAIN_SEPARATOR, Some(plain)) = ('/', path.to_str()) {
        return plain.to_owned();
    }
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn is_markdown(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
}

/// `_index.md` describes a section in Hugo and Zola; listings here are made from the articles.
fn markdown_role(path: &str) -> Option<Role> {
    let name = path.rsplit('/').next().unwrap_or_default();
    if !is_markdown(path) || name.starts_with("_index.") {
        return None;
    }
    Some(if path.starts_with("content/pages/") { Role::Page } else { Role::Article })
}

/// Whether there is a folder; an error where the system does not say.
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

/// What the system does not let be read stops the build: it may be readable again in a moment, and a
/// site without it would not be the site.
pub fn unreadable(file: &str, why: &str) -> Diagnostic {
    Diagnostic::stop(Rule::Unreadable, format!("this can't be read: {why}"))
        .at(Place::file(file))
        .help("check that it exists and that you may read it")
}

/// A link to a file inside the archive is read as that file; any other is refused.
fn refused_link(root: &Path, link: &Path, path: &str) -> Option<Diagnostic> {
    let refuse = |message: &str| {
        Some(
            Diagnostic::reject(Rule::Symlink, message)
                .at(Place::file(path))
                .help("put the file itself into content/"),
        )
    };
    let inside = root.canonicalize();
    match (link.canonicalize(), inside) {
        (Ok(target), Ok(inside)) if !target.starts_with(&inside) => {
            refuse("this symbolic link leads out of the archive")
        }
        (Ok(target), Ok(_)) if target.is_dir() => {
            refuse("this symbolic link leads to a folder, which could hold itself")
        }
        (Ok(_), Ok(_)) => None,
        _ => refuse("this symbolic link leads nowhere or round in a circle"),
    }
}

/// Gives each asset to the `index.md` of the nearest folder above it.
fn give_assets(files: &mut [SourceFile], assets: Vec<(String, PathBuf)>) {
    let folders: BTreeMap<String, usize> = files
        .iter()
        .enumerate()
        .filter_map(|(at, file)| {
            let (folder, name) = file.path.rsplit_once('/')?;
            name.starts_with("index.").then(|| (folder.to_owned(), at))
        })
        .collect();
    for (path, absolute) in assets {
        let mut folder = path.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            if let Some(&at) = folders.get(folder) {
                files[at].assets.push((path[folder.len() + 1..].to_owned(), absolute));
                break;
            }
        }
    }
}
