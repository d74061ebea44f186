//! The stage: where a build's changed files wait for the commit.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use super::commit::{Committed, Plan, clear, flat_folder, look, place};
use super::manifest::{conclude, is_current, write_synced, written};
use super::{
    Entry, FileKind, INNER_STAGE, Manifest, ManifestParts, Occupancy, OutputError, Tag, Target,
    is_good_path, occupancy, stage_places,
};

/// Where a build's files wait; many threads may write to it at once.
///
/// Dropped without a commit, it is removed and the output is as it was.
#[derive(Debug)]
pub struct Stage<'a> {
    target: Target,
    before: Option<&'a Manifest>,
    /// The output, with symbolic links resolved.
    output: PathBuf,
    folder: PathBuf,
    /// See [`flat_folder`].
    flat: bool,
    files: Mutex<FxHashMap<String, Claimed>>,
    /// The journal is written: the stage must outlive a failure, so that the next run can finish.
    past_commit_point: bool,
    /// Held until the stage is dropped.
    _locks: (File, Option<File>),
}

#[derive(Debug)]
struct Claimed {
    entry: Entry,
    staged: bool,
}

impl<'a> Stage<'a> {
    /// Takes the lock and makes an empty stage.
    pub fn open(target: &Target, before: Option<&'a Manifest>) -> Result<Stage<'a>, OutputError> {
        let lock = target.lock()?;
        let changed = || OutputError::Changed { output: target.output.clone() };
        if look(&target.journal())?.is_some() {
            return Err(changed());
        }
        let output = target.real_output();
        let occupied = occupancy(&output)?;
        match before {
            Some(before) if !is_current(target, before)? => return Err(changed()),
            None if occupied == Occupancy::Full && !target.adopt => return Err(changed()),
            _ => {}
        }
        let (folder, stage_lock) = make_folder(target, &output, occupied)?;
        let flat = occupied == Occupancy::Full;
        if flat {
            let inner = flat_folder(&folder);
            fs::create_dir(&inner).map_err(OutputError::io("create the folder", &inner))?;
        }
        Ok(Stage {
            target: target.clone(),
            before,
            output,
            folder,
            flat,
            files: Mutex::default(),
            past_commit_point: false,
            _locks: (lock, stage_lock),
        })
    }

    /// Keeps a file of the build before, where that published the bytes of the tag and the output
    /// still has them; whether it does.
    pub fn keep(&self, path: &str, tag: Tag) -> Result<bool, OutputError> {
        let old = self.before.and_then(|before| before.files.get(path));
        let Some(old) = old.filter(|old| old.tag() == tag) else { return Ok(false) };
        let is_kept = old.is_untouched(&self.output.join(path));
        if is_kept {
            self.claim(path, old.clone(), false)?;
        }
        Ok(is_kept)
    }

    /// Writes a file of the site, unless the output has it already; the tag of its bytes.
    pub fn write(&self, path: &str, kind: FileKind, bytes: &[u8]) -> Result<Tag, OutputError> {
        check(path)?;
        let (sha256, size) = (hex(&Sha256::digest(bytes)), bytes.len() as u64);
        if let Some(entry) = self.published(path, &sha256, kind) {
            return self.claim(path, entry, false);
        }
        let entry = Entry { sha256, size, kind, written: (0, 0) };
        self.claim(path, entry, true)?;
        let done = self.create(path).and_then(|mut file| {
            file.write_all(bytes)
                .and_then(|()| file.metadata())
                .map_err(OutputError::io("write", &self.output.join(path)))
        });
        self.settle(path, done.map(|data| written(&data)))
    }

    /// Copies a file into the site, unless the output has it already; the tag of its bytes.
    pub fn copy(&self, path: &str, kind: FileKind, from: &Path) -> Result<Tag, OutputError> {
        check(path)?;
        let data = fs::metadata(from).map_err(OutputError::io("read", from))?;
        if !data.is_file() {
            return Err(OutputError::io("copy", from)(io::Error::other("it is not a file")));
        }
        let size = data.len();
        if self.before.and_then(|before| before.files.get(path)).is_some_and(|old| old.size == size)
        {
            let (sha256, _) = pour(from, None)?;
            if let Some(entry) = self.published(path, &sha256, kind) {
                return self.claim(path, entry, false);
            }
        }
        self.claim(path, Entry { sha256: String::new(), size, kind, written: (0, 0) }, true)?;
        let done = self.create(path).and_then(|mut file| {
            let full = self.output.join(path);
            let (sha256, size) = pour(from, Some((&mut file, &full)))?;
            let data = file.metadata().map_err(OutputError::io("write", &full))?;
            Ok((sha256, size, written(&data)))
        });
        if let Ok((sha256, size, _)) = &done {
            // The hash is that of the bytes copied: the file may change while we read it.
            if let Some(claimed) = self.lock_files().get_mut(path) {
                (claimed.entry.sha256, claimed.entry.size) = (sha256.clone(), *size);
            }
        }
        self.settle(path, done.map(|(_, _, written)| written))
    }

    /// Notes what the file system says of a staged file, or takes its claim back; its tag.
    fn settle(
        &self,
        path: &str,
        done: Result<(i64, u64), OutputError>,
    ) -> Result<Tag, OutputError> {
        let mut files = self.lock_files();
        match done {
            Ok(written) => Ok(files.get_mut(path).map_or(0, |claimed| {
                claimed.entry.written = written;
                claimed.entry.tag()
            })),
            Err(error) => {
                files.remove(path);
                Err(error)
            }
        }
    }

    /// Puts everything in place, removes what is no longer part of the site, and records it.
    pub fn commit(mut self, manifest_parts: ManifestParts) -> Result<Committed, OutputError> {
        let files = std::mem::take(&mut *self.lock_files());
        let mut committed = Committed::default();
        let mut entries = BTreeMap::new();
        let mut staged = Vec::new();
        for (path, claimed) in files {
            if claimed.staged {
                committed.bytes += claimed.entry.size;
                staged.push((claimed.entry.kind, path.clone()));
            } else {
                committed.unchanged += 1;
            }
            entries.insert(path, claimed.entry);
        }
        staged.sort_unstable();
        committed.written = staged.len();
        committed.paths = staged.iter().map(|(_, path)| path.clone()).collect();

        let mut new = Manifest::new(manifest_parts, entries);
        let journal = self.target.journal();
        let bytes = new.seal(&journal)?;
        let overwrite = self.target.adopt;
        let plan = Plan::make(&self.output, &self.folder, self.before, &new, staged, overwrite)?;
        if committed.unchanged > 0 && occupancy(&self.output)? != Occupancy::Full {
            return Err(OutputError::Changed { output: self.target.output.clone() });
        }
        let same_record = self.before.is_some_and(|before| before.seal == new.seal);
        if !(same_record && plan.is_empty()) {
            plan.sync_staged()?;
            self.target.sync_state()?;
            write_synced(&journal, &bytes, || self.past_commit_point = true)?;
            committed.removed_paths = plan.execute()?;
            committed.removed = committed.removed_paths.len();
            conclude(&self.target)?;
            self.past_commit_point = false;
        }
        Ok(committed)
    }

    /// The entry of a file whose bytes the output holds already.
    fn published(&self, path: &str, sha256: &str, kind: FileKind) -> Option<Entry> {
        let old = self.before?.files.get(path).filter(|old| old.sha256 == sha256)?;
        let full = self.output.join(path);
        if old.is_untouched(&full) {
            return Some(Entry { kind, ..old.clone() });
        }
        // Copied or unpacked from elsewhere, the file has another inode and may be whole all the same.
        let data = fs::symlink_metadata(&full).ok().filter(fs::Metadata::is_file)?;
        let (found, size) = pour(&full, None).ok()?;
        (found == sha256).then(|| Entry { sha256: found, size, kind, written: written(&data) })
    }

    fn claim(&self, path: &str, entry: Entry, staged: bool) -> Result<Tag, OutputError> {
        use std::collections::hash_map::Entry as Slot;
        let tag = entry.tag();
        match self.lock_files().entry(path.to_owned()) {
            Slot::Occupied(_) => Err(OutputError::Clash { path: path.to_owned() }),
            Slot::Vacant(slot) => {
                slot.insert(Claimed { entry, staged });
                Ok(tag)
            }
        }
    }

    fn lock_files(&self) -> std::sync::MutexGuard<'_, FxHashMap<String, Claimed>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Creates a file in the stage. Its folder is made only when the system says it is missing, so
    /// that the many files of one folder ask for it once. What fails is told of the file as it is to
    /// be: where it waits means nothing to anybody.
    fn create(&self, path: &str) -> Result<File, OutputError> {
        let full = place(&self.folder, self.flat, path);
        let clash = |error: io::Error| match error.kind() {
            io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::AlreadyExists => OutputError::Clash { path: path.to_owned() },
            _ => OutputError::io("write", &self.output.join(path))(error),
        };
        let file = match File::create_new(&full) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(parent) = full.parent() {
                    fs::create_dir_all(parent).map_err(clash)?;
                }
                File::create_new(&full)
            }
            other => other,
        };
        file.map_err(clash)
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        if !self.past_commit_point {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn check(path: &str) -> Result<(), OutputError> {
    if is_good_path(path) { Ok(()) } else { Err(OutputError::BadPath { path: path.to_owned() }) }
}

/// Reads a file, into another if there is one; its hash and size.
pub(super) fn pour(
    from: &Path,
    mut into: Option<(&mut File, &Path)>,
) -> Result<(String, u64), OutputError> {
    let mut source = File::open(from).map_err(OutputError::io("read", from))?;
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let count = match source.read(&mut buffer) {
            Ok(0) => return Ok((hex(&hasher.finalize()), size)),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(OutputError::io("read", from)(error)),
        };
        let chunk = buffer.get(..count).unwrap_or_default();
        hasher.update(chunk);
        size += chunk.len() as u64;
        if let Some((file, path)) = &mut into {
            file.write_all(chunk).map_err(OutputError::io("write", path))?;
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Makes the stage's folder, beside the output if a rename from there works, else inside it.
fn make_folder(
    target: &Target,
    output: &Path,
    occupied: Occupancy,
) -> Result<(PathBuf, Option<File>), OutputError> {
    let (beside, inside) = stage_places(output);
    let exists = occupied != Occupancy::Absent;
    if let Some(beside) = beside {
        if let Some(parent) = beside.parent() {
            fs::create_dir_all(parent).map_err(OutputError::io("create the folder", parent))?;
        }
        match make_empty(target, &beside) {
            Ok(lock) => {
                if !exists || can_rename(&beside, output)? {
                    return Ok((beside, lock));
                }
                clear(&beside)?;
            }
            // The output may be writable though the folder around it is not.
            Err(OutputError::Io { source, .. })
                if exists
                    && matches!(
                        source.kind(),
                        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
                    ) => {}
            Err(error) => return Err(error),
        }
    }
    let lock = make_empty(target, &inside)?;
    Ok((inside, lock))
}

/// Removes a left-over stage, unless a build with another state folder is using it.
fn make_empty(target: &Target, folder: &Path) -> Result<Option<File>, OutputError> {
    drop(hold_folder(target, folder)?);
    clear(folder)?;
    fs::create_dir(folder).map_err(OutputError::io("create the folder", folder))?;
    hold_folder(target, folder)
}

#[cfg(unix)]
fn hold_folder(target: &Target, folder: &Path) -> Result<Option<File>, OutputError> {
    if !fs::symlink_metadata(folder).is_ok_and(|data| data.is_dir()) {
        return Ok(None);
    }
    let file = File::open(folder).map_err(OutputError::io("open", folder))?;
    target.hold(&file, folder)?;
    Ok(Some(file))
}

#[cfg(not(unix))]
fn hold_folder(_: &Target, _: &Path) -> Result<Option<File>, OutputError> {
    Ok(None)
}

/// Whether a file can be renamed from the stage into the output: not between file systems.
fn can_rename(stage: &Path, output: &Path) -> Result<bool, OutputError> {
    let (from, to) = (stage.join("probe"), output.join(INNER_STAGE));
    clear(&to)?;
    File::create(&from).map_err(OutputError::io("write", &from))?;
    match fs::rename(&from, &to) {
        Ok(()) => fs::remove_file(&to).map_err(OutputError::io("remove", &to)).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => Ok(false),
        Err(error) => Err(OutputError::io("write to the folder", output)(error)),
    }
}
