//! Finds pages that need the same file, or a file and a folder of the same name, on any file
//! system.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::permalink::{FoldedKey, fold};
use crate::content::article::SourcePath;
use crate::content::publishable::Publishable;
use crate::plan::redirects::Unserved;
use crate::plan::{Page, PageKind};
use crate::render::engine::Assets;

/// The pages without clashes.
#[derive(Default)]
pub(super) struct Unique {
    pub(super) pages: Vec<Page>,
    /// Articles and pages whose address is taken, by source. The plan must be made again without
    /// them.
    pub(super) refused: Vec<(SourcePath, Diagnostic)>,
    /// Copied files that some file systems can't hold beside another one, by output path: they are
    /// not published.
    pub(super) left_out: BTreeSet<String>,
    /// Other problems.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Generated files that are no pages.
const MADE: [&str; 2] = ["robots.txt", "sitemap.xml"];

/// Folders of generated pages. An article with such an address would look like their index; a plain
/// page is allowed.
const OWN_FOLDERS: [(&str, &str); 8] = [
    ("corrections", "the list of corrections"),
    ("withdrawals", "the list of withdrawals"),
    ("feeds", "the archive's feeds"),
    ("data", "the archive's data"),
    ("search", "the search page"),
    ("assets", "the theme's files"),
    ("sitemaps", "the sitemaps"),
    ("added", "the lists of additions"),
];

/// Makes paths unique, ignoring case and Unicode form. An article whose path is taken is refused;
/// redirects give way; registers give way to plain pages and files; a written page gives way to a
/// generated one, and so does a copied file. Only two generated pages stop the build.
pub(super) fn unique_pages(pages: Vec<Page>, site: &Asked<'_>) -> Unique {
    let mut clashes = Clashes {
        site,
        pages: &pages,
        taken: Taken::default(),
        is_kept: vec![true; pages.len()],
        unique: Unique::default(),
    };
    clashes.take_files();
    for at in 0..pages.len() {
        clashes.take_page(at);
    }
    for at in 0..pages.len() {
        if clashes.is_kept[at] {
            clashes.look_above(at);
        }
    }
    let Clashes { is_kept, mut unique, .. } = clashes;
    unique.refused.sort_by(|one, other| one.0.cmp(&other.0));
    unique.refused.dedup_by(|one, other| one.0 == other.0);
    let mut kept = is_kept.into_iter();
    unique.pages = pages;
    unique.pages.retain(|_| kept.next().unwrap_or_default());
    unique
}

/// The paths to check.
pub(super) struct Asked<'a> {
    /// The archive's root.
    pub(super) root: &'a Path,
    /// The content.
    pub(super) archive: &'a Archive,
    /// Copied files.
    pub(super) files: &'a BTreeMap<String, Publishable>,
    /// The theme's files.
    pub(super) assets: &'a Assets,
    /// Files of the host.
    pub(super) reserved: &'a [&'static str],
}

/// A copied file is left out: another has its name on a file system that folds case or composes
/// names.
fn one_name(left_out: &str, kept: &str) -> Diagnostic {
    let message =
        format!("{left_out} is left out: on Windows and macOS it would be one file with {kept}");
    Diagnostic::reject(Rule::PathClash, message)
        .help("give one of them a name that differs in more than capitals and accents")
}

/// Which of two copied files with one name is kept, then the other: the one in small letters, for
/// readers type addresses so; else the first.
fn preferred<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    let rank = |path: &'a str| (fold(path) != path, path);
    if rank(one) < rank(other) { (one, other) } else { (other, one) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PathOwner<'a> {
    /// A copied or generated file.
    File(&'a str),
    /// A page, by index.
    Page(usize),
}

/// The paths in use.
#[derive(Default)]
struct Taken<'a> {
    by_key: FxHashMap<FoldedKey, PathOwner<'a>>,
    /// The last folder found free, with all its ancestors.
    free: String,
}

struct Clashes<'a> {
    site: &'a Asked<'a>,
    pages: &'a [Page],
    taken: Taken<'a>,
    is_kept: Vec<bool>,
    unique: Unique,
}

impl<'a> Clashes<'a> {
    fn take_files(&mut self) {
        let Asked { files, assets, reserved, .. } = *self.site;
        let themed = assets.iter().map(|(_, file, _)| file.as_str());
        for path in themed.chain(reserved.iter().copied()).chain(MADE) {
            self.taken.by_key.insert(FoldedKey::of_file(path), PathOwner::File(path));
        }
        for path in files.keys() {
            self.take_copied(path);
        }
    }

    /// Takes a copied file's path, or leaves one of two files out.
    fn take_copied(&mut self, path: &'a str) {
        let key = FoldedKey::of_file(path);
        let other = match self.taken.by_key.insert(key, PathOwner::File(path)) {
            Some(PathOwner::File(other)) if other != path => other,
            _ => return,
        };
        let (kept, left_out) = if self.site.files.contains_key(other) {
            preferred(other, path)
        } else {
            (other, path)
        };
        self.taken.by_key.insert(key, PathOwner::File(kept));
        self.unique.left_out.insert(left_out.to_owned());
        self.unique.diagnostics.push(one_name(left_out, kept));
    }

