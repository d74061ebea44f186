//! A branch of a Git repository, such as GitHub's `gh-pages`, through the user's `git`.
//!
//! The site is one commit without parents, pushed with a lease: withdrawn reports must not survive
//! in the branch's history. It is made by plumbing commands in a bare repository in `.dateline/`;
//! the user's working tree and index are not touched. Other files in the branch (a `CNAME`, a
//! README) are kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rayon::prelude::*;
use sha1::{Digest as _, Sha1};
use xxhash_rust::xxh3::xxh3_64;

use crate::base::files::{self, Durability};
use crate::output::OutputError;
use crate::state::StateFolder;

use super::plan::Step;
use super::program;
use super::remote::{FILE, RemoteFile, RemoteManifest, Unowned, Unreadable};
use super::site::BuiltSite;
use super::{DeployError, Destination, Doing, Progress, RecordUse, Work};
use crate::deploy::without_secrets::redacted;

mod own;
mod path_names;

use own::Own;

/// The ref of the branch's tip in our repository.
const TIP: &str = "refs/dateline/tip";

/// A branch of a repository.
pub(super) struct Branch {
    repository: String,
    branch: String,
    record: RecordUse,
    own: Own,
    /// Changed files that no cache was purged of.
    unannounced: PathBuf,
    /// The branch's commit when we fetched it.
    tip: Option<String>,
}

/// The branch and its repository.
pub(super) struct Address<'a> {
    pub(super) root: &'a Path,
    /// The target's name.
    pub(super) target: &'a str,
    pub(super) repository: &'a str,
    pub(super) branch: &'a str,
}

impl Branch {
    /// Opens without changing anything.
    pub(super) fn open(
        address: &Address<'_>,
        record: RecordUse,
        doing: Doing,
    ) -> Result<Branch, DeployError> {
        let name = format!("{:016x}", xxh3_64(address.target.as_bytes()));
        let folder = StateFolder::of(address.root).deployments();
        let own = match doing {
            Doing::Deploy => Own::kept(&folder.join(format!("{name}.git")))?,
            Doing::Plan => Own::passing()?,
        };
        let unannounced = folder.join(format!("{name}.unannounced"));
        let repository = repository(address.root, address.repository)?;
        let branch = address.branch.to_owned();
        Ok(Branch { repository, branch, record, own, unannounced, tip: None })
    }

    /// git in our repository, without the user's hooks.
    fn git(&self) -> Command {
        let mut command = plain_git();
        command.args(["-c", "core.hooksPath=/dev/null"]);
        command.env("GIT_DIR", self.own.path());
        command.env("GIT_INDEX_FILE", self.own.path().join("dateline-index"));
        command
    }

    fn run(&self, arguments: &[&str], input: &[u8], doing: &str) -> Result<String, DeployError> {
        let output = program::succeed(self.git().args(arguments), input, doing)?;
        Ok(String::from_utf8_lossy(&output).trim_end().to_owned())
    }

    fn reference(&self) -> String {
        format!("refs/heads/{}", self.branch)
    }

    /// Creates our repository, and fetches the branch's tip.
    fn fetch(&mut self) -> Result<(), DeployError> {
        let path = self.own.path();
        fs::create_dir_all(path).map_err(OutputError::io("create the folder", path))?;
        let format = ["-c", "init.defaultObjectFormat=sha1", "-c", "init.defaultRefFormat=files"];
        let init = ["init", "--quiet", "--bare", "--template="];
        self.run(&[&format[..], &init].concat(), b"", "make a repository")?;
        let doing = format!("read {}", self.repository);
        let reference = self.reference();
        let tip = self.tip_there();
        if tip.is_err() {
            // Nothing was written.
            self.own.end();
        }
        self.tip = tip?;
        let Some(tip) = &self.tip else { return Ok(()) };
        let mut known = self.git();
        known.args(["cat-file", "-e", &format!("{tip}^{{tree}}")]);
        if !program::run(&mut known, b"")?.status.success() {
            let refspec = format!("+{reference}:{TIP}");
            let options = ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head"];
            let arguments = [&options[..], &["--", &self.repository, &refspec]].concat();
            self.run(&arguments, b"", &doing)?;
        }
        Ok(())
    }

    /// The branch's commit now.
    fn tip_there(&self) -> Result<Option<String>, DeployError> {
        let reference = self.reference();
        let arguments = ["ls-remote", "--", &self.repository, &reference];
        let listed = self.run(&arguments, b"", &format!("read {}", self.repository))?;
        let mut lines = listed.lines().filter_map(|line| line.split_once('\t'));
        let tip = lines.find(|(_, name)| *name == reference);
        Ok(tip.map(|(tip, _)| tip.to_owned()))
    }

