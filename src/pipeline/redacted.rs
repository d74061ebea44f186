//! Finds the copied files that redactions remove, also those of articles that are left out.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::content::redacted::{self, HeldRedaction, Home, KnownFiles, Near};
use crate::content::scan;

use super::Report;

/// The paths in the site of the files that redactions name, and of their compressed copies. A name
/// similar to a file's is reported. If only spelling or folder differ, that file is left out, too,
/// since it may be the one to redact.
pub(super) fn find<'a>(
    root: &Path,
    files: impl Iterator<Item = (&'a str, &'a Path)>,
    archive: &Archive,
    report: &mut Report,
) -> HashSet<String> {
    let written: Vec<(Home, &str)> = written(archive);
    let rejected = archive.held_redactions.iter().filter_map(|held| match held {
        HeldRedaction::Rejected(text) => Some(text.as_str()),
        HeldRedaction::LeftOut(..) => None,
    });
    let rejected: Vec<&str> = rejected.collect();
    if written.is_empty() && rejected.is_empty() {
        return HashSet::new();
    }
    let pairs = files.map(|(place, from)| (place.to_owned(), scan::relative(root, from)));
    let known = KnownFiles::new(pairs);
    let (mut removed, mut unknown) = (BTreeSet::new(), 0);
    for (home, name) in &written {
        let meant = known.meant(home, name);
        if meant.is_empty() {
            let near = known.near(home, name);
            let file = near.place().and_then(|place| known.output(place)).unwrap_or_default();
            match near {
                Near::Nothing => {}
                Near::Same(place) => {
                    report.diagnostics.push(left_out(home, name, file));
                    removed.insert(place);
                }
                Near::Alike(_) => report.diagnostics.push(nothing_meant(home, name, file)),
                Near::Unknown => unknown += 1,
            }
        }
        removed.extend(meant);
    }
    if unknown > 0 {
        report.diagnostics.push(not_compared(unknown));
    }
    removed.extend(rejected.into_iter().flat_map(|text| known.mentioned(text)));
    removed.into_iter().filter_map(|at| known.output(at)).map(str::to_owned).collect()
}

/// The file names in redactions of articles and drafts.
fn written(archive: &Archive) -> Vec<(Home, &str)> {
    let articles = archive.articles.iter().filter(|article| !article.value.redactions.is_empty());
    let published = articles.flat_map(|article| {
        let home = Home::of(&article.value);
        redacted::names(&article.value.redactions).map(move |name| (home.clone(), name))
    });
    let drafts = archive.held_redactions.iter().filter_map(|held| match held {
        HeldRedaction::LeftOut(home, names) => Some((home, names)),
        HeldRedaction::Rejected(_) => None,
    });
    let drafts = drafts
        .flat_map(|(home, names)| names.iter().map(move |name| (home.clone(), name.as_str())));
    published.chain(drafts).collect()
}

/// A file as a report's curator knows it.
fn shown<'a>(home: &Home, file: &'a str) -> &'a str {
    file.strip_prefix(home.permalink.trim_start_matches('/')).unwrap_or(file)
}

fn left_out(home: &Home, name: &str, file: &str) -> Diagnostic {
    let file = shown(home, file);
    let message = format!("redactions name “{name}”, which is no file; {file} is left out");
    Diagnostic::reject(Rule::WrongValue, message).at(Place::file(&*home.source)).help(
        "write that file's name as it is, or take the name of a file that is gone out of the redaction",
    )
}

fn nothing_meant(home: &Home, name: &str, file: &str) -> Diagnostic {
    let file = shown(home, file);
    let message = format!("redactions name “{name}”, and {file} stays published");
    Diagnostic::warning(Rule::WrongValue, message)
        .at(Place::file(&*home.source))
        .help("write the file's name as it is, or remove the file that is gone")
}

fn not_compared(names: usize) -> Diagnostic {
    let message = format!(
        "{names} more names in redactions are of no file, and were not compared with those of others"
    );
    Diagnostic::note(Rule::WrongValue, message)
        .help("take the names of files that are gone out of the redactions")
}
