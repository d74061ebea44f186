//! Related articles, by a rule in which no archive-wide count enters: adding one article changes
//! the related ones of its neighbours in its terms, and of no others.

use crate::config::Config;

use super::duplicates::also_carried;
use super::{Archive, ArticleId};

/// Candidates on either side in a term.
const WINDOW: usize = 4;

/// How many are kept.
const KEPT: usize = 5;

/// The articles to show under one, best first. Candidates are the four before and the four after it
/// in each term, without those shown as the same report; closeness in a term's own time stands for the term's rarity.
pub fn related(archive: &Archive, config: &Config, id: ArticleId) -> Vec<ArticleId> {
    let mut weights: Vec<((usize, usize), f64)> = Vec::new();
    let mut candidates: Vec<ArticleId> = Vec::new();
    for &(taxonomy, term) in &archive.terms_of[id as usize] {
        let weight = config.taxonomies[taxonomy].related;
        if weight <= 0.0 {
            continue;
        }
        let window = window(archive, taxonomy, term, id);
        let (Some(&first), Some(&last)) = (window.first(), window.last()) else { continue };
        let days = archive.days_between(first, last).max(1);
        #[allow(clippy::cast_precision_loss, reason = "days of history are few")]
        weights.push(((taxonomy, term), weight / (1.0 + (days as f64).log2())));
        candidates.extend(window.iter().filter(|&&other| other != id));
    }
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

/// All articles that the related ones of an article and its neighbours in stories depend on: its
/// windows in those of its terms that count for either.
pub fn candidates<'a>(
    archive: &'a Archive,
    config: &'a Config,
    id: ArticleId,
) -> impl Iterator<Item = ArticleId> + 'a {
    let terms = archive.terms_of[id as usize].iter();
    let counting = terms.filter(|(taxonomy, _)| {
        let taxonomy = &config.taxonomies[*taxonomy];
        taxonomy.related > 0.0 || taxonomy.name == "stories"
    });
    counting.flat_map(move |&(taxonomy, term)| window(archive, taxonomy, term, id))
}

fn window(archive: &Archive, taxonomy: usize, term: usize, id: ArticleId) -> Vec<ArticleId> {
    let articles = &archive.taxonomies[taxonomy].terms[term].articles;
    let at = articles.partition_point(|&other| other < id);
    let before =
        articles[..at].iter().rev().filter(|&&other| archive.is_listed(other)).take(WINDOW);
    let after = articles[at..]
        .iter()
        .filter(|&&other| other != id && archive.is_listed(other))
        .take(WINDOW);
    let mut window: Vec<ArticleId> = before.chain(after).copied().collect();
    window.sort_unstable();
    window
}

fn score(archive: &Archive, weights: &[((usize, usize), f64)], other: ArticleId) -> f64 {
    let terms = &archive.terms_of[other as usize];
    weights.iter().filter(|(term, _)| terms.contains(term)).map(|(_, weight)| weight).sum()
}
