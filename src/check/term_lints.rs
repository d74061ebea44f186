//! Terms that are probably misspelt: “Diplomacy” and “Diplomatie”.
//!
//! Spellings that differ in case, spacing or hyphens are one term already. Other terms are compared
//! if they share all letters but one or are alphabetical neighbours. Each is compared with a few
//! others only, so that time is linear in the number of terms.

use rustc_hash::FxHashMap;
use strsim::damerau_levenshtein;
use xxhash_rust::xxh3::xxh3_64;

use crate::archive::terms::Term;
use crate::base::diagnostic::Place;
use crate::settings::TaxonomyConfig;

use super::Look;
use super::finding::Finding;
use crate::base::lint::Lint;
use crate::check::pending_finding::{PendingFinding, Remedy};

/// Shorter words are similar by chance.
const LEAST_LETTERS: usize = 5;

/// How many terms in a bucket, or following in the alphabet, a term is compared with.
const WINDOW: usize = 4;

/// Probably misspelt terms of all taxonomies, each at the first report with the rarer spelling.
pub(super) fn near_misses(look: &Look<'_>) -> Vec<PendingFinding> {
    let (config, archive) = (&look.site.config, &look.site.archive);
    let taxonomies = config.taxonomies.iter().zip(&archive.taxonomies);
    taxonomies
        .flat_map(|(taxonomy, held)| {
            let words: Vec<Word> = held.terms.iter().map(Word::of).collect();
            let pairs = alike(&words);
            pairs.into_iter().filter_map(move |(rare, common)| {
                let (one, other) = (words[rare].key, words[common].key);
                if config.check.are_distinct(one, other) {
                    return None;
                }
                aimed(look, taxonomy, &held.terms[rare], &held.terms[common])
            })
        })
        .collect()
}

/// Files of `terms/` whose term no report has.
pub(super) fn unused(look: &Look<'_>) -> Vec<Finding> {
    let archive = &look.site.archive;
    let terms = archive.taxonomies.iter().flat_map(|taxonomy| &taxonomy.terms);
    let used: Vec<&str> =
        terms.filter_map(|term| Some(term.note.as_ref()?.source.as_str())).collect();
    let notes = look.site.config.term_notes.0.iter();
    let unused = notes.filter(|note| !used.contains(&note.source.as_str()));
    unused
        .map(|note| {
            let message = format!("no report has the term “{}”: this file is not shown", note.spelling());
            Finding::new(Lint::UnusedTerm, message)
                .at(Place::file(&note.source))
                .help("name the file like the end of the term's address, or give it the term's name and synonyms")
        })
        .collect()
}

fn aimed(
    look: &Look<'_>,
    taxonomy: &TaxonomyConfig,
    rare: &Term,
    common: &Term,
) -> Option<PendingFinding> {
    let archive = &look.site.archive;
    let first = rare.articles.iter().find(|&&id| archive.is_listed(id))?;
    let article = archive.article(*first);
    let keys = look.site.config.taxonomies.keys_of(&taxonomy.name);
    let key = (*keys.first()?).to_owned();
    let TaxonomyConfig { singular, .. } = taxonomy;
    let message = format!(
        "the {singular} “{}” ({}) is nearly “{}” ({})",
        rare.name,
        rare.articles.len(),
        common.name,
        common.articles.len()
    );
    let mend = format!(
        "write “{}” if that is meant; otherwise add [{:?}, {:?}] to check.distinct",
        common.name, rare.name, common.name
    );
    Some(PendingFinding {
        source: article.source.to_string(),
        key,
        text: Some(rare.name.clone()),
        finding: Finding::new(Lint::NearMissTerm, message),
        mend: Remedy::Words(mend),
    })
}

/// The compared features of a term.
struct Word<'a> {
    key: &'a str,
    letters: Vec<char>,
    articles: usize,
    /// Listed in the settings or in `terms/`, and so intended.
    is_known: bool,
}

