//! What a check finds: data first, drawn as every problem is.

use serde_json::json;

use crate::base::diagnostic::{Colour, Diagnostic, Notice, Place, Rule, Tone, Weight};

use super::lint::Lint;

/// How loudly a finding is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not at all.
    Off,
    /// Worth knowing.
    Note,
    /// Worth mending.
    Warning,
    /// To be mended: exit code 1.
    Error,
}

impl Severity {
    /// Every severity, from the quietest.
    pub const ALL: [Severity; 4] =
        [Severity::Off, Severity::Note, Severity::Warning, Severity::Error];

    /// The word for it in the config and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Off => "off",
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity that a word stands for.
    pub fn named(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.name() == word)
    }

    fn tone(self) -> Tone {
        match self {
            Severity::Off | Severity::Note => Tone::Note,
            Severity::Warning => Tone::Warning,
            Severity::Error => Tone::Error,
        }
    }
}

/// What a finding is about: a lint of the check, or a rule of the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The check looks for it.
    Lint(Lint),
    /// The build warns of it.
    Rule(Rule),
}

impl Subject {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Lint(lint) => lint.name(),
            Subject::Rule(rule) => rule.name(),
        }
    }

    /// How loudly it is said where the config says nothing.
    pub fn default_severity(self) -> Severity {
        match self {
            Subject::Lint(lint) => lint.default_severity(),
            Subject::Rule(_) => Severity::Warning,
        }
    }

    /// What it is about, in a sentence.
    pub fn explanation(self) -> &'static str {
        match self {
            Subject::Lint(lint) => lint.explanation().trim(),
            Subject::Rule(rule) => rule.explanation().trim(),
        }
    }

    /// Every subject: lints first.
    pub fn all() -> impl Iterator<Item = Subject> {
        let lints = Lint::ALL.iter().copied().map(Subject::Lint);
        lints.chain(Rule::ALL.iter().copied().map(Subject::Rule))
    }

    /// Every name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Subject::all().map(Subject::name)
    }

    /// The subject of a name.
    pub fn named(name: &str) -> Option<Subject> {
        Subject::all().find(|subject| subject.name() == name)
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub subject: Subject,
    /// What it does to a build; lints do nothing but warn.
    pub weight: Weight,
    /// Where it is.
    pub place: Option<Place>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl Finding {
    /// A finding of a lint.
    pub fn new(lint: Lint, message: impl Into<String>) -> Finding {
        let (subject, message) = (Subject::Lint(lint), message.into());
        Finding { subject, weight: Weight::Warning, place: None, message, help: None }
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Finding {
        self.place = Some(place);
        self
    }

    /// The same, with the way to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }
}

impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Finding {
        let Diagnostic { weight, rule, place, message, help } = diagnostic;
        Finding { subject: Subject::Rule(rule), weight, place, message, help }
    }
}

/// A finding as it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What was found.
    pub finding: Finding,
    /// How loudly it is said.
    pub severity: Severity,
}

impl Judged {
    /// The text a terminal shows.
    pub fn draw(&self, colour: Colour) -> String {
        let Finding { subject, place, message, help, .. } = &self.finding;
        let (place, help) = (place.as_ref(), help.as_deref());
        Notice { tone: self.severity.tone(), name: subject.name(), place, message, help }
            .draw(colour)
    }

    /// The finding as an object: `name`, `severity`, `message`, `help`, `file`, `line`, `column`, `text`.
    pub fn to_json(&self) -> serde_json::Value {
        let Finding { subject, place, message, help, .. } = &self.finding;
        let spot = place.as_ref().and_then(|place| place.spot.as_ref());
        json!({
            "name": subject.name(),
            "severity": self.severity.name(),
            "message": message,
            "help": help,
            "file": place.as_ref().map(|place| &place.file),
            "line": spot.map(|spot| spot.line),
            "column": spot.map(|spot| spot.column),
            "text": spot.map(crate::base::diagnostic::Spot::text),
        })
    }
}
