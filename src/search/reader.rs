//! Evaluates queries on the files of an index, in the same way as the search client in browsers:
//! for `dateline search`, and for testing that both give the same results.

mod lists;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

pub use super::cards::Card;
use super::cards::{self, card_path, place_of};
use super::index::{piece_path, posting_path, word_path};
use super::keys::Key;
use super::layout::Layout;
use super::postings::{self, List, Posting};
use super::query::{Query, Wanted, plain_words};
use super::record::Weight;
use super::vocabulary::{self, Word};

/// The maximum number of words for a prefix; the most frequent are used.
const MOST_EXPANSIONS: usize = 16;
/// The number of pages read for a phrase, until the reader requests more.
const PAGES_FOR_PHRASES: usize = 60;
/// Shorter words are not corrected: too many others are similar.
const SHORTEST_CORRECTED: usize = 4;
/// The scores of the weights without settings.
const WEIGHTS: [f64; 4] = [0.45, 0.65, 0.82, 1.4];

/// The scores of the weights, given the factors for words in headlines and elsewhere.
pub fn weights(title: f64, text: f64) -> [f64; 4] {
    let [low, middle, high, in_title] = WEIGHTS;
    [low * text, middle * text, high * text, in_title * title]
}

/// The head of an index, `index.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Reports in all segments.
    pub reports: u64,
    /// Languages of reports (BCP 47).
    pub languages: Vec<String>,
    /// The score of each weight, which is multiplied by the word's rarity.
    pub weights: [f64; 4],
    /// Newest first.
    pub segments: Vec<SegmentHead>,
    /// The most frequent values by facet: display name, query form, count.
    pub facets: BTreeMap<String, Vec<(String, String, u64)>>,
}

/// A segment in the head of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentHead {
    /// How its files are addressed.
    #[serde(flatten)]
    pub layout: Layout,
    /// The digest at the start of its files.
    pub digest: u32,
    /// Reports with words in the index.
    pub reports: u64,
}

/// Access to the files of an index, and to pages.
pub trait Files {
    /// A file's bytes, by its path below the index's folder.
    fn index(&self, path: &str) -> Option<Vec<u8>>;
    /// The text of a report's page, by its path below the archive's root.
    fn page(&self, path: &str) -> Option<String>;
}

/// The order of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Best first.
    #[default]
    Relevance,
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
}

/// A matching report.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hit {
    segment: usize,
    id: u32,
    score: f64,
}

/// The result of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The number of matches; with phrases, among the pages that were read.
    pub count: usize,
    /// The first matches.
    pub cards: Vec<Card>,
    /// Whether phrases were checked in some candidates only.
    pub is_partial: bool,
    /// Corrections of words that no report contains.
    pub suggestions: Vec<(String, String)>,
}

/// Why an index can't be searched.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// The site has no index.
    #[error("there is no search index")]
    Absent,
    /// A file is inconsistent with the others.
    #[error("the search index can't be read: {0} is damaged or missing")]
    Damaged(String),
}

/// An open index.
pub struct Searcher<'a> {
    files: &'a dyn Files,
    head: Head,
    /// The files of cards that were read.
    cards: RefCell<FxHashMap<String, Vec<Card>>>,
}

