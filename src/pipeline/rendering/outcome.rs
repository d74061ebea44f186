//! What pages and files leave behind when they are kept or rendered, added up over all of them.

use std::collections::BTreeSet;

use crate::base::diagnostic::Diagnostic;
use crate::pipeline::memory::page_records::Remarks;
use crate::render::csp_sources::Needs;

/// Diagnostics and properties of pages.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) foreign_tags: usize,
    /// CSP sources, if the host needs them.
    pub(super) needs: Needs,
    /// The names of smaller pictures that they show.
    pub(super) pictures: BTreeSet<String>,
}

impl Outcome {
    pub(super) fn of(remarks: Remarks<'_>) -> Outcome {
        let Remarks { diagnostics, foreign_tags, needs, pictures, .. } = remarks;
        let (needs, pictures) = (needs.unwrap_or_default(), pictures.into_iter().collect());
        Outcome { diagnostics, foreign_tags, needs, pictures }
    }

    /// Both, in this order.
    pub(super) fn and(mut self, next: Outcome) -> Outcome {
        self.diagnostics.extend(next.diagnostics);
        self.foreign_tags += next.foreign_tags;
        self.needs.and(next.needs);
        if self.pictures.is_empty() {
            self.pictures = next.pictures;
        } else {
            self.pictures.extend(next.pictures);
        }
        self
    }
}
