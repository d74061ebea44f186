//! What the build before this one published, and the finishing of a commit that was cut short.
//!
//! The file is one line of JSON with version and checksum, then the manifest as JSON.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::content::scan::Stamp;

use super::commit::{self, Plan, look};
use super::{
    FileKind, Occupancy, OutputError, Target, is_good_path, occupancy, stage_places, syncing,
};

/// The version of the manifest's format.
const VERSION: u32 = 2;

/// What a build published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format's version.
    pub version: u32,
    /// The address the site was built for.
    pub base_url: String,
    /// The output's name: see [`super::OutputPlace::name`].
    pub output: String,
    /// Every file, by its path from the output folder, with `/`.
    pub files: BTreeMap<String, Entry>,
    /// Redirects that were published.
    pub redirects: Vec<Redirect>,
    /// Addresses of what was withdrawn.
    pub withdrawn: Vec<Withdrawn>,
    /// Each published article's source path and permalink.
    pub articles: BTreeMap<String, String>,
    /// The checksum of the manifest's file.
    #[serde(skip)]
    pub(super) seal: u64,
}

/// A published file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The hash of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// What kind of file it is.
    pub kind: FileKind,
    /// When the file was last written, in nanoseconds since 1970, and the number of its inode: as long
    /// as both are the same nobody else has written to it.
    pub written: (i64, u64),
}

/// Tells a file's bytes from all others that ever stood at its path: the first half of their SHA-256.
pub type Tag = u128;

impl Entry {
    /// What its bytes are known by.
    pub fn tag(&self) -> Tag {
        self.sha256
            .get(..32)
            .and_then(|half| Tag::from_str_radix(half, 16).ok())
            .unwrap_or_default()
    }

    /// Whether the file on disk is, by all that can be seen from outside, the one that was published.
    pub(super) fn is_untouched(&self, full: &Path) -> bool {
        fs::symlink_metadata(full).is_ok_and(|data| {
            data.is_file() && data.len() == self.size && written(&data) == self.written
        })
    }
}

/// See [`Entry::written`].
pub(super) fn written(data: &fs::Metadata) -> (i64, u64) {
    let stamp = Stamp::of(data);
    (stamp.modified, stamp.inode)
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
    /// Each published article's source path and permalink.
    pub articles: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
    xxh3: String,
}

/// What was found where a manifest should be.
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

    /// The manifest of the build before, after finishing its commit if that was cut short.
    ///
    /// `None` when there was no build before: the output is absent or empty, or its files are to be
    /// adopted and no sound manifest lists them. A sound manifest is used with `adopt` too.
    pub fn load(target: &Target) -> Result<Option<Manifest>, OutputError> {
        if look(&target.journal())?.is_some() {
            finish(target)?;
        }
        if occupancy(&target.output)? != Occupancy::Full {
            return Ok(None);
        }
        match read(&target.manifest())? {
            Found::Whole(manifest) => Ok(Some(manifest)),
            Found::Missing => match take_over(target)? {
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

    pub(super) fn new(parts: ManifestParts, files: BTreeMap<String, Entry>) -> Manifest {
        Manifest {
            version: VERSION,
            base_url: parts.base_url,
            output: parts.output,
            files,
            redirects: parts.redirects,
            withdrawn: parts.withdrawn,
            articles: parts.articles,
            seal: 0,
        }
    }

    /// The bytes of the manifest's file; sets the seal.
    pub(super) fn seal(&mut self, path: &Path) -> Result<Vec<u8>, OutputError> {
        let failed = |error: serde_json::Error| OutputError::io("write", path)(error.into());
        let body = serde_json::to_vec(self).map_err(failed)?;
        self.seal = xxh3_64(&body);
        let header = Header {
            format: "dateline-manifest".to_owned(),
            version: VERSION,
            xxh3: format!("{:016x}", self.seal),
        };
        let mut bytes = serde_json::to_vec(&header).map_err(failed)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&body);
        Ok(bytes)
    }
}

/// Moves the record of an output here that was built for another address, or with drafts: what it
/// lists is ours all the same.
fn take_over(target: &Target) -> Result<Option<Manifest>, OutputError> {
    let Some(states) = target.state.parent().filter(|states| states.is_dir()) else {
        return Ok(None);
    };
    let entries = fs::read_dir(states).map_err(OutputError::io("read the folder", states))?;
    for state in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let other = Target { state, ..target.clone() };
        let Found::Whole(manifest) = read(&other.manifest())? else { continue };
        if manifest.output != target.name {
            continue;
        }
        let _locks = (target.lock()?, other.lock()?);
        if look(&other.journal())?.is_some() {
            finish_held(&other)?;
        }
        fs::rename(other.manifest(), target.manifest())
            .map_err(OutputError::io("write", &target.manifest()))?;
        target.sync_state()?;
        return match read(&target.manifest())? {
            Found::Whole(manifest) => Ok(Some(manifest)),
            Found::Missing | Found::Useless(_) => Ok(None),
        };
    }
    Ok(None)
}