impl<'a> Searcher<'a> {
    /// Opens an index by reading its head.
    pub fn open(files: &'a dyn Files) -> Result<Searcher<'a>, ReadError> {
        let head = files.index("index.json").ok_or(ReadError::Absent)?;
        let head = serde_json::from_slice(&head);
        let head = head.map_err(|_| ReadError::Damaged("index.json".to_owned()))?;
        Ok(Searcher { files, head, cards: RefCell::default() })
    }

    /// Evaluates a query; returns the first `most` matches.
    pub fn search(&self, query: &Query, order: Order, most: usize) -> Result<Answer, ReadError> {
        let mut hits = self.candidates(query)?;
        match order {
            Order::Relevance => hits.sort_by(|one, other| {
                other.score.total_cmp(&one.score).then(self.day(other).cmp(&self.day(one)))
            }),
            Order::Newest => hits.sort_by_key(|hit| Reverse(self.day(hit))),
            Order::Oldest => hits.sort_by_key(|hit| self.day(hit)),
        }
        let mut answer = Answer { count: hits.len(), ..Answer::default() };
        let phrases: Vec<_> =
            query.clauses.iter().filter(|clause| is_phrase(&clause.wanted)).collect();
        if phrases.is_empty() {
            answer.cards =
                hits.iter().take(most).map(|hit| self.card(hit)).collect::<Result<_, _>>()?;
        } else {
            answer.is_partial = hits.len() > PAGES_FOR_PHRASES;
            answer.count = 0;
            for hit in hits.iter().take(PAGES_FOR_PHRASES) {
                let card = self.card(hit)?;
                let words = plain_words(&self.files.page(&card.path).unwrap_or_default());
                if phrases.iter().all(|clause| holds(&words, &clause.wanted) != clause.is_excluded)
                {
                    answer.count += 1;
                    if answer.cards.len() < most {
                        answer.cards.push(card);
                    }
                }
            }
        }
        if answer.count == 0 {
            answer.suggestions = self.suggestions(query)?;
        }
        Ok(answer)
    }

    /// A match's day and slot: the sort key for time.
    fn day(&self, hit: &Hit) -> (u32, u32) {
        let bits = self.head.segments[hit.segment].layout.slot_bits;
        (hit.id.checked_shr(bits).unwrap_or(0), hit.id)
    }

    /// Reports that contain all words, in sequence or not.
    fn candidates(&self, query: &Query) -> Result<Vec<Hit>, ReadError> {
        let segments = self.head.segments.len();
        let mut lists: Vec<Vec<FxHashMap<u32, Weight>>> = vec![Vec::new(); segments];
        let mut excluded: Vec<FxHashSet<u32>> = vec![FxHashSet::default(); segments];
        let mut rarities = Vec::new();
        for clause in &query.clauses {
            let is_phrase = is_phrase(&clause.wanted);
            for wanted in parts(&clause.wanted) {
                let keys = self.keys(&wanted)?;
                let found: Vec<FxHashMap<u32, Weight>> =
                    (0..segments).map(|at| self.postings(at, &keys)).collect::<Result<_, _>>()?;
                if clause.is_excluded {
                    if !is_phrase {
                        for (excluded, found) in excluded.iter_mut().zip(found) {
                            excluded.extend(found.into_keys());
                        }
                    }
                    continue;
                }
                rarities.push(self.rarity(found.iter().map(FxHashMap::len).sum()));
                for (lists, found) in lists.iter_mut().zip(found) {
                    lists.push(found);
                }
            }
        }
        if rarities.is_empty() {
            return Ok(Vec::new());
        }
        let mut hits = Vec::new();
        for (at, (lists, excluded)) in lists.iter().zip(&excluded).enumerate() {
            let Some(shortest) = lists.iter().min_by_key(|list| list.len()) else { continue };
            for &id in shortest.keys().filter(|id| !excluded.contains(id)) {
                let weights: Option<Vec<Weight>> =
                    lists.iter().map(|list| list.get(&id).copied()).collect();
                let Some(weights) = weights else { continue };
                let scores = weights.iter().zip(&rarities);
                let score = scores
                    .map(|(&weight, rarity)| self.head.weights[weight as usize] * rarity)
                    .sum();
                let hit = Hit { segment: at, id, score };
                let (day, _) = self.day(&hit);
                if query.from.is_none_or(|from| from <= day)
                    && query.until.is_none_or(|until| day < until)
                {
                    hits.push(hit);
                }
            }
        }
        Ok(hits)
    }

    fn rarity(&self, reports: usize) -> f64 {
        let all = f64::from(u32::try_from(self.head.reports).unwrap_or(u32::MAX));
        let having = f64::from(u32::try_from(reports).unwrap_or(u32::MAX));
        (1.0 + (all - having + 0.5).max(0.0) / (having + 0.5)).ln()
    }

    /// The keys of a word in all segments, most frequent first: another segment's reports may
    /// contain only other forms of the word.
    fn keys(&self, wanted: &Wanted) -> Result<Vec<Key>, ReadError> {
        let mut keys: BTreeMap<Key, u8> = BTreeMap::new();
        for segment in &self.head.segments {
            for (stem, size) in
                self.words(segment.layout, wanted)?.into_iter().flat_map(|word| word.stems)
            {
                let known = keys.entry(Key::of_stem(&stem)).or_default();
                *known = size.max(*known);
            }
        }
        let mut keys: Vec<(Key, u8)> = keys.into_iter().collect();
        keys.sort_by_key(|&(_, size)| Reverse(size));
        keys.truncate(MOST_EXPANSIONS);
        Ok(keys.into_iter().map(|(key, _)| key).collect())
    }

    /// The reports of a segment that have any of the keys, each with its highest weight.
    fn postings(&self, segment: usize, keys: &[Key]) -> Result<FxHashMap<u32, Weight>, ReadError> {
        let layout = self.head.segments[segment].layout;
        let mut found = FxHashMap::default();
        for &key in keys {
            for (id, weight) in self.list(layout, key)? {
                let known = found.entry(id).or_insert(weight);
                *known = weight.max(*known);
            }
        }
        Ok(found)
    }

    fn words(&self, layout: Layout, wanted: &Wanted) -> Result<Vec<Word>, ReadError> {
        let (Wanted::Word(text) | Wanted::Prefix(text)) = wanted else { return Ok(Vec::new()) };
        let leaf = self.read(layout, word_path(layout.tier, leaf_of(text, layout).into()))?;
        let is_wanted = |word: &Word| match wanted {
            Wanted::Prefix(_) => word.word.starts_with(text.as_str()),
            _ => *word.word == **text,
        };
        Ok(vocabulary::decode(&leaf).filter(is_wanted).collect())
    }

    fn list(&self, layout: Layout, key: Key) -> Result<Vec<Posting>, ReadError> {
        let slot = key.slot(layout.posting_bits);
        let path = posting_path(layout.tier, slot.leaf().into());
        let leaf = self.read(layout, path.clone())?;
        let Some((_, list)) = postings::lists(&leaf).find(|(short, _)| *short == slot.short())
        else {
            return Ok(Vec::new());
        };
        match list {
            List::Whole(bytes, count) => {
                postings::decode(bytes, count, layout.slot_bits).ok_or(ReadError::Damaged(path))
            }
            List::Pieces(pieces) => {
                let mut all = Vec::new();
                for piece in pieces {
                    let path = piece_path(layout.tier, slot, &piece);
                    let bytes = self.read(layout, path.clone())?;
                    let list = bytes
                        .get(4..)
                        .and_then(|bytes| postings::decode(bytes, piece.count, layout.slot_bits));
                    all.extend(list.ok_or(ReadError::Damaged(path))?);
                }
                Ok(all)
            }
        }
    }

    fn card(&self, hit: &Hit) -> Result<Card, ReadError> {
        let layout = self.head.segments[hit.segment].layout;
        let place = place_of(layout, hit.id);
        let path = card_path(layout.tier, place);
        let mut known = self.cards.borrow_mut();
        if !known.contains_key(&path) {
            let cards = self.files.index(&path);
            let cards = cards.and_then(|bytes| cards::read(layout, place, &bytes));
            known.insert(path.clone(), cards.ok_or_else(|| ReadError::Damaged(path.clone()))?);
        }
        let cards = known.get(&path).into_iter().flatten();
        let card = cards.clone().find(|card| card.id == hit.id).cloned();
        card.ok_or(ReadError::Damaged(path))
    }

    /// The head of the index.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// A file of the layout that the head names.
    fn read(&self, layout: Layout, path: String) -> Result<Vec<u8>, ReadError> {
        let bytes = self.files.index(&path);
        let bytes = bytes.filter(|bytes| postings::digest_of(bytes) == Some(layout.digest()));
        bytes.ok_or(ReadError::Damaged(path))
    }

    /// A similar word for each word that no report contains.
    fn suggestions(&self, query: &Query) -> Result<Vec<(String, String)>, ReadError> {
        let mut suggestions = Vec::new();
        for clause in query.clauses.iter().filter(|clause| !clause.is_excluded) {
            for wanted in parts(&clause.wanted) {
                let Wanted::Word(typed) = wanted else { continue };
                if typed.chars().count() < SHORTEST_CORRECTED {
                    continue;
                }
                let mut near: Option<(u8, Box<str>)> = None;
                let mut is_known = false;
                for segment in &self.head.segments {
                    let layout = segment.layout;
                    let path = word_path(layout.tier, leaf_of(&typed, layout).into());
                    for word in vocabulary::decode(&self.read(layout, path)?) {
                        is_known = is_known || *word.word == *typed;
                        let size = word.stems.iter().map(|&(_, size)| size).max().unwrap_or(0);
                        if strsim::osa_distance(&word.word, &typed) == 1
                            && near.as_ref().is_none_or(|(known, _)| *known < size)
                        {
                            near = Some((size, word.word));
                        }
                    }
                }
                if let (false, Some((_, word))) = (is_known, near) {
                    suggestions.push((typed, word.into()));
                }
            }
        }
        Ok(suggestions)
    }
}

fn leaf_of(word: &str, layout: Layout) -> u32 {
    vocabulary::leaf_of(word, layout.word_bits)
}

fn is_phrase(wanted: &Wanted) -> bool {
    matches!(wanted, Wanted::Phrase(_))
}

/// The words needed for a condition.
fn parts(wanted: &Wanted) -> Vec<Wanted> {
    match wanted {
        Wanted::Phrase(words) => words.iter().cloned().map(Wanted::Word).collect(),
        other => vec![other.clone()],
    }
}

/// Whether a text contains words in sequence.
fn holds(text: &[String], wanted: &Wanted) -> bool {
    match wanted {
        Wanted::Phrase(words) => text.windows(words.len()).any(|window| window == words.as_slice()),
        _ => true,
    }
}
