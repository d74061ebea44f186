//! Pages that want one file, or a file and a folder of one name: the plan's pages to those that can
//! stand side by side on every file system.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use crate::archive::Archive;
use crate::diagnostic::{Diagnostic, Rule};
use crate::permalink::fold;
use crate::plan::{Page, PageKind};
use crate::render::engine::Assets;

use super::Report;

/// Every file of the output belongs to one page, also where case and Unicode form do not count.
/// Redirects give way to pages, and the registers to whatever the curator put at their addresses; any
/// other clash stops the build.
pub(super) fn unique_pages(
    pages: Vec<Page>,
    archive: &Archive,
    files: &BTreeMap<String, PathBuf>,
    assets: &Assets,
    report: &mut Report,
) -> Vec<Page> {
    let mut taken: HashMap<String, String> = HashMap::new();
    for path in files.keys().chain(assets.iter().map(|(_, file, _)| file)) {
        taken.insert(fold(path), format!("the file {path}"));
    }
    let mut unique = Vec::with_capacity(pages.len());
    for page in pages {
        let file = fold(&page.file());
        let gives_way = matches!(
            page.kind,
            PageKind::Redirect(_) | PageKind::Register(..) | PageKind::CorrectionsAtom
        );
        match taken.get(&file) {
            None => {
                taken.insert(file, source(archive, &page));
                unique.push(page);
            }
            Some(_) if gives_way => {}
            Some(other) => {
                let message = format!(
                    "{} is asked for by {} and by {other}",
                    page.path,
                    source(archive, &page)
                );
                let diagnostic = Diagnostic::stop(Rule::PathClash, message);
                report.diagnostics.push(diagnostic.help("give one of them another slug or path"));
            }
        }
    }
    refuse_blocked(&unique, &taken, report);
    unique
}

/// A file can't stand where another page needs a folder.
fn refuse_blocked(pages: &[Page], taken: &HashMap<String, String>, report: &mut Report) {
    for page in pages {
        let file = fold(&page.file());
        let mut folder = file.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            if let Some(other) = taken.get(folder) {
                let message = format!("{} needs a folder where {other} is a file", page.path);
                let diagnostic = Diagnostic::stop(Rule::PathClash, message);
                report.diagnostics.push(diagnostic.help("give one of them another slug or path"));
            }
        }
    }
}

/// What asks for a page, in a user's words: a file where there is one.
pub(super) fn source(archive: &Archive, page: &Page) -> String {
    match page.kind {
        PageKind::Article(id) => archive.article(id).source.clone(),
        PageKind::Plain(at) => archive.pages[at].value.source.clone(),
        PageKind::Redirect(_) => format!("an alias at {}", page.path),
        _ => format!("the listing {}", page.path),
    }
}
