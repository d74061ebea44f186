//! Our own styles against a CSL processor, over the demo archive and 500 reports of others.
//!
//! Needs the feature `csl`: `cargo test --features csl --test citation_oracle`. Where the processor
//! departs from the manuals or from CSL's own rules, [`mended`] and [`is_same`] say how and why.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that can't go on fails")]

#[path = "machine/skip.rs"]
mod skip;

use std::path::{Path, PathBuf};

use dateline::base::choices::CitationStyle;
use dateline::base::choices::CslStyle;
use dateline::citation::Citation;
use dateline::pipeline::{BuildOptions, Report, Site, prepare};

/// Reports of each real archive.
const OF_EACH: usize = 250;

const STYLES: [(CitationStyle, &str); 3] = [
    (CitationStyle::Apa, "apa"),
    (CitationStyle::Chicago, "chicago-author-date"),
    (CitationStyle::Mla, "mla"),
];

fn site(root: &Path) -> Site {
    let options = BuildOptions {
        root: root.to_owned(),
        config: PathBuf::from("dateline.toml"),
        ..BuildOptions::default()
    };
    let mut report = Report::default();
    prepare(&options, &mut report, &|_| {}).expect("an archive")
}

/// Every `step`th citation of an archive, but no more than `most`.
fn citations(site: &Site, most: usize) -> Vec<Citation> {
    let all = &site.archive.all;
    let step = (all.len() / most).max(1);
    all.iter()
        .step_by(step)
        .filter_map(|id| Citation::of(&site.archive, &site.config, &site.ledger, *id))
        .take(most)
        .collect()
}

/// Compares word by word; quotation marks, which the unit tests look at, are left out, as the
/// processor does not make those inside a headline single (CSL 1.0.2 asks for it: “flip-flopping”),
/// nor sets any around a headline without an author (Chicago 18, 14.98 does).
#[track_caller]
fn agrees(citations: &[Citation]) {
    let mut wrong = Vec::new();
    for (style, name) in STYLES {
        let csl = CslStyle::named(name).unwrap();
        for citation in citations {
            let ours = style.format(citation).to_string();
            let theirs = csl.format(citation).to_string();
            let (our_words, their_words) = (words(&ours), words(&mended(&theirs)));
            let same = our_words.len() == their_words.len()
                && (0..our_words.len()).all(|at| is_same(&our_words, &their_words, at, citation));
            if !same {
                wrong.push(format!("{name}\n  ours   {ours}\n  theirs {theirs}"));
            }
        }
    }
    let count = wrong.len();
    wrong.truncate(12);
    assert!(wrong.is_empty(), "{count} differ:\n{}", wrong.join("\n"));
}

/// What the processor says, without two stops too many.
fn mended(theirs: &str) -> String {
    // A year alone leaves the comma of the month that is not there: “(2017,)”.
    // Likewise “NASA,.”
    let mut text = theirs.replace(",)", ")").replace(",.", ".").replace("...", "…");
    // The full stop after a headline that ends with a mark of its own (Chicago 18, 6.131; APA 7, 9.2).
    for mark in ['?', '!', '…', '.'] {
        for quote in ["", "”", "\"", "’", "'"] {
            for stop in [".", ".”", "”."] {
                text = text.replace(&format!("{mark}{quote}{stop} "), &format!("{mark} "));
            }
        }
    }
    text
}

fn words(text: &str) -> Vec<String> {
    let text = text.replace("...", "…");
    let text: String = text.chars().filter(|c| !"“”‘’„\"'".contains(*c)).collect();
    let parts = text.split(|c: char| c.is_whitespace() || c == '-');
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Words that the processor writes small and CSL's own rule does not (1.0.2, “Title Case
/// Conversion”): prepositions of more than four letters, which Chicago 18 writes large as well.
const LARGE: [&str; 21] = [
    // “M-16-21”: a letter by itself.
    "m",
    "above",
    "across",
    "against",
    "among",
    "around",
    "behind",
    "below",
    "beneath",
    "beside",
    "between",
    "during",
    "front",
    "inside",
    "near",
    "since",
    "toward",
    "under",
    "underneath",
    "until",
    "within",
];

/// Whether two words agree but for the case that the processor is known to get wrong.
fn is_same(ours: &[String], theirs: &[String], at: usize, citation: &Citation) -> bool {
    let (our, their) = (&ours[at], &theirs[at]);
    if our == their {
        return true;
    }
    let bare = our.trim_matches(|c: char| !c.is_alphanumeric());
    let small = bare.to_lowercase();
    let before = at.checked_sub(1).map_or("", |before| ours[before].as_str());
    // CSL: a word that holds a capital stays. The processor makes “Rt” of a last “RT”.
    let has_capital = bare.chars().skip(1).any(char::is_uppercase);
    // CSL: the last word of a headline is large. The processor leaves “in the” small.
    let is_last =
        words(&citation.title).last().is_some_and(|last| last.to_lowercase().starts_with(&small));
    // A small word stays small after a comma or a bracket; the processor begins anew there.
    let follows_mark = before.ends_with([',', ';']) || our.starts_with(['(', '[']);
    // “U.S. to” is no new sentence.
    let follows_initials = before.trim_end_matches('.').contains('.');
    // A web address is no word.
    let is_address = our.trim_end_matches(['.', ',']).contains('.') || our.starts_with('/');
    our.to_lowercase() == their.to_lowercase()
        && (has_capital
            || is_last
            || follows_mark
            || follows_initials
            || is_address
            || LARGE.contains(&small.as_str()))
}

#[test]
fn our_styles_are_a_csl_processor_s_over_the_demo_archive() {
    let site = site(Path::new(env!("CARGO_MANIFEST_DIR")));
    agrees(&citations(&site, usize::MAX));
}

#[test]
fn our_styles_are_a_csl_processor_s_over_500_reports_of_real_archives() {
    let Some(corpora) = skip::needs_shared("corpora") else { return };
    let mut all = Vec::new();
    for name in ["18f", "digitalgov"] {
        let root = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(corpora.join(name).join("content"), root.path().join("content"))
            .unwrap();
        std::fs::write(
            root.path().join("dateline.toml"),
            "title = \"The Archive\"\n[keys]\nsource = \"outlet\"\n",
        )
        .unwrap();
        all.extend(citations(&site(root.path()), OF_EACH));
    }
    assert_eq!(all.len(), 2 * OF_EACH);
    agrees(&all);
}

#[test]
fn any_other_style_is_had_by_its_name() {
    let site = site(Path::new(env!("CARGO_MANIFEST_DIR")));
    let ieee = CitationStyle::named("ieee").unwrap();
    let all = citations(&site, usize::MAX);
    let landing = all.iter().find(|citation| citation.url.ends_with("/apollo-11/")).unwrap();
    let shown = ieee.format(landing).to_string();
    assert!(shown.contains("“Apollo 11 has landed on the Moon,” NASA, Jul. 20, 1969"), "{shown}");
    assert!(CitationStyle::named("no such style").is_none());
}
