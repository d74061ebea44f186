//! Which paths of the output a build has asked for, and what becomes of them: kept from the build
//! before, noted anew, or staged. Many threads claim at once; nearly all claim what was published
//! already, and that takes neither a lock nor memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::OutputError;
use super::files::{Entry, Files, Row};
use crate::base::file_kind::FileKind;

/// The claims of a build.
#[derive(Debug, Default)]
pub(super) struct Claims<'a> {
    before: Option<&'a Files>,
    /// Of each file of the build before.
    marks: Vec<Mark>,
    changes: Mutex<Changes>,
}

/// What this build has done with a file of the build before.
#[derive(Debug, Default)]
struct Mark {
    is_taken: AtomicBool,
    /// What is known of it now stands among the changes.
    is_replaced: AtomicBool,
}

/// A claim of a path that was published before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    /// What was published there.
    pub(super) entry: &'a Entry,
    position: usize,
}

/// Files that are not what they were.
#[derive(Debug, Default)]
struct Changes {
    staged: Vec<Row>,
    /// They stay, and what is known of them does not.
    amended: Vec<Row>,
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
        let mut marks = Vec::new();
        marks.resize_with(before.map_or(0, Files::len), Mark::default);
        Claims { before, marks, changes: Mutex::default() }
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
        if self.marks[position].is_taken.swap(true, Ordering::Relaxed) {
            return Err(OutputError::Clash { path: path.to_owned() });
        }
        Ok(Some(Claim { entry: &before.rows()[position].1, position }))
    }

    /// Takes a claim back.
    pub(super) fn release(&self, claim: Option<Claim<'_>>) {
        if let Some(claim) = claim {
            self.marks[claim.position].is_taken.store(false, Ordering::Relaxed);
        }
    }

    /// Takes back the claim of a path.
    pub(super) fn let_go(&self, path: &str) {
        if let Some(position) = self.before.and_then(|before| before.position(path)) {
            self.marks[position].is_taken.store(false, Ordering::Relaxed);
        }
    }

    /// Notes a file that waits in the stage.
    pub(super) fn stage(&self, path: &str, claim: Option<Claim<'_>>, entry: Entry) {
        let path = claim.and_then(|claim| self.replaced(claim)).unwrap_or_else(|| Arc::from(path));
        self.changes().staged.push((path, entry));
    }

    /// Notes that a file stays and what is known of it does not.
    pub(super) fn amend(&self, claim: Claim<'_>, entry: Entry) {
        let Some(path) = self.replaced(claim) else { return };
        self.changes().amended.push((path, entry));
    }

    /// Whether every file of the build before is claimed, and none waits in the stage.
    pub(super) fn keep_everything(&self) -> bool {
        self.marks.iter().all(|mark| mark.is_taken.load(Ordering::Relaxed))
            && self.changes().staged.is_empty()
    }

    /// The path of a file whose row is replaced.
    fn replaced(&self, claim: Claim<'_>) -> Option<Arc<str>> {
        self.marks[claim.position].is_replaced.store(true, Ordering::Relaxed);
        Some(Arc::clone(&self.before?.rows()[claim.position].0))
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What all claims come to.
    pub(super) fn finish(self) -> Claimed {
        let Claims { before, marks, changes } = self;
        let Changes { staged: mut rows, amended } =
            changes.into_inner().unwrap_or_else(PoisonError::into_inner);
        let bytes = rows.iter().map(|(_, entry)| entry.size).sum();
        let mut staged: Vec<(FileKind, Arc<str>)> =
            rows.iter().map(|(path, entry)| (entry.kind, Arc::clone(path))).collect();
        staged.par_sort_unstable();
        rows.extend(amended);
        rows.par_sort_unstable_by(|one, two| one.0.cmp(&two.0));
        let is_kept = |mark: &Mark| {
            mark.is_taken.load(Ordering::Relaxed) && !mark.is_replaced.load(Ordering::Relaxed)
        };
        // A clean build has nothing but changes, and need not hold them twice.
        rows.reserve_exact(marks.iter().filter(|mark| is_kept(mark)).count());
        let published = before.map_or(&[][..], Files::rows).iter().zip(&marks);
        rows.extend(published.filter(|(_, mark)| is_kept(mark)).map(|(row, _)| row.clone()));
        Claimed { files: Files::new(rows), staged, bytes }
    }
}
