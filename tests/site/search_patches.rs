//! Patches of the search index: the files of a segment after a few changes are those of the segment made
//! anew, and few of them change.

use std::collections::BTreeMap;
use std::sync::Mutex;

use dateline::search::index::{Collector, Made, SpillError};
use dateline::search::layout::{Layout, MostFiles, Size};
use dateline::search::patch::{Patch, size_after};
use dateline::search::record::{Facet, Record, Text};
use dateline::search::recorder::Recorder;
use dateline::search::segment::Segment;
use proptest::prelude::*;

const MOST: MostFiles = MostFiles(20_000);

type Index = BTreeMap<String, Vec<u8>>;

/// Words by id.
type Reports = BTreeMap<u32, String>;

fn record(recorder: &Recorder, body: &str) -> Record {
    let facets = [(Facet::Language, "en")];
    recorder.record(&Text { language: "en", title: "Headline", body }, &facets)
}

fn made(reports: &Reports) -> (Index, Made) {
    let ids = reports.keys().copied().zip(0..).collect();
    let segment = Segment { tier: 2, slot_bits: 3, ids };
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::default();
    let collector = Collector::new(recorder.lexicon(), &segment, folder.path().to_owned(), MOST);
    for (&id, words) in reports {
        collector.add([(id, &record(&recorder, words))].into_iter()).unwrap();
    }
    let index = Mutex::new(Index::new());
    let write = |(path, bytes)| {
        assert!(index.lock().unwrap().insert(path, bytes).is_none());
        Ok::<(), SpillError>(())
    };
    let made = collector.finish(&write).unwrap();
    (index.into_inner().unwrap(), made)
}

/// The files that a patch changes; `None` where it says that all has to be made anew.
fn patch(before: &Reports, after: &Reports) -> Option<usize> {
    let (mut index, old) = made(before);
    let recorder = Recorder::default();
    let mut patch = Patch::new(old.layout, recorder.lexicon());
    let ids = before.keys().chain(after.keys().filter(|id| !before.contains_key(id)));
    for &id in ids.filter(|id| before.get(id) != after.get(id)) {
        if let Some(words) = before.get(&id) {
            patch.remove(id, &record(&recorder, words));
        }
        if let Some(words) = after.get(&id) {
            patch.add(id, &record(&recorder, words));
        }
    }
    let patched = patch.finish(&old.counts, &|path| index.get(path).cloned()).unwrap();
    let size = Size {
        reports: after.len() as u64,
        first: *after.keys().next().unwrap(),
        last: *after.keys().last().unwrap(),
        ..size_after(&old.size, &patched).unwrap()
    };
    let (clean, new) = made(after);
    assert_eq!(size, new.size);
    if Layout::of(2, 3, &size, MOST) != old.layout {
        return None;
    }
    let mut counts = old.counts;
    for (leaf, changed) in patched.counts {
        counts[leaf] = changed;
    }
    assert_eq!(counts, new.counts);
    let changed = patched.files.len() + patched.gone.len();
    for path in patched.gone {
        assert!(index.remove(&path).is_some(), "{path}");
    }
    index.extend(patched.files);
    let differ: Vec<&String> =
        clean.keys().filter(|path| index.get(*path) != clean.get(*path)).collect();
    assert_eq!((differ, index.len()), (Vec::new(), clean.len()));
    Some(changed)
}

fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("talks".to_owned()),
        Just("talking".to_owned()),
        Just("北京今天".to_owned()),
        (0u32..200).prop_map(|number| format!("word{number}s")),
        (0u32..100_000).prop_map(|number| format!("r{number:x}")),
    ];
    prop::collection::vec(word, 0..20).prop_map(|words| words.join(" "))
}

fn reports() -> impl Strategy<Value = Reports> {
    prop::collection::btree_map(0u32..4_000, words(), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_patched_segment_is_the_segment_made_anew(
        before in reports(),
        changes in prop::collection::btree_map(0u32..4_000, prop::option::of(words()), 0..6),
    ) {
        let mut after = before.clone();
        for (&id, words) in &changes {
            // An id that is there, as often as one that is not.
            let near = before.range(id..).next().map_or(id, |(&near, _)| near);
            match words {
                Some(words) if id % 2 == 0 => after.insert(id, words.clone()),
                Some(words) => after.insert(near, words.clone()),
                None => after.remove(&near),
            };
        }
        if !after.is_empty() {
            patch(&before, &after);
        }
    }
}

#[test]
fn one_change_of_a_large_segment_changes_few_files() {
    let text = |number: u32| format!("common talks {number:x} {:x} {:x}", number / 50, number % 97);
    let before: Reports = (0..9_000).map(|number| (number * 3, text(number))).collect();
    let change = |change: &dyn Fn(&mut Reports)| {
        let mut after = before.clone();
        change(&mut after);
        patch(&before, &after).expect("the layout is the same")
    };
    assert_eq!(change(&|_| {}), 0);
    let corrected = change(&|reports| {
        reports.insert(300, format!("{} unheard", text(100)));
    });
    assert!((1..=3).contains(&corrected), "{corrected}");
    // The piece of each of two long lists, the others' leaves and those of words that go.
    let withdrawn = change(&|reports| {
        reports.remove(&13_500);
    });
    assert!((5..=14).contains(&withdrawn), "{withdrawn}");
}
