//! Releases that are kept, purged of what was withdrawn or deleted since.
//!
//! In a kept release a withdrawn article's page becomes its tombstone, and what is gone from the site
//! goes there, too. A page that mentions such an article, and every feed and data file, becomes what
//! it is now. All else stays as it was. The release's record then says so, so that this is done once.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use aho_corasick::AhoCorasick;

use crate::output::{FileKind, Files, OutputError};
use crate::permalink::encode_path;

use super::super::DeployError;
use super::super::lost::address_of;
use super::super::plan::is_fingerprinted;
use super::super::remote::RemoteManifest;
use super::super::site::BuiltSite;
use super::{Release, ReleaseFolder, mark};

impl ReleaseFolder {
    /// Purges the releases beside the current one, and removes those that are too old.
    pub(super) fn purge_kept(&self, current: Release, site: &BuiltSite) -> Result<(), DeployError> {
        let others: Vec<Release> =
            self.all()?.into_iter().filter(|&release| release != current).collect();
        let (old, kept) = others.split_at(others.len().saturating_sub(self.keep));
        for &release in old {
            self.remove(release)?;
        }
        for &release in kept {
            match self.read_record(release)? {
                Some(record) => self.purge(release, record, current, &site.manifest.files)?,
                // Nobody knows what is in it.
                None => self.remove(release)?,
            }
        }
        Ok(())
    }

    fn remove(&self, release: Release) -> Result<(), DeployError> {
        let (site, record) = (self.site(release), self.record(release));
        for removed in [fs::remove_dir_all(&site), fs::remove_file(&record)] {
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(OutputError::io("remove", &site)(error).into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn purge(
        &self,
        release: Release,
        mut record: RemoteManifest,
        current: Release,
        files: &Files,
    ) -> Result<(), DeployError> {
        let (old, new) = (self.site(release), self.site(current));
        let traces = Traces::of(&record, files)?;
        if traces.paths.is_empty() {
            return Ok(());
        }
        let mut doubtful: Vec<Arc<str>> = traces.paths.clone();
        for (path, file) in &record.files {
            let is_as_now = files.get(path).is_some_and(|entry| file.is_same(entry));
            if !is_as_now && traces.may_be_in(file.kind, &old.join(&**path))? {
                doubtful.push(Arc::clone(path));
            }
        }
        for path in doubtful {
            replace(&old.join(&*path), &new.join(&*path))?;
            match files.get(&path) {
                Some(entry) => record.put(&path, entry, mark(&old.join(&*path))),
                None => record.deleted(&path),
            }
        }
        Ok(self.write_record(release, &record)?)
    }
}

/// What a release has that was withdrawn or deleted since.
struct Traces {
    paths: Vec<Arc<str>>,
    /// Addresses of pages, as they stand in other pages.
    addresses: AhoCorasick,
}

impl Traces {
    fn of(record: &RemoteManifest, files: &Files) -> Result<Traces, DeployError> {
        let (mut paths, mut addresses) = (Vec::new(), Vec::new());
        for (path, file) in &record.files {
            let is_gone = match files.get(path) {
                // Style sheets hold no text of reports.
                None => !is_fingerprinted(path),
                Some(now) => now.kind == FileKind::Tombstone && file.kind != FileKind::Tombstone,
            };
            if !is_gone {
                continue;
            }
            paths.push(Arc::clone(path));
            if file.kind == FileKind::Article {
                let address = address_of(path);
                addresses.extend([encode_path(&address), address]);
            }
        }
        let addresses = AhoCorasick::new(addresses)
            .map_err(|error| DeployError::refused("look through the releases", error))?;
        Ok(Traces { paths, addresses })
    }

    /// Feeds and data hold whole texts, in formats that write addresses in their own ways.
    fn may_be_in(&self, kind: FileKind, file: &Path) -> Result<bool, OutputError> {
        match kind {
            FileKind::Asset => Ok(false),
            FileKind::Feed => Ok(true),
            FileKind::Tombstone | FileKind::Article | FileKind::Listing => {
                let bytes = fs::read(file).map_err(OutputError::io("read", file))?;
                Ok(self.addresses.is_match(&bytes))
            }
        }
    }
}

/// Puts the new file in the place of the old one, whose bytes other releases may share; without a new
/// one the old one is removed.
fn replace(old: &Path, new: &Path) -> Result<(), OutputError> {
    match fs::remove_file(old) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(OutputError::io("remove", old)(error));
        }
        _ => {}
    }
    match fs::hard_link(new, old).or_else(|_| fs::copy(new, old).map(drop)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(OutputError::io("write", old)(error))
        }
        _ => Ok(()),
    }
}
