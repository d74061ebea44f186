//! Articles to an [`Archive`]: ordered by date, sorted into terms, with neighbours and related ones.
//!
//! Built once from what [`crate::content`] loaded, then only read. No file is touched here.

pub mod also;
pub mod duplicates;
pub mod register;
pub mod related;
pub mod terms;
pub mod trie;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::config::Config;
use crate::content::Loaded;
use crate::content::article::{Article, PlainPage};
use crate::diagnostic::Diagnostic;

use also::Confirmed;
use duplicates::Candidates;
use register::Registers;
use terms::Taxonomy;

/// An article's place in [`Archive::articles`].
pub type ArticleId = u32;

/// Everything the plan and the templates can know of the content.
#[derive(Debug)]
pub struct Archive {
    /// All articles by (date, permalink), withdrawn ones too.
    pub articles: Vec<Loaded<Article>>,
    /// Plain pages in the order of their files.
    pub pages: Vec<Loaded<PlainPage>>,
    /// One for each of the config's taxonomies, in that order.
    pub taxonomies: Vec<Taxonomy>,
    /// All articles, in order: what the archive's own date trie is cut from.
    pub all: Vec<ArticleId>,
    /// All but the withdrawn ones, in order.
    pub listed: Vec<ArticleId>,
    /// Articles that say when they were added, by that day, in order.
    pub added: BTreeMap<NaiveDate, Vec<ArticleId>>,
    /// Articles with a full date, by (month, day), in order.
    pub anniversaries: BTreeMap<(u32, u32), Vec<ArticleId>>,
    /// What was corrected, and what was withdrawn and is named.
    pub registers: Registers,
    /// For each article its terms as (taxonomy, term).
    pub terms_of: Vec<Vec<(usize, usize)>>,
    /// The same report by other outlets, where the front matter says so.
    pub confirmed: Confirmed,
    /// Near-copies that were found.
    pub candidates: Candidates,
}

impl Archive {
    /// Sorts articles into everything that is asked of them.
    pub fn index(
        mut articles: Vec<Loaded<Article>>,
        pages: Vec<Loaded<PlainPage>>,
        config: &Config,
    ) -> (Archive, Vec<Diagnostic>) {
        articles.sort_by(|a, b| {
            (a.value.date, &a.value.permalink).cmp(&(b.value.date, &b.value.permalink))
        });
        let registers = Registers::of(&articles, &config.withdrawals.named);
        let (taxonomies, terms_of, mut diagnostics) = terms::sort_into_terms(&articles, config);
        let (confirmed, problems) = also::confirm(&articles, config);
        diagnostics.extend(problems);
        let all = ids(&articles);
        let is_listed = |id: &ArticleId| !articles[*id as usize].value.is_withdrawn();
        let mut archive = Archive {
            listed: all.iter().copied().filter(is_listed).collect(),
            all,
            articles,
            pages,
            taxonomies,
            added: BTreeMap::new(),
            anniversaries: BTreeMap::new(),
            registers,
            terms_of,
            confirmed,
            candidates: Candidates::new(),
        };
        archive.index_days();
        archive.candidates = duplicates::candidates(&archive);
        (archive, diagnostics)
    }

    fn index_days(&mut self) {
        for id in ids(&self.articles) {
            let article = &self.articles[id as usize].value;
            if article.is_withdrawn() {
                continue;
            }
            if let Some(day) = article.added.and_then(crate::date::Date::day) {
                self.added.entry(day).or_default().push(id);
            }
            if let Some(day) = article.date.day() {
                self.anniversaries.entry((day.month(), day.day())).or_default().push(id);
            }
        }
    }

    /// The article of an id.
    pub fn article(&self, id: ArticleId) -> &Article {
        &self.articles[id as usize].value
    }

    /// Whether the curator wrote a page of their own for a path.
    pub fn has_page_at(&self, path: &str) -> bool {
        self.pages.iter().any(|page| page.value.permalink.as_str() == path)
    }

    /// The name of an article's outlet, as all its spellings are shown.
    pub fn outlet_name(&self, config: &Config, id: ArticleId) -> Option<&str> {
        self.term_names(config, id, "outlets").next()
    }

    /// The names of an article's terms of a taxonomy, as all their spellings are shown; a hidden
    /// contributor's is not among them.
    pub fn term_names<'a>(
        &'a self,
        config: &Config,
        id: ArticleId,
        taxonomy: &str,
    ) -> impl Iterator<Item = &'a str> {
        let wanted = config.taxonomies.iter().position(|known| known.name == taxonomy);
        let terms = self.terms_of[id as usize].iter();
        terms
            .filter(move |(at, _)| Some(*at) == wanted)
            .map(|&(at, term)| self.taxonomies[at].terms[term].name.as_str())
    }

    /// How far two articles' dates are apart.
    pub fn days_between(&self, a: ArticleId, b: ArticleId) -> i64 {
        let (a, b) = (self.article(a).date.first_day(), self.article(b).date.first_day());
        (b - a).num_days().abs()
    }

    /// Whether an article stands in listings: withdrawn ones do not.
    pub fn is_listed(&self, id: ArticleId) -> bool {
        !self.article(id).is_withdrawn()
    }

    /// The listed article before or after one, by (date, permalink).
    pub fn neighbour(&self, id: ArticleId, direction: Direction) -> Option<ArticleId> {
        let at = match direction {
            Direction::Earlier => {
                self.listed.partition_point(|&other| other < id).checked_sub(1)?
            }
            Direction::Later => self.listed.partition_point(|&other| other <= id),
        };
        self.listed.get(at).copied()
    }
}

/// Which way in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the past.
    Earlier,
    /// To the present.
    Later,
}

fn ids(articles: &[Loaded<Article>]) -> Vec<ArticleId> {
    (0..u32::try_from(articles.len()).unwrap_or(u32::MAX)).collect()
}
