//! The language in the names of a file and its folder: made by [`super::languages`] when the names
//! of all files are known.

use serde::{Deserialize, Serialize};

use super::interner::Name;

/// The language in a file's name and path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedLanguage {
    /// The language.
    pub language: Option<Name>,
    /// How many bytes of the name say it, with the dot before them: no part of the slug.
    pub suffix: usize,
}

/// A file's path without the language in its name.
pub(crate) fn without_suffix(path: &str, suffix: usize) -> String {
    let stem_end = path.rfind('.').unwrap_or(path.len());
    let (stem, ending) = path.split_at(stem_end);
    format!("{}{ending}", &stem[..stem.len().saturating_sub(suffix)])
}
