//! Reads content files again, one at a time on each thread, and runs lints on them.

use rayon::prelude::*;

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::check::body::cross_page_links::FarLink;
use crate::content::{cache, scan};
use crate::markdown::MarkdownOptions;

use super::Look;
use super::document::{Document, Kind, document, source};
use super::external::mention::{self, Mentions};
use super::finding::Finding;

/// The results of one file, or of all files joined.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) findings: Vec<Finding>,
    /// Files of the site that the text mentions, as indexes of [`super::assets::Assets`].
    pub(super) mentioned: Vec<usize>,
    /// Links to anchors on other pages.
    pub(super) far_links: Vec<FarLink>,
    pub(super) links_out: Mentions,
}

impl Seen {
    fn problem(diagnostic: Diagnostic) -> Seen {
        Seen { findings: vec![diagnostic.into()], ..Seen::default() }
    }

    fn and(mut self, next: Seen) -> Seen {
        self.findings.extend(next.findings);
        self.mentioned.extend(next.mentioned);
        self.far_links.extend(next.far_links);
        mention::join(&mut self.links_out, next.links_out);
        self
    }
}

/// Runs `lint` on every file in parallel; results are in the order of articles, then pages.
/// Withdrawn reports are skipped.
pub(super) fn each(
    look: &Look<'_>,
    options: &MarkdownOptions,
    lint: impl Fn(&Document<'_>) -> Seen + Sync,
) -> Seen {
    let site = look.site;
    let articles = site.archive.listed.par_iter().map(|&id| {
        let loaded = &site.archive.articles[id as usize];
        let path = loaded.absolute(&site.root);
        (Kind::Article(&loaded.value), path, loaded.hash)
    });
    let pages = site
        .archive
        .pages
        .par_iter()
        .map(|loaded| (Kind::Page(&loaded.value), loaded.absolute(&site.root), loaded.hash));
    let files = articles.chain(pages);
    let found = files.map(|(kind, path, hash)| {
        let source = source(kind);
        match std::fs::read(&path) {
            Ok(bytes) if cache::hash(&bytes) != hash => Seen::problem(changed(source)),
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                let options = options.for_file(source, None);
                lint(&document(look, &options, kind, &text))
            }
            Err(error) => Seen::problem(scan::unreadable(source, &error.to_string())),
        }
    });
    found.collect::<Vec<_>>().into_iter().fold(Seen::default(), Seen::and)
}

fn changed(source: &str) -> Diagnostic {
    Diagnostic::stop(Rule::Unreadable, "this file changed while it was checked")
        .at(Place::file(source))
        .help("check again")
}
