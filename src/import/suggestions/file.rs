//! `import-suggestions.toml`: an import's suggestions, for the curator to review.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Suggestion;

/// The file's name in the archive's folder.
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
    /// Suggested settings.
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// Suggestions for reports, in order of files.
    #[serde(rename = "suggestion", skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<OfReport>,
}

/// A suggestion for a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfReport {
    /// The report's file.
    pub file: String,
    /// The suggestion.
    #[serde(flatten)]
    pub suggestion: Suggestion,
}

/// Suggested settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The pattern that all old addresses match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
    /// Taxonomies that reports use and the settings lack.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxonomies: Vec<String>,
    /// Redirects with a query, or of pages that are not reports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redirects: Vec<Redirect>,
}

/// A redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// Path on the old site.
    pub from: String,
    /// Path from the archive's root.
    pub to: String,
}

impl Settings {
    /// Whether there are no settings.
    pub fn is_empty(&self) -> bool {
        *self == Settings::default()
    }
}

impl Suggestions {
    /// The file's path in an archive.
    pub fn path(root: &Path) -> PathBuf {
        root.join(NAME)
    }

    /// Reads the file; empty if it is missing.
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

    /// Removes suggestions for a file; returns whether there were any.
    pub fn forget(&mut self, file: &str) -> bool {
        let before = self.suggestions.len();
        self.suggestions.retain(|known| known.file != file);
        self.suggestions.len() != before
    }
}
