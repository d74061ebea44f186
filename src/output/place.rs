//! Where an output may stand, and the name under which its state is kept.
//!
//! Both come from the command line and the config, spelled from wherever the program was started;
//! the same folder must be the same output from everywhere.

use std::path::{Component, Path, PathBuf};

use crate::state::{self, StateFolder};

use super::OutputError;

/// Folders of an archive that hold what its curator wrote.
const SOURCES: [&str; 6] = ["content", "links", "static", "templates", "themes", state::FOLDER];

/// An archive's folder and its output, both absolute, without links and detours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputPlace {
    root: PathBuf,
    output: PathBuf,
}

impl OutputPlace {
    /// Finds the output of the archive at `root`; one that would mix with the archive's own files,
    /// or publish them, is refused.
    pub fn find(root: &Path, output: &Path) -> Result<OutputPlace, OutputError> {
        let output = resolved(&root.join(output))?;
        let root = resolved(root)?;
        let is_source = |name: &&str| output.starts_with(root.join(name));
        if root.starts_with(&output) || SOURCES.iter().any(is_source) {
            return Err(OutputError::Sources { output });
        }
        Ok(OutputPlace { root, output })
    }

    /// Whether a folder, from the archive's root, lies among the archive's own files or in this output.
    pub fn holds(&self, folder: &Path) -> Result<bool, OutputError> {
        let folder = resolved(&self.root.join(folder))?;
        let mut sources = SOURCES.iter().chain(&["archetypes", "schemas"]);
        let is_source = sources.any(|name| folder.starts_with(self.root.join(name)));
        Ok(is_source || folder == self.root || folder.starts_with(&self.output))
    }

    /// Where a preview of the archive at `root` lies: beside its own records, which no curator wrote
    /// and no host is given. `key`: what tells it from other previews.
    pub fn of_preview(root: &Path, key: &str) -> Result<OutputPlace, OutputError> {
        let root = resolved(root)?;
        let output = StateFolder::of(&root).preview_site(key);
        Ok(OutputPlace { root, output })
    }

    /// The output's folder.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// What tells it from the archive's other outputs; it stays the same when the whole archive
    /// is moved.
    pub fn name(&self) -> String {
        self.output.strip_prefix(&self.root).unwrap_or(&self.output).display().to_string()
    }
}

/// The path with its links followed as far as it exists, and `..` taken at its word beyond.
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
