//! Fixity: compares the output with the manifest, byte for byte.
//!
//! Reads every file of the output, and writes nothing.

use std::fs;
use std::io;
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::files::{Entry, Files};
use super::manifest::Manifest;
use super::stage::copy_hashed;
use super::{INNER_STAGE, OutputError, Target};

/// The result of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The number of unchanged files.
    pub sound: usize,
    /// Files with other bytes.
    pub changed: Vec<String>,
    /// Missing files.
    pub missing: Vec<String>,
    /// Files that Dateline did not publish.
    pub foreign: Vec<String>,
}

impl Verdict {
    /// Whether every published file is unchanged. Other files do no harm.
    pub(crate) fn is_sound(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty()
    }
}

enum State {
    Sound,
    Changed,
    Missing,
}

/// Compares an output with its manifest by SHA-256.
pub(crate) fn verify(target: &Target, manifest: &Manifest) -> Result<Verdict, OutputError> {
    let states: Vec<(&Arc<str>, State)> = manifest
        .files
        .rows()
        .par_iter()
        .map(|(path, entry)| Ok((path, state(target, path, entry)?)))
        .collect::<Result<_, OutputError>>()?;
    let mut verdict = Verdict::default();
    for (path, state) in states {
        match state {
            State::Sound => verdict.sound += 1,
            State::Changed => verdict.changed.push(path.to_string()),
            State::Missing => verdict.missing.push(path.to_string()),
        }
    }
    verdict.foreign = foreign(target, &manifest.files)?;
    Ok(verdict)
}

fn state(target: &Target, path: &str, entry: &Entry) -> Result<State, OutputError> {
    let full = target.output.join(path);
    let data = match fs::symlink_metadata(&full) {
        Ok(data) => data,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(State::Missing);
        }
        Err(error) => return Err(OutputError::io("read", &full)(error)),
    };
    if !data.is_file() || data.len() != entry.size {
        return Ok(State::Changed);
    }
    let (sha256, _) = copy_hashed(&full, None)?;
    Ok(if sha256 == entry.sha256 { State::Sound } else { State::Changed })
}

fn foreign(target: &Target, known: &Files) -> Result<Vec<String>, OutputError> {
    let mut foreign = Vec::new();
    let walk = WalkDir::new(&target.output).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() != 1 || entry.file_name() != INNER_STAGE) {
        let entry = entry
            .map_err(|error| OutputError::io("read the folder", &target.output)(error.into()))?;
        let path = crate::content::scan::relative(&target.output, entry.path());
        if !entry.file_type().is_dir() && !known.contains(&path) {
            foreign.push(path);
        }
    }
    Ok(foreign)
}
