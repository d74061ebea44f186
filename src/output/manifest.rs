//! What the build before this one published, and the finishing of a commit that was cut short.
//!
//! Read before a build and written by its commit; [`format`] knows the file.

mod format;
pub(super) mod others;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::base::files::{self, Draft, Durability, Lock};

use super::commit::{self, Plan, look};
use super::files::{Files, Row};
use super::{Occupancy, OutputError, Target, occupancy, stage_places};
use crate::base::file_kind::FileKind;

/// What a build published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The format's version.
    pub version: u32,
    /// The address the site was built for.
    pub base_url: String,
    /// The output's name: see [`super::OutputPlace::name`].
    pub output: String,
    /// Every file.
    pub files: Files,
    /// Redirects that were published.
    pub redirects: Vec<Redirect>,
    /// Addresses of what was withdrawn.
    pub withdrawn: Vec<Withdrawn>,
    /// Sources that were left out because of a mistake in them.
    pub rejected: Vec<String>,
    /// Files beside articles that browsers run, by path in the output.
    pub active: Vec<String>,
    /// Terms whose address tells less than their name.
    pub terms: Vec<TermOwner>,
    /// The checksum of the manifest's file.
    pub(super) seal: u64,
    /// How it is known.
    pub(super) origin: Origin,
}

/// A term that was published at an address which another might want too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermOwner {
    /// The taxonomy's name.
    pub taxonomy: String,
    /// The last part of its address.
    pub slug: String,
    /// The term's key.
    pub key: String,
}

/// How a manifest is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// It was read: its files may have changed since it was written.
    #[default]
    Read,
    /// This process committed it, and has seen or written each of its files.
    Committed,
}

/// A published redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// The old address.
    pub from: String,
    /// Where it leads.
    pub to: String,
    /// The HTTP status that a host should answer with.
    pub status: u16,
}

/// An address whose article was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The address.
    pub path: String,
    /// How it was withdrawn.
    pub kind: String,
    /// The HTTP status that a host should answer with: 451 for a court's order, else 410.
    #[serde(default)]
    pub status: u16,
    /// Files beside it that were published before, of the kinds that are named: of the others a
    /// file's name may tell too much, and all that lies below `path` is gone.
    #[serde(default)]
    pub assets: Vec<String>,
}

/// What a manifest holds besides the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestParts {
    /// The address the site is built for.
    pub base_url: String,
    /// The output's name: see [`super::OutputPlace::name`].
    pub output: String,
    /// Redirects that are published.
    pub redirects: Vec<Redirect>,
    /// Addresses of what was withdrawn.
    pub withdrawn: Vec<Withdrawn>,
    /// Sources that were left out because of a mistake in them.
    pub rejected: Vec<String>,
    /// Files beside articles that browsers run, by path in the output.
    pub active: Vec<String>,
    /// Terms whose address tells less than their name.
    pub terms: Vec<TermOwner>,
}

/// What was found where a manifest should be.
#[allow(clippy::large_enum_variant, reason = "one is made at a time")]
enum Found {
    Whole(Manifest),
    Missing,
    Useless(&'static str),
}

impl Manifest {
    /// Every sound manifest below the folder that holds the state of all outputs; nothing is locked
    /// or finished, this only looks.
    pub fn recorded(states: &Path) -> Vec<Manifest> {
        let Ok(folders) = fs::read_dir(states) else { return Vec::new() };
        let mut paths: Vec<PathBuf> =
            folders.flatten().map(|folder| folder.path().join("manifest.json")).collect();
        paths.sort();
        paths
            .iter()
            .filter_map(|path| match read(path) {
                Ok(Found::Whole(manifest)) => Some(manifest),
                _ => None,
            })
            .collect()
    }

    /// Finishes a commit that was cut short after its journal was written.
    pub fn finish_older(target: &Target) -> Result<(), OutputError> {
        if look(&target.journal())?.is_some() { finish(target) } else { Ok(()) }
    }

    /// The manifest of the build before, after finishing its commit if that was cut short.
    ///
    /// `None` when there was no build before: the output is absent or empty, or its files are to be
    /// adopted and no sound manifest lists them. A sound manifest is used with `adopt` too.
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

    /// The manifest of what is published now; touches nothing.
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

    /// The manifest of what is published now, and the lock that keeps builds out while it is held. An
    /// output that was never built gets no state folder by being asked for.
    pub(crate) fn held_still(target: &Target) -> Result<(Manifest, Lock), OutputError> {
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

    /// Whether it is the record of what is published there now, by all that its file says.
    pub fn is_of(&self, target: &Target) -> bool {
        let is_there = occupancy(&target.output).is_ok_and(|found| found == Occupancy::Full);
        is_there && is_current(target, self).unwrap_or(false)
    }

    /// What is told of the site as a whole, where one was published and no commit is under way; touches
    /// nothing, and is quick however large the site is.
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

    /// Whether the output is, by all that can be seen from outside, as this manifest tells, and no
    /// commit is under way or left unfinished. A build at work is an error here as everywhere.
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

    /// Whether the other would be written as this one is.
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

/// Writes a manifest so that it is whole or not there; its seal. `placed` is called once it is there,
/// though the rest may fail.
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

/// Turns the journal into the manifest: the end of a commit.
pub(super) fn conclude(target: &Target) -> Result<(), OutputError> {
    let path = target.manifest();
    files::place(&target.journal(), &path).map_err(OutputError::io("write", &path))?;
    target.sync_folder_of(&path)
}

/// Finishes a commit that was cut short after its journal was written.
fn finish(target: &Target) -> Result<(), OutputError> {
    let _lock = target.lock()?;
    finish_held(target)
}

/// The same, by whoever holds the lock.
fn finish_held(target: &Target) -> Result<(), OutputError> {
    let journal = target.journal();
    let output = target.real_output();
    let new = match read(&journal)? {
        Found::Whole(new) => new,
        // The build that held the lock a moment ago has finished it.
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
        // Everything was moved; what is left may be deletions.
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

/// The files of the new manifest that are still in the stage.
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