    fn take_page(&mut self, at: usize) {
        let page = &self.pages[at];
        if let (PageKind::Article(_), Some(owner)) = (&page.kind, own_folder(&page.path)) {
            return self.refuse(at, &owner);
        }
        if Self::is_in_sitemaps(&page.path) {
            return self.give_way(at, "a sitemap");
        }
        let key = FoldedKey::of_file(&page.path);
        let other = *self.taken.by_key.entry(key).or_insert(PathOwner::Page(at));
        if other != PathOwner::Page(at) {
            self.is_kept[at] = false;
            self.decide(at, other);
        }
    }

    /// Whether a path is reserved for sitemaps.
    fn is_in_sitemaps(path: &str) -> bool {
        let below = path.trim_start_matches('/').strip_prefix("sitemaps/");
        below.and_then(|below| below.split('/').next()).is_some_and(|name| name.ends_with(".xml"))
    }

    /// Decides between two owners.
    fn decide(&mut self, at: usize, other: PathOwner<'a>) {
        let page = &self.pages[at];
        match (&page.kind, other) {
            (PageKind::Redirect(_), PathOwner::File(path)) => {
                self.tell_redirect(at, &format!("the file {path}"));
            }
            // Reported later, when all pages are known.
            (PageKind::Redirect(_), PathOwner::Page(_)) => {}
            (PageKind::Register(..) | PageKind::CorrectionsAtom, PathOwner::File(_)) => {}
            (PageKind::Register(..) | PageKind::CorrectionsAtom, PathOwner::Page(other))
                if matches!(self.pages[other].kind, PageKind::Plain(_)) => {}
            (PageKind::Article(_) | PageKind::Plain(_), other) => {
                let owner = self.owner(other);
                self.refuse(at, &owner);
            }
            (_, PathOwner::Page(other)) if is_written(&self.pages[other]) => {
                let owner = self.owner(PathOwner::Page(at));
                self.refuse(other, &owner);
            }
            (_, PathOwner::File(path)) if self.site.files.contains_key(path) => {
                self.is_kept[at] = true;
                self.taken.by_key.insert(FoldedKey::of_file(path), PathOwner::Page(at));
                self.leave_out(path, at);
            }
            (_, other) => {
                let (own, other) = (self.owner(PathOwner::Page(at)), self.owner(other));
                self.stop(format!("{} is asked for by {own} and by {other}", page.path));
            }
        }
    }

    /// Refuses a file where another page needs a folder.
    fn look_above(&mut self, at: usize) {
        let page = &self.pages[at];
        let mut folder = page.path.trim_start_matches('/');
        let mut is_free = true;
        while let Some((above, _)) =
            folder.rsplit_once('/').filter(|(above, _)| *above != self.taken.free)
        {
            folder = above;
            if let Some(&other) = self.taken.by_key.get(&FoldedKey::of_file(folder)) {
                is_free = false;
                self.decide_folder(at, other);
            }
        }
        // A fast path: pages of one day are siblings.
        let around = page.path.trim_matches('/').rsplit_once('/').map_or("", |(around, _)| around);
        if is_free && around != self.taken.free {
            around.clone_into(&mut self.taken.free);
        }
    }

    fn decide_folder(&mut self, at: usize, other: PathOwner<'a>) {
        let is_redirect = |page: &Page| matches!(page.kind, PageKind::Redirect(_));
        match other {
            PathOwner::Page(other) if is_redirect(&self.pages[other]) => {
                let owner = self.owner(PathOwner::Page(at));
                self.tell_redirect(other, &owner);
            }
            // A file must not take the folder of a year's reports.
            PathOwner::File(path) if self.site.files.contains_key(path) => {
                self.taken.by_key.remove(&FoldedKey::of_file(path));
                self.leave_out(path, at);
            }
            other => {
                let owner = self.owner(other);
                self.give_way(at, &owner);
            }
        }
    }

    /// Leaves a copied file out whose path a page needs.
    fn leave_out(&mut self, path: &'a str, at: usize) {
        let owner = self.owner(PathOwner::Page(at));
        let message = format!("{path} is left out: its place is needed by {owner}");
        let diagnostic = Diagnostic::reject(Rule::PathClash, message);
        self.unique.diagnostics.push(diagnostic.help("give the file another name"));
        self.unique.left_out.insert(path.to_owned());
    }

    /// Handles a page whose path is taken.
    fn give_way(&mut self, at: usize, owner: &str) {
        let page = &self.pages[at];
        match page.kind {
            PageKind::Redirect(_) => self.tell_redirect(at, owner),
            PageKind::Article(_) | PageKind::Plain(_) => self.refuse(at, owner),
            _ => self.stop(format!("{} needs a folder where {owner} is a file", page.path)),
        }
    }

