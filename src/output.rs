//! The output folder: written to a stage, committed at once, never mixed with other files.
//!
//! A build loads the last [`Manifest`], opens a [`Stage`], writes every page to it (from many
//! threads) and commits. Before the commit nothing in the output changes; the next
//! [`Manifest::load`] finishes an interrupted commit. Only files in a manifest are ever deleted.

mod claims;
mod commit;
mod files;
mod manifest;
mod permissions;
mod place;
mod stage;
mod verify;

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::base::files::{Durability, Lock};
pub(crate) use commit::Committed;
pub(crate) use files::{Entry, Files, PublishedBody, Sha256, Tag};
pub use manifest::Manifest;
pub(crate) use manifest::{ManifestParts, Redirect, TermOwner, Withdrawn};
pub(crate) use place::OutputPlace;
pub(crate) use stage::copy_hashed;
pub(crate) use stage::{SiteFile, Stage};
pub(crate) use verify::{Verdict, verify};

/// The stage's name if it must be inside the output; reserved there.
const INNER_STAGE: &str = ".dateline-stage";

/// The target of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The output folder, absolute.
    pub output: PathBuf,
    /// The output's name in the state folder: see [`OutputPlace::name`].
    pub name: String,
    /// The folder for manifest, journal and lock, absolute.
    pub state: PathBuf,
    /// Accept an output without a manifest, and overwrite files of the same path.
    pub adopt: bool,
    /// Whether writes must survive a power cut.
    pub durability: Durability,
}

impl Target {
    /// The output with symbolic links resolved, so that a sibling is on the same file system.
    fn real_output(&self) -> PathBuf {
        fs::canonicalize(&self.output).unwrap_or_else(|_| self.output.clone())
    }

    fn manifest(&self) -> PathBuf {
        self.state.join("manifest.json")
    }

    /// The manifest of a running commit; its existence is the commit point.
    fn journal(&self) -> PathBuf {
        self.state.join("journal.json")
    }

    /// Locks out a second build.
    fn lock(&self) -> Result<Lock, OutputError> {
        fs::create_dir_all(&self.state)
            .map_err(OutputError::io("create the folder", &self.state))?;
        let path = self.state.join("lock");
        self.held(Lock::take(&path).map_err(OutputError::io("lock", &path))?)
    }

    /// Locks a state folder; `None` while a build holds the lock.
    pub(crate) fn lock_of(state: &Path) -> io::Result<Option<Lock>> {
        Lock::take(&state.join("lock"))
    }

    /// Syncs the state folder up to the archive's: without it, the record of an existing output
    /// could be lost in a power cut.
    fn sync_state(&self) -> Result<(), OutputError> {
        self.manifest().ancestors().take(3).try_for_each(|path| self.sync_folder_of(path))
    }

    /// Syncs the folder of a path after a rename or a removal.
    fn sync_folder_of(&self, path: &Path) -> Result<(), OutputError> {
        self.durability.sync_folder_of(path).map_err(OutputError::io("sync the folder of", path))
    }

    fn held(&self, lock: Option<Lock>) -> Result<Lock, OutputError> {
        lock.ok_or_else(|| OutputError::Busy { output: self.output.clone() })
    }
}

/// Possible places of the stage: beside the output, or inside it.
fn stage_places(output: &Path) -> (Option<PathBuf>, PathBuf) {
    let beside = output.parent().zip(output.file_name()).map(|(parent, name)| {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".dateline-stage");
        parent.join(hidden)
    });
    (beside, output.join(INNER_STAGE))
}

/// Removes the stages of interrupted builds.
pub(crate) fn clear_stages(output: &Path) -> io::Result<()> {
    let output = fs::canonicalize(output).unwrap_or_else(|_| output.to_owned());
    let (beside, inside) = stage_places(&output);
    for stage in beside.into_iter().chain([inside]) {
        match fs::remove_dir_all(&stage) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// What exists at the output's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occupancy {
    Absent,
    Empty,
    Full,
}

fn occupancy(output: &Path) -> Result<Occupancy, OutputError> {
    let entries = match fs::read_dir(output) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Occupancy::Absent),
        Err(error) => return Err(OutputError::io("read the folder", output)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(OutputError::io("read the folder", output))?;
        if entry.file_name() != INNER_STAGE {
            return Ok(Occupancy::Full);
        }
    }
    Ok(Occupancy::Empty)
}

