//! Stages files, with compressed copies of text files if the settings ask for them.
//!
//! A kept file keeps its copies: this same program made them from the same bytes.

use std::path::Path;

use crate::base::files;
use crate::content::publishable::Publishable;
use crate::images::file as picture;
use crate::output::{Manifest, OutputError, SiteFile, Stage, Tag};
use crate::render::compressed::{Encoding, LEAST, is_text};
use crate::settings::images::PictureMetadata;
use crate::view::pictures::Files;

use super::Site;

/// The stage of a build.
pub(super) struct Store<'a> {
    stage: &'a Stage<'a>,
    compresses: bool,
    metadata: PictureMetadata,
    files: &'a Files,
}

impl<'a> Store<'a> {
    pub(super) fn new(site: &'a Site, stage: &'a Stage<'a>) -> Store<'a> {
        let config = &site.config;
        Store {
            stage,
            compresses: config.deploy.compress,
            metadata: config.images.metadata,
            files: &site.files,
        }
    }

    /// The last build's manifest.
    pub(super) fn before(&self) -> Option<&'a Manifest> {
        self.stage.before()
    }

    /// The output's state folder.
    pub(super) fn state(&self) -> &Path {
        self.stage.state()
    }

    /// The published path of a file.
    pub(super) fn published(&self, path: &str) -> std::path::PathBuf {
        self.stage.published(path)
    }

    /// Keeps a file of the last build with its copies: see [`Stage::keep`].
    pub(super) fn keep(&self, file: SiteFile<'_>, tag: Tag) -> Result<bool, OutputError> {
        let is_kept = self.stage.keep(file, tag)?;
        if is_kept && self.has_copies(file.path) {
            self.keep_copies(file)?;
        }
        Ok(is_kept)
    }

    /// Lets a file go that was kept, so that another can take its place, and its copies.
    pub(super) fn let_go(&self, path: &str) {
        self.stage.let_go(path);
        if self.has_copies(path) {
            for encoding in Encoding::ALL {
                self.stage.let_go(&copy_path(path, encoding));
            }
        }
    }

    /// Writes a file and its copies: see [`Stage::write`].
    pub(super) fn write(&self, file: SiteFile<'_>, bytes: &[u8]) -> Result<Tag, OutputError> {
        let tag = self.stage.write(file, bytes)?;
        if self.has_copies(file.path) && bytes.len() as u64 >= LEAST {
            self.write_copies(file, bytes, &Encoding::ALL)?;
        }
        Ok(tag)
    }

    /// Copies a file: see [`Stage::copy`]. Text is read whole, for its copies; pictures are, since
    /// what their files tell beside the pixels is left out.
    pub(super) fn copy(&self, file: SiteFile<'_>, from: &Publishable) -> Result<Tag, OutputError> {
        if self.has_copies(file.path) {
            return self.write(file, &read(from)?);
        }
        if self.metadata == PictureMetadata::Remove {
            let cleaned = picture::cleaned(from).map_err(OutputError::io("read", from))?;
            if let Some(bytes) = cleaned {
                return self.write(file, &bytes);
            }
        }
        self.stage.copy(file, from)
    }

    /// Copies a file that a build made: a smaller copy of a picture.
    pub(super) fn copy_made(&self, file: SiteFile<'_>, from: &Path) -> Result<Tag, OutputError> {
        self.stage.copy(file, from)
    }

    fn has_copies(&self, path: &str) -> bool {
        self.compresses && is_text(path)
    }

    /// Keeps or makes copies, unless the curator has a file of that name.
    fn keep_copies(&self, file: SiteFile<'_>) -> Result<(), OutputError> {
        let mut missing = Vec::new();
        for encoding in Encoding::ALL {
            let path = copy_path(file.path, encoding);
            if self.files.contains_key(&path) {
                continue;
            }
            if !self.stage.keep_copy(SiteFile::copy_of(file, &path))? {
                missing.push(encoding);
            }
        }
        let size =
            self.before().and_then(|before| before.files.get(file.path)).map(|file| file.size);
        if missing.is_empty() || size.is_none_or(|size| size < LEAST) {
            return Ok(());
        }
        // Copies were not made before, or were not small enough.
        let full = self.published(file.path);
        let bytes = std::fs::read(&full).map_err(OutputError::io("read", &full))?;
        self.write_copies(file, &bytes, &missing)
    }

    fn write_copies(
        &self,
        file: SiteFile<'_>,
        bytes: &[u8],
        encodings: &[Encoding],
    ) -> Result<(), OutputError> {
        for &encoding in encodings {
            let path = copy_path(file.path, encoding);
            if self.files.contains_key(&path) {
                continue;
            }
            if let Some(copy) = encoding.copy(bytes) {
                self.stage.write(SiteFile::copy_of(file, &path), &copy)?;
            }
        }
        Ok(())
    }
}

fn read(from: &Path) -> Result<Vec<u8>, OutputError> {
    files::read(from).map_err(OutputError::io("read", from))
}

/// `a/index.html.br`.
fn copy_path(path: &str, encoding: Encoding) -> String {
    format!("{path}.{}", encoding.ending())
}