    /// The branch's files with their hashes.
    fn blobs(&self, tip: &str) -> Result<BTreeMap<String, String>, DeployError> {
        let mut command = self.git();
        command.args(["ls-tree", "-r", "-z", tip]);
        let output = program::succeed(&mut command, b"", "list the branch")?;
        let text = String::from_utf8_lossy(&output);
        let blob = |line: &str| {
            let (about, path) = line.split_once('\t')?;
            Some((path.to_owned(), about.rsplit(' ').next()?.to_owned()))
        };
        Ok(text.split('\0').filter_map(blob).collect())
    }

    /// Stores files as blobs; returns their hashes in order.
    fn write_blobs(&self, work: &Work<'_>) -> Result<Vec<String>, DeployError> {
        let paths: Vec<String> =
            work.plan.puts().map(|path| quoted(&work.site.file(path))).collect();
        let arguments = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
        let doing = "store the site's files";
        let listed = self.run(&arguments, paths.join("\n").as_bytes(), doing)?;
        let blobs: Vec<String> = listed.lines().map(str::to_owned).collect();
        if blobs.len() != paths.len() {
            let message = format!("git stored {} of {} files", blobs.len(), paths.len());
            return Err(DeployError::refused(doing, message));
        }
        let puts: Vec<(&Arc<str>, &String)> = work.plan.puts().zip(&blobs).collect();
        puts.par_iter().try_for_each(|&(path, blob)| compare(work.site, path, blob))?;
        Ok(blobs)
    }

    /// Makes the commit of the whole site with its record.
    fn commit(&self, work: &Work<'_>) -> Result<String, DeployError> {
        let tree = self.tip.as_ref().map_or("--empty".to_owned(), |tip| format!("{tip}^{{tree}}"));
        self.run(&["read-tree", &tree], b"", "read the branch")?;
        let mut remote = work.before.clone();
        remote.base_url.clone_from(&work.site.manifest.base_url);
        (remote.begun, remote.unannounced) = Default::default();
        remote.conclude(&work.plan.kept);
        let mut lines = Vec::new();
        for path in work.plan.deletes() {
            lines.push(format!("0 {}\t{path}\0", "0".repeat(40)));
            remote.deleted(path);
        }
        for (path, blob) in work.plan.puts().zip(self.write_blobs(work)?) {
            lines.push(format!("100644 {blob}\t{path}\0"));
            if let Some(entry) = work.site.manifest.files.get(path) {
                remote.put(path, RemoteFile::of(entry, Some(xxh3_64(blob.as_bytes()))));
            }
        }
        let record = remote.write().map_err(OutputError::io("write", self.own.path()))?;
        let record = self.run(&["hash-object", "-w", "--stdin"], &record, "store the record")?;
        lines.push(format!("100644 {record}\t{FILE}\0"));
        self.run(
            &["update-index", "-z", "--index-info"],
            lines.concat().as_bytes(),
            "make the tree",
        )?;
        let tree = self.run(&["write-tree"], b"", "make the tree")?;
        let message = format!("Deploy {}", remote.base_url);
        let mut command = self.git();
        if !program::run(self.git().args(["var", "GIT_COMMITTER_IDENT"]), b"")?.status.success() {
            command.args(["-c", "user.name=Dateline", "-c", "user.email=dateline@localhost"]);
        }
        command.args(["commit-tree", "-m", &message, &tree]);
        let commit = program::succeed(&mut command, b"", "make the commit")?;
        Ok(String::from_utf8_lossy(&commit).trim().to_owned())
    }

    fn push(&self, commit: &str) -> Result<(), DeployError> {
        let lease = format!(
            "--force-with-lease={}:{}",
            self.reference(),
            self.tip.as_deref().unwrap_or_default()
        );
        let refspec = format!("{commit}:{}", self.reference());
        let mut command = self.git();
        command.args(["push", "--quiet", &lease, "--", &self.repository, &refspec]);
        let output = program::run(&mut command, b"")?;
        if output.status.success() {
            return Ok(());
        }
        let is_locked = String::from_utf8_lossy(&output.stderr).contains("cannot lock ref");
        if is_locked || self.tip_there().is_ok_and(|tip| tip != self.tip) {
            return Err(DeployError::overtaken(&self.repository));
        }
        Err(program::refusal(&output, &format!("push to {}", self.repository)))
    }

    /// Deletes other commits: withdrawn reports must not survive here, either.
    fn forget_all_but(&self, commit: &str) -> Result<(), DeployError> {
        self.run(&["update-ref", TIP, commit], b"", "note the commit")?;
        self.run(&["gc", "--quiet", "--prune=now"], b"", "tidy the repository").map(drop)
    }

