//! A folder on a server, through the user's `rsync`: one call for each step, to keep the order.
//!
//! rsync replaces each file by a rename. It gets lists of files to send and to delete, so that
//! other files are left alone. (`--delete-missing-args` would fit, but fails in rsync 3.2.7 if a
//! file's folder stays.)

use std::collections::BTreeSet;
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::base::files::{self, Durability};
use crate::base::permalink::folders;
use crate::output::OutputError;

use super::plan::Stage;
use super::program;
use super::remote::{FILE, RemoteFile, RemoteManifest, Unowned};
use super::site::BuiltSite;
use super::{DeployError, Destination, Progress, RecordUse, Work};

/// rsync's exit code if a file does not exist.
const PARTIAL: i32 = 23;

/// Files are made readable for web servers, whatever their modes here. Modes of folders are not
/// sent: they may belong to others.
const CHMOD: &str = "--chmod=F644";

/// After this many files the record is written between two steps; below that, a call costs more
/// than uploading them again.
const MANY: usize = 500;

/// A folder that rsync can write.
pub(super) struct Rsync {
    destination: String,
    record: RecordUse,
    /// Holds the record and lists of files.
    desk: TempDir,
    /// The record as last read or written.
    known: Option<Vec<u8>>,
}

impl Rsync {
    /// Opens without changing anything.
    pub(super) fn open(root: &Path, place: &str, record: RecordUse) -> Result<Rsync, DeployError> {
        let desk = TempDir::new().map_err(OutputError::io("make", &std::env::temp_dir()))?;
        Ok(Rsync { destination: destination(root, place), record, desk, known: None })
    }

    fn desk_file(&self, name: &str) -> PathBuf {
        self.desk.path().join(name)
    }

    /// Whether the folder is empty.
    fn is_empty(&self) -> Result<bool, DeployError> {
        let mut command = Command::new("rsync");
        command.args(["--list-only", "--", &self.destination]);
        let output = program::run(&mut command, b"")?;
        match output.status.code() {
            Some(0) => {
                let lines = String::from_utf8_lossy(&output.stdout).into_owned();
                Ok(lines.lines().all(|line| line.ends_with(" .")))
            }
            Some(PARTIAL) => Ok(true),
            _ => Err(program::refusal(&output, &format!("list {}", self.destination))),
        }
    }

    /// The record's bytes, if it exists.
    fn read_record(&self) -> Result<Option<Vec<u8>>, DeployError> {
        let copy = TempDir::new_in(self.desk.path());
        let copy = copy.map_err(OutputError::io("make a folder in", self.desk.path()))?;
        let from = format!("{}{FILE}", self.destination);
        let to = format!("{}/", copy.path().display());
        let mut command = rsync(&["--ignore-missing-args"], &from, &to);
        let output = program::run(&mut command, b"")?;
        let is_missing = output.status.code() == Some(PARTIAL);
        if !output.status.success() && !is_missing {
            return Err(program::refusal(&output, &format!("read {}", self.destination)));
        }
        Ok(fs::read(copy.path().join(FILE)).ok())
    }

    /// Whether the record is still ours. rsync has no locks: another deploy would write its own
    /// record.
    fn is_ours(&self) -> Result<bool, DeployError> {
        Ok(self.read_record()? == self.known)
    }

    /// Gives way to a deploy that began after us and does not know our changes: our record makes it
    /// give way, too, or the next deploy repairs them.
    fn give_way(&mut self, work: &Work<'_>) -> DeployError {
        let theirs = self.read_record().ok().flatten();
        if let Some(Ok(mut remote)) = theirs.map(|bytes| RemoteManifest::read(&bytes)) {
            let base_url = remote.base_url.clone();
            work.plan.begin(&mut remote, &work.site.manifest);
            (remote.base_url, remote.at_work) = (base_url, Some(nonce()));
            // The error that is shown anyway says more.
            let _ = self.write_record(&remote);
        }
        DeployError::overtaken(&self.destination)
    }

    fn write_record(&mut self, remote: &RemoteManifest) -> Result<(), DeployError> {
        let path = self.desk_file(FILE);
        let bytes = remote.write().map_err(OutputError::io("write", &path))?;
        files::replace(&path, &bytes, Durability::Passing)
            .map_err(OutputError::io("write", &path))?;
        self.known = Some(bytes);
        let arguments = ["--ignore-times", "--times", "--perms", CHMOD];
        let from = path.display().to_string();
        let mut command = rsync(&arguments, &from, &self.destination);
        program::succeed(&mut command, b"", "write the record of what is there").map(drop)
    }

    fn send(&self, stage: &Stage, site: &BuiltSite) -> Result<(), DeployError> {
        if stage.puts.is_empty() {
            return Ok(());
        }
        let list = self.desk_file("list");
        // Without `./`, a name that begins with `#` or `;` counts as a comment.
        let paths: Vec<String> = stage.puts.iter().map(|path| format!("./{path}")).collect();
        files::replace(&list, paths.join("\0").as_bytes(), Durability::Passing)
            .map_err(OutputError::io("write", &list))?;
        let list = format!("--files-from={}", list.display());
        let arguments =
            ["--checksum", "--times", "--perms", CHMOD, "--no-implied-dirs", "--from0", &list];
        let source = format!("{}/", site.folder().display());
        let mut command = rsync(&arguments, &source, &self.destination);
        let doing = format!("send {}", stage.step.name());
        program::succeed(&mut command, b"", &doing).map(drop)
    }

