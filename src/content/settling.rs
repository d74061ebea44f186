//! Decides what one text alone can't: the language of a folder, which article gets an address that
//! several claim, and where files beside translations are published.
//!
//! Changes [`Content`] after all files are read, before the archive is indexed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Content;
use super::article::SourcePath;
use super::languages;
use super::rules::ReadingRules;
use super::shared_addresses::{self, Claim, Settled};
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::permalink::{FoldedKey, Permalink};

impl Content {
    /// Gives a folder's language to texts that name none, if the others agree on it.
    pub(super) fn name_languages(&mut self) {
        let said = self
            .articles
            .iter()
            .map(|article| (article.value.source.as_ref(), article.value.address_language()));
        let folders = languages::by_folder(said);
        if folders.is_empty() {
            return;
        }
        for article in &mut self.articles {
            let folder = article.value.source.split('/').nth(1).unwrap_or_default();
            let Some(tag) = folders.get(folder) else { continue };
            if article.value.address_language().is_none() {
                Arc::make_mut(&mut article.value).language = Some(Arc::clone(tag));
            }
        }
    }

    /// Settles who has an address that several ask for, and says who has none.
    pub(super) fn settle_addresses(&mut self, rules: &ReadingRules<'_>) {
        let articles = self.articles.iter().map(|article| {
            let article = &article.value;
            let language = article.address_language().unwrap_or(rules.language);
            Claim { permalink: &article.permalink, language }
        });
        let pages = self.pages.iter().map(|page| {
            let language = page.value.language.as_deref().unwrap_or(rules.language);
            Claim { permalink: &page.value.permalink, language }
        });
        let claims: Vec<Claim<'_>> = articles.chain(pages).collect();
        let Settled { tagged, mut refused } =
            shared_addresses::settle(&claims, rules.language, rules.kept_addresses);
        for (at, to) in tagged {
            match at.checked_sub(self.articles.len()) {
                None => {
                    let article = Arc::make_mut(&mut self.articles[at].value);
                    let shared = FoldedKey::of_file(article.permalink.as_str());
                    if let Some(own) = &mut article.particulars {
                        // That address is another's now.
                        own.aliases.retain(|alias| FoldedKey::of_file(alias) != shared);
                    }
                    article.permalink = to;
                    article.placed.get_or_insert_default().is_tagged = true;
                }
                Some(at) => Arc::make_mut(&mut self.pages[at].value).permalink = to,
            }
        }
        self.place_files();
        refused.sort_unstable();
        for &(at, other) in &refused {
            let (path, permalink) = self.at(at);
            let (path, problem) =
                (path.to_string(), duplicate(path, permalink.as_str(), self.at(other).0));
            self.diagnostics.push(problem);
            self.rejected.push(path);
        }
        let refused: FxHashSet<usize> = refused.into_iter().map(|(at, _)| at).collect();
        let mut places = 0..;
        let mut is_kept = || places.next().is_some_and(|at| !refused.contains(&at));
        self.articles.retain(|_| is_kept());
        self.pages.retain(|_| is_kept());
    }

    fn at(&self, at: usize) -> (&SourcePath, &Permalink) {
        match at.checked_sub(self.articles.len()) {
            None => (&self.articles[at].value.source, &self.articles[at].value.permalink),
            Some(at) => (&self.pages[at].value.source, &self.pages[at].value.permalink),
        }
    }

    /// Files beside several translations are published once: each of those learns where.
    fn place_files(&mut self) {
        let homes: BTreeMap<String, Permalink> = self
            .articles
            .iter()
            .filter(|article| !article.assets.is_empty())
            .map(|article| {
                (folder(&article.value.source).to_owned(), article.value.permalink.clone())
            })
            .collect();
        for article in &mut self.articles {
            let is_named =
                article.value.placed.as_ref().is_some_and(|placed| placed.named.suffix > 0);
            let is_index = article
                .value
                .source
                .rsplit('/')
                .next()
                .is_some_and(|name| name.starts_with("index."));
            if !is_index || !article.assets.is_empty() {
                continue;
            }
            let Some(home) = homes.get(folder(&article.value.source)) else { continue };
            if is_named || *home != article.value.permalink {
                let value = Arc::make_mut(&mut article.value);
                value.placed.get_or_insert_default().files_at = Some(home.clone());
            }
        }
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn duplicate(path: &str, permalink: &str, first: &str) -> Diagnostic {
    let message = format!("{permalink} is already the permalink of {first}");
    Diagnostic::reject(Rule::DuplicatePermalink, message).at(Place::file(path)).help(
        "if both are one report, remove a file; if not, give this one a slug = \"…\" of its own",
    )
}
