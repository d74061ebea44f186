//! Which files go into the site as they are, and which of them were taken out again.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place, Rule, nearest};
use crate::base::permalink::fold;
use crate::content::scan;

use super::Report;

/// Files that go into the site as they are: `static/`, and what lies beside articles; by path in
/// the output. A withdrawn article's folder gives nothing.
pub(super) fn files(
    root: &Path,
    archive: &Archive,
    report: &mut Report,
) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    let folder = root.join("static");
    let is_there = scan::is_folder(&folder).unwrap_or_else(|error| {
        report.diagnostics.push(scan::unreadable("static", &error.to_string()));
        false
    });
    if is_there {
        for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    files.insert(scan::relative(&folder, entry.path()), entry.into_path());
                }
                Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => {
                    report.diagnostics.push(
                        Diagnostic::warning(Rule::Symlink, "this symbolic link is not copied")
                            .at(Place::file(scan::relative(root, entry.path())))
                            .help("put the file itself into static/"),
                    );
                }
                Ok(_) => {}
                Err(error) => {
                    report.diagnostics.push(scan::unreadable("static", &error.to_string()));
                }
            }
        }
    }
    for article in archive.articles.iter().filter(|article| !article.value.is_withdrawn()) {
        for (name, path) in &article.assets {
            let place = format!("{}{name}", article.value.permalink);
            files.insert(place.trim_start_matches('/').to_owned(), path.clone());
        }
    }
    for page in &archive.pages {
        for (name, path) in &page.assets {
            let place = format!("{}{name}", page.value.permalink);
            files.insert(place.trim_start_matches('/').to_owned(), path.clone());
        }
    }
    take_redacted(&mut files, archive, report);
    take_withheld(root, &mut files, archive);
    files
}

/// Takes out symbolic links to what is not published where it lies: a withdrawn report's text and
/// files, and files that redactions name.
fn take_withheld(root: &Path, files: &mut BTreeMap<String, PathBuf>, archive: &Archive) {
    let links: Vec<String> =
        files.iter().filter(|(_, from)| from.is_symlink()).map(|(path, _)| path.clone()).collect();
    if links.is_empty() {
        return;
    }
    let published: HashSet<&PathBuf> = files.values().collect();
    let withdrawn = archive.articles.iter().filter(|article| article.value.is_withdrawn());
    let sources = withdrawn.map(|article| article.absolute(root));
    let beside = archive.articles.iter().flat_map(|article| &article.assets).map(|(_, path)| path);
    let withheld: HashSet<PathBuf> = sources
        .chain(beside.filter(|path| !published.contains(path)).cloned())
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    for link in links {
        let target = files.get(&link).and_then(|from| from.canonicalize().ok());
        if target.is_some_and(|target| withheld.contains(&target)) {
            files.remove(&link);
        }
    }
}

/// Takes out the files that redactions name: beside their article, or from the archive's root. How
/// the name is cased does not matter, and one that is nearly right is told, not guessed at.
fn take_redacted(files: &mut BTreeMap<String, PathBuf>, archive: &Archive, report: &mut Report) {
    let mut removed: HashSet<String> = HashSet::new();
    for article in &archive.articles {
        let known = || article.assets.iter().map(|(name, _)| name.as_str());
        for name in article.value.redactions.iter().flat_map(|redaction| &redaction.assets) {
            let place = article.value.asset_path(name);
            let is_there =
                known().any(|other| fold(&article.value.asset_path(other)) == fold(&place));
            if let (false, Some(near)) = (is_there, nearest(name, known())) {
                let message = format!("redactions name “{name}”, and {near} stays published");
                let diagnostic = Diagnostic::warning(Rule::WrongValue, message)
                    .at(Place::file(&*article.value.source))
                    .help("write the file's name as it is, or remove the file that is gone");
                report.diagnostics.push(diagnostic);
            }
            removed.insert(fold(&place));
        }
    }
    if !removed.is_empty() {
        files.retain(|path, _| !removed.contains(&fold(path)));
    }
}
