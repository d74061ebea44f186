//! The commit: a plan without side effects, then its execution, which can be repeated.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_128;

use super::{INNER_STAGE, Manifest, Occupancy, OutputError, occupancy, permissions};
use crate::base::file_kind::FileKind;
use crate::base::files::{self, Durability};

/// The result of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The number of written files.
    pub written: usize,
    /// The number of unchanged files.
    pub unchanged: usize,
    /// The number of removed files.
    pub removed: usize,
    /// The size of the written files.
    pub bytes: u64,
    /// The written files, in commit order.
    pub paths: Vec<Arc<str>>,
    /// The removed files.
    pub removed_paths: Vec<Arc<str>>,
    /// The checksum of the new manifest.
    pub seal: u64,
}

/// The folder of a flat stage: files are named by hashes of their paths, so that rebuilding an
/// existing site does not create and remove all its folders.
pub(super) fn flat_folder(stage: &Path) -> PathBuf {
    stage.join(INNER_STAGE)
}

/// The path of a file in the stage.
pub(super) fn place(stage: &Path, flat: bool, path: &str) -> PathBuf {
    if !flat {
        return stage.join(path);
    }
    let hash = xxh3_128(path.as_bytes());
    flat_folder(stage).join(format!("{:02x}", hash & 0xff)).join(format!("{hash:032x}"))
}

/// What exists at a folder's path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PathState {
    Absent,
    Folder,
    /// A file, or a symbolic link: Dateline does not write through links in the output.
    Other,
}

/// The plan of a commit.
pub(super) struct Plan<'a> {
    output: &'a Path,
    stage: &'a Path,
    /// The stage is [flat](flat_folder).
    flat: bool,
    /// The stage becomes the output by one rename.
    whole: bool,
    staged: Vec<(FileKind, Arc<str>)>,
    /// Old files to remove first, as they are in the way.
    early: BTreeSet<Arc<str>>,
    /// Folders in the way, innermost first.
    folders: Vec<PathBuf>,
    /// Old files to remove last.
    late: Vec<Arc<str>>,
    /// Old files that the new site lacks, existing or not: an interrupted commit may have removed
    /// files but not their folders.
    missing: Vec<Arc<str>>,
}

/// Inspects the output, and caches the results.
struct Survey<'a> {
    output: &'a Path,
    old: Option<&'a Manifest>,
    new: &'a Manifest,
    seen: FxHashMap<String, PathState>,
}