fn not_ours(target: &Target, reason: &'static str) -> OutputError {
    OutputError::NotOurs { output: target.output.clone(), reason }
}

/// Whether the manifest on disk is still the one that was loaded.
pub(super) fn is_current(target: &Target, before: &Manifest) -> Result<bool, OutputError> {
    use io::BufRead as _;
    let path = target.manifest();
    let mut line = String::new();
    match File::open(&path).and_then(|file| io::BufReader::new(file).read_line(&mut line)) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(OutputError::io("read", &path)(error)),
    }
    Ok(serde_json::from_str::<Header>(&line)
        .is_ok_and(|header| header.xxh3 == format!("{:016x}", before.seal)))
}

fn read(path: &Path) -> Result<Found, OutputError> {
    const DAMAGED: Found = Found::Useless("the record of Dateline's files in it is damaged");
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
        Err(error) => return Err(OutputError::io("read", path)(error)),
    };
    let mut parts = bytes.splitn(2, |&byte| byte == b'\n');
    let (Some(header), Some(body)) = (parts.next(), parts.next()) else {
        return Ok(DAMAGED);
    };
    let Ok(header) = serde_json::from_slice::<Header>(header) else {
        return Ok(DAMAGED);
    };
    if header.version != VERSION {
        return Ok(Found::Useless(
            "the record of Dateline's files in it is by another version of Dateline",
        ));
    }
    let seal = xxh3_64(body);
    if header.xxh3 != format!("{seal:016x}") {
        return Ok(DAMAGED);
    }
    match serde_json::from_slice::<Manifest>(body) {
        Ok(mut manifest) if manifest.files.keys().all(|path| is_good_path(path)) => {
            manifest.seal = seal;
            Ok(Found::Whole(manifest))
        }
        _ => Ok(DAMAGED),
    }
}

/// Writes a file so that it is whole or not there; `placed` is called once it is there, though the
/// rest may fail.
pub(super) fn write_synced(
    path: &Path,
    bytes: &[u8],
    placed: impl FnOnce(),
) -> Result<(), OutputError> {
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary).map_err(OutputError::io("write", &temporary))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(OutputError::io("write", &temporary))?;
    fs::rename(&temporary, path).map_err(OutputError::io("write", path))?;
    placed();
    sync_folder(path)
}

/// Makes a rename last.
pub(super) fn sync_folder(path: &Path) -> Result<(), OutputError> {
    let Some(folder) = path.parent() else { return Ok(()) };
    syncing::sync(folder, &[folder.to_owned()]).map_err(OutputError::io("sync", folder))
}

/// Turns the journal into the manifest: the end of a commit.
pub(super) fn conclude(target: &Target) -> Result<(), OutputError> {
    let path = target.manifest();
    fs::rename(target.journal(), &path).map_err(OutputError::io("write", &path))?;
    sync_folder(&path)
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
        Plan::make(&output, stage, old.as_ref(), &new, waiting, true)?.execute()?;
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
        .execute()?;
    }
    conclude(target)?;
    for stage in &stages {
        commit::clear(stage)?;
    }
    Ok(())
}

/// The files of the new manifest that are still in the stage.
fn waiting_in(stage: &Path, new: &Manifest) -> Vec<(FileKind, String)> {
    let flat = commit::flat_folder(stage).is_dir();
    new.files
        .iter()
        .filter(|(path, _)| {
            fs::symlink_metadata(commit::place(stage, flat, path)).is_ok_and(|data| data.is_file())
        })
        .map(|(path, entry)| (entry.kind, path.clone()))
        .collect()
}
