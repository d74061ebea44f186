//! Articles to an [`Archive`]: ordered by date, sorted into terms, with neighbours and related ones.
//!
//! Built once from what [`crate::content`] loaded, then only read. No file is touched here.

pub(crate) mod also;
pub(crate) mod duplicates;
mod references;
pub(crate) mod register;
pub(crate) mod related;
pub(crate) mod terms;
pub(crate) mod translations;
pub(crate) mod trie;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use rayon::prelude::*;

use crate::base::built_in::BuiltIn;
use crate::base::diagnostic::Diagnostic;
use crate::base::permalink::term_key;
use crate::content::Loaded;
use crate::content::article::{Article, PlainPage, SourcePath};
use crate::content::redacted::HeldRedaction;
use crate::settings::Config;

use also::Confirmed;
use duplicates::Candidates;
use register::Registers;
use terms::{Taxonomy, Term, TermsOf};
use translations::Translations;

/// An article's place in [`Archive::articles`].
pub type ArticleId = u32;

/// What the plan and the templates know of the content.
#[derive(Debug)]
pub struct Archive {
    /// All articles by (date, permalink), withdrawn ones too.
    pub articles: Vec<Loaded<Article>>,
    /// Plain pages in the order of their files.
    pub pages: Vec<Loaded<PlainPage>>,
    /// One for each taxonomy in the settings, in that order.
    pub taxonomies: Vec<Taxonomy>,
    /// All articles, in order: what the archive's own date trie is cut from.
    pub all: Vec<ArticleId>,
    /// All but the withdrawn ones, in order.
    pub listed: Vec<ArticleId>,
    /// Articles that say when they were added, by that day, in order.
    pub added: BTreeMap<NaiveDate, Vec<ArticleId>>,
    /// Articles with a full date, by (month, day), in order.
    pub anniversaries: BTreeMap<(u32, u32), Vec<ArticleId>>,
    /// The entries of the registers of corrections and withdrawals.
    pub registers: Registers,
    /// Files of drafts that the archive leaves out.
    pub drafts: Vec<SourcePath>,
    /// Redactions in drafts and other articles that the archive leaves out.
    pub held_redactions: Vec<HeldRedaction>,
    /// Withdrawn articles, in order.
    withdrawn: Vec<ArticleId>,
    terms_of: TermsOf,
    /// The same report by other outlets, where the front matter says so.
    pub confirmed: Confirmed,
    /// Plain pages in several languages, as places among the pages.
    pub(crate) page_translations: Vec<Vec<usize>>,
    /// Reports in several languages.
    pub(crate) translations: Translations,
    /// Pairs of near-copies, not yet confirmed.
    pub candidates: Candidates,
}

impl Archive {
    /// Builds every index of the articles: terms, dates, registers, near-copies.
    pub fn index(
        articles: Vec<Loaded<Article>>,
        pages: Vec<Loaded<PlainPage>>,
        config: &Config,
    ) -> (Archive, Vec<Diagnostic>) {
        let articles = in_order(articles, config.timezone);
        let ((taxonomies, terms_of, mut diagnostics), (days, registers, also)) = rayon::join(
            || terms::sort_into_terms(&articles, config),
            || {
                let registers = Registers::of(&articles, &config.withdrawals.named);
                (Days::of(&articles), registers, also::confirm(&articles, config))
            },
        );
        let (confirmed, problems) = also;
        diagnostics.extend(problems);
        let (translations, problems) = Translations::of(&articles, config);
        let page_translations = translations::of_pages(&pages, config);
        diagnostics.extend(problems);
        let all: Vec<ArticleId> = ids(&articles).collect();
        let (withdrawn, listed) =
            all.iter().partition(|id| articles[**id as usize].value.is_withdrawn());
        let mut archive = Archive {
            all,
            listed,
            drafts: Vec::new(),
            held_redactions: Vec::new(),
            withdrawn,
            articles,
            pages,
            taxonomies,
            added: days.added,
            anniversaries: days.anniversaries,
            registers,
            terms_of,
            confirmed,
            translations,
            page_translations,
            candidates: Candidates::new(),
        };
        archive.candidates = duplicates::candidates(&archive);
        // Later stages don't compare bodies: free the sketches.
        let sketched = archive.articles.iter_mut().filter(|article| article.value.sketch.is_some());
        sketched.for_each(|article| Arc::make_mut(&mut article.value).sketch = None);
        (archive, diagnostics)
    }

    /// Gives languages, which are terms by their tags, the names that readers know.
    pub(crate) fn name_languages(&mut self, config: &Config, name: impl Fn(&str) -> String) {
        let Some(at) = config.taxonomies.position(BuiltIn::Languages.name()) else { return };
        for term in &mut self.taxonomies[at].terms {
            term.name = name(&term.name);
        }
    }

