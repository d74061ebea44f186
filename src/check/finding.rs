//! The findings of a check.

use crate::base::diagnostic::{Colour, Diagnostic, Effect, Spot};
use crate::base::lint::{Lint, Subject};
use crate::base::severity::Severity;

/// One finding. A lint has no effect on a build beyond a warning.
pub(crate) type Finding = Diagnostic<Subject>;

impl Finding {
    /// A finding of a lint.
    pub fn new(lint: Lint, message: impl Into<String>) -> Finding {
        Diagnostic::of(Effect::Warning, Subject::Lint(lint), message)
    }
}

impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Finding {
        let Diagnostic { weight, rule, place, message, help } = diagnostic;
        Diagnostic { weight, rule: Subject::Rule(rule), place, message, help }
    }
}

/// A finding with its severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    pub finding: Finding,
    /// The severity from the settings.
    pub severity: Severity,
}

impl Judged {
    /// The text for a terminal.
    pub(crate) fn draw(&self, colour: Colour) -> String {
        self.finding.draw_as(self.severity, colour)
    }

    /// A JSON object: `name`, `severity`, `message`, `help`, `file`, `line`, `column`, `text`.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let Finding { rule, place, .. } = &self.finding;
        let first = [("name", rule.name()), ("severity", self.severity.name())];
        let mut object = self.finding.json_with(first);
        let spot = place.as_ref().and_then(|place| place.spot.as_ref());
        object.insert("text".to_owned(), spot.map(Spot::text).into());
        object.into()
    }
}
