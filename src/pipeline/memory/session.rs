//! What a build leaves in memory, for whoever builds again and again in one process.

use crate::content::recent::Recent;
use crate::output::{Manifest, Target};
use crate::pipeline::memory::page_records::PageRecords;

/// What a build leaves in memory for the next one of the same process: nothing that files don't tell
/// too, and each part is used only where its file is still the one that was written.
#[derive(Debug, Default)]
pub struct Kept {
    pub(crate) last: Option<(Target, Before)>,
    /// What was read of the sources: only a preview is built again.
    pub(crate) sources: Recent,
}

/// What the build before this one left.
#[derive(Debug, Default)]
pub(crate) struct Before {
    /// The record of what is published; absent where nothing is.
    pub(crate) manifest: Option<Manifest>,
    /// What it made of each page, where that is in memory.
    pub(crate) pages: Option<PageRecords>,
}

impl Kept {
    /// The record of what is published, and where, as far as the last build knows.
    pub fn published(&self) -> Option<(&Target, &Manifest)> {
        let (target, before) = self.last.as_ref()?;
        Some((target, before.manifest.as_ref()?))
    }

    /// Takes out what is there of the target, if nobody has published there since.
    pub(crate) fn take(&mut self, target: &Target) -> Option<Before> {
        let (_, before) = self.last.take().filter(|(known, _)| known == target)?;
        before.manifest.as_ref()?.is_of(target).then_some(before)
    }
}
