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

/// Counts paragraphs of an archive.
#[derive(Debug, Default)]
pub struct Counted {
    reports: usize,
    by_text: FxHashMap<String, Vec<(u32, Paragraph)>>,
    files: Vec<String>,
}

impl Counted {
    /// Adds the paragraphs of a report.
    pub fn add(&mut self, file: &str, paragraphs: Vec<Paragraph>) {
        self.reports += 1;
        let Ok(number) = u32::try_from(self.files.len()) else { return };
        self.files.push(file.to_owned());
        for paragraph in paragraphs {
            let places = self.by_text.entry(paragraph.text.clone()).or_default();
            if places.last().is_none_or(|(last, _)| *last != number) {
                places.push((number, paragraph));
            }
        }
    }

    /// The paragraphs that count as notices, with their files.
    pub fn notices(self) -> Vec<(String, Suggestion)> {
        let Counted { reports, by_text, files } = self;
        let is_notice = |count: usize| count >= FEWEST && count * ONE_OF > reports;
        let mut found: Vec<(u32, Paragraph)> =
            by_text.into_values().filter(|places| is_notice(places.len())).flatten().collect();
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
}
