//! The language that a file's name or folder says, as the scan finds it and readings of the file use it.

use serde::{Deserialize, Serialize};

use super::interner::Name;

/// What a file's name and place say about its language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedLanguage {
    /// The language.
    pub language: Option<Name>,
    /// How many bytes of the name say it, with the dot before them: no part of the slug.
    pub suffix: usize,
}