/// Whether a path is valid in the output: relative, `/` between plain names.
pub(crate) fn is_good_path(path: &str) -> bool {
    let plain = |part: &str| {
        let mut components = Path::new(part).components();
        matches!(
            (components.next(), components.next()),
            (Some(Component::Normal(name)), None) if name == part
        )
    };
    !path.contains('\0')
        && path.split('/').all(plain)
        && path.split('/').next() != Some(INNER_STAGE)
}

/// Why the output could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The output contains files, but there is no manifest.
    #[error("the output folder `{}` is not empty, and {reason}", output.display())]
    NotOurs {
        /// The output folder.
        output: PathBuf,
        /// What is wrong with the manifest.
        reason: &'static str,
    },
    /// There is no intact manifest to compare with.
    #[error("no record tells what was published to `{}`", output.display())]
    NothingPublished {
        /// The output folder.
        output: PathBuf,
    },
    /// A commit was interrupted.
    #[error("a build of `{}` was cut short", output.display())]
    Unfinished {
        /// The output folder.
        output: PathBuf,
    },
    /// The output would be among the archive's own files.
    #[error("`{}` can't be the output folder: the archive itself is there", output.display())]
    Sources {
        /// The output folder.
        output: PathBuf,
    },
    /// Another build holds the lock.
    #[error("another build is writing to `{}`", output.display())]
    Busy {
        /// The output folder.
        output: PathBuf,
    },
    /// Meanwhile another build finished, or the output was emptied.
    #[error("the output folder `{}` was changed by something else during the build", output.display())]
    Changed {
        /// The output folder.
        output: PathBuf,
    },
    /// A path outside the output.
    #[error("`{path}` can't be the path of a file in the output")]
    BadPath {
        /// The path as requested.
        path: String,
    },
    /// Two files of a build have the same path, or one needs a folder where the other is a file.
    #[error("two files of the build want the path `{path}`")]
    Clash {
        /// The second path.
        path: String,
    },
    /// A file of others is in the way.
    #[error("`{}` is in the way of `{path}`, and Dateline did not write it", foreign.display())]
    Blocked {
        /// The path to be written.
        path: String,
        /// What is in its way.
        foreign: PathBuf,
        /// Whether `--adopt` would overwrite it.
        adoptable: bool,
    },
    /// The file system refused.
    #[error("can't {doing} `{}`: {}", path.display(), cause(source))]
    Io {
        /// The operation.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// The system's error in plain words.
fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::NotADirectory => "a file is where a folder must be".to_owned(),
        io::ErrorKind::IsADirectory => "a folder is where a file must be".to_owned(),
        io::ErrorKind::InvalidFilename => "the name is too long or not allowed here".to_owned(),
        _ => error.to_string(),
    }
}

impl OutputError {
    /// For `map_err`: adds operation and path.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
        move |source| OutputError::Io { doing, path: path.to_owned(), source }
    }

    /// The remedy.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            OutputError::NotOurs { .. } => {
                "build to another folder with `-o`, empty this one, or run with `--adopt`: files of \
                 the same path are then overwritten, all others are left alone"
            }
            OutputError::NothingPublished { .. } => {
                "build it first, and name the output, address and drafts as the build did"
            }
            OutputError::Unfinished { .. } => "run `dateline build`: it finishes what was begun",
            OutputError::Sources { .. } => {
                "choose a folder of its own, as in output_dir = \"public\" or `-o ../site`"
            }
            OutputError::Busy { .. } => "wait for it to end, or build to another folder with `-o`",
            OutputError::Changed { .. } => "run the build again",
            OutputError::BadPath { .. } => "a path is relative, without `.` and `..`",
            OutputError::Clash { .. } => "give one of them another slug or permalink, or rename it",
            OutputError::Blocked { adoptable: true, .. } => {
                "move it away, or run with `--adopt` to have it overwritten"
            }
            OutputError::Blocked { adoptable: false, .. } => "move it away, or rename the page",
            OutputError::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "make room: a build needs space for the changed files beside the old ones"
                }
                io::ErrorKind::PermissionDenied => {
                    "check who owns it and what its permissions are; the folder it is in counts too"
                }
                io::ErrorKind::ReadOnlyFilesystem => "build to another folder with `-o`",
                io::ErrorKind::NotADirectory => "move the file away, or build to another folder",
                io::ErrorKind::IsADirectory => "move the folder away",
                io::ErrorKind::InvalidFilename => "choose a shorter slug or file name",
                _ => return None,
            },
        };
        Some(help.to_owned())
    }
}

pub(crate) mod published_text;
#[cfg(test)]
mod tests;
