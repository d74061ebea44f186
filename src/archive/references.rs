//! Resolves what one article's front matter says of another: its address or its file.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::base::name_key::{NameKey, decoded};
use crate::base::permalink::resolve_beside;
use crate::content::Loaded;
use crate::content::article::Article;
use crate::settings::Config;

use super::ArticleId;

/// The names by which an article can refer to another.
#[derive(Default)]
pub(super) struct References<'a> {
    /// Permalinks and aliases, without the slashes around them.
    paths: HashMap<NameKey, (&'a str, ArticleId)>,
    /// Files, from the archive's root.
    sources: HashMap<&'a str, ArticleId>,
    /// The same files by folded name; `None` where several files fold to one.
    sources_by_key: HashMap<NameKey, Option<ArticleId>>,
    /// For each last segment the first path that ends so: made at the first unknown name.
    paths_by_end: OnceCell<HashMap<&'a str, &'a str>>,
}

impl<'a> References<'a> {
    pub(super) fn new(articles: &'a [Loaded<Article>]) -> References<'a> {
        let mut addresses = References::default();
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
    pub(super) fn find(&self, written: &str, from: &Article, config: &Config) -> Option<ArticleId> {
        let written = written.split(['#', '?']).next().unwrap_or_default();
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

    /// The address that ends like an unknown one, if there is one.
    pub(super) fn near(&self, written: &str) -> Option<&'a str> {
        self.paths_by_end().get(end(written)).copied()
    }
}

/// The last segment of a path.
fn end(path: &str) -> &str {
    trimmed(path).rsplit('/').next().unwrap_or_default()
}

fn trimmed(path: &str) -> &str {
    path.trim_end_matches("index.html").trim_matches('/')
}
