//! The same report by several outlets, as curators confirm it: `also` of the front matter, from what
//! is written to the articles meant, and back from those.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use percent_encoding::percent_decode_str;

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::permalink::resolve_beside;
use crate::content::Loaded;
use crate::content::article::{Also, Article};
use crate::settings::Config;

use super::ArticleId;

/// For each article that is named or names others, those: both of a pair have the other.
pub type Confirmed = BTreeMap<ArticleId, BTreeSet<ArticleId>>;

/// Resolves every `also`; an id is an article's place among `articles`.
pub fn confirm(articles: &[Loaded<Article>], config: &Config) -> (Confirmed, Vec<Diagnostic>) {
    let mut confirmed = Confirmed::new();
    let mut diagnostics = Vec::new();
    if articles.iter().all(|article| article.value.also.is_empty()) {
        return (confirmed, diagnostics);
    }
    let addresses = Addresses::new(articles);
    for (id, article) in (0..).zip(articles) {
        for also in &article.value.also {
            match addresses.find(also, &article.value, config) {
                Some(other) if other != id => {
                    confirmed.entry(id).or_default().insert(other);
                    confirmed.entry(other).or_default().insert(id);
                }
                Some(_) => diagnostics.push(own(also)),
                None => diagnostics.push(addresses.unknown(also)),
            }
        }
    }
    (confirmed, diagnostics)
}

fn own(also: &Also) -> Diagnostic {
    Diagnostic::warning(Rule::UnknownAlso, "“also” names the article itself")
        .at(also.place.clone())
        .help("name the same report as another outlet carried it, or remove the line")
}

/// What an article can be named by.
struct Addresses<'a> {
    /// Permalinks and aliases, without the slashes around them.
    paths: HashMap<&'a str, ArticleId>,
    /// Files, from the archive's root.
    sources: HashMap<&'a str, ArticleId>,
}

impl<'a> Addresses<'a> {
    fn new(articles: &'a [Loaded<Article>]) -> Addresses<'a> {
        let mut addresses = Addresses { paths: HashMap::new(), sources: HashMap::new() };
        for (id, article) in (0..).zip(articles) {
            for alias in &article.value.aliases {
                addresses.paths.entry(trimmed(alias)).or_insert(id);
            }
        }
        for (id, article) in (0..).zip(articles) {
            addresses.paths.insert(trimmed(article.value.permalink.as_str()), id);
            addresses.sources.insert(&article.value.source, id);
        }
        addresses
    }

    /// By permalink, by address in full, or by the article's file: from the archive's root, from
    /// `content/`, or relative to the file that names it.
    fn find(&self, also: &Also, from: &Article, config: &Config) -> Option<ArticleId> {
        let written = also.written.split(['#', '?']).next().unwrap_or_default();
        let path = written.strip_prefix(config.base_url.as_str()).unwrap_or(written);
        let path = percent_decode_str(path).decode_utf8_lossy();
        if let Some(&id) = self.paths.get(trimmed(&path)) {
            return Some(id);
        }
        let file = path.trim_start_matches("@/").trim_start_matches('/');
        let beside = resolve_beside(&from.source, path.trim_end_matches('/'));
        [file.to_owned(), format!("content/{file}"), beside]
            .iter()
            .find_map(|source| self.sources.get(source.as_str()).copied())
    }

    fn unknown(&self, also: &Also) -> Diagnostic {
        let message = format!("“also” names {}, and no article is there", also.written);
        let name = |path: &str| trimmed(path).rsplit('/').next().map(str::to_owned);
        let wanted = name(&also.written).filter(|name| !name.is_empty());
        let near = self.paths.keys().filter(|path| name(path) == wanted).min();
        Diagnostic::warning(Rule::UnknownAlso, message).at(also.place.clone()).help(match near {
            Some(near) => format!("did you mean /{near}/?"),
            None => "write the other report's permalink, as in also = [\"/2017/01/29/title/\"]"
                .to_owned(),
        })
    }
}

fn trimmed(path: &str) -> &str {
    path.trim_end_matches("index.html").trim_matches('/')
}
