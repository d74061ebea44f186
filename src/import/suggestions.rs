//! What an old text says about its report: outlet, day, contributors, chain. Nothing of it is applied unless the
//! curator says so.
//!
//! [`found_in`] reads one text, as a pure function; [`applying`] sets the keys and takes the words out.

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

/// So many lines at the end of a text are looked at for what stands at its foot.
const FOOT: usize = 14;

/// So many lines at the beginning are looked at for what stands at its head.
const HEAD: usize = 3;

/// What a text says, by which rule, and how sure that is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Which rule found it.
    pub rule: Rule,
    /// From 0 to 1.
    pub confidence: f64,
    /// Where it stands in the body.
    pub place: Words,
    /// The words themselves; of a draft they are not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// What it says.
    pub says: Says,
}

/// A stretch of a body's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Counted from 1, from the first line of the body.
    pub line: usize,
    /// The first byte of it, from the line's beginning.
    pub from: usize,
    /// The byte after its last.
    pub to: usize,
}

/// The keys that a suggestion sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Says {
    /// Who published the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// When, as 2017-01-29.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Where it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// Who sent it in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub submitted_by: Vec<String>,
    /// Its original.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_url: Option<String>,
    /// Who passed it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
    /// A note that many reports carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<String>,
}

/// Who passed a report on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    /// Its name.
    pub name: String,
    /// Where it has the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How a suggestion was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// `(OUTLET, 29/1/2017) ~` at the head.
    HeadByline,
    /// `Submitted by A, B`.
    SubmittedBy,
    /// `OUTLET, 29/1/2017` at the foot.
    FootImprint,
    /// A paragraph of many reports.
    StandingNotice,
    /// `CITY (AGENCY) —` at the head.
    Dateline,
    /// `Source: …`.
    Source,
    /// `via …`, `h/t …`.
    Via,
    /// Nothing but a link in the last line.
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

    /// How sure it is where nothing speaks against it.
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
    /// The same with its place alone.
    #[must_use]
    pub fn without_quote(self) -> Suggestion {
        Suggestion { quote: None, ..self }
    }
}

/// What a body says, in the order of its lines; at most one of each rule.
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

/// The last line that says nothing else.
fn last_line<'a>(lines: &'a [Line<'a>], found: &[Suggestion]) -> Option<&'a Line<'a>> {
    let is_free = |line: &&Line<'_>| found.iter().all(|known| known.place.line != line.number);
    lines.iter().rev().find(is_free)
}
