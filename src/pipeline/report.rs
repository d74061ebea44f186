//! The report of a build, for the command line.

use crate::base::diagnostic::{Diagnostic, Effect, Rule};
use crate::output::Committed;

/// The report of a build.
#[derive(Debug, Default)]
pub struct Report {
    /// Published articles, with tombstones.
    pub articles: usize,
    /// Plain pages.
    pub pages: usize,
    /// All addresses, with feeds and redirects.
    pub addresses: usize,
    /// Drafts that were left out.
    pub drafts: usize,
    /// Rejected files.
    pub rejected: Vec<String>,
    /// Tags of other generators in bodies.
    pub foreign_tags: usize,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
    /// The result of the commit; `None` if the build stopped.
    pub committed: Option<Committed>,
}

impl Report {
    /// Whether the system refused to open a file; then the report says nothing about the archive's
    /// content.
    pub fn was_refused(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|problem| problem.rule == Rule::Unreadable && problem.weight == Effect::Stop)
            || self.was_overtaken()
    }

    /// Whether a file changed during the build; then another build is useful.
    pub fn was_overtaken(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.rule == Rule::ChangedMeanwhile)
    }

    /// Whether the settings are broken; then defaults are in use, on which no lasting decision may
    /// be based.
    pub fn has_broken_settings(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|problem| problem.rule == Rule::Config && problem.weight == Effect::Stop)
    }
}
