//! Severities of findings.

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not reported.
    Off,
    /// Worth knowing.
    Note,
    /// Should be fixed.
    Warning,
    /// Must be fixed: exit code 1.
    Error,
}

impl Severity {
    /// Every severity, from the lowest.
    pub const ALL: [Severity; 4] =
        [Severity::Off, Severity::Note, Severity::Warning, Severity::Error];

    /// Its name in settings and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Off => "off",
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity of this name.
    pub fn named(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.name() == word)
    }
}
