//! Statistics of an archive: counts by year, term, language and kind.
//!
//! Takes a prepared [`Site`]. Of a withdrawn report it counts only date and kind of withdrawal. No
//! page shows counts, since they would make it depend on the whole archive.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use rayon::prelude::*;

use crate::archive::ArticleId;
use crate::pipeline::Site;
use crate::select::dead_links::dead_links;

/// The key that reports are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// The year of publication.
    Year,
    /// The terms of a taxonomy, by index.
    Taxonomy(usize),
    /// Their language, or the archive's.
    Language,
    Kind,
}

/// The counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub reports: usize,
    /// Reports with an original.
    pub originals: usize,
    /// Reports whose original has a known archived copy.
    pub mementos: usize,
    /// Dead links; an address counts once in a report.
    pub dead_links: usize,
    pub corrections: usize,
    pub withdrawn: usize,
}

/// A group of reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The common value; `None` for reports without one.
    pub name: Option<String>,
    pub figures: Figures,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stats {
    /// Years from the newest, other groups from the largest.
    pub groups: Vec<Group>,
    /// Totals of the archive: a report with two tags is in two groups, but counts once.
    pub total: Figures,
    /// Withdrawn reports by kind.
    pub withdrawals: BTreeMap<&'static str, usize>,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Figures) {
        self.reports += other.reports;
        self.originals += other.originals;
        self.mementos += other.mementos;
        self.dead_links += other.dead_links;
        self.corrections += other.corrections;
        self.withdrawn += other.withdrawn;
    }
}

/// Counts the archive's reports.
pub(crate) fn count(site: &Site, grouping: Grouping) -> Stats {
    let figures = site.archive.all.par_iter().map(|&id| figures(site, id));
    let figures: Vec<Figures> = figures.collect();
    let mut total = Figures::default();
    let mut groups: BTreeMap<Option<String>, Figures> = BTreeMap::new();
    let mut withdrawals = BTreeMap::new();
    for (&id, &own) in site.archive.all.iter().zip(&figures) {
        total += own;
        if let Some(withdrawal) = &site.archive.article(id).withdrawn {
            *withdrawals.entry(withdrawal.kind.name()).or_default() += 1;
        }
        for name in names(site, id, grouping) {
            *groups.entry(name).or_default() += own;
        }
    }
    let groups = groups.into_iter().map(|(name, figures)| Group { name, figures });
    Stats { groups: in_order(groups.collect(), grouping), total, withdrawals }
}

/// The counts for one report.
fn figures(site: &Site, id: ArticleId) -> Figures {
    let article = site.archive.article(id);
    if article.is_withdrawn() {
        return Figures { withdrawn: 1, ..Figures::default() };
    }
    Figures {
        reports: 1,
        originals: usize::from(article.original_url.is_some()),
        mementos: usize::from(!site.ledger.mementos(article).is_empty()),
        dead_links: dead_links(site, id).len(),
        corrections: article.corrections.len(),
        withdrawn: 0,
    }
}

/// The groups of a report; a withdrawn one is only in its year's.
fn names(site: &Site, id: ArticleId, grouping: Grouping) -> Vec<Option<String>> {
    let article = site.archive.article(id);
    if grouping == Grouping::Year {
        return vec![Some(format!("{:04}", article.date.year()))];
    }
    if article.is_withdrawn() {
        return Vec::new();
    }
    match grouping {
        Grouping::Taxonomy(at) => terms(site, id, at),
        Grouping::Kind => vec![article.kind.as_deref().map(str::to_owned)],
        Grouping::Year | Grouping::Language => {
            let language = article.language.as_deref().unwrap_or(&site.config.language);
            vec![Some(language.to_owned())]
        }
    }
}

fn terms(site: &Site, id: ArticleId, taxonomy: usize) -> Vec<Option<String>> {
    let terms = &site.archive.taxonomies[taxonomy].terms;
    let own = site.archive.terms_of(id).filter(|(at, _)| *at == taxonomy);
    let named: Vec<_> = own.map(|(_, term)| Some(terms[term].name.clone())).collect();
    if named.is_empty() { vec![None] } else { named }
}

fn in_order(mut groups: Vec<Group>, grouping: Grouping) -> Vec<Group> {
    if grouping == Grouping::Year {
        groups.reverse();
    } else {
        // A stable sort keeps groups of one size in order of names. Reports without a value come
        // last.
        groups
            .sort_by_key(|group| (group.name.is_none(), std::cmp::Reverse(group.figures.reports)));
    }
    groups
}
