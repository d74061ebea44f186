//! Which paths of the output a build has asked for, and what becomes of them: kept from the build
//! before, noted anew, or staged. Many threads claim at once; nearly all claim what was published
//! already, and that takes neither a lock nor memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::files::{Entry, Files, Row};
use super::{FileKind, OutputError};

/// The claims of a build.
#[derive(Debug, Default)]
pub(super) struct Claims<'a> {
    before: Option<&'a Files>,
    /// Of each file of the build before, whether this build has claimed it.
    taken: Vec<AtomicBool>,
    changes: Mutex<Vec<Change>>,
}

/// A claim of a path that was published before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    /// What was published there.
    pub(super) entry: &'a Entry,
    position: usize,
}

/// A file that is not what it was.
#[derive(Debug)]
struct Change {
    path: Arc<str>,
    entry: Entry,
    /// Its place among the files before.
    position: Option<usize>,
    is_staged: bool,
}

/// What all claims come to.
pub(super) struct Claimed {
    /// Every file of the site.
    pub(super) files: Files,
    /// Those that wait in the stage, in the order in which they are put in place.
    pub(super) staged: Vec<(FileKind, Arc<str>)>,
    /// Their size.
    pub(super) bytes: u64,
}

impl<'a> Claims<'a> {
    /// No claims yet.
    pub(super) fn new(before: Option<&'a Files>) -> Claims<'a> {
        let mut taken = Vec::new();
        taken.resize_with(before.map_or(0, Files::len), AtomicBool::default);
        Claims { before, taken, changes: Mutex::default() }
    }

    /// What was published at a path.
    pub(super) fn known(&self, path: &str) -> Option<&'a Entry> {
        self.before?.get(path)
    }

    /// Claims a path; what was published there. A second claim of a new path is found when its file is
    /// created in the stage.
    pub(super) fn claim(&self, path: &str) -> Result<Option<Claim<'a>>, OutputError> {
        let Some(before) = self.before else { return Ok(None) };
        let Some(position) = before.position(path) else { return Ok(None) };
        if self.taken[position].swap(true, Ordering::Relaxed) {
            return Err(OutputError::Clash { path: path.to_owned() });
        }
        Ok(Some(Claim { entry: &before.rows()[position].1, position }))
    }

    /// Takes a claim back.
    pub(super) fn release(&self, claim: Option<Claim<'_>>) {
        if let Some(claim) = claim {
            self.taken[claim.position].store(false, Ordering::Relaxed);
        }
    }

    /// Notes a file that waits in the stage.
    pub(super) fn stage(&self, path: &str, claim: Option<Claim<'_>>, entry: Entry) {
        let position = claim.map(|claim| claim.position);
        let path = self.path(position).unwrap_or_else(|| Arc::from(path));
        self.note(Change { path, entry, position, is_staged: true });
    }

    /// Notes that a file stays and what is known of it does not.
    pub(super) fn amend(&self, claim: Claim<'_>, entry: Entry) {
        let position = Some(claim.position);
        let Some(path) = self.path(position) else { return };
        self.note(Change { path, entry, position, is_staged: false });
    }

    /// Whether every file of the build before is claimed, and none waits in the stage.
    pub(super) fn keep_everything(&self) -> bool {
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        self.taken.iter().all(|taken| taken.load(Ordering::Relaxed))
            && !changes.iter().any(|change| change.is_staged)
    }

    fn path(&self, position: Option<usize>) -> Option<Arc<str>> {
        Some(Arc::clone(&self.before?.rows()[position?].0))
    }

    fn note(&self, change: Change) {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).push(change);
    }

    /// What all claims come to.
    pub(super) fn finish(self) -> Claimed {
        let Claims { before, mut taken, changes } = self;
        let changes = changes.into_inner().unwrap_or_else(PoisonError::into_inner);
        for position in changes.iter().filter_map(|change| change.position) {
            *taken[position].get_mut() = false;
        }
        let published = before.map_or(&[][..], Files::rows).iter().zip(taken);
        let mut rows: Vec<Row> = published
            .filter(|(_, taken)| taken.load(Ordering::Relaxed))
            .map(|(row, _)| row.clone())
            .collect();
        let staged = changes.iter().filter(|change| change.is_staged);
        let bytes = staged.clone().map(|change| change.entry.size).sum();
        let mut staged: Vec<(FileKind, Arc<str>)> =
            staged.map(|change| (change.entry.kind, Arc::clone(&change.path))).collect();
        staged.sort_unstable();
        rows.extend(changes.into_iter().map(|change| (change.path, change.entry)));
        Claimed { files: Files::new(rows), staged, bytes }
    }
}
