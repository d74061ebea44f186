//! Where everything is: what a link in a body can lead to.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;

use crate::archive::Archive;
use crate::config::addresses::ConfigLink;
use crate::diagnostic::{Diagnostic, Rule};

use super::Page;

/// All addresses of the site, and the permalinks of its source files.
#[derive(Debug, Default)]
pub struct Routes {
    known: HashSet<String>,
    by_source: HashMap<String, String>,
    by_name: HashMap<String, Option<String>>,
}

impl Routes {
    /// Collects them from the pages and from the files that are copied as they are.
    pub fn new<'a>(
        archive: &Archive,
        pages: &[Page],
        files: impl Iterator<Item = &'a str>,
    ) -> Routes {
        let mut routes = Routes::default();
        routes.known.extend(pages.iter().map(|page| without_index(&page.path).to_owned()));
        routes.known.extend(files.map(|file| format!("/{}", without_index(file))));
        for article in &archive.articles {
            routes.add_source(&article.value.source, article.value.permalink.encoded());
        }
        for page in &archive.pages {
            routes.add_source(&page.value.source, page.value.permalink.encoded());
        }
        routes
    }

    fn add_source(&mut self, source: &str, permalink: String) {
        let name = source.rsplit('/').next().unwrap_or(source).to_owned();
        self.by_name
            .entry(name)
            .and_modify(|known| *known = None)
            .or_insert_with(|| Some(permalink.clone()));
        self.by_source.insert(source.to_owned(), permalink);
    }

    /// Whether a path from the archive's root leads anywhere; it may be encoded.
    pub fn knows(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// A path as it is published, not encoded: `/a` and `/a/index.html` are found at `/a/`, where
    /// no host has to lead a reader on.
    pub fn find(&self, path: &str) -> Option<&str> {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let file = without_index(&decoded).trim_end_matches('/');
        let known = self.known.get(&format!("{file}/")).or_else(|| self.known.get(file));
        known.map(String::as_str)
    }

    /// What the config leads to and the archive does not have.
    pub fn missing(&self, links: &[ConfigLink]) -> Vec<Diagnostic> {
        let path = |link: &ConfigLink| {
            let end = link.path.find(['?', '#']).unwrap_or(link.path.len());
            link.path[..end].to_owned()
        };
        let unknown = links.iter().filter(|link| !self.knows(&path(link)));
        let diagnostics = unknown.map(|link| {
            let message = format!("nothing is at `{}`", link.path);
            Diagnostic::warning(Rule::UnresolvedLink, message)
                .at(link.place.clone())
                .help("name a page that there is, or write it: content/pages/about.md is /about/")
        });
        diagnostics.collect()
    }

    /// The encoded permalink of a source file, by its path from the archive's root.
    pub fn source(&self, path: &str) -> Option<&str> {
        self.by_source.get(path).map(String::as_str)
    }

    /// The encoded permalink of the only source file of a name.
    pub fn file_name(&self, name: &str) -> Option<&str> {
        self.by_name.get(name)?.as_deref()
    }

    /// The source whose path is nearest to one that does not exist.
    pub fn nearest_source(&self, path: &str) -> Option<String> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let same_name =
            self.by_source.keys().filter(|source| source.rsplit('/').next() == Some(name)).min();
        same_name.cloned()
    }
}

fn without_index(path: &str) -> &str {
    path.strip_suffix("index.html")
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        .unwrap_or(path)
}
