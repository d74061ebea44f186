//! The output folder: staged aside, put in place in one go, and never mixed up with foreign files.
//!
//! A build loads the [`Manifest`] of the build before it, opens a [`Stage`], writes every page to it
//! (from many threads) and commits. Until the commit nothing in the output changes; a commit that is
//! cut short is finished by the next [`Manifest::load`]. Only files that a manifest lists are ever
//! deleted.

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
pub use commit::Committed;
pub use files::{Entry, Files, PublishedBody, Sha256, Tag};
pub use manifest::{Manifest, ManifestParts, Redirect, TermOwner, Withdrawn};
pub use place::OutputPlace;
pub(crate) use stage::copy_hashed;
pub use stage::{SiteFile, Stage};
pub use verify::{Verdict, verify};

/// The name of the stage where it has to be inside the output; reserved there.
const INNER_STAGE: &str = ".dateline-stage";

/// Where a build goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The output folder, absolute.
    pub output: PathBuf,
    /// The output's name in the archive's own records: see [`OutputPlace::name`].
    pub name: String,
    /// The folder for manifest, journal and lock, absolute.
    pub state: PathBuf,
    /// Build into a folder whose files no manifest lists, and take over those of the same path.
    pub adopt: bool,
    /// Whether a power cut may undo what is written.
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

    /// The manifest of a commit under way; its presence is the commit point.
    fn journal(&self) -> PathBuf {
        self.state.join("journal.json")
    }

    /// Takes the lock that keeps a second build out.
    fn lock(&self) -> Result<Lock, OutputError> {
        fs::create_dir_all(&self.state)
            .map_err(OutputError::io("create the folder", &self.state))?;
        let path = self.state.join("lock");
        self.held(Lock::take(&path).map_err(OutputError::io("lock", &path))?)
    }

    /// Takes the lock of a state folder, whatever its output; `None` while a build holds it.
    pub(crate) fn lock_of(state: &Path) -> io::Result<Option<Lock>> {
        Lock::take(&state.join("lock"))
    }

    /// Makes the state folder last, up to the archive's: a power cut that takes it takes the record of
    /// an output that stays.
    fn sync_state(&self) -> Result<(), OutputError> {
        self.manifest().ancestors().take(3).try_for_each(|path| self.sync_folder_of(path))
    }

    /// Makes the rename or the removal of a path last.
    fn sync_folder_of(&self, path: &Path) -> Result<(), OutputError> {
        self.durability.sync_folder_of(path).map_err(OutputError::io("sync the folder of", path))
    }

    fn held(&self, lock: Option<Lock>) -> Result<Lock, OutputError> {
        lock.ok_or_else(|| OutputError::Busy { output: self.output.clone() })
    }
}

/// Where the stage may be: beside the output, or inside it.
fn stage_places(output: &Path) -> (Option<PathBuf>, PathBuf) {
    let beside = output.parent().zip(output.file_name()).map(|(parent, name)| {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".dateline-stage");
        parent.join(hidden)
    });
    (beside, output.join(INNER_STAGE))
}

/// Removes what a build that did not come to its commit left at an output's stage.
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

/// What stands at the output's path.
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

/// Whether a path may name a file of the output: relative, `/` between plain names.
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
    /// The output holds files, and no manifest tells which of them are Dateline's.
    #[error("the output folder `{}` is not empty, and {reason}", output.display())]
    NotOurs {
        /// The output folder.
        output: PathBuf,
        /// What is wrong with the manifest.
        reason: &'static str,
    },
    /// There is no sound manifest to compare with.
    #[error("no record tells what was published to `{}`", output.display())]
    NothingPublished {
        /// The output folder.
        output: PathBuf,
    },
    /// A commit was cut short.
    #[error("a build of `{}` was cut short", output.display())]
    Unfinished {
        /// The output folder.
        output: PathBuf,
    },
    /// The output would stand among the archive's own files.
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
    /// Another build finished, or the output was emptied, while this one was at work.
    #[error("the output folder `{}` was changed by something else during the build", output.display())]
    Changed {
        /// The output folder.
        output: PathBuf,
    },
    /// A path that leads out of the output.
    #[error("`{path}` can't be the path of a file in the output")]
    BadPath {
        /// The path as asked for.
        path: String,
    },
    /// Two files of one build want the same path, or one needs a folder where the other is a file.
    #[error("two files of the build want the path `{path}`")]
    Clash {
        /// The path of the second.
        path: String,
    },
    /// A file that is not Dateline's is in the way.
    #[error("`{}` is in the way of `{path}`, and Dateline did not write it", foreign.display())]
    Blocked {
        /// The path to be written.
        path: String,
        /// What is in its way.
        foreign: PathBuf,
        /// Whether `--adopt` would overwrite it.
        adoptable: bool,
    },
    /// The system refused.
    #[error("can't {doing} `{}`: {}", path.display(), cause(source))]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

/// The system's answer in plain words.
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
    /// For `map_err`: what was tried, and on what.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
        move |source| OutputError::Io { doing, path: path.to_owned(), source }
    }

    /// How to mend it.
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

pub mod published_text;
#[cfg(test)]
mod tests;
