//! Edits of written examples, and random ones over the demo and other archives.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde_json::{Value as Json, json};
use walkdir::WalkDir;

use super::{EditRefusal, place, set, written};
use crate::content::front_matter;
use crate::tree::Entry;

#[allow(clippy::needless_pass_by_value, reason = "values are written where they are given")]
fn edited(text: &str, key: &str, value: Json) -> Result<String, EditRefusal> {
    set(text, &BTreeMap::new(), key, &value)
}

#[test]
fn only_the_value_changes() {
    for (before, key, value, after) in [
        ("+++\ntitle = \"A\" # c\n+++\nx", "title", json!("B"), "+++\ntitle = \"B\" # c\n+++\nx"),
        ("+++\ntitle = 'A'\r\n+++\nx", "title", json!("B"), "+++\ntitle = 'B'\r\n+++\nx"),
        ("+++\ntags=[ 'a' ]\n+++\n", "tags", json!(["a", "b"]), "+++\ntags=[ 'a', \"b\" ]\n+++\n"),
        (
            "+++\ntags = [\n  \"a\", # c\n]\n+++\n",
            "tags",
            json!(["a", "b"]),
            "+++\ntags = [\n  \"a\", # c\n  \"b\",\n]\n+++\n",
        ),
        (
            "+++\ndate = 2017-01-29\n+++\n",
            "date",
            json!("2017-02-01"),
            "+++\ndate = 2017-02-01\n+++\n",
        ),
        (
            "+++\ntitle = \"A\"\n[[via]]\nname = \"x\"\n+++\n",
            "outlet",
            json!("W"),
            "+++\ntitle = \"A\"\noutlet = \"W\"\n[[via]]\nname = \"x\"\n+++\n",
        ),
        (
            "+++\ntitle = \"A\" # c\ndate = 2017-01-29\n+++\n",
            "title",
            json!(null),
            "+++\n# c\ndate = 2017-01-29\n+++\n",
        ),
        ("---\ntitle: A # c\n---\nx", "title", json!("B: C"), "---\ntitle: \"B: C\" # c\n---\nx"),
        ("---\ntitle: 'A'\n---\n", "title", json!("It's"), "---\ntitle: 'It''s'\n---\n"),
        (
            "---\ntags:\n- a # c\n- b\n---\n",
            "tags",
            json!(["a", "c"]),
            "---\ntags:\n- a # c\n- c\n---\n",
        ),
        (
            "---\ntags:\n  - a\n# c\ndate: 2017\n---\n",
            "tags",
            json!(["a", "b"]),
            "---\ntags:\n  - a\n  - b\n# c\ndate: 2017\n---\n",
        ),
        (
            "---\nsummary: |\n  a\n  b\ntitle: T\n---\n",
            "summary",
            json!("c"),
            "---\nsummary: c\ntitle: T\n---\n",
        ),
        (
            "---\r\ntitle: A\r\n---\r\n",
            "outlet",
            json!("W"),
            "---\r\ntitle: A\r\noutlet: W\r\n---\r\n",
        ),
        ("\u{feff}---\ntitle: A\n---\n", "title", json!("B"), "\u{feff}---\ntitle: B\n---\n"),
        ("---\nauthor: A\n---\n", "authors", json!(["B"]), "---\nauthor: [B]\n---\n"),
        ("x\n", "title", json!("A"), "+++\ntitle = \"A\"\n+++\nx\n"),
    ] {
        assert_eq!(edited(before, key, value).as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn what_would_lose_something_is_refused() {
    for (before, key, value, why) in [
        ("---\ntitle: &t A\nsummary: *t\n---\n", "title", json!("B"), EditRefusal::Shared),
        ("---\ntitle: &t A\nsummary: *t\n---\n", "summary", json!("B"), EditRefusal::Shared),
        ("---\ntags:\n- a # c\n- b\n---\n", "tags", json!(["b"]), EditRefusal::Commented),
        ("+++\ntags = [\n\"a\", # c\n\"b\"]\n+++\n", "tags", json!(["b"]), EditRefusal::Commented),
        ("+++\n[image]\nsrc = \"a\"\n+++\n", "image", json!("b"), EditRefusal::Form),
        ("{\"title\": \"A\"}\n", "title", json!("B"), EditRefusal::Form),
        ("+++\ntitle = \n+++\n", "title", json!("B"), EditRefusal::Unreadable),
    ] {
        assert_eq!(edited(before, key, value), Err(why), "{before}");
    }
}

/// Small random numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most
    }
}

const TEXTS: [&str; 12] = [
    "plain",
    "It's: # no [comment]",
    "“Żółć” 中文",
    "a \"quoted\" \\ text",
    "2017",
    "true",
    "- item",
    "عربى",
    "line\nbreak\ttab",
    "\u{2028}\u{7f}\u{85}",
    "& * ! | > %",
    " null ",
];

fn value(dice: &mut Dice, key: &str) -> Json {
    let text = TEXTS[dice.below(TEXTS.len())];
    match (key, dice.below(6)) {
        (_, 0) => Json::Null,
        ("date", _) => ["2017-01-29", "1999", "2020-02"][dice.below(3)].into(),
        ("tags" | "authors", _) => {
            (0..=dice.below(3)).map(|_| TEXTS[dice.below(TEXTS.len())]).collect::<Vec<_>>().into()
        }
        ("draft", _) => true.into(),
        _ => text.into(),
    }
}

/// With other line ends: as they are, CRLF, mixed, and a BOM.
fn varied(text: &str, dice: &mut Dice) -> String {
    let text = match dice.below(3) {
        0 => text.to_owned(),
        1 => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        _ => {
            let lines = text.split_inclusive('\n').enumerate();
            lines
                .map(|(at, line)| {
                    if at % 3 == 1 {
                        line.replace('\n', "\r\n").replace("\r\r", "\r")
                    } else {
                        line.to_owned()
                    }
                })
                .collect()
        }
    };
    if dice.below(4) == 0 { format!("\u{feff}{text}") } else { text }
}

#[test]
fn random_edits_change_the_lines_of_their_key_only() {
    let is_soak = std::env::var_os("DATELINE_SOAK").is_some();
    let shared = std::env::var("DATELINE_SHARED").map(|shared| format!("{shared}/corpora"));
    let folders = ["content".to_owned()].into_iter().chain(shared);
    let files: Vec<String> = folders
        .flat_map(|folder| {
            WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).sort_by_file_name()
        })
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "md"))
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .filter(|text| front_matter::layout(text).is_ok_and(|layout| layout.front_matter.is_some()))
        .collect();
    let mut dice = Dice(20_170_129);
    let (mut done, mut refused) = (0, 0);
    for _ in 0..if is_soak { 2_000 } else { 200 } {
        let text = varied(&files[dice.below(files.len())], &mut dice);
        let key = ["title", "date", "tags", "authors", "summary", "outlet", "draft", "note"]
            [dice.below(8)];
        let value = value(&mut dice, key);
        let Ok(after) = edited(&text, key, value.clone()) else {
            refused += 1;
            continue;
        };
        done += 1;
        check(&text, &after, key, &value);
    }
    eprintln!("{done} edits, {refused} refused, {} files", files.len());
    assert!(refused * 10 < done, "{refused} of {done} refused");
}

