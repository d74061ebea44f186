//! How time grows with input that means harm: `cargo bench --bench growth`.
//!
//! Every reader is given each shape of text once, and once eight times as long. A reader that looks at
//! each piece once takes eight times as long, or somewhat more where caches overflow; a quadratic one
//! takes sixty-four times.
#![allow(clippy::unwrap_used, reason = "a measurement that can't go on fails")]

#[path = "../../tests/hostile/readers.rs"]
mod readers;
mod shapes;

use std::time::{Duration, Instant};

use readers::{hash_words, lint_body, read_article, read_body, read_ledger, read_settings};
use shapes::{BODIES, FRONT_MATTER, LEDGERS, MARKUP_LEFT_OPEN, SETTINGS, Shape};

/// How many pieces the shorter text has.
const PIECES: usize = 4_000;

/// Less time than this is as much the clock's as the reader's.
const LEAST: f64 = 2e-4;

/// A reader's name, what it is given, and itself.
type Reader = (&'static str, &'static [Shape], fn(&str));

const READERS: [Reader; 7] = [
    ("Markdown", BODIES, read_body),
    ("lints", BODIES, lint_body),
    ("words", BODIES, hash_words),
    ("words", MARKUP_LEFT_OPEN, hash_words),
    ("front matter", FRONT_MATTER, read_article),
    ("settings", SETTINGS, read_settings),
    ("ledger", LEDGERS, read_ledger),
];

fn main() {
    let mut worst = (0.0, String::new());
    for (reader, shapes, read) in READERS {
        for (name, shape) in shapes {
            let ratio = measure(reader, name, read, *shape);
            if ratio > worst.0 {
                worst = (ratio, format!("{reader}, {name}"));
            }
        }
    }
    println!("the worst of all: ×{:.1}, {}", worst.0, worst.1);
}

/// Prints a shape's two times, and gives by how much the longer text took longer.
fn measure(reader: &str, name: &str, read: fn(&str), shape: fn(usize) -> String) -> f64 {
    let (short, long) = (shortest(read, &shape(PIECES)), shortest(read, &shape(8 * PIECES)));
    let ratio = long.as_secs_f64() / short.as_secs_f64().max(LEAST);
    println!("{reader:<13} {name:<32} {short:>12.2?} {long:>12.2?} ×{ratio:.1}");
    ratio
}

/// The shortest of three runs: what is left is the work.
fn shortest(read: fn(&str), text: &str) -> Duration {
    let run = || {
        let start = Instant::now();
        read(text);
        start.elapsed()
    };
    (0..3).map(|_| run()).min().unwrap()
}
