//! `import-suggestions.toml`: what an import suggests, for the curator to look at and to accept.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Suggestion;

/// The file's name, in the archive's folder.
pub const NAME: &str = "import-suggestions.toml";

const HEAD: &str = "\
# What the imported texts say about themselves, and settings that suit them. Nothing of it is applied yet.
# Remove what is wrong, then: dateline import apply --min 0.9
# Only some rules: dateline import apply --min 0.8 --rule head-byline --rule submitted-by

";

/// All suggestions of an archive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Suggestions {
    /// Settings that suit the old addresses.
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// What single reports say, in the order of their files.
    #[serde(rename = "suggestion", skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<OfReport>,
}

/// A suggestion and whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfReport {
    /// The report's file.
    pub file: String,
    /// What it says.
    #[serde(flatten)]
    pub suggestion: Suggestion,
}

/// Settings that suit the old archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The pattern that all old addresses fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
    /// Taxonomies that the reports use and the settings do not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxonomies: Vec<String>,
    /// Old addresses that only a host can answer, or of pages that are no reports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redirects: Vec<Redirect>,
}

/// An old address and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// From the old root.
    pub from: String,
    /// From the archive's root.
    pub to: String,
}

impl Settings {
    /// Whether there is nothing to set.
    pub fn is_empty(&self) -> bool {
        *self == Settings::default()
    }
}

impl Suggestions {
    /// Where they lie in an archive.
    pub fn path(root: &Path) -> PathBuf {
        root.join(NAME)
    }

    /// Reads them; none where there is no file.
    pub fn read(root: &Path) -> io::Result<Suggestions> {
        match std::fs::read_to_string(Suggestions::path(root)) {
            Ok(text) => toml::from_str(&text).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Suggestions::default()),
            Err(error) => Err(error),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.suggestions.is_empty()
    }

    /// The file's text.
    pub fn text(&self) -> io::Result<String> {
        Ok(format!("{HEAD}{}", toml::to_string(self).map_err(io::Error::other)?))
    }

    /// Forgets everything about a file; whether there was anything.
    pub fn forget(&mut self, file: &str) -> bool {
        let before = self.suggestions.len();
        self.suggestions.retain(|known| known.file != file);
        self.suggestions.len() != before
    }
}