    fn stop(&mut self, message: String) {
        let diagnostic = Diagnostic::stop(Rule::PathClash, message);
        self.unique.diagnostics.push(diagnostic.help("give one of them another slug or path"));
    }

    /// Refuses an article or a page.
    fn refuse(&mut self, at: usize, owner: &str) {
        self.is_kept[at] = false;
        let (page, archive) = (&self.pages[at], self.site.archive);
        let (source, from) = match page.kind {
            PageKind::Article(id) => {
                let article = &archive.articles[id as usize];
                (article.value.source.clone(), article.absolute(self.site.root))
            }
            PageKind::Plain(place) => {
                let own = &archive.pages[place];
                (own.value.source.clone(), own.absolute(self.site.root))
            }
            _ => return,
        };
        let diagnostic =
            Diagnostic::reject(Rule::PathClash, format!("{} is the address of {owner}", page.path))
                .at(written_at(&source, &from, &page.path))
                .help("give this one another slug or path");
        self.unique.refused.push((source, diagnostic));
    }

    /// Reports a redirect whose path is taken.
    fn tell_redirect(&mut self, at: usize, owner: &str) {
        self.is_kept[at] = false;
        let path = &self.pages[at].path;
        let message = format!("{path} can't lead elsewhere: {owner} stands there");
        let diagnostic = Diagnostic::warning(Rule::Redirect, message)
            .help("remove this old address, or take it from the other one");
        let alias = path.trim_end_matches('/');
        let is_it = |other: &&String| other.trim_end_matches('/') == alias;
        let archive = self.site.archive;
        let articles = archive
            .articles
            .iter()
            .map(|article| (&article.value.aliases, &article.value.source, &article.location));
        let pages = archive
            .pages
            .iter()
            .map(|page| (&page.value.aliases, &page.value.source, &page.location));
        let place = articles.chain(pages).find_map(|(aliases, source, location)| {
            let alias = aliases.iter().find(is_it)?;
            Some(written_at(source, &location.absolute(self.site.root, source), alias))
        });
        self.unique.diagnostics.push(match place {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        });
    }

    fn owner(&self, owner_of_path: PathOwner<'_>) -> String {
        match owner_of_path {
            PathOwner::File(path) if MADE.contains(&path) => format!("the archive's own {path}"),
            PathOwner::File(path) => format!("the file {path}"),
            PathOwner::Page(at) => source(self.site.archive, &self.pages[at]),
        }
    }
}

/// Whether a page was written by a curator.
fn is_written(page: &Page) -> bool {
    matches!(page.kind, PageKind::Article(_) | PageKind::Plain(_))
}

/// Folders whose addresses later reports determine.
const FILLED_FOLDERS: [&str; 5] = ["assets", "data", "feeds", "search", "sitemaps"];

/// The owner of an article's address that is, or is below, one of the archive's own.
fn own_folder(path: &str) -> Option<String> {
    let path = path.trim_matches('/');
    let (first, is_below) = match path.split_once('/') {
        // A fast path: almost all articles are below their year.
        Some((first, _)) if first.bytes().all(|byte| byte.is_ascii_digit()) => return None,
        Some((first, _)) => (first, true),
        None => (path, false),
    };
    let key = FoldedKey::of_file(&format!("/{first}/"));
    let (name, owner) =
        OWN_FOLDERS.iter().find(|(name, _)| FoldedKey::of_file(&format!("/{name}/")) == key)?;
    match is_below {
        true if FILLED_FOLDERS.contains(name) => Some(format!("{owner}, with all of /{name}/")),
        true => None,
        false => Some((*owner).to_owned()),
    }
}

/// Points a problem with a redirect at its line.
pub(super) fn at_its_line(unserved: Unserved, root: &Path) -> Diagnostic {
    let Unserved { address, mut diagnostic } = unserved;
    if let Some(place) = &mut diagnostic.place
        && place.spot.is_none()
    {
        *place = written_at(&place.file, &root.join(&place.file), &address);
    }
    diagnostic
}

/// The line with an address; the start of the file if the address was generated.
fn written_at(source: &str, from: &Path, address: &str) -> Place {
    let Ok(text) = std::fs::read_to_string(from) else { return Place::file(source) };
    let bare = address.trim_matches('/');
    let at = [address, bare].iter().filter(|written| !written.is_empty()).find_map(|written| {
        let at = text.find(written)?;
        Some(at..at + written.len())
    });
    Place::at(source, &text, at.unwrap_or(0..0))
}

/// The source of a page, for messages: its file, if there is one.
pub(super) fn source(archive: &Archive, page: &Page) -> String {
    match page.kind {
        PageKind::Article(id) => archive.article(id).source.to_string(),
        PageKind::Plain(at) => archive.pages[at].value.source.to_string(),
        PageKind::Redirect(_) => format!("an alias at {}", page.path),
        _ => format!("the listing {}", page.path),
    }
}
