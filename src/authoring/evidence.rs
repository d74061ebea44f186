//! What was received of an original goes with the words that are taken down: the files, and the key of the
//! front matter that names them.

use std::path::{Path, PathBuf};

use crate::content::article::Article;
use crate::content::evidence::own_file;
use crate::content::front_matter::{self, Fence, keys};
use crate::settings::Config;

use super::stripping::{edited_toml, edited_yaml};

/// The files of evidence of a report that are there. One behind a symbolic link is not the archive's.
pub(super) fn files(root: &Path, article: &Article) -> Vec<PathBuf> {
    let named = article.evidence.iter();
    let mut files: Vec<PathBuf> =
        named.filter_map(|evidence| own_file(root, &evidence.file)).collect();
    files.sort();
    files.dedup();
    files
}

/// The text of a report's file without `evidence`; `None` where it can't be changed safely.
pub(super) fn without_key(original: &str, config: &Config) -> Option<String> {
    let layout = front_matter::layout(original).ok()?;
    let (fence, inner) = layout.front_matter?;
    let names: Vec<&str> = keys::names_of("evidence", &config.keys).collect();
    let old = &original[inner.clone()];
    let new = match fence {
        Fence::Toml => edited_toml(old, &names, &[])?,
        Fence::Yaml | Fence::Json | Fence::Lines => edited_yaml(old, &names, &[])?,
    };
    Some(format!("{}{new}{}", &original[..inner.start], &original[inner.end..]))
}
