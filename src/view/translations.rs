//! The other languages of a report: for readers, search engines and programs.
//!
//! The archive says which reports are one (`archive::translations`); pages, structured data and
//! feeds show it from here.

use crate::archive::ArticleId;
use crate::base::permalink::Permalink;
use crate::i18n::{direction, own_name};

use super::Views;
use super::value::{Value, view};

/// A report in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranslationFacts {
    /// BCP 47.
    pub language: String,
    /// Its page, absolute.
    pub url: String,
}

impl Views<'_> {
    /// The other languages in which readers can read a report, each under its own name.
    pub(crate) fn translations(&self, id: ArticleId) -> Vec<Value> {
        let others = self.archive.translations_of(self.config, id).into_iter();
        others
            .filter(|other| *other != id)
            .map(|other| {
                let language = self.archive.language(self.config, other);
                let article = self.archive.article(other);
                self.other_language(language, &article.title, &article.permalink)
            })
            .collect()
    }

    /// A link to a report or page in another language.
    fn other_language(&self, language: &str, title: &str, permalink: &Permalink) -> Value {
        view!({
            "language": language,
            "dir": direction(language),
            "name": own_name(language),
            "title": title,
            "url": self.config.address(&permalink.encoded()),
        })
    }

    /// What search engines are to show readers of other languages, with the page itself; the last
    /// one is for readers of any other language.
    pub(crate) fn alternates(&self, id: ArticleId) -> Vec<Value> {
        let members = self.archive.alternates(id);
        let link = |language: &str, member: ArticleId| view!({ "language": language, "url": self.page_of(member) });
        let mut links: Vec<Value> = members
            .iter()
            .map(|member| link(self.archive.language(self.config, *member), *member))
            .collect();
        let default = self.archive.default_of(self.config, members);
        links.extend(default.map(|member| link("x-default", member)));
        links
    }

    /// The group of a plain page, itself too; empty if it has one language.
    pub(crate) fn page_group(&self, at: usize) -> &[usize] {
        let groups = self.archive.page_translations.iter();
        groups.map(Vec::as_slice).find(|group| group.contains(&at)).unwrap_or_default()
    }

    fn page_language(&self, at: usize) -> &str {
        self.archive.pages[at].value.language.as_deref().unwrap_or(&self.config.language)
    }

    /// The other languages of a plain page.
    pub(crate) fn page_translations(&self, at: usize) -> Vec<Value> {
        let others = self.page_group(at).iter().filter(|other| **other != at);
        others
            .map(|other| {
                let page = &self.archive.pages[*other].value;
                self.other_language(self.page_language(*other), &page.title, &page.permalink)
            })
            .collect()
    }

    /// What search engines are to show readers of other languages in place of a plain page.
    pub(crate) fn page_alternates(&self, at: usize) -> Vec<Value> {
        let pages = &self.archive.pages;
        let shown = |other: &usize| !pages[*other].value.noindex;
        let group: Vec<usize> = self.page_group(at).iter().copied().filter(shown).collect();
        if group.len() < 2 || !group.contains(&at) {
            return Vec::new();
        }
        let link = |language: &str, other: usize| {
            let url = self.config.absolute(&pages[other].value.permalink.encoded());
            view!({ "language": language, "url": url })
        };
        let links = group.iter().map(|other| link(self.page_language(*other), *other));
        links.chain([link("x-default", group[0])]).collect()
    }

    /// The other languages of a report that readers find.
    pub(crate) fn translation_facts(&self, id: ArticleId) -> Vec<TranslationFacts> {
        let others = self.archive.translations_of(self.config, id).into_iter();
        let others = others.filter(|other| *other != id);
        others.map(|other| self.translation_fact(other)).collect()
    }

    /// The report that another translates, or that stands for the original in its group.
    pub(crate) fn original_fact(&self, id: ArticleId) -> Option<TranslationFacts> {
        let members = self.archive.translations_of(self.config, id);
        let named = self.archive.translations.group(id).and_then(|group| group.original);
        let named = named.filter(|original| members.contains(original));
        let original = named.or_else(|| self.archive.default_of(self.config, &members))?;
        (original != id).then(|| self.translation_fact(original))
    }

    fn translation_fact(&self, id: ArticleId) -> TranslationFacts {
        let language = self.archive.language(self.config, id).to_owned();
        TranslationFacts { language, url: self.page_of(id) }
    }

    fn page_of(&self, id: ArticleId) -> String {
        self.config.absolute(&self.archive.article(id).permalink.encoded())
    }
}
