//! The stage: holds a build's changed files until the commit.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::Digest as _;

use crate::base::files::{self, Durability, Lock};

use super::claims::{Claim, Claims};
use super::commit::{Committed, Plan, clear, flat_folder, look, place};
use super::files::{Entry, PublishedBody, Sha256, Tag, written};
use super::manifest::{Origin, conclude, is_current, others, write_synced};
use super::{
    INNER_STAGE, Manifest, ManifestParts, Occupancy, OutputError, Target, is_good_path, occupancy,
    stage_places,
};
use crate::base::file_kind::FileKind;

/// The files of a build before the commit; several threads may write.
///
/// Dropped without a commit, it is removed, and the output is unchanged.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    target: Target,
    before: Option<&'a Manifest>,
    /// The output, with symbolic links resolved.
    output: PathBuf,
    folder: PathBuf,
    /// See [`flat_folder`].
    flat: bool,
    claims: Claims<'a>,
    /// The journal is written: the stage must survive a failure, so that the next run can finish.
    past_commit_point: bool,
    /// Held until the stage is dropped.
    _locks: (Lock, Option<Lock>),
}

/// A file of the site to be staged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SiteFile<'a> {
    /// From the output folder, with `/`.
    pub path: &'a str,
    /// Its kind, which determines the commit order.
    pub kind: FileKind,
    /// Whether it is a compressed copy of the file beside it.
    pub is_copy: bool,
    /// For an article's page its source.
    pub source: Option<&'a Arc<str>>,
    /// The article's published text.
    pub body: Option<&'a PublishedBody>,
}

impl<'a> SiteFile<'a> {
    /// A file other than an article's page.
    pub(crate) fn new(path: &'a str, kind: FileKind) -> SiteFile<'a> {
        SiteFile { path, kind, is_copy: false, source: None, body: None }
    }

    /// A compressed copy of another file, with this path.
    pub(crate) fn copy_of(file: SiteFile<'_>, path: &'a str) -> SiteFile<'a> {
        SiteFile { path, kind: file.kind, is_copy: true, source: None, body: None }
    }

    fn entry(&self, sha256: Sha256, size: u64, data: &fs::Metadata) -> Entry {
        let source = self.source.cloned();
        let body = self.body.cloned().map(Box::new);
        let SiteFile { kind, is_copy, .. } = *self;
        Entry { sha256, size, kind, is_copy, written: written(data), source, body }
    }

    /// Whether a published file has the same kind, source and text.
    fn is_like(&self, entry: &Entry) -> bool {
        (self.kind, self.is_copy, self.source, self.body)
            == (entry.kind, entry.is_copy, entry.source.as_ref(), entry.body.as_deref())
    }
}

