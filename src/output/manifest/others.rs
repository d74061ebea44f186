//! Records of the same output under another key: built for another address, or with drafts.
//!
//! An output is the result of the last build only, so one record is enough. A build under another
//! key takes that record over; if the output is missing or empty, its commit removes it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Found, Manifest, finish_held, format, look, read};
use crate::base::files;
use crate::output::{OutputError, Target};
use crate::state;

/// Takes over the newest record of the output: the files it lists are ours.
pub(super) fn take_over(target: &Target) -> Result<Option<Manifest>, OutputError> {
    let mut others = others(target)?;
    others.retain(|other| is_recorded(other, target));
    others.sort_by_key(|other| written(&other.manifest()).max(written(&other.journal())));
    let Some(other) = others.pop() else { return Ok(None) };
    let _locks = (target.lock()?, other.lock()?);
    if look(&other.journal())?.is_some() {
        finish_held(&other)?;
    }
    files::place(&other.manifest(), &target.manifest())
        .map_err(OutputError::io("write", &target.manifest()))?;
    target.sync_state()?;
    state::empty(&other.state);
    match read(&target.manifest())? {
        Found::Whole(manifest) => Ok(Some(manifest)),
        Found::Missing | Found::Useless(_) => Ok(None),
    }
}

/// Removes all other records of the output, just before the journal is written: they describe a
/// replaced site, and must not be used after a crash. Caches without a record are removed, too.
pub(in crate::output) fn retire(target: &Target) -> Result<(), OutputError> {
    for other in others(target)? {
        for record in [other.manifest(), other.journal()] {
            if speaks_of(&record, target) {
                remove(&record)?;
                target.sync_folder_of(&record)?;
            }
        }
        let is_of_another = other.manifest().exists() || other.journal().exists();
        // The holder of the lock finds its record gone, and stops.
        if !is_of_another && other.lock().is_ok() {
            state::empty(&other.state);
        }
    }
    Ok(())
}

/// The targets of all other state folders.
fn others(target: &Target) -> Result<Vec<Target>, OutputError> {
    let Some(states) = target.state.parent() else { return Ok(Vec::new()) };
    let entries = match fs::read_dir(states) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(OutputError::io("read the folder", states)(error)),
    };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| *folder != target.state && is_state(folder));
    folders.sort();
    Ok(folders.into_iter().map(|state| Target { state, ..target.clone() }).collect())
}

/// Whether a folder's name is a key.
fn is_state(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    state::is_key(name) && folder.is_dir()
}

/// Whether a state folder has a record of the output, or its interrupted commit.
fn is_recorded(state: &Target, target: &Target) -> bool {
    speaks_of(&state.manifest(), target) || speaks_of(&state.journal(), target)
}

fn written(record: &Path) -> Option<SystemTime> {
    fs::metadata(record).and_then(|data| data.modified()).ok()
}

/// Whether a manifest or a journal belongs to the target's output.
fn speaks_of(record: &Path, target: &Target) -> bool {
    format::output(record).is_ok_and(|output| output.as_deref() == Some(&target.name))
}

fn remove(path: &Path) -> Result<(), OutputError> {
    files::remove_if_there(path).map_err(OutputError::io("remove", path))
}
