//! An archive in a folder of its own, and builds of it that may go wrong.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::skip;

/// Files by their path, with `/`.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// The file that stands in the output while the stage is tried out: no part of the site.
const PROBE: &str = ".dateline-stage";

/// An archive's folder.
pub(crate) struct Archive {
    _home: TempDir,
    root: PathBuf,
}

/// How a run of the program ended.
pub(crate) struct Ended {
    /// Absent where it was killed.
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        Ended {
            code: output.status.code(),
            signal: output.status.signal(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Archive {
    /// An archive of these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Archive {
        let archive = Archive::at(TempDir::new().unwrap());
        for (path, text) in files {
            archive.write(path, text);
        }
        archive
    }

    /// An empty archive on the file system of a folder.
    pub(crate) fn beside(folder: &Path) -> Archive {
        Archive::at(TempDir::new_in(folder.parent().unwrap()).unwrap())
    }

    fn at(home: TempDir) -> Archive {
        // A name of its own, so that what lies beside the archive is ours too.
        let root = home.path().canonicalize().unwrap().join("archive");
        fs::create_dir(&root).unwrap();
        Archive { _home: home, root }
    }

    /// A copy of an archive with its site, as old as it says it is.
    pub(crate) fn copy(of: &Archive) -> Archive {
        let archive = Archive::new(&[]);
        let status = skip::basic("cp").arg("-a").arg(of.path(".")).arg(&archive.root).status();
        assert!(status.unwrap().success());
        archive
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// `dateline build` of it, on one thread.
    pub(crate) fn command(&self) -> Command {
        self.command_in(&[] as &[&str])
    }

    /// `dateline build` of it, started by another program with these arguments.
    pub(crate) fn command_in(&self, starter: &[impl AsRef<OsStr>]) -> Command {
        let program = env!("CARGO_BIN_EXE_dateline");
        let mut words = starter.iter().map(AsRef::as_ref).chain([OsStr::new(program)]);
        let mut command = skip::basic(&words.next().unwrap().to_string_lossy());
        command.args(words).arg("--root").arg(&self.root).arg("build");
        command.env("RAYON_NUM_THREADS", "1").env_remove("SOURCE_DATE_EPOCH");
        command
    }

    pub(crate) fn build(&self) -> Ended {
        self.command().output().unwrap().into()
    }

    /// The site after a build that must succeed.
    #[track_caller]
    pub(crate) fn built(&self) -> Tree {
        let ended = self.build();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        self.site()
    }

    /// Every file of the site.
    pub(crate) fn site(&self) -> Tree {
        let mut site = tree(&self.path("public"));
        site.remove(PROBE);
        site
    }

    /// The record of what was published, and of a commit under way: name in the state folder, bytes.
    pub(crate) fn records(&self) -> Tree {
        let mut records = tree(&self.path(".dateline"));
        records.retain(|path, _| path.ends_with("manifest.json") || path.ends_with("journal.json"));
        records
    }

    /// Fails if a stage is left over, beside the output or inside it.
    #[track_caller]
    pub(crate) fn has_no_stage(&self) {
        for stage in [".public.dateline-stage", "public/.dateline-stage"] {
            assert!(!self.path(stage).exists(), "{stage} is left over");
        }
    }
}

/// Every file below a folder; none where there is no folder.
pub(crate) fn tree(folder: &Path) -> Tree {
    let mut files = Tree::new();
    if !folder.exists() {
        return files;
    }
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.unwrap();
        if !entry.file_type().is_dir() {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap();
            files.insert(path.to_owned(), fs::read(entry.path()).unwrap());
        }
    }
    files
}

/// The paths at which two sites differ.
pub(crate) fn differing<'a>(left: &'a Tree, right: &'a Tree) -> Vec<&'a str> {
    let paths = left.keys().chain(right.keys().filter(|path| !left.contains_key(*path)));
    paths.filter(|path| left.get(*path) != right.get(*path)).map(String::as_str).collect()
}
