//! Releases that are kept beside the current one, without what was withdrawn or deleted since.
//!
//! Words of a report stand on many pages: its own, lists, feeds, pages that mention it. A release that
//! holds a report which the site no longer has is therefore removed whole: whatever is left out of a
//! page by looking for words could be overlooked. A file that is gone from the site is no more than
//! itself and goes from the releases alone. A folder without a record of ours is somebody else's.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::base::file_kind::FileKind;
use crate::base::files::remove_if_there;
use crate::output::{Files, OutputError};

use super::super::DeployError;
use super::super::remote::{RemoteFile, RemoteManifest, source_key};
use super::super::site::BuiltSite;
use super::{NEXT, Release, ReleaseFolder};

impl ReleaseFolder {
    /// Removes the releases that are too old or hold what is gone.
    pub(super) fn purge_kept(&self, current: Release, site: &BuiltSite) -> Result<(), DeployError> {
        self.forget_next()?;
        let living = Living::of(&site.manifest.files);
        let mut others = self.recorded()?;
        others.retain(|&release| release != current);
        let (old, kept) = others.split_at(others.len().saturating_sub(self.keep));
        for &release in old {
            self.remove(release)?;
        }
        for &release in kept {
            match self.read_record(release)? {
                Ok(record) if living.have_all_of(&record) => {
                    self.purge(release, record, &site.manifest.files)?;
                }
                // Of one whose record is damaged nobody knows what it holds.
                _ => self.remove(release)?,
            }
        }
        Ok(())
    }

    /// What a deploy that was cut short left: it may hold what was withdrawn since.
    fn forget_next(&self) -> Result<(), OutputError> {
        let next = self.releases().join(NEXT);
        unless_missing(fs::remove_dir_all(&next)).map_err(OutputError::io("remove", &next))
    }

    /// The record goes last: a removal that was cut short is seen by it.
    fn remove(&self, release: Release) -> Result<(), OutputError> {
        let (site, record) = (self.site(release), self.record(release));
        unless_missing(fs::remove_dir_all(&site)).map_err(OutputError::io("remove", &site))?;
        remove_if_there(&record).map_err(OutputError::io("remove", &record))
    }

    /// Takes files out of a release that are gone from the site.
    fn purge(
        &self,
        release: Release,
        mut record: RemoteManifest,
        files: &Files,
    ) -> Result<(), OutputError> {
        let gone = record
            .files
            .iter()
            .filter(|(path, file)| file.kind == FileKind::Asset && !files.contains(path));
        let gone: Vec<Arc<str>> = gone.map(|(path, _)| Arc::clone(path)).collect();
        if gone.is_empty() {
            return Ok(());
        }
        for path in gone {
            let old = self.site(release).join(Path::new(&*path));
            if self.is_own(release, &old) {
                remove_if_there(&old).map_err(OutputError::io("remove", &old))?;
            }
            record.deleted(&path);
        }
        self.write_record(release, &record)
    }

    /// Whether a file is in a release, and not where a link in it leads.
    fn is_own(&self, release: Release, file: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        let folder = file.parent().and_then(real);
        let site = real(&self.site(release));
        folder.zip(site).is_some_and(|(folder, site)| folder.starts_with(site))
    }
}

/// The reports and pages of the site that can be read.
struct Living<'a> {
    files: &'a Files,
    /// By the hashes of their sources: a report that moved is still there.
    sources: FxHashSet<u64>,
}

impl<'a> Living<'a> {
    fn of(files: &'a Files) -> Living<'a> {
        let articles = files.iter().filter(|(_, entry)| entry.kind == FileKind::Article);
        let sources = articles.filter_map(|(_, entry)| entry.source.as_deref().map(source_key));
        Living { files, sources: sources.collect() }
    }

    fn have_all_of(&self, record: &RemoteManifest) -> bool {
        let mut texts = record.files.iter().filter(|(_, file)| file.kind == FileKind::Article);
        texts.all(|(path, file)| goes_with_its_page(path, record) || self.have(path, file))
    }

    /// Whether a text is still there, here or at the address to which this one leads. Neither address
    /// nor source is enough: another report may have taken the place of one that was withdrawn, in the
    /// site or among the sources.
    fn have(&self, path: &str, file: &RemoteFile) -> bool {
        let Some(now) = self.files.get(path) else { return false };
        match (now.kind, file.source) {
            (FileKind::Tombstone, _) => false,
            (FileKind::Article, Some(source)) => {
                now.source.as_deref().map(source_key) == Some(source) || file.is_same(now)
            }
            (_, Some(source)) => self.sources.contains(&source),
            (_, None) => true,
        }
    }
}

/// Whether a file is a compressed copy, or the Markdown beside a report.
fn goes_with_its_page(path: &str, record: &RemoteManifest) -> bool {
    let original = path.strip_suffix(".br").or_else(|| path.strip_suffix(".gz"));
    let markdown = path.strip_suffix("index.md").map(|folder| format!("{folder}index.html"));
    original.or(markdown.as_deref()).is_some_and(|page| record.files.contains_key(page))
}

fn unless_missing(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}
