//! The ledger's files: `links/<host>.toml` in the archive's root, one for each host.

use std::path::Path;

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::content::scan::{is_folder, unreadable};

use super::Ledger;

/// Reads the ledger's files in the order of their names. A missing folder is an empty ledger.
pub fn load(root: &Path) -> (Ledger, Vec<Diagnostic>) {
    let (mut ledger, mut diagnostics) = (Ledger::default(), Vec::new());
    let folder = root.join("links");
    match is_folder(&folder) {
        Ok(true) => {}
        Ok(false) => return (ledger, diagnostics),
        Err(error) => return (ledger, vec![unreadable("links", &error.to_string())]),
    }
    for entry in walkdir::WalkDir::new(&folder).max_depth(1).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                diagnostics.push(unreadable("links", &error.to_string()));
                continue;
            }
        };
        let name = entry.file_name().to_string_lossy().into_owned();
        // Skip folders, and pipes, which would block.
        let is_no_file = !entry.file_type().is_file() && !entry.path_is_symlink();
        if !name.ends_with(".toml") || name.starts_with('.') || is_no_file {
            continue;
        }
        let file = format!("links/{name}");
        if entry.path_is_symlink() {
            let diagnostic = Diagnostic::reject(Rule::Symlink, "this symbolic link is not read");
            diagnostics
                .push(diagnostic.at(Place::file(file)).help("put the file itself into links/"));
            continue;
        }
        match std::fs::read(entry.path()).map(String::from_utf8) {
            Ok(Ok(text)) => diagnostics.extend(ledger.read(&file, &text)),
            Ok(Err(_)) => {
                let diagnostic = Diagnostic::reject(Rule::NotUtf8, "this file is not UTF-8 text");
                diagnostics
                    .push(diagnostic.at(Place::file(file)).help("save it as UTF-8 in your editor"));
            }
            Err(error) => diagnostics.push(unreadable(&file, &error.to_string())),
        }
    }
    (ledger, diagnostics)
}
