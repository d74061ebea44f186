//! Names that the archive uses, offered for new entries, and addresses that are taken.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::base::built_in::BuiltIn;
use crate::base::permalink::{FoldedKey, Permalink};
use crate::content::article::SourcePath;
use crate::content::{self, Content, Drafts, Reader, scan};
use crate::settings::Config;

/// Names, the most frequent first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KnownNames {
    /// Keys of `[outlets]`, then outlets that are not in the settings.
    pub outlets: Vec<String>,
    pub tags: Vec<String>,
    pub authors: Vec<String>,
    pub contributors: Vec<String>,
    pub kinds: Vec<String>,
    pub languages: Vec<String>,
}

/// An archive before an entry is added.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub root: &'a Path,
    pub config: &'a Config,
    pub names: KnownNames,
    /// The file of each address, drafts and withdrawn reports too.
    addresses: FxHashMap<FoldedKey, SourcePath>,
}

impl<'a> Known<'a> {
    /// Reads the archive's index; unreadable reports are skipped.
    pub(crate) fn of(root: &'a Path, config: &'a Config) -> Known<'a> {
        let options = super::reading_options(config);
        let reader = Reader::afresh(root, config, &options);
        let content =
            content::load(scan::scan(root, &config.build.ignore), &reader, Drafts::Publish);
        Known::in_content(root, config, &content)
    }

    /// The same of content that was read, drafts too.
    pub(crate) fn in_content(root: &'a Path, config: &'a Config, content: &Content) -> Known<'a> {
        let articles = content.articles.iter().map(|loaded| &loaded.value);
        let articles = articles.map(|article| (&article.permalink, &article.source));
        let pages = content.pages.iter().map(|loaded| &loaded.value);
        let pages = pages.map(|page| (&page.permalink, &page.source));
        let addresses = articles.chain(pages).map(|(permalink, source)| {
            (FoldedKey::of(permalink.as_str()), SourcePath::clone(source))
        });
        Known { root, config, addresses: addresses.collect(), names: names(content, config) }
    }

    /// The file that has this address.
    pub(crate) fn holder(&self, permalink: &Permalink) -> Option<&str> {
        self.addresses.get(&FoldedKey::of(permalink.as_str())).map(|source| &**source)
    }
}

fn names(content: &Content, config: &Config) -> KnownNames {
    let articles = || content.articles.iter().map(|loaded| &loaded.value);
    let terms = |taxonomy: BuiltIn| {
        commonest(
            articles()
                .flat_map(move |article| article.terms.of(taxonomy.name()))
                .map(|name| &**name),
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
        tags: terms(BuiltIn::Tags),
        authors: terms(BuiltIn::Authors),
        contributors: terms(BuiltIn::Contributors),
        kinds: commonest(articles().filter_map(|article| article.kind.as_deref())),
        languages: commonest(articles().filter_map(|article| article.language.as_deref())),
    }
}

fn commonest<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    let mut sorted: Vec<(&str, usize)> = counts.into_iter().collect();
    sorted.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    sorted.into_iter().map(|(name, _)| name.to_owned()).collect()
}
