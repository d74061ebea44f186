//! Related articles. The rule uses no archive-wide count: adding an article changes only its
//! neighbours in its terms.

use crate::settings::Config;

use super::duplicates::also_carried;
use super::{Archive, ArticleId};

/// How many neighbours on either side are candidates, in each term.
const WINDOW: usize = 4;

/// How many related articles a page shows.
const KEPT: usize = 5;

/// The articles related to one, best first. Candidates are its neighbours in each term, without its
/// confirmed copies. Closeness in a term's own time stands in for the term's rarity.
pub(crate) fn related(archive: &Archive, config: &Config, id: ArticleId) -> Vec<ArticleId> {
    let mut weights: Vec<((usize, usize), f64)> = Vec::new();
    let mut candidates: Vec<ArticleId> = Vec::new();
    for (taxonomy, term) in archive.terms_of(id) {
        let weight = config.taxonomies[taxonomy].related;
        if weight <= 0.0 {
            continue;
        }
        let mut window = window(archive, taxonomy, term, id).peekable();
        let Some(&first) = window.peek() else { continue };
        let mut last = first;
        candidates.extend(window.inspect(|&other| last = other));
        let days = archive.days_between(first, last).max(1);
        #[allow(clippy::cast_precision_loss, reason = "days of history are few")]
        weights.push(((taxonomy, term), weight / (1.0 + (days as f64).log2())));
    }
    // A sum of fractions depends on its order, so the order must be fixed.
    weights.sort_unstable_by_key(|(term, _)| *term);
    let same = also_carried(archive, config, id);
    candidates.retain(|other| !same.contains(other));
    candidates.sort_unstable();
    candidates.dedup();
    let mut scored: Vec<(f64, ArticleId)> =
        candidates.into_iter().map(|other| (score(archive, &weights, other), other)).collect();
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| archive.days_between(id, a.1).cmp(&archive.days_between(id, b.1)))
            .then_with(|| archive.article(a.1).permalink.cmp(&archive.article(b.1).permalink))
    });
    scored.into_iter().take(KEPT).map(|(_, other)| other).collect()
}

/// All articles that an article's related list and its neighbours in stories depend on: its windows
/// in the terms that count for either.
pub(crate) fn candidates<'a>(
    archive: &'a Archive,
    config: &'a Config,
    id: ArticleId,
) -> impl Iterator<Item = ArticleId> + 'a {
    let counting = archive.terms_of(id).filter(|(taxonomy, _)| {
        let taxonomy = &config.taxonomies[*taxonomy];
        taxonomy.related > 0.0 || taxonomy.name == "stories"
    });
    counting.flat_map(move |(taxonomy, term)| window(archive, taxonomy, term, id))
}

/// The listed articles around one in a term, in order: four on either side.
pub(crate) fn window(
    archive: &Archive,
    taxonomy: usize,
    term: usize,
    id: ArticleId,
) -> impl Iterator<Item = ArticleId> {
    let articles = &archive.taxonomies[taxonomy].terms[term].articles;
    let at = articles.partition_point(|&other| other < id);
    let counts = move |other: &&ArticleId| **other != id && archive.is_listed(**other);
    let before = articles[..at].iter().rev().filter(counts).take(WINDOW).last();
    let start = before.map_or(at, |first| articles[..at].partition_point(|other| other < first));
    let around = articles[start..].iter().filter(counts).copied();
    around.scan(WINDOW, move |left, other| {
        *left = if other < id { *left } else { left.checked_sub(1)? };
        Some(other)
    })
}

fn score(archive: &Archive, weights: &[((usize, usize), f64)], other: ArticleId) -> f64 {
    let has = |term: &(usize, usize)| archive.terms_of(other).any(|other| other == *term);
    weights.iter().filter(|(term, _)| has(term)).map(|(_, weight)| weight).sum()
}
