//! What a build did, for the command line to put into words.

use crate::base::diagnostic::{Diagnostic, Effect, Rule};
use crate::output::Committed;

/// What a build did.
#[derive(Debug, Default)]
pub struct Report {
    /// Articles published, tombstones too.
    pub articles: usize,
    /// Plain pages.
    pub pages: usize,
    /// All pages of the site, feeds and redirects too.
    pub addresses: usize,
    /// Drafts left out.
    pub drafts: usize,
    /// Files left out because of a mistake in them.
    pub rejected: Vec<String>,
    /// Tags of other generators in bodies.
    pub foreign_tags: usize,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// What the commit did; absent where the build stopped.
    pub committed: Option<Committed>,
}

impl Report {
    /// Whether the build stopped for a file that the system did not let it read: then it says nothing
    /// about what is in the archive.
    pub fn was_refused(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|problem| problem.rule == Rule::Unreadable && problem.weight == Effect::Stop)
            || self.was_overtaken()
    }

    /// Whether the build stopped for a file that was written or removed meanwhile: another build will
    /// find it as it is then.
    pub fn was_overtaken(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.rule == Rule::ChangedMeanwhile)
    }

    /// Whether the settings are broken: then defaults stand in their place, by which nothing may be
    /// decided for good.
    pub fn has_broken_settings(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|problem| problem.rule == Rule::Config && problem.weight == Effect::Stop)
    }
}
