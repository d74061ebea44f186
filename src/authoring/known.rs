//! What an archive knows already: names that a new entry may want to use again, and addresses that it
//! can't have.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::base::built_in::BuiltIn;
use crate::base::permalink::{FoldedKey, Permalink};
use crate::content::article::SourcePath;
use crate::content::{self, Content, Drafts, Reader, scan};
use crate::settings::Config;

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
    /// Languages.
    pub languages: Vec<String>,
}

/// An archive as it is before something is added to it.
#[derive(Debug)]
pub struct Known<'a> {
    /// Its folder.
    pub root: &'a Path,
    /// Its settings.
    pub config: &'a Config,
    /// The names that it uses.
    pub names: KnownNames,
    /// The file at each address, drafts and withdrawn reports too.
    addresses: FxHashMap<FoldedKey, SourcePath>,
}

impl<'a> Known<'a> {
    /// Reads the archive's index; reports that can't be read say nothing.
    pub fn of(root: &'a Path, config: &'a Config) -> Known<'a> {
        let options = super::reading_options(config);
        let reader = Reader::afresh(root, config, &options);
        let content =
            content::load(scan::scan(root, &config.build.ignore), &reader, Drafts::Publish);
        Known::in_content(root, config, &content)
    }

    /// The same of content that was read, drafts too.
    pub fn in_content(root: &'a Path, config: &'a Config, content: &Content) -> Known<'a> {
        let articles = content.articles.iter().map(|loaded| &loaded.value);
        let articles = articles.map(|article| (&article.permalink, &article.source));
        let pages = content.pages.iter().map(|loaded| &loaded.value);
        let pages = pages.map(|page| (&page.permalink, &page.source));
        let addresses = articles.chain(pages).map(|(permalink, source)| {
            (FoldedKey::of(permalink.as_str()), SourcePath::clone(source))
        });
        Known { root, config, addresses: addresses.collect(), names: names(content, config) }
    }

    /// The file that an address belongs to.
    pub fn holder(&self, permalink: &Permalink) -> Option<&str> {
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
