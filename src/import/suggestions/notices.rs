//! Standing notices: paragraphs in many reports, which belong in `[notices] standing`.

use rustc_hash::FxHashMap;

use super::lines::{self, Line};
use super::{Rule, Says, Suggestion};

/// A notice occurs in more than one of this many reports.
const ONE_OF: usize = 20;

/// And in at least this many.
const FEWEST: usize = 3;

/// The number of lines searched at a text's start and end.
const WINDOW: usize = 8;

/// Shorter lines are headings and names.
const SHORTEST: usize = 25;

/// A line that may be a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// The visible text.
    text: String,
    place: super::Words,
    quote: String,
}

/// The candidates in a text.
pub fn paragraphs(body: &str) -> Vec<Paragraph> {
    let lines = lines::of(body);
    let foot = lines.len().saturating_sub(WINDOW);
    let near = lines.iter().enumerate().filter(|(at, _)| *at < WINDOW || *at >= foot);
    near.map(|(_, line)| line).filter_map(paragraph).collect()
}

fn paragraph(line: &Line<'_>) -> Option<Paragraph> {
    let starts_block = line.text.starts_with(['#', '>', '|', '<', '-', '!']);
    // Skip lines within a longer paragraph.
    let is_part = line.text.ends_with('\\');
    let text = plain(&line.shown);
    (!starts_block && !is_part && text.len() >= SHORTEST).then(|| Paragraph {
        text,
        place: line.whole(),
        quote: line.text.to_owned(),
    })
}

/// The text without link targets.
fn plain(shown: &str) -> String {
    let mut plain = String::new();
    let mut rest = shown.trim();
    while let Some((before, after)) = rest.split_once('[') {
        let link =
            after.split_once("](").and_then(|(words, tail)| Some((words, tail.split_once(')')?.1)));
        let Some((words, tail)) = link else { break };
        plain.push_str(before);
        plain.push_str(words);
        rest = tail;
    }
    plain.push_str(rest);
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The archive's own notices in a text.
pub fn standing_in(body: &str, standing: &[String]) -> Vec<Suggestion> {
    let known: Vec<String> = standing.iter().map(|notice| plain(notice)).collect();
    let found = paragraphs(body).into_iter().filter(|paragraph| known.contains(&paragraph.text));
    found.map(suggestion).collect()
}

fn suggestion(paragraph: Paragraph) -> Suggestion {
    Suggestion {
        rule: Rule::StandingNotice,
        confidence: Rule::StandingNotice.confidence(),
        place: paragraph.place,
        quote: Some(paragraph.quote),
        says: Says { standing: Some(paragraph.text), ..Says::default() },
    }
}

/// The number of reports after which rare paragraphs are dropped.
const ROUND: usize = 1024;

/// Counts paragraphs of an archive.
///
/// Memory is bounded by lossy counting (Manku and Motwani, 2002): after each round of reports,
/// paragraphs with fewer occurrences than rounds since they were first seen are dropped. A notice
/// is never dropped while it occurs at least once in a round.
#[derive(Debug, Default)]
pub struct Counted {
    reports: usize,
    by_text: FxHashMap<String, Seen>,
    files: Vec<String>,
}

/// A text with its known occurrences.
#[derive(Debug)]
struct Seen {
    /// Rounds finished before it was seen: as many occurrences may have been dropped.
    since: usize,
    /// The source of its first occurrence.
    quote: String,
    places: Vec<Occurrence>,
}

#[derive(Debug)]
struct Occurrence {
    file: u32,
    place: super::Words,
    /// The source, if it differs from the first one's.
    quote: Option<Box<str>>,
}

impl Counted {
    /// Adds the paragraphs of a report.
    pub fn add(&mut self, file: &str, paragraphs: Vec<Paragraph>) {
        let Ok(number) = u32::try_from(self.files.len()) else { return };
        self.files.push(file.to_owned());
        let since = self.reports / ROUND;
        self.reports += 1;
        for Paragraph { text, place, quote } in paragraphs {
            let seen = self.by_text.entry(text).or_insert_with(|| Seen {
                since,
                quote: quote.clone(),
                places: Vec::new(),
            });
            if seen.places.last().is_none_or(|last| last.file != number) {
                let quote = (quote != seen.quote).then(|| quote.into_boxed_str());
                seen.places.push(Occurrence { file: number, place, quote });
            }
        }
        if self.reports.is_multiple_of(ROUND) {
            let finished = self.reports / ROUND;
            self.by_text.retain(|_, seen| seen.places.len() + seen.since > finished);
        }
    }

    /// The paragraphs that count as notices, with their files.
    pub fn notices(self) -> Vec<(String, Suggestion)> {
        let Counted { reports, by_text, files } = self;
        let is_notice = |seen: &Seen| {
            seen.places.len() >= FEWEST && (seen.places.len() + seen.since) * ONE_OF > reports
        };
        let mut found: Vec<(u32, Paragraph)> = Vec::new();
        for (text, seen) in by_text.into_iter().filter(|(_, seen)| is_notice(seen)) {
            let Seen { quote: first, places, .. } = seen;
            found.extend(places.into_iter().map(|Occurrence { file, place, quote }| {
                let quote = quote.map_or_else(|| first.clone(), String::from);
                (file, Paragraph { text: text.clone(), place, quote })
            }));
        }
        found.sort_by(|(one, first), (other, second)| {
            (one, first.place.line).cmp(&(other, second.place.line))
        });
        let named = found.into_iter().filter_map(|(file, paragraph)| {
            Some((files.get(file as usize)?.clone(), suggestion(paragraph)))
        });
        named.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_of_many_reports_is_a_notice() {
        let mut counted = Counted::default();
        for number in 0..30 {
            let note = if number % 10 == 0 {
                "*We only repost; rights stay with [the owners](https://x.example/).*"
            } else {
                ""
            };
            counted.add(
                &format!("{number}.md"),
                paragraphs(&format!("A text of its own, number {number}.\n\n{note}")),
            );
        }
        let notices = counted.notices();
        assert_eq!(notices.len(), 3);
        assert_eq!(
            notices[0].1.says.standing.as_deref(),
            Some("We only repost; rights stay with the owners.")
        );
        let body = "Text.\n\n*We only repost; rights stay with [the owners](https://x.example/).*";
        assert_eq!(
            standing_in(body, &["We only repost; rights stay with the owners.".into()]).len(),
            1
        );
    }
    #[test]
    fn counting_keeps_notices_and_drops_what_is_rare() {
        let mut counted = Counted::default();
        let reports = 5 * ROUND;
        for number in 0..reports {
            let note = if number % 19 == 0 { "This note stands below many reports." } else { "" };
            let rare = if number % 21 == 0 { "This note stands below fewer reports." } else { "" };
            let body = format!("A paragraph of its own, number {number}.\n\n{note}\n\n{rare}");
            counted.add(&format!("{number}.md"), paragraphs(&body));
        }
        assert!(counted.by_text.len() < 2 * ROUND, "{}", counted.by_text.len());
        let notices = counted.notices();
        assert_eq!(notices.len(), reports.div_ceil(19));
        assert!(notices.iter().all(|(_, notice)| {
            notice.quote.as_deref() == Some("This note stands below many reports.")
        }));
    }
}
