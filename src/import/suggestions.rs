//! Metadata in an old text: outlet, date, contributors, sources. Applied only with the curator's
//! consent.
//!
//! [`found_in`] analyses one text, pure; [`applying`] sets keys and removes the words.

pub mod applying;
pub mod days;
pub mod file;
mod lines;
pub mod notices;
mod rules;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use days::DayOrder;
use lines::Line;

/// The number of lines searched at a text's end.
const FOOT: usize = 14;

/// The number of lines searched at a text's start.
const HEAD: usize = 3;

/// A suggestion: keys, rule and confidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The rule.
    pub rule: Rule,
    /// From 0 to 1.
    pub confidence: f64,
    /// Its place in the body.
    pub place: Words,
    /// The words; not stored for drafts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// The keys.
    pub says: Says,
}

/// A range within a line of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Counted from 1, from the body's first line.
    pub line: usize,
    /// The start in bytes.
    pub from: usize,
    /// The end in bytes.
    pub to: usize,
}

/// The keys that a suggestion sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Says {
    /// The publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// The date, as 2017-01-29.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// Contributors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub submitted_by: Vec<String>,
    /// The original's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_url: Option<String>,
    /// A source in the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
    /// A notice that many reports contain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<String>,
}

/// A source in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    /// Its name.
    pub name: String,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The rule that found a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// `(OUTLET, 29/1/2017) ~` at the start.
    HeadByline,
    /// `Submitted by A, B`.
    SubmittedBy,
    /// `OUTLET, 29/1/2017` at the end.
    FootImprint,
    /// A paragraph in many reports.
    StandingNotice,
    /// `CITY (AGENCY) —` at the start.
    Dateline,
    /// `Source: …`.
    Source,
    /// `via …`, `h/t …`.
    Via,
    /// A last line that is only a link.
    LastLink,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 8] = [
        Rule::HeadByline,
        Rule::SubmittedBy,
        Rule::FootImprint,
        Rule::StandingNotice,
        Rule::Dateline,
        Rule::Source,
        Rule::Via,
        Rule::LastLink,
    ];

    /// Its name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Rule::HeadByline => "head-byline",
            Rule::SubmittedBy => "submitted-by",
            Rule::FootImprint => "foot-imprint",
            Rule::StandingNotice => "standing-notice",
            Rule::Dateline => "dateline",
            Rule::Source => "source",
            Rule::Via => "via",
            Rule::LastLink => "last-link",
        }
    }

    /// The default confidence.
    pub fn confidence(self) -> f64 {
        match self {
            Rule::HeadByline | Rule::SubmittedBy => 0.95,
            Rule::FootImprint | Rule::StandingNotice => 0.9,
            Rule::Dateline | Rule::Source => 0.8,
            Rule::Via => 0.75,
            Rule::LastLink => 0.6,
        }
    }
}

impl std::str::FromStr for Rule {
    type Err = String;

    fn from_str(name: &str) -> Result<Rule, String> {
        let names = || Rule::ALL.map(Rule::name).join(", ");
        let found = Rule::ALL.into_iter().find(|rule| rule.name() == name);
        found.ok_or_else(|| format!("the rules are {}", names()))
    }
}

impl Suggestion {
    /// The suggestion without its quote.
    #[must_use]
    pub fn without_quote(self) -> Suggestion {
        Suggestion { quote: None, ..self }
    }
}

/// Suggestions from a body in the order of lines; at most one for each rule.
pub fn found_in(body: &str, days: DayOrder) -> Vec<Suggestion> {
    let lines = lines::of(body);
    let mut found: Vec<Suggestion> = Vec::new();
    let mut take = |suggestion: Option<Suggestion>| {
        let is_new = |new: &Suggestion| {
            found.iter().all(|known| known.rule != new.rule && known.place.line != new.place.line)
        };
        if let Some(new) = suggestion.filter(is_new) {
            found.push(new);
        }
    };
    for line in lines.iter().take(HEAD) {
        take(rules::head_byline(line, days).or_else(|| rules::dateline(line)));
    }
    let foot = lines.len().saturating_sub(FOOT);
    for line in lines[foot..].iter().rev() {
        take(rules::submitted_by(line));
        take(rules::foot_imprint(line, days));
        take(rules::source(line));
        take(rules::via(line));
    }
    if let Some(last) = last_line(&lines, &found) {
        let link = rules::last_link(last);
        if link.is_some() && found.iter().all(|known| known.says.original_url.is_none()) {
            found.extend(link);
        }
    }
    found.sort_by_key(|suggestion| suggestion.place.line);
    found
}

/// The last line without another suggestion.
fn last_line<'a>(lines: &'a [Line<'a>], found: &[Suggestion]) -> Option<&'a Line<'a>> {
    let is_free = |line: &&Line<'_>| found.iter().all(|known| known.place.line != line.number);
    lines.iter().rev().find(is_free)
}
