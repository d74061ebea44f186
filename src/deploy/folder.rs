//! A folder of releases. Each is a whole site; `current`, a symbolic link, is switched to the
//! newest by one rename.
//!
//! ```text
//! releases/000011/            a site
//! releases/000011.json.gz     its record, which no web server shows
//! current -> releases/000012
//! ```
//!
//! Unchanged files are hard links to the release before, so that a release costs only its changes.
//! Files are never written in place, as several releases may share them.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::base::files::{self, Durability, Lock, Stamp};
use crate::output::{Entry, OutputError, copy_hashed};

use super::plan::Step;
use super::remote::{RemoteFile, RemoteManifest, Unowned, Unreadable};
use super::site::BuiltSite;
use super::{DeployError, Destination, Progress, RecordUse, Work};

mod kept;

/// The link that the web server follows.
const CURRENT: &str = "current";

/// The unfinished release.
const NEXT: &str = ".next";

pub(super) struct ReleaseFolder {
    path: PathBuf,
    keep: usize,
    record: RecordUse,
    /// The current release when the plan was made.
    seen: Option<Release>,
}

/// A release number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Release(u32);

impl Release {
    /// The largest number; longer names are not ours.
    const LAST: u32 = 999_999_999;

    fn named(name: &str) -> Option<Release> {
        let is_number =
            (6..=9).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_digit());
        name.parse().ok().filter(|_| is_number).map(Release)
    }

    fn name(self) -> String {
        format!("{:06}", self.0)
    }
}

impl ReleaseFolder {
    /// Opens without changing anything.
    pub(super) fn open(path: &Path, keep: usize, record: RecordUse) -> ReleaseFolder {
        ReleaseFolder { path: path.to_owned(), keep, record, seen: None }
    }

    fn releases(&self) -> PathBuf {
        self.path.join("releases")
    }

    fn site(&self, release: Release) -> PathBuf {
        self.releases().join(release.name())
    }

    fn record(&self, release: Release) -> PathBuf {
        self.releases().join(format!("{}.json.gz", release.name()))
    }

    /// The current release; if the link is missing, the newest, since readers saw it.
    fn current(&self) -> Result<Option<Release>, DeployError> {
        let link = self.path.join(CURRENT);
        let known = match fs::read_link(&link) {
            Ok(to) => to.file_name().and_then(|name| Release::named(name.to_str()?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut whole = self.recorded()?;
                whole.retain(|&release| self.site(release).exists());
                return Ok(whole.pop());
            }
            Err(_) => None,
        };
        known.map(Some).ok_or_else(|| DeployError::not_ours(link.display(), Unowned::NoRelease))
    }

    /// The next free release number.
    fn unused(&self) -> Result<Release, OutputError> {
        let newest = self.recorded()?.last().map_or(0, |release| release.0);
        let is_free = |release: &Release| !self.site(*release).exists();
        let free = (newest + 1..=Release::LAST).map(Release).find(is_free);
        Ok(free.unwrap_or(Release(newest + 1)))
    }

    /// All releases, oldest first.
    fn all(&self) -> Result<Vec<Release>, OutputError> {
        let folder = self.releases();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(OutputError::io("read the folder", &folder)(error)),
        };
        let names = entries.flatten().map(|entry| entry.file_name());
        let mut all: Vec<Release> =
            names.filter_map(|name| Release::named(name.to_str()?)).collect();
        all.sort_unstable();
        Ok(all)
    }

    /// The releases with a record, oldest first.
    fn recorded(&self) -> Result<Vec<Release>, OutputError> {
        let mut all = self.all()?;
        all.retain(|&release| self.record(release).exists());
        Ok(all)
    }

