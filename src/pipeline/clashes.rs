//! Pages that want one file, or a file and a folder of one name: the plan's pages to those that can
//! stand side by side on every file system.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::permalink::FoldedKey;
use crate::plan::{Page, PageKind};
use crate::render::engine::Assets;

use super::Report;

/// Every file of the output belongs to one page, also where case and Unicode form do not count.
/// Redirects give way to pages, and the registers to whatever the curator put at their addresses; any
/// other clash stops the build.
pub(super) fn unique_pages(
    mut pages: Vec<Page>,
    archive: &Archive,
    files: &BTreeMap<String, PathBuf>,
    (assets, reserved): (&Assets, &[&'static str]),
    report: &mut Report,
) -> Vec<Page> {
    let themed = assets.iter().map(|(_, file, _)| file);
    let mut taken = Taken::default();
    let copied = files.keys().chain(themed).map(String::as_str);
    for path in copied.chain(reserved.iter().copied()) {
        let other = taken.by_key.insert(FoldedKey::of_file(path), Taker::File(path));
        if let Some(Taker::File(other)) = other.filter(|other| *other != Taker::File(path)) {
            report.diagnostics.push(one_name(other, path));
        }
    }
    let mut is_kept = Vec::with_capacity(pages.len());
    for (at, page) in pages.iter().enumerate() {
        let other = taken.by_key.entry(FoldedKey::of_file(&page.path)).or_insert(Taker::Page(at));
        is_kept.push(*other == Taker::Page(at));
        let gives_way = matches!(
            page.kind,
            PageKind::Redirect(_) | PageKind::Register(..) | PageKind::CorrectionsAtom
        );
        if *other != Taker::Page(at) && !gives_way {
            let (own, other) = (source(archive, page), other.source(archive, &pages));
            let message = format!("{} is asked for by {own} and by {other}", page.path);
            let diagnostic = Diagnostic::stop(Rule::PathClash, message);
            report.diagnostics.push(diagnostic.help("give one of them another slug or path"));
        }
    }
    let kept = || pages.iter().zip(&is_kept).filter(|(_, is_kept)| **is_kept).map(|(page, _)| page);
    for page in kept() {
        refuse_blocked(page, archive, &pages, &mut taken, report);
    }
    let mut kept = is_kept.into_iter();
    pages.retain(|_| kept.next().unwrap_or_default());
    pages
}

/// Two copied files that are one on a file system which folds case or composes names.
fn one_name(one: &str, other: &str) -> Diagnostic {
    let message = format!("the files {one} and {other} are one file on Windows and macOS");
    Diagnostic::stop(Rule::PathClash, message)
        .help("give one of them a name that differs in more than capitals and accents")
}

/// What a file of the output belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taker<'a> {
    /// A file that is copied.
    File(&'a str),
    /// A page, by its place.
    Page(usize),
}

/// The files that are taken.
#[derive(Default)]
struct Taken<'a> {
    by_key: FxHashMap<FoldedKey, Taker<'a>>,
    /// The folder that was found free last, and all above it.
    free: String,
}

impl Taker<'_> {
    fn source(self, archive: &Archive, pages: &[Page]) -> String {
        match self {
            Taker::File(path) => format!("the file {path}"),
            Taker::Page(at) => source(archive, &pages[at]),
        }
    }
}

/// A file can't stand where another page needs a folder.
fn refuse_blocked(
    page: &Page,
    archive: &Archive,
    pages: &[Page],
    taken: &mut Taken<'_>,
    report: &mut Report,
) {
    let mut folder = page.path.trim_start_matches('/');
    let mut is_free = true;
    while let Some((above, _)) = folder.rsplit_once('/').filter(|(above, _)| *above != taken.free) {
        folder = above;
        if let Some(other) = taken.by_key.get(&FoldedKey::of_file(folder)) {
            let other = other.source(archive, pages);
            let message = format!("{} needs a folder where {other} is a file", page.path);
            let diagnostic = Diagnostic::stop(Rule::PathClash, message);
            report.diagnostics.push(diagnostic.help("give one of them another slug or path"));
            is_free = false;
        }
    }
    // Pages of one day lie beside each other, each in its own folder.
    let around = page.path.trim_matches('/').rsplit_once('/').map_or("", |(around, _)| around);
    if is_free && around != taken.free {
        around.clone_into(&mut taken.free);
    }
}

/// What asks for a page, in a user's words: a file where there is one.
pub(super) fn source(archive: &Archive, page: &Page) -> String {
    match page.kind {
        PageKind::Article(id) => archive.article(id).source.to_string(),
        PageKind::Plain(at) => archive.pages[at].value.source.to_string(),
        PageKind::Redirect(_) => format!("an alias at {}", page.path),
        _ => format!("the listing {}", page.path),
    }
}
