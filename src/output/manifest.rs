//! The manifest: what the last build published. Also finishes interrupted commits.
//!
//! Read before a build, and written by its commit; [`format`] defines the file.

mod format;
pub(super) mod others;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::base::files::{self, Draft, Durability};

use super::commit::{self, Plan, look};
use super::files::{Files, Row};
use super::{Occupancy, OutputError, Target, occupancy, stage_places};
use crate::base::file_kind::FileKind;

/// What a build published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The format's version.
    pub version: u32,
    /// The base address of the site.
    pub base_url: String,
    /// The output's name: see [`super::OutputPlace::name`].
    pub output: String,
    /// Every file.
    pub files: Files,
    /// Published redirects.
    pub redirects: Vec<Redirect>,
    /// Withdrawn addresses.
    pub withdrawn: Vec<Withdrawn>,
    /// Sources that were rejected.
    pub rejected: Vec<String>,
    /// Active files beside articles, by path in the output.
    pub active: Vec<String>,
    /// Terms whose slug does not determine their key.
    pub terms: Vec<TermOwner>,
    /// The checksum of the manifest's file.
    pub(super) seal: u64,
    /// Whether it was read or committed.
    pub(super) origin: Origin,
}

/// A term that was published at an address which another term might also get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermOwner {
    /// The taxonomy's name.
    pub taxonomy: String,
    pub slug: String,
    /// The term's key.
    pub key: String,
}

/// Where a manifest in memory comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// Read from disk: files may have changed since it was written.
    #[default]
    Read,
    /// Committed by this process, which has checked or written each file.
    Committed,
}

/// A published redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// The old address.
    pub from: String,
    /// The target.
    pub to: String,
    /// The HTTP status for hosts.
    pub status: u16,
}

/// A withdrawn address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The address.
    pub path: String,
    /// The kind of withdrawal.
    pub kind: String,
    /// The HTTP status for hosts: 451 for a court order, else 410.
    #[serde(default)]
    pub status: u16,
    /// Its files that were published, for the kinds that are named. For other kinds a file name
    /// could reveal too much, and everything below `path` is gone.
    #[serde(default)]
    pub assets: Vec<String>,
}

/// The contents of a manifest without the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestParts {
    /// The base address of the site.
    pub base_url: String,
    /// The output's name: see [`super::OutputPlace::name`].
    pub output: String,
    /// Redirects that are published.
    pub redirects: Vec<Redirect>,
    /// Withdrawn addresses.
    pub withdrawn: Vec<Withdrawn>,
    /// Sources that were rejected.
    pub rejected: Vec<String>,
    /// Active files beside articles, by path in the output.
    pub active: Vec<String>,
    /// Terms whose slug does not determine their key.
    pub terms: Vec<TermOwner>,
}

/// The state of a manifest's file.
#[allow(clippy::large_enum_variant, reason = "one is made at a time")]
enum Found {
    Whole(Manifest),
    Missing,
    Useless(&'static str),
}

impl Manifest {
    /// All intact manifests in the state folder; reads without locks.
    pub fn recorded(states: &Path) -> Vec<Manifest> {
        let Ok(folders) = fs::read_dir(states) else { return Vec::new() };
        let mut states: Vec<PathBuf> = folders.flatten().map(|folder| folder.path()).collect();
        states.sort();
        states.iter().filter_map(|state| Manifest::recorded_in(state)).collect()
    }

    /// The intact manifest in an output's state folder; reads without locks.
    pub fn recorded_in(state: &Path) -> Option<Manifest> {
        match read(&state.join("manifest.json")) {
            Ok(Found::Whole(manifest)) => Some(manifest),
            _ => None,
        }
    }

    /// Finishes a commit that was interrupted after writing its journal.
    pub fn finish_older(target: &Target) -> Result<(), OutputError> {
        if look(&target.journal())?.is_some() { finish(target) } else { Ok(()) }
    }