    /// Reads a record; a missing one counts as empty.
    fn read_record(
        &self,
        release: Release,
    ) -> Result<Result<RemoteManifest, Unreadable>, OutputError> {
        let path = self.record(release);
        match fs::read(&path) {
            Ok(bytes) => Ok(RemoteManifest::read(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Err(Unreadable::Damaged)),
            Err(error) => Err(OutputError::io("read", &path)(error)),
        }
    }

    fn write_record(&self, release: Release, record: &RemoteManifest) -> Result<(), OutputError> {
        let path = self.record(release);
        let bytes = record.write().map_err(OutputError::io("write", &path))?;
        files::replace(&path, &bytes, Durability::Lasting).map_err(OutputError::io("write", &path))
    }

    /// Locks out a second deploy.
    fn lock(&self) -> Result<Lock, DeployError> {
        let folder = self.releases();
        fs::create_dir_all(&folder).map_err(OutputError::io("create the folder", &folder))?;
        let path = folder.join(".lock");
        let lock = Lock::take(&path).map_err(OutputError::io("lock", &path))?;
        lock.ok_or_else(|| DeployError::overtaken(self.path.display()))
    }

    /// Writes the whole site as the next release; returns its record.
    fn write_release<'a>(
        &self,
        work: &Work<'a>,
        next: &Path,
    ) -> Result<RemoteManifest, DeployError> {
        let before = self.current()?.map(|release| self.site(release));
        if next.exists() {
            fs::remove_dir_all(next).map_err(OutputError::io("remove", next))?;
        }
        for folder in folders(work.site) {
            let full = next.join(folder);
            fs::create_dir_all(&full).map_err(OutputError::io("create the folder", &full))?;
        }
        let files: Vec<(&Arc<str>, &Entry)> = work.site.manifest.files.iter().collect();
        let place = |(path, entry): (&'a Arc<str>, &'a Entry)| {
            let to = next.join(&**path);
            let known = work.before.files.get(path).filter(|file| file.is_same(entry));
            let old = before.as_ref().map(|before| before.join(&**path));
            let old = old.filter(|old| known.is_some_and(|file| file.mark == mark(old)));
            match old {
                Some(old) if files::link(&old, &to).is_ok() => {}
                _ => copy(work.site, path, entry, &to)?,
            }
            (work.listener)(Progress::Done(usize::from(known.is_none())));
            Ok((Arc::clone(path), entry, mark(&to)))
        };
        let placed: Vec<_> =
            files.into_par_iter().map(place).collect::<Result<_, DeployError>>()?;
        let mut record = RemoteManifest {
            base_url: work.site.manifest.base_url.clone(),
            unannounced: work.before.unannounced.clone(),
            redacted: work.site.redacted,
            ..RemoteManifest::default()
        };
        record.unannounced.extend(work.plan.puts().chain(work.plan.deletes()).cloned());
        for (path, entry, mark) in placed {
            record.put(&path, RemoteFile::of(entry, mark));
        }
        if let Some(before) = &before {
            take_over(work, &mut record, [before, next])?;
        }
        work.conclude(&mut record);
        Ok(record)
    }

    /// Switches readers to the release.
    fn switch(&self, release: Release) -> Result<(), DeployError> {
        let link = self.path.join(CURRENT);
        let to = Path::new("releases").join(release.name());
        files::replace_link(&to, &link, Durability::Lasting)
            .map_err(OutputError::io("make the link", &link))?;
        Ok(())
    }
}

impl Destination for ReleaseFolder {
    /// Marks files that someone changed as uncertain; without a link, all files. Looking at each
    /// file is cheap.
    fn published(&mut self) -> Result<Option<RemoteManifest>, DeployError> {
        self.seen = self.current()?;
        let Some(release) = self.seen else { return Ok(None) };
        let site = self.site(release);
        let mut record = match self.read_record(release)? {
            Ok(record) => record,
            Err(_) if self.record == RecordUse::Adopt => return Ok(None),
            Err(unreadable) => {
                return Err(DeployError::not_ours(site.display(), Unowned::missing_or(unreadable)));
            }
        };
        let is_linked = fs::symlink_metadata(self.path.join(CURRENT)).is_ok();
        for (path, file) in &mut record.files {
            if !is_linked || file.mark != mark(&site.join(&**path)) {
                file.sha256 = None;
            }
        }
        Ok(Some(record))
    }