    /// The article of an id.
    pub fn article(&self, id: ArticleId) -> &Article {
        &self.articles[id as usize].value
    }

    /// Whether a page of `content/` has this path.
    pub fn has_page_at(&self, path: &str) -> bool {
        self.pages.iter().any(|page| page.value.permalink.as_str() == path)
    }

    /// The display name of an article's outlet; all its spellings share it.
    pub fn outlet_name(&self, config: &Config, id: ArticleId) -> Option<&str> {
        self.term_names(config, id, BuiltIn::Outlets.name()).next()
    }

    /// The display names of an article's terms in a taxonomy, in the article's order, without
    /// hidden contributors.
    pub fn term_names<'a>(
        &'a self,
        config: &Config,
        id: ArticleId,
        taxonomy: &'a str,
    ) -> impl Iterator<Item = &'a str> {
        let wanted = config.taxonomies.position(taxonomy);
        self.terms_of(id).filter(move |(at, _)| Some(*at) == wanted).map(move |(at, term)| {
            if BuiltIn::Authors.is(taxonomy) {
                self.byline(id, &self.taxonomies[at].terms[term])
            } else {
                self.taxonomies[at].terms[term].name.as_str()
            }
        })
    }

    /// An author's name as the article spells it: a byline is a part of the record.
    pub fn byline<'a>(&'a self, id: ArticleId, author: &'a Term) -> &'a str {
        let spelled = self.article(id).terms.of(BuiltIn::Authors.name());
        if spelled.iter().any(|name| **name == *author.name) {
            return &author.name;
        }
        let is_author = |name: &str| {
            term_key(name) == author.key
                || author.note.as_ref().is_some_and(|note| note.has_spelling(name))
        };
        spelled.iter().find(|name| is_author(name)).map_or(&author.name, |name| name)
    }

    /// An article's terms as (taxonomy, term), in order.
    pub fn terms_of(&self, id: ArticleId) -> impl Iterator<Item = (usize, usize)> {
        self.terms_of.of(id)
    }

    /// An article's taxonomies in order, each with its terms.
    pub(crate) fn taxonomies_of(
        &self,
        id: ArticleId,
    ) -> impl Iterator<Item = (usize, impl Iterator<Item = usize>)> {
        self.terms_of.by_taxonomy(id)
    }

    /// The distance of two articles' dates.
    pub fn days_between(&self, a: ArticleId, b: ArticleId) -> i64 {
        let (a, b) = (self.article(a).date.first_day(), self.article(b).date.first_day());
        (b - a).num_days().abs()
    }

    /// Whether listings show an article: they leave out withdrawn ones.
    pub fn is_listed(&self, id: ArticleId) -> bool {
        self.withdrawn.binary_search(&id).is_err()
    }

    /// The listed article before or after one, by (date, permalink).
    pub fn neighbour(&self, id: ArticleId, direction: Direction) -> Option<ArticleId> {
        let (before, from) = self.listed.split_at(self.listed.partition_point(|at| *at < id));
        match direction {
            Direction::Earlier => before.last().copied(),
            Direction::Later => from.iter().copied().find(|at| *at != id),
        }
    }
}

/// The direction of a step in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To an earlier article.
    Earlier,
    /// To a later article.
    Later,
}

/// Sorts articles by (date, permalink).
fn in_order(articles: Vec<Loaded<Article>>, zone: Tz) -> Vec<Loaded<Article>> {
    let dated = articles.into_par_iter().map(|article| (article.value.date.order(zone), article));
    let mut dated: Vec<(u128, Loaded<Article>)> = dated.collect();
    dated.par_sort_unstable_by(|(a, one), (b, other)| {
        a.cmp(b).then_with(|| one.value.permalink.cmp(&other.value.permalink))
    });
    dated.into_iter().map(|(_, article)| article).collect()
}

fn ids(articles: &[Loaded<Article>]) -> impl Iterator<Item = ArticleId> {
    0..u32::try_from(articles.len()).unwrap_or(u32::MAX)
}

/// Groups of articles by day.
#[derive(Default)]
struct Days {
    added: BTreeMap<NaiveDate, Vec<ArticleId>>,
    anniversaries: BTreeMap<(u32, u32), Vec<ArticleId>>,
}

impl Days {
    fn of(articles: &[Loaded<Article>]) -> Days {
        let mut days = Days::default();
        for (id, article) in ids(articles).zip(articles) {
            let article = &article.value;
            if article.is_withdrawn() {
                continue;
            }
            if let Some(day) = article.added.and_then(crate::base::date::Date::day) {
                days.added.entry(day).or_default().push(id);
            }
            if let Some(day) = article.date.day() {
                days.anniversaries.entry((day.month(), day.day())).or_default().push(id);
            }
        }
        days
    }
}
