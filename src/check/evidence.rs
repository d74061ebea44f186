//! `dateline check --evidence`: whether the files below `evidence/` are still those that front matter names.
//!
//! Drafts are looked at too: what was received for them is as old. Each file is hashed as it is read, so that
//! memory does not grow with it.

use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::authoring::reading_options;
use crate::base::diagnostic::Place;
use crate::base::files;
use crate::base::lint::Lint;
use crate::content::article::{Article, Evidence, SourcePath};
use crate::content::evidence::{hex, own_file};
use crate::content::{self, Drafts, Reader, scan};
use crate::pipeline::Site;
use crate::state::EVIDENCE;

use super::finding::Finding;

/// What is to be said of evidence.
pub(super) fn lints(site: &Site) -> Vec<Finding> {
    let options = reading_options(&site.config);
    let reader = Reader::afresh(&site.root, &site.config, &options);
    let sources = || scan::scan(&site.root, &site.config.build.ignore);
    let content = content::load(sources(), &reader, Drafts::Publish);
    let articles = content.articles.iter().map(|loaded| &*loaded.value);
    let named: Vec<(&Article, &Evidence)> = articles
        .flat_map(|article| article.evidence.iter().map(move |evidence| (article, evidence)))
        .collect();
    let mut findings: Vec<Finding> = named
        .par_iter()
        .filter_map(|(article, evidence)| finding(&site.root, &article.source, evidence))
        .collect();
    let known: FxHashSet<&str> = named.iter().map(|(_, evidence)| evidence.file.as_str()).collect();
    let mut others: Vec<String> = files_of(&site.root);
    others.retain(|file| !known.contains(file.as_str()));
    // A report that was withdrawn, or can't be read, may name one all the same.
    for source in &sources().files {
        if others.is_empty() {
            break;
        }
        let path = source.location.absolute(&site.root, &source.path);
        let text = files::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        others.retain(|file| !text.contains(file.as_str()));
    }
    findings.extend(others.into_iter().map(unnamed));
    findings
}

fn finding(root: &Path, source: &SourcePath, evidence: &Evidence) -> Option<Finding> {
    let Evidence { file, sha256, .. } = evidence;
    let of = |lint, message: String| Finding::new(lint, message).at(Place::file(&**source));
    let Some(path) = own_file(root, file) else {
        let message = format!("its evidence is not there: {file}");
        let help = "bring the file back, or take it out of `evidence`";
        return Some(of(Lint::MissingEvidence, message).help(help));
    };
    match digest(&path) {
        Ok(found) if found == *sha256 => None,
        Ok(found) => {
            let message = format!("its evidence was changed: {file} has the SHA-256 {found}");
            let help = "bring back the file that was received: as it is it proves nothing";
            Some(of(Lint::ChangedEvidence, message).help(help))
        }
        Err(error) => {
            let message = format!("its evidence can't be read: {file}: {error}");
            let help = "check who owns it and what its permissions are";
            Some(of(Lint::MissingEvidence, message).help(help))
        }
    }
}

fn digest(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut fs::File::open(path)?, &mut HashWriter(&mut hash))?;
    Ok(hex(&hash.finalize()))
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Regular files below `evidence/`, from the archive's root.
fn files_of(root: &Path) -> Vec<String> {
    let entries = WalkDir::new(root.join(EVIDENCE)).min_depth(1).sort_by_file_name();
    let files = entries.into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let files = files.map(|entry| scan::relative(root, entry.path()));
    files.filter(|file| !file.split('/').any(|name| name.starts_with('.'))).collect()
}

fn unnamed(file: String) -> Finding {
    Finding::new(Lint::UnnamedEvidence, "no report names this evidence")
        .at(Place::file(file))
        .help("remove it, unless you keep it for a report to come")
}
