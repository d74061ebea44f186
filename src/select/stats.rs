//! How much an archive holds, and in what state: counts by year, by term, by language, by kind.
//!
//! Takes a prepared [`Site`] and says nothing of a withdrawn report but that there is one, when it was
//! published and on what ground it went. No page shows any of this: a count on a page would make it
//! depend on the whole archive.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use rayon::prelude::*;

use crate::archive::ArticleId;
use crate::pipeline::Site;
use crate::select::dead_links::dead_links;

/// By what reports are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// The year in which they were published.
    Year,
    /// The terms of a taxonomy, by its place in the config.
    Taxonomy(usize),
    /// Their language, or else the archive's.
    Language,
    /// Their kind.
    Kind,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Reports that can be read.
    pub reports: usize,
    /// Reports that name their original.
    pub originals: usize,
    /// Reports of whose original an archived copy is known.
    pub mementos: usize,
    /// Links to pages that are gone; an address counts once in a report.
    pub dead_links: usize,
    /// Corrections.
    pub corrections: usize,
    /// Reports that were taken down.
    pub withdrawn: usize,
}

/// Reports that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they share; `None` for those that do not say.
    pub name: Option<String>,
    /// What there is of them.
    pub figures: Figures,
}

/// An archive in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Years from the newest, all else from the largest.
    pub groups: Vec<Group>,
    /// Of the whole archive: a report with two tags is in two groups and counts once here.
    pub total: Figures,
    /// Withdrawn reports by the ground that is given.
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
pub fn count(site: &Site, grouping: Grouping) -> Stats {
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

/// What one report adds.
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

/// The groups that a report belongs to; a withdrawn one is in its year's alone.
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
        // Stable: those of one size stay in order of their names. Who says nothing comes last.
        groups
            .sort_by_key(|group| (group.name.is_none(), std::cmp::Reverse(group.figures.reports)));
    }
    groups
}
