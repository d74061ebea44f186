//! How time grows with input that means harm: `cargo bench --bench growth`.
//!
//! Each shape is made at n, 2n, 4n and 8n pieces. What looks at each piece once takes twice as long for twice
//! as many, or somewhat more where caches overflow; what compares each with each takes four times as long.
//! First come archives, given to the program as a curator would; then texts, as files of an archive of one
//! report. Links are asked of a server of the measurement's own. With words behind `--` only shapes are
//! measured whose names hold one of them.
#![allow(clippy::unwrap_used, reason = "a measurement that can't go on fails")]

mod archives;
mod imports;
mod links;
mod program;
mod searches;
mod shapes;
mod texts;

use archives::{SHAPES, Shape};
use program::{Cost, cost};

/// Nothing may grow more than so from one step to the next.
const MOST: f64 = 2.3;

/// Less time than this is as much the machine's as the program's: shorter times count as this one.
const LEAST_SECONDS: f64 = 0.1;

/// The same for the site's size: a page's frame, the feeds, the style sheet.
const LEAST_KILOBYTES: f64 = 100.0;

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let texts = texts::shapes();
    let others = [links::shapes(), imports::shapes(), searches::shapes()].concat();
    let shapes = SHAPES.iter().chain(&others).chain(&texts);
    let is_wanted = |shape: &&Shape| {
        wanted.is_empty() || wanted.iter().any(|word| shape.name.contains(word.as_str()))
    };
    println!(
        "{:<52} {:>8} {:>28}   {:>26}",
        "shape", "pieces", "seconds at n, 2n, 4n, 8n", "factors: time and size"
    );
    let mut over: Vec<&str> = Vec::new();
    for shape in shapes.filter(is_wanted) {
        if worst_factor(shape) > MOST {
            over.push(shape.name);
        }
    }
    println!(
        "above ×{MOST} a doubling: {}",
        if over.is_empty() { "none".to_owned() } else { over.join("; ") }
    );
}

/// Prints a shape's costs, and gives the greatest factor of a doubling.
fn worst_factor(shape: &Shape) -> f64 {
    let costs = [1, 2, 4, 8].map(|times| cost(shape, times * shape.pieces));
    let seconds = factors(&costs, |cost| cost.seconds.max(LEAST_SECONDS));
    let sizes = factors(&costs, |cost| cost.kilobytes + LEAST_KILOBYTES);
    let times = costs.map(|cost| format!("{:.2}", cost.seconds)).join(" ");
    let shown = |factors: &[f64]| {
        factors.iter().map(|factor| format!("{factor:.1}")).collect::<Vec<_>>().join(" ")
    };
    println!(
        "{:<52} {:>8} {times:>28}   {:>12} | {:>12}",
        shape.name,
        shape.pieces,
        shown(&seconds),
        shown(&sizes)
    );
    seconds.into_iter().chain(sizes).fold(0.0, f64::max)
}

fn factors(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> Vec<f64> {
    costs.windows(2).map(|pair| of(&pair[1]) / of(&pair[0])).collect()
}
