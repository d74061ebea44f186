//! The same report in several outlets: `also` in the front matter, resolved to articles and made
//! mutual.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::name_key::{NameKey, decoded};
use crate::base::permalink::resolve_beside;
use crate::content::Loaded;
use crate::content::article::{Also, Article};
use crate::settings::Config;

use super::ArticleId;

/// For each article its confirmed copies. The relation is symmetric.
pub(crate) type Confirmed = BTreeMap<ArticleId, BTreeSet<ArticleId>>;

/// Resolves every `also`; an id is an article's place among `articles`.
pub(crate) fn confirm(
    articles: &[Loaded<Article>],
    config: &Config,
) -> (Confirmed, Vec<Diagnostic>) {
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

/// The names by which `also` can refer to an article.
#[derive(Default)]
struct Addresses<'a> {
    /// Permalinks and aliases, without the slashes around them.
    paths: HashMap<NameKey, (&'a str, ArticleId)>,
    /// Files, from the archive's root.
    sources: HashMap<&'a str, ArticleId>,
    /// The same files by folded name; `None` where several files fold to one.
    sources_by_key: HashMap<NameKey, Option<ArticleId>>,
    /// For each last segment the first path that ends so: made at the first unknown name.
    paths_by_end: OnceCell<HashMap<&'a str, &'a str>>,
}

impl<'a> Addresses<'a> {
    fn new(articles: &'a [Loaded<Article>]) -> Addresses<'a> {
        let mut addresses = Addresses::default();
        for (id, article) in (0..).zip(articles) {
            for alias in &article.value.aliases {
                let path = trimmed(alias);
                addresses.paths.entry(NameKey::of(path)).or_insert((path, id));
            }
        }
        for (id, article) in (0..).zip(articles) {
            let (path, source) = (trimmed(article.value.permalink.as_str()), &article.value.source);
            addresses.paths.insert(NameKey::of(path), (path, id));
            addresses.sources.insert(source, id);
            let by_key = addresses.sources_by_key.entry(NameKey::of(source));
            by_key.and_modify(|only| *only = None).or_insert(Some(id));
        }
        addresses
    }

    /// Finds an article by permalink, by full address, or by file: from the archive's root, from
    /// `content/`, or relative to the file that refers to it.
    fn find(&self, also: &Also, from: &Article, config: &Config) -> Option<ArticleId> {
        let written = also.written.split(['#', '?']).next().unwrap_or_default();
        let path = written.strip_prefix(config.base_url.as_str()).unwrap_or(written);
        let path = decoded(path);
        if let Some(&(_, id)) = self.paths.get(&NameKey::of(trimmed(&path))) {
            return Some(id);
        }
        let file = path.trim_start_matches("@/").trim_start_matches('/');
        let beside = resolve_beside(&from.source, path.trim_end_matches('/'));
        [file.to_owned(), format!("content/{file}"), beside]
            .iter()
            .find_map(|source| self.source(source))
    }

    fn source(&self, path: &str) -> Option<ArticleId> {
        let exact = self.sources.get(path).copied();
        exact.or_else(|| self.sources_by_key.get(&NameKey::of(path)).copied().flatten())
    }

    fn paths_by_end(&self) -> &HashMap<&'a str, &'a str> {
        self.paths_by_end.get_or_init(|| {
            let mut ends: HashMap<&str, &str> = HashMap::new();
            for &(path, _) in self.paths.values() {
                let first = ends.entry(end(path)).or_insert(path);
                *first = path.min(first);
            }
            ends.remove("");
            ends
        })
    }

    fn unknown(&self, also: &Also) -> Diagnostic {
        let message = format!("“also” names {}, and no article is there", also.written);
        let near = self.paths_by_end().get(end(&also.written)).copied();
        Diagnostic::warning(Rule::UnknownAlso, message).at(also.place.clone()).help(match near {
            Some(near) => format!("did you mean /{near}/?"),
            None => "write the other report's permalink, as in also = [\"/2017/01/29/title/\"]"
                .to_owned(),
        })
    }
}

/// The last segment of a path.
fn end(path: &str) -> &str {
    trimmed(path).rsplit('/').next().unwrap_or_default()
}

fn trimmed(path: &str) -> &str {
    path.trim_end_matches("index.html").trim_matches('/')
}
