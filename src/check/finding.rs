//! What a check finds: data first, drawn as every problem is.

use serde_json::json;

use crate::base::diagnostic::{Colour, Diagnostic, Notice, Place, Weight};
use crate::base::lint::Subject;
use crate::base::severity::Severity;

use crate::base::lint::Lint;

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
