//! What an archive knows already: the names that a new entry may want to use again.

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::Config;
use crate::content::{self, Drafts, Reader, scan};

/// Names by how often they were used, the commonest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownNames {
    /// Keys of `[outlets]`, then outlets that are written out.
    pub outlets: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Authors.
    pub authors: Vec<String>,
    /// Who sent reports in.
    pub contributors: Vec<String>,
    /// Kinds of report.
    pub kinds: Vec<String>,
}

/// Reads the archive's index; reports that can't be read say nothing.
pub fn names(root: &Path, config: &Config) -> KnownNames {
    let options = super::reading_options(config);
    let reader = Reader::afresh(root, config, &options);
    let content = content::load(scan::scan(root), &reader, Drafts::Publish);
    let articles = || content.articles.iter().map(|loaded| &loaded.value);
    let terms = |taxonomy: &'static str| {
        commonest(
            articles().flat_map(move |article| article.terms.of(taxonomy)).map(|name| &**name),
        )
    };
    let mut outlets: Vec<String> = config.outlets.keys().cloned().collect();
    for outlet in commonest(articles().filter_map(|article| article.outlet.as_deref())) {
        if !outlets.contains(&outlet) {
            outlets.push(outlet);
        }
    }
    KnownNames {
        outlets,
        tags: terms("tags"),
        authors: terms("authors"),
        contributors: terms("contributors"),
        kinds: commonest(articles().filter_map(|article| article.kind.as_deref())),
    }
}

fn commonest<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    let mut sorted: Vec<(&str, usize)> = counts.into_iter().collect();
    sorted.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    sorted.into_iter().map(|(name, _)| name.to_owned()).collect()
}
