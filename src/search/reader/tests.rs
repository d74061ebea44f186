//! Queries on a small index.

use std::collections::HashMap;
use std::sync::Mutex;

use super::*;
use crate::search::cards::card_files;
use crate::search::index::{Collector, Made, SpillError};
use crate::search::layout::MostFiles;
use crate::search::record::{Facet, Text};
use crate::search::recorder::Recorder;
use crate::search::segment::{Member, segments};

#[derive(Default)]
struct Site {
    index: HashMap<String, Vec<u8>>,
    pages: HashMap<String, String>,
}

impl Files for Site {
    fn index(&self, path: &str) -> Option<Vec<u8>> {
        self.index.get(path).cloned()
    }

    fn page(&self, path: &str) -> Option<String> {
        self.pages.get(path).cloned()
    }
}

/// Reports by address, day, headline and text.
fn site(reports: &[(&str, &str, &str, &str)]) -> Site {
    let members: Vec<Member<'_>> = reports
        .iter()
        .map(|&(permalink, day, ..)| {
            let day = day.parse().unwrap();
            Member { permalink, day, added: day }
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let files = Mutex::new(HashMap::new());
    let mut head =
        Head { reports: reports.len() as u64, weights: weights(1.0, 1.0), ..Head::default() };
    for segment in segments(&members) {
        let recorder = Recorder::default();
        let lexicon = recorder.lexicon();
        let collector =
            Collector::new(lexicon, &segment, folder.path().to_owned(), MostFiles(1_000));
        for &(id, at) in &segment.ids {
            let (_, _, title, body) = reports[at];
            let text = Text { language: "en", title, body };
            let record = recorder.record(&text, &[(Facet::Language, "en")]);
            collector.add([(id, &record)].into_iter()).unwrap();
        }
        let write = |(path, bytes)| {
            files.lock().unwrap().insert(path, bytes);
            Ok::<(), SpillError>(())
        };
        let Made { layout, size, .. } = collector.finish(&write).unwrap();
        let cards: Vec<Card> = segment
            .ids
            .iter()
            .map(|&(id, at)| Card {
                id,
                path: reports[at].0.to_owned(),
                title: reports[at].2.to_owned(),
                outlet: String::new(),
                language: "en".to_owned(),
                precision: 2,
            })
            .collect();
        files.lock().unwrap().extend(card_files(layout, &cards));
        let digest = layout.digest();
        head.segments.push(SegmentHead { layout, digest, reports: size.reports });
    }
    let mut index = files.into_inner().unwrap();
    index.insert("index.json".to_owned(), serde_json::to_vec(&head).unwrap());
    let text = |report: &(&str, &str, &str, &str)| {
        (report.0.to_owned(), format!("{} {}", report.2, report.3))
    };
    Site { index, pages: reports.iter().map(text).collect() }
}

fn found(site: &Site, query: &str) -> Vec<String> {
    let searcher = Searcher::open(site).unwrap();
    let answer = searcher.search(&Query::read(query), Order::Relevance, 10).unwrap();
    answer.cards.into_iter().map(|card| card.path).collect()
}

fn reports() -> Site {
    site(&[
        ("a", "2017-01-29", "Talks end in Moscow", "The delegations left. Peace is far."),
        ("b", "2017-02-01", "A quiet day", "They were talking about the peace talks again."),
        ("c", "2018-03-04", "Markets", "Oil rose. Moscow watched."),
    ])
}

#[test]
fn words_meet_in_their_forms_and_the_headline_counts_most() {
    assert_eq!(found(&reports(), "talk"), ["a", "b"]);
    assert_eq!(found(&reports(), "MOSCOW"), ["a", "c"]);
    assert_eq!(found(&reports(), "moscow talks"), ["a"]);
    assert_eq!(found(&reports(), "moscow -talks"), ["c"]);
    assert_eq!(found(&reports(), "absent"), [""; 0]);
}

#[test]
fn phrases_prefixes_facets_and_dates() {
    assert_eq!(found(&reports(), "\"peace talks\""), ["b"]);
    assert_eq!(found(&reports(), "deleg*"), ["a"]);
    assert_eq!(found(&reports(), "lang:en after:2017"), ["c"]);
    assert_eq!(found(&reports(), "peace before:2017-02"), ["a"]);
    assert_eq!(found(&reports(), "peace 29/1/2017"), ["a"]);
}

#[test]
fn a_word_that_nothing_has_is_met_by_a_near_one() {
    let site = reports();
    let searcher = Searcher::open(&site).unwrap();
    let answer = searcher.search(&Query::read("mosocw"), Order::Relevance, 10).unwrap();
    assert_eq!(answer.suggestions, [("mosocw".to_owned(), "moscow".to_owned())]);
}

#[test]
fn a_damaged_index_is_an_error() {
    let mut site = reports();
    for bytes in site.index.values_mut() {
        bytes.truncate(3);
    }
    assert!(Searcher::open(&site).is_err());
    site.index.clear();
    assert_eq!(Searcher::open(&site).err(), Some(ReadError::Absent));
}
