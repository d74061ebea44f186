//! The other languages of a report: for readers, search engines and programs.
//!
//! The archive says which reports are one (`archive::translations`); pages, structured data and
//! feeds show it from here.

use crate::archive::ArticleId;
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
                view!({
                    "language": language,
                    "dir": direction(language),
                    "name": own_name(language),
                    "title": self.archive.article(other).title,
                    "url": self.config.address(&self.archive.article(other).permalink.encoded()),
                })
            })
            .collect()
    }

    /// What search engines are to show readers of other languages, with the page itself; the last
    /// one is for readers of any other language.
    pub(crate) fn alternates(&self, id: ArticleId) -> Vec<Value> {
        let members = self.archive.alternates(self.config, id);
        let link = |language: &str, member: ArticleId| view!({ "language": language, "url": self.page_of(member) });
        let mut links: Vec<Value> = members
            .iter()
            .map(|member| link(self.archive.language(self.config, *member), *member))
            .collect();
        let default = self.archive.default_of(self.config, &members);
        links.extend(default.map(|member| link("x-default", member)));
        links
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