    fn recheck(&mut self, _: &mut RemoteManifest) -> Result<(), DeployError> {
        Ok(())
    }

    fn carry_out(&mut self, work: Work<'_>) -> Result<(), DeployError> {
        let _lock = self.lock()?;
        // Another deploy was faster; the plan does not know its files.
        if self.current()? != self.seen {
            return Err(DeployError::overtaken(self.path.display()));
        }
        (work.listener)(Progress::Step(Step::Assets));
        let next = self.releases().join(NEXT);
        let record = self.write_release(&work, &next)?;
        sync_release(&next, &record)?;
        let release = self.unused()?;
        self.write_record(release, &record)?;
        let site = self.site(release);
        files::place_folder(&next, &site, Durability::Lasting)
            .map_err(OutputError::io("write", &site))?;
        self.switch(release)
    }

    fn tidy(&mut self, site: &BuiltSite) -> Result<(), DeployError> {
        let _lock = self.lock()?;
        let Some(current) = self.current()? else { return Ok(()) };
        self.purge_kept(current, site)
    }

    fn announced(&mut self, remote: &RemoteManifest) -> Result<(), DeployError> {
        let Some(current) = self.current()? else { return Ok(()) };
        Ok(self.write_record(current, remote)?)
    }
}

/// The folders of the site's files.
fn folders(site: &BuiltSite) -> Vec<&str> {
    let paths = site.manifest.files.iter().map(|(path, _)| path);
    let mut folders: Vec<&str> =
        paths.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder)).collect();
    folders.dedup();
    folders
}

/// Links unchanged files of the last release into the next.
fn take_over(
    work: &Work<'_>,
    record: &mut RemoteManifest,
    [before, next]: [&Path; 2],
) -> Result<(), DeployError> {
    for path in &work.plan.kept {
        let (old, new) = (before.join(&**path), next.join(&**path));
        let Some(file) = work.before.files.get(path).filter(|_| old.is_file()) else {
            continue;
        };
        let folder = new.parent().unwrap_or(next);
        fs::create_dir_all(folder).map_err(OutputError::io("create the folder", folder))?;
        files::link_or_copy(&old, &new).map_err(OutputError::io("write", &new))?;
        record.files.insert(Arc::clone(path), RemoteFile { mark: mark(&new), ..*file });
    }
    Ok(())
}

/// Copies a file of the site, and checks it against the manifest.
fn copy(site: &BuiltSite, path: &str, entry: &Entry, to: &Path) -> Result<(), DeployError> {
    let mut file = files::create_new(to).map_err(OutputError::io("write", to))?;
    let (sha256, _) = copy_hashed(&site.file(path), Some((&mut file, to)))?;
    if sha256 == entry.sha256 {
        Ok(())
    } else {
        Err(DeployError::Damaged { count: 1, first: path.to_owned() })
    }
}

/// A hash of a file's size, time and inode.
fn mark(path: &Path) -> Option<u64> {
    let data = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let stamp = Stamp::of(&data);
    Some(xxh3_64(format!("{} {} {}", data.len(), stamp.modified, stamp.inode).as_bytes()))
}

/// Syncs a release before its record is written.
fn sync_release(next: &Path, record: &RemoteManifest) -> Result<(), DeployError> {
    let list = || {
        let files = record.files.keys().map(|path| next.join(&**path));
        let folders = record.files.keys().flat_map(|path| Path::new(&**path).ancestors().skip(1));
        let folders: BTreeSet<&Path> = folders.collect();
        files.chain(folders.into_iter().map(|folder| next.join(folder))).collect()
    };
    files::sync(next, record.files.len(), list).map_err(OutputError::io("sync", next))?;
    Ok(())
}