impl<'a> Plan<'a> {
    /// Makes the plan, or fails if it is impossible. `overwrite`: files of others with the same
    /// path may be replaced.
    pub(super) fn make(
        output: &'a Path,
        stage: &'a Path,
        old: Option<&'a Manifest>,
        new: &'a Manifest,
        staged: Vec<(FileKind, Arc<str>)>,
        overwrite: bool,
    ) -> Result<Plan<'a>, OutputError> {
        let flat = flat_folder(stage).is_dir();
        let whole = !flat && !stage.starts_with(output) && occupancy(output)? != Occupancy::Full;
        let mut plan = Plan {
            output,
            stage,
            flat,
            whole,
            staged,
            early: BTreeSet::new(),
            folders: Vec::new(),
            late: Vec::new(),
            missing: Vec::new(),
        };
        if whole {
            return Ok(plan);
        }
        let mut survey = Survey { output, old, new, seen: FxHashMap::default() };
        for (_, path) in &plan.staged {
            survey.clear_way(path, overwrite, &mut plan.early, &mut plan.folders)?;
        }
        plan.missing = survey.missing()?;
        let mut gone = survey.still_there(&plan.missing)?;
        if !gone.is_empty() {
            // On a case-insensitive file system, removing the old spelling last would remove the
            // new file.
            let spellings: FxHashSet<String> =
                plan.staged.iter().map(|(_, path)| path.to_lowercase()).collect();
            gone.retain(|path| {
                if spellings.contains(&path.to_lowercase()) {
                    plan.early.insert(Arc::clone(path));
                }
                !plan.early.contains(path)
            });
        }
        plan.late = gone;
        plan.staged.sort_unstable();
        Ok(plan)
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.whole && self.staged.is_empty() && self.early.is_empty() && self.late.is_empty()
    }

    /// Checks permissions. A stage that replaces the whole output was created beside it, which is
    /// proof enough.
    pub(super) fn ask_permissions(&self) -> Result<(), OutputError> {
        if self.whole {
            return Ok(());
        }
        let staged = self.staged.iter().map(|(_, path)| path);
        let paths = staged.chain(&self.early).chain(&self.late);
        permissions::ask(self.output, paths.map(|path| &**path))
    }

    /// Syncs the stage: the journal must not list files that a power cut could lose.
    pub(super) fn sync_staged(&self, durability: Durability) -> Result<(), OutputError> {
        let list = || {
            let mut paths: Vec<PathBuf> =
                self.staged.iter().map(|(_, path)| place(self.stage, self.flat, path)).collect();
            let folders: BTreeSet<&Path> = paths
                .iter()
                .flat_map(|path| path.ancestors().skip(1))
                .filter(|folder| folder.starts_with(self.stage))
                .collect();
            let folders: Vec<PathBuf> = folders.into_iter().map(Path::to_owned).collect();
            paths.extend(folders);
            paths
        };
        durability
            .sync(self.stage, self.staged.len(), list)
            .map_err(OutputError::io("sync the files for", self.output))
    }

    /// Executes the plan; returns the removed files.
    pub(super) fn execute(self, durability: Durability) -> Result<Vec<Arc<str>>, OutputError> {
        if self.whole {
            self.rename_whole(durability)?;
            return Ok(Vec::new());
        }
        let early: Vec<Arc<str>> = self.early.iter().cloned().collect();
        remove_files(self.output, &early)?;
        for folder in &self.folders {
            match fs::remove_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(OutputError::io("remove the folder", folder)(error));
                }
                _ => {}
            }
        }
        fs::create_dir_all(self.output)
            .map_err(OutputError::io("create the folder", self.output))?;
        let parents: BTreeSet<&str> = self
            .staged
            .iter()
            .filter_map(|(_, path)| path.rsplit_once('/'))
            .map(|(parent, _)| parent)
            .collect();
        for parent in parents {
            let full = self.output.join(parent);
            fs::create_dir_all(&full).map_err(OutputError::io("create the folder", &full))?;
        }
        for batch in self.staged.chunk_by(|one, two| one.0 == two.0) {
            batch.par_iter().try_for_each(|(_, path)| {
                let to = self.output.join(&**path);
                files::place(&place(self.stage, self.flat, path), &to)
                    .map_err(OutputError::io("write", &to))
            })?;
        }
        remove_files(self.output, &self.late)?;
        let mut removed = early;
        removed.extend(self.late);
        remove_empty_folders(self.output, removed.iter().chain(&self.missing));
        let changed = self.staged.iter().map(|(_, path)| path).chain(&removed);
        sync_folders(self.output, changed, durability)?;
        Ok(removed)
    }

    fn rename_whole(&self, durability: Durability) -> Result<(), OutputError> {
        clear(&self.output.join(INNER_STAGE))?;
        files::place_folder(self.stage, self.output, durability)
            .map_err(OutputError::io("write", self.output))
    }
}

