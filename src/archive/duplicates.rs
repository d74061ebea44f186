//! Reports of one event that several outlets carried: near-copies found by their sketches.
//!
//! What is found is a proposal. A wrong “also carried by” is a published error, so that only the
//! front matter's `also` confirms one, unless the config says to show them without asking.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::content::sketch::{BANDS, Sketch};
use crate::settings::Config;

use super::{Archive, ArticleId};

/// Neighbours looked at on either side in a bucket: one article touches few.
const WINDOW: usize = 3;

/// Reports of one event appear within so many days.
const DAYS: i64 = 7;

/// What is less alike is another report.
pub const ALIKE: f64 = 0.8;

/// For each article the others that may be copies of it, in order, with their similarity.
pub type Candidates = BTreeMap<ArticleId, Vec<(ArticleId, f64)>>;

/// A pair that may be one report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The earlier one.
    pub first: ArticleId,
    /// The later one.
    pub second: ArticleId,
    /// From 0 to 1.
    pub similarity: f64,
}

/// Finds candidates: in each band's bucket the three before and the three after an article, at most
/// seven days apart. Never transitive.
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

/// An article's bands beside each other with the next one's: they are gone through once a band.
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

/// Pairs that a curator has not confirmed, in order.
pub fn proposals(archive: &Archive) -> Vec<Pair> {
    let confirmed = |first: ArticleId, second: ArticleId| {
        archive.confirmed.get(&first).is_some_and(|others| others.contains(&second))
    };
    let mut pairs = Vec::new();
    for (&first, others) in &archive.candidates {
        for &(second, similarity) in others {
            if first < second && !confirmed(first, second) {
                pairs.push(Pair { first, second, similarity });
            }
        }
    }
    pairs
}

/// The same report by other outlets, as an article's page shows it, in order.
pub fn also_carried(archive: &Archive, config: &Config, id: ArticleId) -> Vec<ArticleId> {
    let confirmed = archive.confirmed.get(&id).into_iter().flatten().copied();
    let unconfirmed = archive.candidates.get(&id).into_iter().flatten().map(|&(other, _)| other);
    let mut shown: Vec<ArticleId> =
        confirmed.chain(unconfirmed.filter(|_| config.duplicates.show)).collect();
    shown.retain(|&other| archive.is_listed(other));
    shown.sort_unstable();
    shown.dedup();
    shown
}
