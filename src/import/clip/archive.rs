//! Searches the archive for a page's original, and for reports with nearly the same words.

use std::path::Path;

use crate::archive::duplicates::ALIKE;
use crate::authoring::known::Known;
use crate::authoring::reading_options;
use crate::base::original::page_key;
use crate::content::article::Article;
use crate::content::sketch::Sketch;
use crate::content::{self, Content, Drafts, Loaded, Reader, scan};
use crate::settings::Config;

/// A report with nearly the same words.
#[derive(Clone, Debug, PartialEq)]
pub struct NearCopy {
    /// Its file.
    pub source: String,
    /// Its headline.
    pub title: String,
    /// The similarity, from 0 to 1.
    pub similarity: f64,
}

/// All reports of an archive, including drafts.
pub(super) struct Held<'a> {
    content: Content,
    pub(super) known: Known<'a>,
}

impl<'a> Held<'a> {
    pub(super) fn read(root: &'a Path, config: &'a Config) -> Held<'a> {
        let options = reading_options(config);
        let reader = Reader::afresh(root, config, &options);
        let mut content =
            content::load(scan::scan(root, &config.build.ignore), &reader, Drafts::Publish);
        content::take_sketches(&mut content.articles, root);
        let known = Known::in_content(root, config, &content);
        Held { content, known }
    }

    /// The report whose original has one of these addresses, and that address.
    pub(super) fn holder(&self, addresses: &[String]) -> Option<(&Article, String)> {
        let wanted: Vec<(Option<String>, &String)> =
            addresses.iter().map(|address| (page_key(address), address)).collect();
        self.articles().find_map(|article| {
            let key = article.original_url.as_deref().and_then(page_key)?;
            let (_, address) = wanted.iter().find(|(wanted, _)| wanted.as_ref() == Some(&key))?;
            Some((article, (*address).clone()))
        })
    }

    /// Reports with nearly the same words, most similar first.
    pub(super) fn near_copies(&self, markdown: &str) -> Vec<NearCopy> {
        let Some(sketch) = Sketch::of(markdown) else { return Vec::new() };
        let mut near: Vec<NearCopy> = self
            .articles()
            .filter_map(|article| {
                let similarity = article.sketch.as_deref()?.similarity(&sketch);
                let (source, title) = (article.source.to_string(), article.title.clone());
                (similarity >= ALIKE).then_some(NearCopy { source, title, similarity })
            })
            .collect();
        near.sort_by(|one, other| other.similarity.total_cmp(&one.similarity));
        near
    }

    fn articles(&self) -> impl Iterator<Item = &Article> {
        self.content.articles.iter().map(|loaded: &Loaded<Article>| &*loaded.value)
    }
}
