//! The archive that the desk has open: its files, its reports as last read, and its preview.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::authoring::known::{Known, KnownNames};
use crate::authoring::reading_options;
use crate::content::article::Article;
use crate::content::{self, Content, Drafts, Loaded, Reader, scan};
use crate::pipeline::BuildOptions;
use crate::serve::Preview;
use crate::settings::Config;
use crate::settings::loading::{self, SettingsError};
use crate::state::StateFolder;
use crate::state::desk::DeskFolder;

use super::kept;

/// The open archive.
pub(super) struct Shelf {
    pub(super) root: PathBuf,
    settings: PathBuf,
    preview: Preview,
    read: Mutex<Option<(String, Arc<Library>)>>,
    /// Held while a file is compared and replaced.
    pub(super) writing: Mutex<()>,
}

/// All reports, drafts too, and the settings that they were read by.
pub(super) struct Library {
    pub(super) config: Config,
    pub(super) content: Content,
    pub(super) names: KnownNames,
}

impl Shelf {
    pub(super) fn new(root: PathBuf, settings: PathBuf, preview: Preview) -> Shelf {
        Shelf { root, settings, preview, read: Mutex::default(), writing: Mutex::default() }
    }

    /// The reports as they are now: read again after every change that the preview saw.
    pub(super) fn library(&self) -> Result<Arc<Library>, SettingsError> {
        let version = self.preview.version();
        let Ok(mut read) = self.read.lock() else { return self.read_again().map(Arc::new) };
        if let Some((known, library)) = &*read
            && *known == version
        {
            return Ok(Arc::clone(library));
        }
        let library = Arc::new(self.read_again()?);
        *read = Some((version, Arc::clone(&library)));
        Ok(library)
    }

    fn read_again(&self) -> Result<Library, SettingsError> {
        let config = loading::sound(&self.root, &self.settings)?;
        let options = reading_options(&config);
        let reader = Reader::afresh(&self.root, &config, &options);
        let sources = scan::scan(&self.root, &config.build.ignore);
        let content = content::load(sources, &reader, Drafts::Publish);
        let names = Known::in_content(&self.root, &config, &content).names;
        Ok(Library { config, content, names })
    }

    /// A file was changed: what was read is old.
    pub(super) fn changed(&self) {
        if let Ok(mut read) = self.read.lock() {
            *read = None;
        }
    }

    /// What the desk keeps of sources.
    pub(super) fn kept(&self) -> DeskFolder {
        StateFolder::of(&self.root).desk()
    }

    /// Deletes replaced texts that are old.
    pub(super) fn drop_old(&self) {
        kept::drop_old(&self.kept());
    }

    /// How the site is built for readers.
    pub(super) fn publishing(&self) -> BuildOptions {
        let (root, config) = (self.root.clone(), self.settings.clone());
        BuildOptions { root, config, ..BuildOptions::default() }
    }

    pub(super) fn preview_home(&self) -> Option<String> {
        self.preview.home()
    }

    pub(super) fn stop(&self) {
        self.preview.stop();
    }
}

impl Library {
    /// The report of a file. Only files of the archive have one: no path is made of the name.
    pub(super) fn report(&self, source: &str) -> Option<&Loaded<Article>> {
        self.content.articles.iter().find(|loaded| &*loaded.value.source == source)
    }
}

/// The file of a report inside of the archive; `None` if it leads out.
pub(super) fn file_of(root: &Path, report: &Loaded<Article>) -> Option<PathBuf> {
    let file = report.absolute(root).canonicalize().ok()?;
    file.starts_with(root.canonicalize().ok()?).then_some(file)
}
