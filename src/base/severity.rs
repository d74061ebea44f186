//! How loudly something is said.

use super::diagnostic::Tone;

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
