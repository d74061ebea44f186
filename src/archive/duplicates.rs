//! Finds near-copies by their sketches: reports of one event that several outlets carried.
//!
//! A match is only a proposal: a wrong “also carried by” would be a published error. So only `also`
//! in the front matter confirms a pair, unless the settings say to show proposals.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::content::sketch::{BANDS, Sketch};
use crate::settings::Config;

use super::{Archive, ArticleId};

/// How many neighbours on either side in a bucket are compared. The limit keeps the effect of one
/// article small.
const WINDOW: usize = 3;

/// The largest difference of two candidates' dates.
const DAYS: i64 = 7;

/// The least similarity of two candidates.
pub(crate) const ALIKE: f64 = 0.8;

/// For each article its candidates with their similarity, in order.
pub(crate) type Candidates = BTreeMap<ArticleId, Vec<(ArticleId, f64)>>;

/// Two articles that may be the same report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    pub first: ArticleId,
    pub second: ArticleId,
    /// From 0 to 1.
    pub similarity: f64,
}

/// Finds candidates: each article is compared with three before and three after it in each band's
/// bucket, if at most seven days apart. Not transitive.
pub(super) fn candidates(archive: &Archive) -> Candidates {
    let sketched: Vec<Sketched> = archive
        .listed
        .par_iter()
        .filter_map(|&id| Some(Sketched { id, bands: sketch(archive, id)?.bands() }))
        .collect();
    let mut pairs: Vec<(ArticleId, ArticleId)> = (0..BANDS)
        .into_par_iter()
        .flat_map_iter(|band| pairs_of_band(archive, &sketched, band))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut candidates = Candidates::new();
    for (first, second) in pairs {
        let Some(similarity) = similarity(archive, first, second) else { continue };
        if similarity >= ALIKE {
            candidates.entry(first).or_default().push((second, similarity));
            candidates.entry(second).or_default().push((first, similarity));
        }
    }
    candidates
}

/// The bands of all sketches, one band at a time.
struct Sketched {
    id: ArticleId,
    bands: [u32; BANDS],
}

fn pairs_of_band(
    archive: &Archive,
    sketched: &[Sketched],
    band: usize,
) -> Vec<(ArticleId, ArticleId)> {
    let mut keyed: Vec<(u32, ArticleId)> =
        sketched.iter().map(|article| (article.bands[band], article.id)).collect();
    keyed.sort_unstable();
    let mut pairs = Vec::new();
    for bucket in keyed.chunk_by(|a, b| a.0 == b.0) {
        for (at, &(_, first)) in bucket.iter().enumerate() {
            let after = bucket[at + 1..].iter().take(WINDOW).map(|&(_, second)| second);
            let near = after.take_while(|&second| archive.days_between(first, second) <= DAYS);
            pairs.extend(near.map(|second| (first, second)));
        }
    }
    pairs
}

fn sketch(archive: &Archive, id: ArticleId) -> Option<&Sketch> {
    archive.article(id).sketch.as_deref()
}

fn similarity(archive: &Archive, a: ArticleId, b: ArticleId) -> Option<f64> {
    Some(sketch(archive, a)?.similarity(sketch(archive, b)?))
}

/// Candidates that no `also` confirms, in order.
pub(crate) fn proposals(archive: &Archive) -> Vec<Pair> {
    let confirmed = |first: ArticleId, second: ArticleId| {
        archive.confirmed.get(&first).is_some_and(|others| others.contains(&second))
    };
    let mut pairs = Vec::new();
    for (&first, others) in &archive.candidates {
        for &(second, similarity) in others {
            let is_known = confirmed(first, second) || archive.translations.are_one(first, second);
            if first < second && !is_known {
                pairs.push(Pair { first, second, similarity });
            }
        }
    }
    pairs
}

/// The other outlets' copies that an article's page shows, in order.
pub(crate) fn also_carried(archive: &Archive, config: &Config, id: ArticleId) -> Vec<ArticleId> {
    let confirmed = archive.confirmed.get(&id).into_iter().flatten().copied();
    let unconfirmed = archive.candidates.get(&id).into_iter().flatten().map(|&(other, _)| other);
    let mut shown: Vec<ArticleId> =
        confirmed.chain(unconfirmed.filter(|_| config.duplicates.show)).collect();
    shown.retain(|&other| archive.is_listed(other) && !archive.translations.are_one(id, other));
    shown.sort_unstable();
    shown.dedup();
    shown
}