    /// Loads the last manifest, after finishing an interrupted commit.
    ///
    /// `None` without a last build: the output is missing or empty, or its files are to be adopted
    /// and no intact manifest lists them. An intact manifest is used with `adopt`, too.
    pub fn load(target: &Target) -> Result<Option<Manifest>, OutputError> {
        Manifest::finish_older(target)?;
        if occupancy(&target.output)? != Occupancy::Full {
            return Ok(None);
        }
        match read(&target.manifest())? {
            Found::Whole(manifest) => Ok(Some(manifest)),
            _ if target.durability == Durability::Passing => {
                commit::clear(&target.real_output()).map(|()| None)
            }
            Found::Missing => match others::take_over(target)? {
                Some(manifest) => Ok(Some(manifest)),
                None if target.adopt => Ok(None),
                None => Err(not_ours(target, "no record says which of its files Dateline wrote")),
            },
            Found::Useless(_) if target.adopt => Ok(None),
            Found::Useless(reason) => Err(not_ours(target, reason)),
        }
    }

    /// The current manifest; changes nothing.
    pub fn published(target: &Target) -> Result<Manifest, OutputError> {
        let output = target.output.clone();
        if look(&target.journal())?.is_some() {
            return Err(OutputError::Unfinished { output });
        }
        match read(&target.manifest())? {
            Found::Whole(manifest) => Ok(manifest),
            Found::Missing | Found::Useless(_) => Err(OutputError::NothingPublished { output }),
        }
    }

    /// The current manifest, and a lock against builds. Creates no state folder for an output that
    /// was never built.
    #[cfg(feature = "deploy")]
    pub(crate) fn held_still(target: &Target) -> Result<(Manifest, files::Lock), OutputError> {
        if look(&target.manifest())?.is_none() && look(&target.journal())?.is_none() {
            return Err(OutputError::NothingPublished { output: target.output.clone() });
        }
        let lock = target.lock()?;
        Ok((Manifest::published(target)?, lock))
    }

    pub(crate) fn new(parts: ManifestParts, files: Files) -> Manifest {
        let ManifestParts { base_url, output, redirects, withdrawn, rejected, active, terms } =
            parts;
        Manifest {
            version: format::VERSION,
            base_url,
            output,
            files,
            redirects,
            withdrawn,
            rejected,
            active,
            terms,
            seal: 0,
            origin: Origin::Committed,
        }
    }

    /// Whether it is the record of this target's current output, judging by its file.
    pub fn is_of(&self, target: &Target) -> bool {
        let is_there = occupancy(&target.output).is_ok_and(|found| found == Occupancy::Full);
        is_there && is_current(target, self).unwrap_or(false)
    }

    /// The manifest without its files, if no commit is running; changes nothing, and is fast for
    /// any site.
    pub fn summary(target: &Target) -> Option<ManifestParts> {
        let is_sound = format::seal(&target.manifest()).ok().flatten().is_some();
        let is_whole = is_sound && fs::symlink_metadata(target.journal()).is_err();
        let parts = format::read_head(&target.manifest()).ok().flatten()?;
        (is_whole && target.output.is_dir()).then_some(parts)
    }

    /// The checksum of its file.
    pub fn seal(&self) -> u64 {
        self.seal
    }

    /// Whether the output matches this manifest, judging by file metadata, and no commit is running
    /// or unfinished. A running build is an error.
    pub fn is_intact(&self, target: &Target) -> Result<bool, OutputError> {
        let _lock = target.lock()?;
        let output = target.real_output();
        let (beside, inside) = stage_places(&output);
        let left_over = beside.into_iter().chain([inside, target.journal()]);
        if left_over.into_iter().any(|path| fs::symlink_metadata(path).is_ok()) {
            return Ok(false);
        }
        let is_ours = self.version == format::VERSION && self.output == target.name;
        let is_untouched = |(path, entry): &Row| entry.is_untouched(&output.join(&**path));
        Ok(is_ours && is_current(target, self)? && self.files.rows().par_iter().all(is_untouched))
    }