impl Survey<'_> {
    fn was_ours(&self, path: &str) -> bool {
        self.old.is_some_and(|old| old.files.contains(path))
    }

    /// What exists at a folder's path; no ancestor may be a link.
    fn ground(&mut self, folder: &str) -> Result<PathState, OutputError> {
        if let Some(&ground) = self.seen.get(folder) {
            return Ok(ground);
        }
        let above = match folder.rsplit_once('/') {
            Some((parent, _)) => self.ground(parent)?,
            None => PathState::Folder,
        };
        let ground = match above {
            PathState::Folder => match look(&self.output.join(folder))? {
                None => PathState::Absent,
                Some(data) if data.is_dir() => PathState::Folder,
                Some(_) => PathState::Other,
            },
            other => other,
        };
        self.seen.insert(folder.to_owned(), ground);
        Ok(ground)
    }

    /// Clears the path of a file: old files are removed, others stop the commit.
    fn clear_way(
        &mut self,
        path: &str,
        overwrite: bool,
        early: &mut BTreeSet<Arc<str>>,
        folders: &mut Vec<PathBuf>,
    ) -> Result<(), OutputError> {
        let folders_above = || path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        if folders_above().any(|folder| self.new.files.contains(folder)) {
            return Err(OutputError::Clash { path: path.to_owned() });
        }
        for folder in folders_above() {
            match self.ground(folder)? {
                PathState::Folder => {}
                PathState::Absent => return Ok(()),
                PathState::Other => {
                    let full = self.output.join(folder);
                    if self.was_ours(folder) && look(&full)?.is_some_and(|data| data.is_file()) {
                        early.insert(Arc::from(folder));
                        return Ok(());
                    }
                    return Err(blocked(path, full, false));
                }
            }
        }
        let full = self.output.join(path);
        match look(&full)? {
            None => Ok(()),
            Some(data) if data.is_dir() => self.clear_folder(path, &full, early, folders),
            Some(_) if overwrite || self.was_ours(path) => Ok(()),
            Some(_) => Err(blocked(path, full, true)),
        }
    }

    /// Clears a folder where a file must be, if it contains only Dateline's files.
    fn clear_folder(
        &self,
        path: &str,
        folder: &Path,
        early: &mut BTreeSet<Arc<str>>,
        folders: &mut Vec<PathBuf>,
    ) -> Result<(), OutputError> {
        for entry in walkdir::WalkDir::new(folder).contents_first(true) {
            let entry =
                entry.map_err(|error| OutputError::io("read the folder", folder)(error.into()))?;
            if entry.file_type().is_dir() {
                folders.push(entry.into_path());
                continue;
            }
            let name = entry.path().strip_prefix(self.output).ok().and_then(Path::to_str);
            let name = name.map(|name| name.replace(std::path::MAIN_SEPARATOR, "/"));
            match name {
                Some(name) if entry.file_type().is_file() && self.was_ours(&name) => {
                    if self.new.files.contains(&name) {
                        return Err(OutputError::Clash { path: path.to_owned() });
                    }
                    early.insert(Arc::from(name));
                }
                _ => return Err(blocked(path, entry.into_path(), false)),
            }
        }
        Ok(())
    }

    /// Old files that the new site lacks, except behind links.
    fn missing(&mut self) -> Result<Vec<Arc<str>>, OutputError> {
        let Some(old) = self.old else {
            return Ok(Vec::new());
        };
        let mut missing = Vec::new();
        for path in old.files.missing_in(&self.new.files) {
            let is_beyond_a_link = match path.rsplit_once('/') {
                Some((parent, _)) => self.ground(parent)? == PathState::Other,
                None => false,
            };
            if !is_beyond_a_link {
                missing.push(Arc::clone(path));
            }
        }
        Ok(missing)
    }

    /// The files that still exist.
    fn still_there(&self, paths: &[Arc<str>]) -> Result<Vec<Arc<str>>, OutputError> {
        let mut there = Vec::new();
        for path in paths {
            if look(&self.output.join(&**path))?.is_some_and(|data| data.is_file()) {
                there.push(Arc::clone(path));
            }
        }
        Ok(there)
    }
}

fn blocked(path: &str, foreign: PathBuf, adoptable: bool) -> OutputError {
    OutputError::Blocked { path: path.to_owned(), foreign, adoptable }
}

pub(super) fn look(path: &Path) -> Result<Option<fs::Metadata>, OutputError> {
    match fs::symlink_metadata(path) {
        Ok(data) => Ok(Some(data)),
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(OutputError::io("read", path)(error)),
    }
}

fn remove_files(output: &Path, paths: &[Arc<str>]) -> Result<(), OutputError> {
    paths.par_iter().try_for_each(|path| {
        let full = output.join(&**path);
        files::remove_if_there(&full).map_err(OutputError::io("remove", &full))
    })
}

/// Syncs all changes before the journal is removed.
fn sync_folders<'a>(
    output: &Path,
    paths: impl Iterator<Item = &'a Arc<str>>,
    durability: Durability,
) -> Result<(), OutputError> {
    let folders: BTreeSet<&Path> =
        paths.flat_map(|path| Path::new(&**path).ancestors().skip(1)).collect();
    let list = || folders.iter().map(|folder| output.join(folder)).collect();
    durability.sync(output, folders.len(), list).map_err(OutputError::io("sync", output))
}

/// Removes folders that are empty now; the system refuses others.
fn remove_empty_folders<'a>(output: &Path, removed: impl Iterator<Item = &'a Arc<str>>) {
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for path in removed {
        let mut rest = &**path;
        while let Some((parent, _)) = rest.rsplit_once('/') {
            if !folders.insert(parent) {
                break;
            }
            rest = parent;
        }
    }
    // Reversed, a folder comes after its contents.
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(output.join(folder));
    }
}

/// Removes a file or folder.
pub(super) fn clear(path: &Path) -> Result<(), OutputError> {
    let done = match look(path)? {
        None => return Ok(()),
        Some(data) if data.is_dir() => fs::remove_dir_all(path),
        Some(_) => fs::remove_file(path),
    };
    done.map_err(OutputError::io("remove", path))
}