impl<'a> Word<'a> {
    fn of(term: &'a Term) -> Word<'a> {
        Word {
            key: &term.key,
            letters: term.key.chars().collect(),
            articles: term.articles.len(),
            is_known: term.config_key.is_some() || term.note.is_some(),
        }
    }

    fn digits(&self) -> impl Iterator<Item = &char> {
        self.letters.iter().filter(|letter| letter.is_numeric())
    }
}

/// Pairs of indexes, the rarer term first; each term is paired only with its most likely match.
fn alike(words: &[Word<'_>]) -> Vec<(usize, usize)> {
    let mut best: FxHashMap<usize, usize> = FxHashMap::default();
    for (one, other) in candidates(words) {
        let (rare, common) =
            if words[one].articles <= words[other].articles { (one, other) } else { (other, one) };
        if is_near_miss(&words[rare], &words[common]) {
            let chosen = best.entry(rare).or_insert(common);
            if words[common].articles > words[*chosen].articles {
                *chosen = common;
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = best.into_iter().collect();
    pairs.sort_unstable();
    pairs
}

/// Pairs to compare: a bounded number for each term.
fn candidates(words: &[Word<'_>]) -> Vec<(usize, usize)> {
    let mut buckets: Vec<(u64, usize)> = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| is_long_enough(word)) {
        buckets.push((xxh3_64(word.key.as_bytes()), at));
        for left_out in 0..word.letters.len().min(64) {
            let rest = word.letters[..left_out].iter().chain(&word.letters[left_out + 1..]);
            buckets.push((xxh3_64(rest.collect::<String>().as_bytes()), at));
        }
    }
    buckets.sort_unstable();
    buckets.dedup();
    let mut pairs = Vec::new();
    for bucket in buckets.chunk_by(|one, other| one.0 == other.0) {
        pairs.extend(windowed(bucket.iter().map(|&(_, at)| at).collect()));
    }
    // Terms are sorted by key.
    let long = words.iter().enumerate().filter(|(_, word)| is_long_enough(word));
    pairs.extend(windowed(long.map(|(at, _)| at).collect()));
    pairs
}

fn windowed(places: Vec<usize>) -> impl Iterator<Item = (usize, usize)> {
    let count = places.len();
    (0..count).flat_map(move |at| {
        let next = places[at + 1..count.min(at + 1 + WINDOW)].to_vec();
        let one = places[at];
        next.into_iter().map(move |other| (one, other))
    })
}

fn is_long_enough(word: &Word<'_>) -> bool {
    word.letters.len() >= LEAST_LETTERS
}

/// Two frequent terms are both intended, and so are two years.
fn is_near_miss(rare: &Word<'_>, common: &Word<'_>) -> bool {
    let is_rare = rare.articles <= 2.max(common.articles / 10);
    if !is_rare || rare.is_known || rare.key == common.key || rare.digits().ne(common.digits()) {
        return false;
    }
    let longer = rare.letters.len().max(common.letters.len());
    if longer.abs_diff(rare.letters.len().min(common.letters.len())) > 3 {
        return false;
    }
    let shared = rare.letters.iter().zip(&common.letters).take_while(|(a, b)| a == b).count();
    // Two people may share a long first name: compare the word that differs.
    let same_words = rare.letters[..shared].iter().rposition(|letter| *letter == ' ');
    let same_words = same_words.map_or(0, |at| at + 1);
    let (shared, longer) = (shared - same_words, longer - same_words);
    match damerau_levenshtein(rare.key, common.key) {
        0 | 1 => true,
        2 | 3 => shared >= 6 && shared * 10 >= longer * 7,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words<'a>(terms: &[(&'a str, usize)]) -> Vec<Word<'a>> {
        let letters = |key: &str| key.chars().collect();
        let word =
            |&(key, articles)| Word { key, letters: letters(key), articles, is_known: false };
        terms.iter().map(word).collect()
    }

    fn found(terms: &[(&str, usize)]) -> Vec<(String, String)> {
        let mut terms = terms.to_vec();
        terms.sort_unstable();
        let words = words(&terms);
        let name = |at: usize| words[at].key.to_owned();
        alike(&words).into_iter().map(|(rare, common)| (name(rare), name(common))).collect()
    }

    #[test]
    fn a_misspelt_term_is_told_from_another_word() {
        let pair = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
        assert_eq!(found(&[("diplomacy", 9), ("diplomatie", 1)]), pair("diplomatie", "diplomacy"));
        assert_eq!(found(&[("ukraine", 5), ("urkaine", 1)]), pair("urkaine", "ukraine"));
        assert_eq!(found(&[("austria", 5), ("australia", 1)]), []);
        assert_eq!(found(&[("alexander mamo", 5), ("alexander mup", 1)]), []);
        assert_eq!(found(&[("iran", 5), ("iraq", 1)]), []);
        assert_eq!(found(&[("elections 2016", 5), ("elections 2017", 1)]), []);
        assert_eq!(found(&[("sanctions", 50), ("sanction", 40)]), []);
    }

    #[test]
    fn the_pairs_to_compare_grow_with_the_terms() {
        let keys: Vec<String> = (0..20_000).map(|n| format!("term{n:05}")).collect();
        let terms: Vec<(&str, usize)> = keys.iter().map(|key| (key.as_str(), 1)).collect();
        let words = words(&terms);
        let pairs = candidates(&words).len();
        assert!(pairs <= words.len() * 11 * WINDOW, "{pairs}");
    }
}
