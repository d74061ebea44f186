//! The index that readers search, and asking it: of many reports, and of one whose text is huge.

use super::archives::{BUILD, File, Shape, list, many, none, numbered, one, report, shape};

const WORD: &[&str] = &["search", "word"];
const PREFIX: &[&str] = &["search", "word*"];
const PHRASE: &[&str] = &["search", "\"word and word\""];
const WITHOUT: &[&str] = &["search", "word", "-other"];
const MANY_WORDS: &[&str] = &["search", "the talks went on in the town all day long and word"];

/// All shapes of searches.
pub(crate) fn shapes() -> Vec<Shape> {
    vec![
        shape("different words of one report: build", BUILD, |n| {
            one("", &numbered(n * 10, |at| format!("word{at} ")))
        }),
        shape("one word again in one report: build", BUILD, |n| one("", &"word ".repeat(n * 10))),
        shape("one long word of one report: build", BUILD, |n| one("", &"word".repeat(n * 10))),
        shape("marks of one report: build", BUILD, |n| one("", &"w\u{301}\u{302}.-' ".repeat(n))),
        shape("Han of one report: build", BUILD, |n| one("", &"北京今天举行会议".repeat(n))),
        shape("different words, reports: build", BUILD, different_words),
        shape("one word, reports: build", BUILD, |n| many(n, none, |_| "word ".repeat(20))),
        shape("facets, reports: build", BUILD, |n| {
            let tags = |at: usize| list("tags", 3, |tag| format!("T{}", at * 3 + tag));
            many(n, tags, |_| "Words.".to_owned())
        }),
        Shape {
            before: &[BUILD],
            changes: |n| vec![report(n, "", "A new word.")],
            ..shape("words, one report more: build", BUILD, different_words)
        },
        asked("one word, reports: search", WORD, |n| many(n, none, |_| "word and word".to_owned())),
        asked("a phrase, reports: search", PHRASE, |n| {
            many(n, none, |_| "word and word".to_owned())
        }),
        asked("words without another, reports: search", WITHOUT, |n| {
            many(n, none, |at| if at % 2 == 0 { "word" } else { "word other" }.to_owned())
        }),
        asked("different words, reports: search by beginning", PREFIX, different_words),
        asked("many words, reports: search", MANY_WORDS, |n| {
            many(n, none, |_| "The talks went on in the town all day long and word.".to_owned())
        }),
        asked("one word again in one report: search", PHRASE, |n| {
            one("", &"word and ".repeat(n * 10))
        }),
        asked("different words of one report: search by beginning", PREFIX, |n| {
            one("", &numbered(n * 10, |at| format!("word{at} ")))
        }),
    ]
}

fn different_words(n: usize) -> Vec<File> {
    many(n, none, |at| numbered(10, |word| format!("word{} ", at * 10 + word)))
}

fn asked(name: &'static str, ask: &'static [&'static str], files: fn(usize) -> Vec<File>) -> Shape {
    Shape { before: &[BUILD], ..shape(name, ask, files) }
}
