//! What a build would take away from readers: a good site is never replaced by one that lost an
//! article to a mistake, and an address that vanishes on purpose is said.
//!
//! Compares the record of what is published with the plan; gives diagnostics, changes nothing.

use std::collections::{HashMap, HashSet};

use crate::build::{Report, Site};
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::output::Manifest;

/// Everything that is published and would be no more.
pub fn lost(before: Option<&Manifest>, site: &Site, report: &Report) -> Vec<Diagnostic> {
    let Some(before) = before else { return Vec::new() };
    let is_empty = report.articles == 0 && report.drafts == 0 && report.rejected.is_empty();
    if is_empty && !before.articles.is_empty() {
        return vec![nothing_left(before.articles.len())];
    }
    let losses = Losses::new(before, site, &report.rejected);
    before.articles.iter().filter_map(|(source, permalink)| losses.of(source, permalink)).collect()
}

/// A folder that was not mounted, a program run in the wrong place: nobody empties an archive so.
fn nothing_left(count: usize) -> Diagnostic {
    let message = format!("content/ holds no article any more; published so far: {count}");
    Diagnostic::stop(Rule::LostArticle, message)
        .at(Place::file("content"))
        .help("is it the right folder? To take the whole site down, remove the output yourself")
}

/// What tells a loss from a move, and a mistake from a wish.
struct Losses<'a> {
    addresses: HashSet<&'a str>,
    permalinks: HashMap<&'a str, &'a str>,
    rejected: HashSet<&'a str>,
    /// A rejected file that was never published: it may be a published one under a new name.
    unknown: Option<&'a str>,
}

impl<'a> Losses<'a> {
    fn new(before: &'a Manifest, site: &'a Site, rejected: &'a [String]) -> Losses<'a> {
        let articles = site.archive.articles.iter().map(|article| &article.value);
        let is_unknown = |source: &&String| !before.articles.contains_key(*source);
        Losses {
            addresses: site.pages.iter().map(|page| &*page.path).collect(),
            permalinks: articles
                .map(|article| (article.source.as_str(), article.permalink.as_str()))
                .collect(),
            rejected: rejected.iter().map(String::as_str).collect(),
            unknown: rejected.iter().find(is_unknown).map(String::as_str),
        }
    }

    fn of(&self, source: &str, permalink: &str) -> Option<Diagnostic> {
        if self.rejected.contains(source) {
            let message = format!("{permalink} is published, and this mistake would take it away");
            let diagnostic = Diagnostic::stop(Rule::LostArticle, message).at(Place::file(source));
            return Some(diagnostic.help("mend the file; nothing is changed until then"));
        }
        if self.addresses.contains(permalink) {
            return None;
        }
        let gone = format!("{permalink} was published and is no page any more");
        let warning = Diagnostic::warning(Rule::LostUrl, gone).at(Place::file(source));
        Some(match (self.permalinks.get(source), self.unknown) {
            (Some(new), _) => {
                warning.help(format!("it is at {new} now: add aliases = [\"{permalink}\"]"))
            }
            (None, Some(unknown)) => {
                let message = format!("{permalink} is published, and its file is gone");
                Diagnostic::stop(Rule::LostArticle, message).at(Place::file(source)).help(format!(
                    "if it is {unknown} now, mend that file; nothing is changed until then"
                ))
            }
            (None, None) => warning
                .help("keep the file and add withdrawn = { … }, or give another article the alias"),
        })
    }
}
