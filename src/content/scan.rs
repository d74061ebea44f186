//! What is there: walks `content/` and tells articles, pages and assets apart. Reads no file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Place, Rule};

/// A file of content to be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// From the archive's root, with `/`.
    pub path: String,
    /// Where it is on this machine.
    pub absolute: PathBuf,
    /// An article or a plain page.
    pub role: Role,
    /// Files beside an `index.md`, as (name relative to its folder, with `/`; path on this machine).
    pub assets: Vec<(String, PathBuf)>,
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

/// Walks `root/content`. A missing folder is an empty archive.
pub fn scan(root: &Path) -> Sources {
    let mut sources = Sources::default();
    let content = root.join("content");
    if !content.is_dir() {
        return sources;
    }
    let mut assets: Vec<(String, PathBuf)> = Vec::new();
    for entry in WalkDir::new(&content).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let place = error.path().map_or("content".into(), |path| relative(root, path));
                sources.diagnostics.push(unreadable(&place, &error.to_string()));
                continue;
            }
        };
        let path = relative(root, entry.path());
        if entry.path_is_symlink() {
            if let Some(diagnostic) = refused_link(root, entry.path(), &path) {
                sources.diagnostics.push(diagnostic);
                continue;
            }
        } else if !entry.file_type().is_file() {
            continue;
        }
        if path.split('/').any(|part| part.starts_with('.')) {
            continue;
        }
        match markdown_role(&path) {
            Some(role) => sources.files.push(SourceFile {
                path,
                absolute: entry.into_path(),
                role,
                assets: Vec::new(),
            }),
            None if is_markdown(&path) => {}
            None => assets.push((path, entry.into_path())),
        }
    }
    give_assets(&mut sources.files, assets);
    sources
}

/// A path from the archive's root, with `/` on every system.
pub fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
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

fn unreadable(file: &str, why: &str) -> Diagnostic {
    Diagnostic::reject(Rule::Unreadable, format!("this can't be read: {why}"))
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