/// The value is there, and what changed is one run of lines that holds the key.
fn check(before: &str, after: &str, key: &str, value: &Json) {
    let keys = BTreeMap::new();
    let new = written(after, &keys, key);
    let is_same = match (value, &new.value) {
        (Json::Array(_) | Json::Bool(_) | Json::Null, new) => new == value,
        (Json::String(typed), Json::String(new)) => typed == new,
        _ => false,
    };
    assert!(is_same, "{key}: {value} {}\n{before}\n--\n{after}", new.value);
    if before == after {
        return;
    }
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let start = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let from: usize = old[..start].iter().map(|line| line.len()).sum();
    let to = from + old[start..old.len() - end].iter().map(|line| line.len()).sum::<usize>();
    let own = lines_of(before, key).unwrap_or(from..from);
    assert!(own.start <= from && to <= own.end, "{key}: {from}..{to}\n{before}\n--\n{after}");
}

/// The lines of a key up to the next one, if it is there.
fn lines_of(text: &str, key: &str) -> Option<Range<usize>> {
    let (fence, inner) = front_matter::layout(text).ok()?.front_matter?;
    let table = front_matter::parse(fence, &text[inner.clone()], inner.start).ok()?;
    let place = place(&table, &BTreeMap::new(), key)?;
    let line = |at: usize| text[..at].rfind('\n').map_or(0, |found| found + 1);
    let tops = |entry: &Entry| line(entry.key_range.start);
    let start = tops(place.entry());
    let all = table.entries.iter().chain(&place.table.entries).map(tops);
    let next = all.filter(|next| *next > start).min();
    Some(start..next.unwrap_or(inner.end))
}
