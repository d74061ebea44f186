//! Cleans older releases of reports that were withdrawn or deleted since.
//!
//! The words of a report appear on many pages: its own, lists, feeds, pages that mention it.
//! Searching for them could miss some, so a release with a withdrawn report is deleted as a whole.
//! Another deleted file is only removed itself. A folder without our record is left alone.

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
    /// Deletes releases that are too old or contain deleted reports.
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
                Ok(record) if living.have_all_of(&record) && !is_redacted_since(&record, site) => {
                    self.purge(release, record, &site.manifest.files)?;
                }
                // With a damaged record, its content is unknown.
                _ => self.remove(release)?,
            }
        }
        Ok(())
    }

    /// Deletes an unfinished release: it may contain withdrawn reports.
    fn forget_next(&self) -> Result<(), OutputError> {
        let next = self.releases().join(NEXT);
        unless_missing(fs::remove_dir_all(&next)).map_err(OutputError::io("remove", &next))
    }

    /// Deletes the record last, so that an interrupted deletion is noticed.
    fn remove(&self, release: Release) -> Result<(), OutputError> {
        let (site, record) = (self.site(release), self.record(release));
        unless_missing(fs::remove_dir_all(&site)).map_err(OutputError::io("remove", &site))?;
        remove_if_there(&record).map_err(OutputError::io("remove", &record))
    }

    /// Removes files that the site no longer has.
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

    /// Whether a file is inside the release, and not behind a link.
    fn is_own(&self, release: Release, file: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        let folder = file.parent().and_then(real);
        let site = real(&self.site(release));
        folder.zip(site).is_some_and(|(folder, site)| folder.starts_with(site))
    }
}

/// Whether a report was redacted after the release was built, as far as known. Which pages showed
/// it is unknown. Old records have no hash.
fn is_redacted_since(release: &RemoteManifest, site: &BuiltSite) -> bool {
    site.redacted.is_some_and(|now| now != release.redacted.unwrap_or_default())
}

/// The current reports and pages of the site.
struct Living<'a> {
    files: &'a Files,
    /// By hash of the source path: a moved report is still there.
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

    /// Whether a text is still published, here or at its redirect. Both address and source must
    /// match: another report may have taken either.
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

/// Whether a file is a compressed copy, or a report's Markdown.
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
