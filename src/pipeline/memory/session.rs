//! Caches in memory, for a process that builds repeatedly.

use crate::content::recent::Recent;
use crate::output::{Manifest, Target};
use crate::pipeline::memory::page_records::PageRecords;

/// The caches of a build for the next one in this process. Everything is also on disk, and used
/// only if the file there is unchanged.
#[derive(Debug, Default)]
pub struct Kept {
    pub(crate) last: Option<(Target, Before)>,
    /// Records of sources; only previews are built repeatedly.
    pub(crate) sources: Recent,
}

/// The state after the last build.
#[derive(Debug, Default)]
pub(crate) struct Before {
    /// The manifest; `None` if nothing is published.
    pub(crate) manifest: Option<Manifest>,
    /// The records of pages, if they are in memory.
    pub(crate) pages: Option<PageRecords>,
}

impl Kept {
    /// The last build's target and manifest.
    pub fn published(&self) -> Option<(&Target, &Manifest)> {
        let (target, before) = self.last.as_ref()?;
        Some((target, before.manifest.as_ref()?))
    }

    /// Takes the state of a target, unless another process has published there.
    pub(crate) fn take(&mut self, target: &Target) -> Option<Before> {
        let (_, before) = self.last.take().filter(|(known, _)| known == target)?;
        before.manifest.as_ref()?.is_of(target).then_some(before)
    }
}