impl<'a> Stage<'a> {
    /// Takes the lock, and creates an empty stage.
    pub(crate) fn open(
        target: &Target,
        before: Option<&'a Manifest>,
    ) -> Result<Stage<'a>, OutputError> {
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
            claims: Claims::new(before.map(|before| &before.files)),
            past_commit_point: false,
            _locks: (lock, stage_lock),
        })
    }

    /// The manifest of the last build.
    pub(crate) fn before(&self) -> Option<&'a Manifest> {
        self.before
    }

    /// Keeps a file of the last build if its tag is equal and the output still has it; returns
    /// whether it does.
    pub(crate) fn keep(&self, file: SiteFile<'_>, tag: Tag) -> Result<bool, OutputError> {
        let Some(old) = self.claims.known(file.path) else { return Ok(false) };
        let is_kept = old.sha256.tag() == tag
            && file.is_like(old)
            && (self.may_trust() || old.is_untouched(&self.output.join(file.path)));
        if is_kept {
            self.claims.claim(file.path)?;
        }
        Ok(is_kept)
    }

    /// Keeps a compressed copy of a kept file, if the output still has it; returns whether it does.
    pub(crate) fn keep_copy(&self, file: SiteFile<'_>) -> Result<bool, OutputError> {
        match self.claims.known(file.path) {
            Some(old) if old.is_copy => self.keep(file, old.sha256.tag()),
            _ => Ok(false),
        }
    }

    /// Takes back that a file is kept, where it was and nothing else was done to it.
    pub(crate) fn let_go(&self, path: &str) {
        self.claims.let_go(path);
    }

    /// The folder for what a build remembers of this output.
    pub(crate) fn state(&self) -> &Path {
        &self.target.state
    }

    /// The published path of a file.
    pub(crate) fn published(&self, path: &str) -> PathBuf {
        self.output.join(path)
    }

    /// Whether files need not be checked on disk: only this process writes a preview, and checking
    /// each file takes too long after a small change. Lasting outputs are always checked.
    fn may_trust(&self) -> bool {
        let is_own = self.before.is_some_and(|before| before.origin == Origin::Committed);
        is_own && self.target.durability == Durability::Passing
    }

    /// Writes a file, unless the output has it already; returns its tag.
    pub(crate) fn write(&self, file: SiteFile<'_>, bytes: &[u8]) -> Result<Tag, OutputError> {
        check(file.path)?;
        let (sha256, size) = (Sha256::of(bytes), bytes.len() as u64);
        let claim = self.claims.claim(file.path)?;
        if !self.is_published(file, claim, sha256) {
            let done = self.create(file.path).and_then(|mut staged| {
                staged
                    .write_all(bytes)
                    .and_then(|()| staged.metadata())
                    .map_err(OutputError::io("write", &self.output.join(file.path)))
            });
            self.settle(file, claim, done.map(|data| file.entry(sha256, size, &data)))?;
        }
        Ok(sha256.tag())
    }

    /// Copies a file, unless the output has it already; returns its tag.
    pub(crate) fn copy(&self, file: SiteFile<'_>, from: &Path) -> Result<Tag, OutputError> {
        check(file.path)?;
        let data = fs::metadata(from).map_err(OutputError::io("read", from))?;
        if !data.is_file() {
            return Err(OutputError::io("copy", from)(io::Error::other("it is not a file")));
        }
        let claim = self.claims.claim(file.path)?;
        if claim.is_some_and(|old| old.entry.size == data.len()) {
            let (sha256, _) =
                copy_hashed(from, None).inspect_err(|_| self.claims.release(claim))?;
            if self.is_published(file, claim, sha256) {
                return Ok(sha256.tag());
            }
        }
        let done = self.create(file.path).and_then(|mut staged| {
            let full = self.output.join(file.path);
            // Hash the copied bytes: the file may change while it is read.
            let (sha256, size) = copy_hashed(from, Some((&mut staged, &full)))?;
            let data = staged.metadata().map_err(OutputError::io("write", &full))?;
            Ok(file.entry(sha256, size, &data))
        });
        self.settle(file, claim, done)
    }

    /// Records a staged file, or releases its claim; returns its tag.
    fn settle(
        &self,
        file: SiteFile<'_>,
        claim: Option<Claim<'_>>,
        done: Result<Entry, OutputError>,
    ) -> Result<Tag, OutputError> {
        let entry = done.inspect_err(|_| self.claims.release(claim))?;
        let tag = entry.sha256.tag();
        self.claims.stage(file.path, claim, entry);
        Ok(tag)
    }

    /// Whether a commit would change nothing.
    pub(crate) fn is_what_was_published(&self) -> bool {
        self.before.is_some() && self.claims.keep_everything()
    }

    /// Commits: moves all files into place, removes obsolete ones, and writes the manifest. Returns
    /// the result and the manifest.
    pub(crate) fn commit(
        mut self,
        manifest_parts: ManifestParts,
    ) -> Result<(Committed, Manifest), OutputError> {
        let claimed = std::mem::take(&mut self.claims).finish();
        let mut committed = Committed {
            written: claimed.staged.len(),
            unchanged: claimed.files.len() - claimed.staged.len(),
            bytes: claimed.bytes,
            paths: claimed.staged.iter().map(|(_, path)| Arc::clone(path)).collect(),
            ..Committed::default()
        };
        let mut new = Manifest::new(manifest_parts, claimed.files);
        let overwrite = self.target.adopt;
        let (output, folder) = (&self.output, &self.folder);
        let plan = Plan::make(output, folder, self.before, &new, claimed.staged, overwrite)?;
        if committed.unchanged > 0 && occupancy(&self.output)? != Occupancy::Full {
            return Err(OutputError::Changed { output: self.target.output.clone() });
        }
        let same_record = self.before.is_some_and(|before| before.says_the_same(&new));
        if same_record && plan.is_empty() {
            committed.seal = self.before.map_or(0, |before| before.seal);
        } else {
            plan.ask_permissions()?;
            let durability = self.target.durability;
            plan.sync_staged(durability)?;
            others::retire(&self.target)?;
            self.target.sync_state()?;
            let placed = || self.past_commit_point = true;
            committed.seal = write_synced(&self.target.journal(), &new, durability, placed)?;
            committed.removed_paths = plan.execute(durability)?;
            committed.removed = committed.removed_paths.len();
            conclude(&self.target)?;
            self.past_commit_point = false;
        }
        new.seal = committed.seal;
        Ok((committed, new))
    }

    /// Whether the output has the bytes already; if so, the file is recorded as kept.
    fn is_published(&self, file: SiteFile<'_>, claim: Option<Claim<'_>>, sha256: Sha256) -> bool {
        let Some(old) = claim.filter(|old| old.entry.sha256 == sha256) else { return false };
        let full = self.output.join(file.path);
        if old.entry.is_untouched(&full) {
            if !file.is_like(old.entry) {
                let source = file.source.cloned();
                let body = file.body.cloned().map(Box::new);
                let SiteFile { kind, is_copy, .. } = file;
                let entry = Entry { kind, is_copy, source, body, ..old.entry.clone() };
                self.claims.amend(old, entry);
            }
            return true;
        }
        // After a copy or a restore the file has another inode, but may be intact.
        let Some(data) = fs::symlink_metadata(&full).ok().filter(fs::Metadata::is_file) else {
            return false;
        };
        let Some((found, size)) = copy_hashed(&full, None).ok() else { return false };
        if found == sha256 {
            self.claims.amend(old, file.entry(found, size, &data));
        }
        found == sha256
    }

    /// Creates a file in the stage. Its folder is created only if the system reports it missing,
    /// which saves calls. Errors show the final path: the stage's path would mean nothing to users.
    fn create(&self, path: &str) -> Result<File, OutputError> {
        let full = place(&self.folder, self.flat, path);
        let clash = |error: io::Error| match error.kind() {
            io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::AlreadyExists => OutputError::Clash { path: path.to_owned() },
            _ => OutputError::io("write", &self.output.join(path))(error),
        };
        let file = match files::create_new(&full) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(parent) = full.parent() {
                    fs::create_dir_all(parent).map_err(clash)?;
                }
                files::create_new(&full)
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

/// Reads a file, and copies it to another if given; returns hash and size.
pub(crate) fn copy_hashed(
    from: &Path,
    mut into: Option<(&mut File, &Path)>,
) -> Result<(Sha256, u64), OutputError> {
    let mut source = files::open(from).map_err(OutputError::io("read", from))?;
    let mut hasher = sha2::Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let count = match source.read(&mut buffer) {
            Ok(0) => return Ok((Sha256::end(hasher), size)),
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

/// Creates the stage's folder, beside the output if renaming works from there, else inside it.
fn make_folder(
    target: &Target,
    output: &Path,
    occupied: Occupancy,
) -> Result<(PathBuf, Option<Lock>), OutputError> {
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
            // The output may be writable although its parent is not.
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

/// Removes a left-over stage, unless a build with another state folder uses it.
fn make_empty(target: &Target, folder: &Path) -> Result<Option<Lock>, OutputError> {
    drop(hold_folder(target, folder)?);
    clear(folder)?;
    fs::create_dir(folder).map_err(OutputError::io("create the folder", folder))?;
    hold_folder(target, folder)
}

#[cfg(unix)]
fn hold_folder(target: &Target, folder: &Path) -> Result<Option<Lock>, OutputError> {
    if !fs::symlink_metadata(folder).is_ok_and(|data| data.is_dir()) {
        return Ok(None);
    }
    let file = File::open(folder).map_err(OutputError::io("open", folder))?;
    let lock = Lock::on(file).map_err(OutputError::io("lock", folder))?;
    target.held(lock).map(Some)
}

#[cfg(not(unix))]
fn hold_folder(_: &Target, _: &Path) -> Result<Option<Lock>, OutputError> {
    Ok(None)
}

/// Whether a file can be renamed from the stage to the output: both must be on one file system.
fn can_rename(stage: &Path, output: &Path) -> Result<bool, OutputError> {
    let (from, to) = (stage.join("probe"), output.join(INNER_STAGE));
    clear(&to)?;
    files::create_new(&from).map_err(OutputError::io("write", &from))?;
    match files::place(&from, &to) {
        Ok(()) => fs::remove_file(&to).map_err(OutputError::io("remove", &to)).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => Ok(false),
        Err(error) => Err(OutputError::io("write to the folder", output)(error)),
    }
}