    /// Whether both would be written equally.
    pub(super) fn says_the_same(&self, other: &Manifest) -> bool {
        let Manifest { version, base_url, output, files, redirects, .. } = self;
        let Manifest { withdrawn, rejected, active, terms, .. } = self;
        (version, base_url, output) == (&other.version, &other.base_url, &other.output)
            && (redirects, withdrawn) == (&other.redirects, &other.withdrawn)
            && (rejected, active, terms) == (&other.rejected, &other.active, &other.terms)
            && *files == other.files
    }
}

fn not_ours(target: &Target, reason: &'static str) -> OutputError {
    OutputError::NotOurs { output: target.output.clone(), reason }
}

/// Whether the manifest on disk is still the one that was loaded.
pub(super) fn is_current(target: &Target, before: &Manifest) -> Result<bool, OutputError> {
    let path = target.manifest();
    match format::seal(&path) {
        Ok(seal) => Ok(seal == Some(before.seal)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(OutputError::io("read", &path)(error)),
    }
}

fn read(path: &Path) -> Result<Found, OutputError> {
    match format::read(path) {
        Ok(format::Reading::Whole(manifest)) => Ok(Found::Whole(manifest)),
        Ok(format::Reading::Damaged) => {
            Ok(Found::Useless("the record of Dateline's files in it is damaged"))
        }
        Ok(format::Reading::Foreign) => Ok(Found::Useless(
            "the record of Dateline's files in it is by another version of Dateline",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Missing),
        Err(error) => Err(OutputError::io("read", path)(error)),
    }
}

/// Writes a manifest atomically; returns its checksum. `placed` is called after the rename, even if
/// a later step fails.
pub(super) fn write_synced(
    path: &Path,
    manifest: &Manifest,
    durability: Durability,
    placed: impl FnOnce(),
) -> Result<u64, OutputError> {
    let write = || {
        let mut draft = Draft::of(path)?;
        let seal = format::write(manifest, draft.file())?;
        draft.put(durability)?;
        placed();
        durability.sync_folder_of(path)?;
        Ok(seal)
    };
    write().map_err(OutputError::io("write", path))
}

/// Renames the journal to the manifest: the end of a commit.
pub(super) fn conclude(target: &Target) -> Result<(), OutputError> {
    let path = target.manifest();
    files::place(&target.journal(), &path).map_err(OutputError::io("write", &path))?;
    target.sync_folder_of(&path)
}

/// Finishes a commit that was interrupted after writing its journal.
fn finish(target: &Target) -> Result<(), OutputError> {
    let _lock = target.lock()?;
    finish_held(target)
}

/// The same with the lock held.
fn finish_held(target: &Target) -> Result<(), OutputError> {
    let journal = target.journal();
    let output = target.real_output();
    let new = match read(&journal)? {
        Found::Whole(new) => new,
        // The build that held the lock has finished the commit.
        Found::Missing => return Ok(()),
        Found::Useless(reason) => {
            if target.adopt || occupancy(&output)? != Occupancy::Full {
                return fs::remove_file(&journal).map_err(OutputError::io("remove", &journal));
            }
            return Err(not_ours(target, reason));
        }
    };
    let old = match read(&target.manifest())? {
        Found::Whole(old) => Some(old),
        _ => None,
    };
    let (beside, inside) = stage_places(&output);
    let stages: Vec<PathBuf> =
        beside.into_iter().chain([inside]).filter(|stage| stage.is_dir()).collect();
    for stage in &stages {
        let waiting = waiting_in(stage, &new);
        Plan::make(&output, stage, old.as_ref(), &new, waiting, true)?
            .execute(target.durability)?;
    }
    if stages.is_empty() && occupancy(&output)? == Occupancy::Full {
        // All files are moved; deletions may remain.
        Plan::make(
            &output,
            &output.join(super::INNER_STAGE),
            old.as_ref(),
            &new,
            Vec::new(),
            true,
        )?
        .execute(target.durability)?;
    }
    conclude(target)?;
    for stage in &stages {
        commit::clear(stage)?;
    }
    Ok(())
}

/// Files of the new manifest that are still staged.
fn waiting_in(stage: &Path, new: &Manifest) -> Vec<(FileKind, Arc<str>)> {
    let flat = commit::flat_folder(stage).is_dir();
    new.files
        .iter()
        .filter(|(path, _)| {
            fs::symlink_metadata(commit::place(stage, flat, path)).is_ok_and(|data| data.is_file())
        })
        .map(|(path, entry)| (entry.kind, Arc::clone(path)))
        .collect()
}
