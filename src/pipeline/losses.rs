//! Published pages that a build would remove: a mistake must not remove an article, and other lost
//! addresses are reported.
//!
//! Compares the manifest with the plan; returns diagnostics, changes nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::content::text_hash::WordsHash;
use crate::output::Manifest;
use crate::pipeline::{Report, Site};
use crate::state::StateFolder;

/// Diagnostics about published pages that would be removed.
pub(crate) fn lost(before: Option<&Manifest>, site: &Site, report: &Report) -> Vec<Diagnostic> {
    let Some(before) = before else { return Vec::new() };
    let is_empty = report.articles == 0 && report.drafts == 0 && report.rejected.is_empty();
    let published = before.files.articles().count();
    if is_empty && published > 0 {
        return vec![nothing_left(published)];
    }
    let pages = site.pages.iter().map(|page| page.path.trim_start_matches('/'));
    let addresses: FxHashSet<&str> = pages.collect();
    let rejected: FxHashSet<&str> = report.rejected.iter().map(String::as_str).collect();
    let is_lost =
        |(source, folder): &(&str, &str)| rejected.contains(source) || !addresses.contains(folder);
    let lost: Vec<(&str, &str)> = before
        .files
        .articles()
        .filter(is_lost)
        .filter(|(source, folder)| rejected.contains(source) || !is_example(before, source, folder))
        .collect();
    if lost.is_empty() {
        return Vec::new();
    }
    let losses = Losses::new(before, site, report);
    lost.iter().map(|(source, folder)| losses.tell(source, &format!("/{folder}"))).collect()
}

/// The example of `dateline init`, which may be deleted.
const EXAMPLE: (&str, &str) =
    ("content/example.md", include_str!("../authoring/starter/example.md"));

/// Whether the unchanged example is published at an address.
fn is_example(before: &Manifest, source: &str, folder: &str) -> bool {
    let (file, text) = EXAMPLE;
    let body = text.rsplit("+++\n").next().unwrap_or_default();
    let published = before.files.get(&format!("{}index.html", folder.trim_start_matches('/')));
    let words = published.and_then(|entry| entry.body.as_deref()).map(|body| body.words);
    source == file && words == Some(WordsHash::of(body))
}

/// An empty archive is a mistake: a folder that is not mounted, or the wrong working folder.
fn nothing_left(count: usize) -> Diagnostic {
    let message = format!("content/ holds no article any more; published so far: {count}");
    Diagnostic::stop(Rule::LostArticle, message)
        .at(Place::file("content"))
        .help("is it the right folder? To take the whole site down, remove the output yourself")
}

/// Whether readers may have seen the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readers {
    /// Perhaps.
    Possible,
    /// No: its host is reserved, or it has targets and none was deployed to yet.
    None,
}

impl Readers {
    fn of(site: &Site) -> Readers {
        let host = site.config.base_url.host_str().unwrap_or_default();
        let is_undeployed = !site.config.deploy.targets.is_empty()
            && !StateFolder::of(&site.root).deployed().exists();
        if is_undeployed || is_host_of_nobody(host) { Readers::None } else { Readers::Possible }
    }
}

/// Whether a host name is reserved (RFC 2606) or means this machine.
fn is_host_of_nobody(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    ["example", "invalid", "test", "localhost"].contains(&last) || host == "127.0.0.1"
}

/// Distinguishes losses from moves and intended removals.
struct Losses<'a> {
    readers: Readers,
    permalinks: FxHashMap<&'a str, &'a str>,
    rejected: &'a [String],
    /// A rejected file that was never published: it may be a published one under a new name.
    unknown: Option<&'a str>,
}

impl<'a> Losses<'a> {
    fn new(before: &'a Manifest, site: &'a Site, report: &'a Report) -> Losses<'a> {
        let rejected = &report.rejected;
        let articles = site.archive.articles.iter().map(|article| &article.value);
        let published: FxHashSet<&str> =
            before.files.articles().map(|(source, _)| source).collect();
        let known: FxHashSet<&str> = before.rejected.iter().map(String::as_str).collect();
        Losses {
            readers: Readers::of(site),
            permalinks: articles
                .map(|article| (article.source.as_ref(), article.permalink.as_str()))
                .collect(),
            rejected,
            unknown: rejected
                .iter()
                .map(String::as_str)
                .find(|file| !published.contains(file) && !known.contains(file)),
        }
    }

    fn tell(&self, source: &str, permalink: &str) -> Diagnostic {
        if self.rejected.iter().any(|file| file == source) {
            let message = format!("{permalink} is published, and this mistake would take it away");
            let diagnostic = Diagnostic::stop(Rule::LostArticle, message).at(Place::file(source));
            return diagnostic.help("mend the file; nothing is changed until then");
        }
        let warning = match self.readers {
            Readers::Possible => {
                let gone = format!("{permalink} was published and is no page any more");
                Diagnostic::warning(Rule::LostUrl, gone)
            }
            Readers::None => {
                let gone = format!("{permalink} was built before and is no page any more");
                Diagnostic::note(Rule::LostUrl, gone)
            }
        };
        let warning = warning.at(Place::file(source));
        match (self.permalinks.get(source), self.unknown) {
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
        }
    }
}
