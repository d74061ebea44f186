//! Paths that a build has claimed, and what happens to their files: kept, amended, or staged. Many
//! threads claim at once; claiming a path of the last build, the usual case, needs neither a lock
//! nor memory.

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
    /// One for each file of the last build.
    marks: Vec<Mark>,
    changes: Mutex<Changes>,
}

/// The state of a file of the last build.
#[derive(Debug, Default)]
struct Mark {
    is_taken: AtomicBool,
    /// Its new row is among the changes.
    is_replaced: AtomicBool,
}

/// A claim of a path of the last build.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    /// The published file.
    pub(super) entry: &'a Entry,
    position: usize,
}

/// Changed files.
#[derive(Debug, Default)]
struct Changes {
    staged: Vec<Row>,
    /// Unchanged files with new metadata.
    amended: Vec<Row>,
}

/// The result of all claims.
pub(super) struct Claimed {
    /// All files of the site.
    pub(super) files: Files,
    /// The staged files, in commit order.
    pub(super) staged: Vec<(FileKind, Arc<str>)>,
    /// The size of the staged files.
    pub(super) bytes: u64,
}

impl<'a> Claims<'a> {
    pub(super) fn new(before: Option<&'a Files>) -> Claims<'a> {
        let mut marks = Vec::new();
        marks.resize_with(before.map_or(0, Files::len), Mark::default);
        Claims { before, marks, changes: Mutex::default() }
    }

    /// The published file of a path.
    pub(super) fn known(&self, path: &str) -> Option<&'a Entry> {
        self.before?.get(path)
    }

    /// Claims a path; returns its published file. A second claim of a new path fails when the
    /// staged file is created.
    pub(super) fn claim(&self, path: &str) -> Result<Option<Claim<'a>>, OutputError> {
        let Some(before) = self.before else { return Ok(None) };
        let Some(position) = before.position(path) else { return Ok(None) };
        if self.marks[position].is_taken.swap(true, Ordering::Relaxed) {
            return Err(OutputError::Clash { path: path.to_owned() });
        }
        Ok(Some(Claim { entry: &before.rows()[position].1, position }))
    }

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

    /// Records an unchanged file with new metadata.
    pub(super) fn amend(&self, claim: Claim<'_>, entry: Entry) {
        let Some(path) = self.replaced(claim) else { return };
        self.changes().amended.push((path, entry));
    }

    /// Whether every file of the last build is claimed and none is staged.
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

    /// The result of all claims.
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
        // In a clean build all rows are changes, and are not copied.
        rows.reserve_exact(marks.iter().filter(|mark| is_kept(mark)).count());
        let published = before.map_or(&[][..], Files::rows).iter().zip(&marks);
        rows.extend(published.filter(|(_, mark)| is_kept(mark)).map(|(row, _)| row.clone()));
        Claimed { files: Files::new(rows), staged, bytes }
    }
}