    /// Deletes files by syncing empty folders with all other files protected. Empty folders that
    /// the site no longer has are deleted, too.
    fn delete(&self, stage: &Stage, site: &BuiltSite) -> Result<(), DeployError> {
        if stage.deletes.is_empty() {
            return Ok(());
        }
        let bare = TempDir::new_in(self.desk.path());
        let bare = bare.map_err(OutputError::io("make a folder in", self.desk.path()))?;
        let mut rules = BTreeSet::new();
        for path in &stage.deletes {
            rules.insert(rule(path));
            for folder in folders(path) {
                if site.manifest.files.under(folder).next().is_none() {
                    rules.insert(rule(folder));
                    continue;
                }
                let kept = bare.path().join(folder);
                fs::create_dir_all(&kept).map_err(OutputError::io("make", &kept))?;
            }
        }
        let rules: String = rules.into_iter().chain(["P *\0".to_owned()]).collect();
        let merged = self.desk_file("rules");
        files::replace(&merged, rules.as_bytes(), Durability::Passing)
            .map_err(OutputError::io("write", &merged))?;
        let filter = format!("--filter=merge {}", merged.display());
        let arguments = ["--recursive", "--delete", "--from0", &filter];
        let source = format!("{}/", bare.path().display());
        let mut command = rsync(&arguments, &source, &self.destination);
        let doing = format!("delete {}", stage.step.name());
        program::succeed(&mut command, b"", &doing).map(drop)
    }
}

impl Destination for Rsync {
    fn published(&mut self) -> Result<Option<RemoteManifest>, DeployError> {
        self.known = self.read_record()?;
        let reason = match self.known.as_deref().map(RemoteManifest::read) {
            Some(Ok(remote)) => return Ok(Some(remote)),
            Some(Err(unreadable)) => unreadable.into(),
            None if self.is_empty()? => return Ok(None),
            None => Unowned::NoRecord,
        };
        if self.record == RecordUse::Adopt {
            return Ok(None);
        }
        Err(DeployError::not_ours(&self.destination, reason))
    }

    /// Lets rsync compare each file.
    fn recheck(&mut self, remote: &mut RemoteManifest) -> Result<(), DeployError> {
        remote.doubt_all();
        Ok(())
    }

    fn carry_out(&mut self, work: Work<'_>) -> Result<(), DeployError> {
        let mut remote = work.before.clone();
        work.plan.begin(&mut remote, &work.site.manifest);
        remote.at_work = Some(nonce());
        if !self.is_ours()? {
            return Err(DeployError::overtaken(&self.destination));
        }
        self.write_record(&remote)?;
        if !self.is_ours()? {
            return Err(DeployError::overtaken(&self.destination));
        }
        for stage in &work.plan.stages {
            (work.listener)(Progress::Step(stage.step));
            self.send(stage, work.site)?;
            self.delete(stage, work.site)?;
            settle(&mut remote, stage, &work);
            if !self.is_ours()? {
                return Err(self.give_way(&work));
            }
            if stage.puts.len() > MANY {
                self.write_record(&remote)?;
            }
            (work.listener)(Progress::Done(stage.puts.len() + stage.deletes.len()));
        }
        work.conclude(&mut remote);
        self.write_record(&remote)
    }

    fn announced(&mut self, remote: &RemoteManifest) -> Result<(), DeployError> {
        self.write_record(remote)
    }
}

/// A call of rsync.
fn rsync(arguments: &[&str], from: &str, to: &str) -> Command {
    let mut command = Command::new("rsync");
    command.args(arguments).args(["--", from, to]);
    command
}

/// A random id that distinguishes two deploys with equal records.
fn nonce() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// Records a finished stage.
fn settle(remote: &mut RemoteManifest, stage: &Stage, work: &Work<'_>) {
    for path in &stage.puts {
        if let Some(entry) = work.site.manifest.files.get(path) {
            remote.put(path, RemoteFile::of(entry, None));
        }
    }
    for path in &stage.deletes {
        remote.deleted(path);
    }
}

/// An rsync rule that allows deleting a path, with pattern characters escaped.
fn rule(path: &str) -> String {
    let is_pattern = path.contains(['*', '?', '[']);
    let path = if is_pattern {
        path.replace('\\', "\\\\").replace('*', "\\*").replace('?', "\\?").replace('[', "\\[")
    } else {
        path.to_owned()
    };
    format!("R /{path}\0")
}

/// Whether a place is on another machine.
pub(super) fn is_remote(place: &str) -> bool {
    place.split('/').next().is_some_and(|start| start.contains(':'))
}

/// A local path that rsync does not take for a server: a colon before the first `/` would mean one.
fn here(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// The destination for rsync: local paths are relative to the archive. A server's address is
/// unchanged: after a final colon comes the user's home folder, and a slash would make it the root.
fn destination(root: &Path, place: &str) -> String {
    match (is_remote(place), place.ends_with(['/', ':'])) {
        (true, true) => place.to_owned(),
        (true, false) => format!("{place}/"),
        (false, _) => format!("{}/", here(&root.join(place)).trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::destination;
    use std::path::Path;

    #[test]
    fn a_server_s_address_keeps_its_meaning() {
        for (place, expected) in [
            ("me@host:", "me@host:"),
            ("host:/", "host:/"),
            ("host:www", "host:www/"),
            ("host:www/", "host:www/"),
            ("host::module", "host::module/"),
            ("host::", "host::"),
            ("rsync://host/module", "rsync://host/module/"),
            ("www", "/archive/www/"),
            ("/srv/www//", "/srv/www/"),
            ("/", "/"),
        ] {
            assert_eq!(destination(Path::new("/archive"), place), expected);
        }
    }
}