    /// Reads the branch's record. git has each file's hash, so all are compared.
    fn read(&mut self) -> Result<Option<RemoteManifest>, DeployError> {
        self.fetch()?;
        let Some(tip) = self.tip.clone() else { return Ok(None) };
        let blobs = self.blobs(&tip)?;
        let mut command = self.git();
        command.args(["cat-file", "blob", &format!("{tip}:{FILE}")]);
        let output = program::run(&mut command, b"")?;
        let is_there = output.status.success();
        let found =
            if is_there { RemoteManifest::read(&output.stdout) } else { Err(Unreadable::Damaged) };
        let mut remote = match found {
            Ok(remote) => remote,
            Err(_) if self.record == RecordUse::Adopt || blobs.is_empty() => return Ok(None),
            Err(unreadable) => {
                let place = format!("{} of {}", self.branch, self.repository);
                return Err(DeployError::not_ours(place, Unowned::missing_or(unreadable)));
            }
        };
        remote.files.retain(|path, _| blobs.contains_key(&**path));
        for (path, file) in &mut remote.files {
            let mark = blobs.get(&**path).map(|blob| xxh3_64(blob.as_bytes()));
            if file.mark != mark {
                file.sha256 = None;
            }
        }
        let list = fs::read_to_string(&self.unannounced).unwrap_or_default();
        let listed = list.split('\0').filter(|path| !path.is_empty());
        remote.unannounced.extend(listed.map(Arc::from));
        Ok(Some(remote))
    }
}

impl Destination for Branch {
    fn check_names(&self, site: &BuiltSite) -> Result<(), DeployError> {
        let mut paths = site.manifest.files.iter().map(|(path, _)| path);
        let Some(path) = paths.find(|path| path_names::is_refused(path)) else { return Ok(()) };
        let place = redacted(&self.repository);
        let reason = "git takes it for the folder of a repository";
        Err(DeployError::BadName { place, path: path.to_string(), reason })
    }

    fn published(&mut self) -> Result<Option<RemoteManifest>, DeployError> {
        self.own.begin()?;
        let published = self.read()?;
        self.own.end();
        Ok(published)
    }

    fn recheck(&mut self, _: &mut RemoteManifest) -> Result<(), DeployError> {
        Ok(())
    }

    fn carry_out(&mut self, work: Work<'_>) -> Result<(), DeployError> {
        (work.listener)(Progress::Step(Step::Articles));
        let changed = work.plan.puts().chain(work.plan.deletes()).chain(&work.before.unannounced);
        let list: Vec<&str> = changed.map(|path| &**path).collect();
        if work.purge.is_some() {
            let path = &self.unannounced;
            let list = list.join("\0");
            files::replace(path, list.as_bytes(), Durability::Lasting)
                .map_err(OutputError::io("write", path))?;
        }
        self.own.begin()?;
        let commit = self.commit(&work)?;
        self.push(&commit)?;
        (work.listener)(Progress::Done(list.len()));
        self.forget_all_but(&commit)?;
        self.own.end();
        Ok(())
    }

    fn announced(&mut self, _: &RemoteManifest) -> Result<(), DeployError> {
        let path = &self.unannounced;
        fs::remove_file(path).map_err(OutputError::io("remove", path))?;
        Ok(())
    }
}

/// Compares git's blob with the manifest: the file was read twice, and may have changed in between.
fn compare(site: &BuiltSite, path: &str, blob: &str) -> Result<(), DeployError> {
    let Some(entry) = site.manifest.files.get(path) else { return Ok(()) };
    if blob_name(&site.read(path, entry)?) == blob {
        Ok(())
    } else {
        Err(DeployError::Damaged { count: 1, first: path.to_owned() })
    }
}

/// The blob hash of these bytes.
fn blob_name(bytes: &[u8]) -> String {
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", bytes.len()));
    hasher.update(bytes);
    hasher.finalize().iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string can't fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// Quotes a path for git's line-based input.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if !path.contains(['\n', '"', '\\']) {
        return path;
    }
    let escaped = path.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// Variables that point git to another repository. Settings in variables (`GIT_CONFIG_COUNT`) are
/// kept: git may need them for authentication.
const REDIRECTING: [&str; 17] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DEFAULT_HASH",
    "GIT_DEFAULT_REF_FORMAT",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_TEMPLATE_DIR",
    "GIT_WORK_TREE",
];

/// git without the calling repository's variables; it asks for passwords only on a terminal.
fn plain_git() -> Command {
    let mut command = Command::new("git");
    for variable in REDIRECTING {
        command.env_remove(variable);
    }
    command.env("LC_ALL", "C");
    if !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        command.env("GIT_TERMINAL_PROMPT", "0");
    }
    command
}

/// The repository's address: as written, resolved from the archive's folder, or of a remote of the
/// archive's own repository.
fn repository(root: &Path, written: &str) -> Result<String, DeployError> {
    if written.contains(':') {
        return Ok(written.to_owned());
    }
    if !written.contains('/') {
        let mut command = plain_git();
        command.arg("-C").arg(root).args(["remote", "get-url", "--push", "--", written]);
        let output = program::run(&mut command, b"")?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
    }
    let path = std::path::absolute(root.join(written));
    let path = path.map_err(|error| DeployError::refused(format!("find {written}"), error))?;
    Ok(path.display().to_string())
}
