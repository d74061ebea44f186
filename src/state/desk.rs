//! What the desk keeps: texts that were typed and not saved, and texts that a save replaced.
//!
//! Both belong to one source, whose hash names their files. Forgetting a source leaves a mark without
//! words, so that an open page can't bring back what was taken away.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// The folder of a desk, below the state folder.
#[derive(Clone, Debug)]
pub struct DeskFolder(PathBuf);

impl DeskFolder {
    pub(super) fn new(path: PathBuf) -> DeskFolder {
        DeskFolder(path)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where the text of a source that is not saved lies.
    pub fn unsaved(&self, source: &str) -> PathBuf {
        self.0.join("unsaved").join(format!("{}.json", key(source)))
    }

    /// The texts of a source that saves replaced.
    pub fn history(&self, source: &str) -> PathBuf {
        self.0.join("history").join(key(source))
    }

    /// Exists once words of a source were taken away; holds none of them.
    pub fn forgotten(&self, source: &str) -> PathBuf {
        self.0.join("forgotten").join(key(source))
    }

    /// Deletes all that is kept of a source, and of sources that are not there any more: a file may
    /// have been renamed.
    pub fn forget(&self, source: &str) -> io::Result<()> {
        if !self.0.is_dir() {
            return Ok(());
        }
        self.forget_vanished()?;
        let mark = self.forgotten(source);
        fs::create_dir_all(self.0.join("forgotten"))?;
        crate::base::files::replace(&mark, b"", crate::base::files::Durability::Lasting)?;
        crate::base::files::remove_if_there(&self.unsaved(source))?;
        match fs::remove_dir_all(self.history(source)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl DeskFolder {
    fn forget_vanished(&self) -> io::Result<()> {
        let Some(root) = self.0.ancestors().nth(2) else { return Ok(()) };
        let paths = walkdir::WalkDir::new(root.join("content")).follow_links(true).into_iter();
        let sources = paths.filter_map(|entry| {
            let path = entry.ok()?.into_path();
            let parts = path.strip_prefix(root).ok()?.iter();
            Some(parts.map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
        });
        let there: BTreeSet<String> = sources.map(|source| key(&source)).collect();
        let kept = match fs::read_dir(self.0.join("history")) {
            Ok(kept) => kept,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in kept {
            let entry = entry?;
            if !there.contains(&*entry.file_name().to_string_lossy()) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}

/// The name of a source's files: no path can be made of it.
fn key(source: &str) -> String {
    let digest = Sha256::digest(source.as_bytes());
    let hash = digest.iter().take(16).fold(0_u128, |hash, byte| (hash << 8) | u128::from(*byte));
    format!("{hash:032x}")
}
