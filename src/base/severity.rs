//! How loudly something is said, and what it is about: a lint of the check or a rule of the build.

use super::diagnostic::{Rule, Tone};
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

    pub(crate) fn tone(self) -> Tone {
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
