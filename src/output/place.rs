//! Where an output may be, and the name of its state folder.
//!
//! Paths come from the command line and the settings, relative to different folders; the same
//! folder must be the same output from everywhere.

use std::path::{Component, Path, PathBuf};

use crate::state::{self, StateFolder};

use super::OutputError;

/// Folders of an archive with the curator's files.
const SOURCES: [&str; 8] =
    ["content", "data", "links", "static", "templates", "terms", "themes", state::FOLDER];

/// An archive and its output, both absolute and without symbolic links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputPlace {
    root: PathBuf,
    output: PathBuf,
}

impl OutputPlace {
    /// Finds the output of the archive at `root`; refuses one that overlaps with the archive's own
    /// files.
    pub(crate) fn find(root: &Path, output: &Path) -> Result<OutputPlace, OutputError> {
        let output = resolved(&root.join(output))?;
        let root = resolved(root)?;
        let is_source = |name: &&str| output.starts_with(root.join(name));
        if root.starts_with(&output) || SOURCES.iter().any(is_source) {
            return Err(OutputError::Sources { output });
        }
        Ok(OutputPlace { root, output })
    }

    /// Whether a folder, from the archive's root, is among the archive's own files or in this
    /// output.
    pub(crate) fn holds(&self, folder: &Path) -> Result<bool, OutputError> {
        let folder = resolved(&self.root.join(folder))?;
        let mut sources = SOURCES.iter().chain(&["archetypes", "schemas"]);
        let is_source = sources.any(|name| folder.starts_with(self.root.join(name)));
        Ok(is_source || folder == self.root || folder.starts_with(&self.output))
    }

    /// The output of a preview: in the state folder, where no curator's files are and no host
    /// publishes. `key` distinguishes previews.
    pub(crate) fn of_preview(root: &Path, key: &str) -> Result<OutputPlace, OutputError> {
        let root = resolved(root)?;
        let output = StateFolder::of(&root).preview_site(key);
        Ok(OutputPlace { root, output })
    }

    /// The output folder.
    pub(crate) fn output(&self) -> &Path {
        &self.output
    }

    /// A name that distinguishes the archive's outputs; it is unchanged if the archive is moved.
    pub(crate) fn name(&self) -> String {
        self.output.strip_prefix(&self.root).unwrap_or(&self.output).display().to_string()
    }
}

/// Resolves symbolic links as far as the path exists, and `..` lexically beyond.
fn resolved(path: &Path) -> Result<PathBuf, OutputError> {
    let absolute = std::path::absolute(path).map_err(OutputError::io("find", path))?;
    let mut found = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(found.pop()),
            part => {
                found.push(part);
                found = found.canonicalize().unwrap_or(found);
            }
        }
    }
    Ok(found)
}
