//! From what a curator typed to a report: its address, an old address of it, or its file.

use std::borrow::Cow;
use std::path::Path;

use crate::base::name_key::{NameKey, decoded, meant};
use crate::content::Content;
use crate::content::scan;
use crate::output::Manifest;
use crate::settings::Config;

use super::{Found, WithdrawError};

/// Finds the report that is meant.
pub(super) fn find<'a>(
    root: &Path,
    config: &Config,
    content: &'a Content,
    target: &str,
) -> Result<Found<'a>, WithdrawError> {
    let path = path_of(config, target);
    let file = file_of(root, target);
    let key = NameKey::of(&path);
    let is_path = |other: &str| NameKey::of(plain(other)) == key;
    let is_file = |other: &str| file.as_deref() == Some(other);
    let articles = || content.articles.iter();
    let found = articles()
        .find(|loaded| is_file(&loaded.value.source) || is_path(loaded.value.permalink.as_str()))
        .or_else(|| articles().find(|loaded| loaded.value.aliases.iter().any(|old| is_path(old))))
        .or_else(|| file_of_key(content, target));
    if let Some(found) = found {
        return Ok(found);
    }
    let mut pages = content.pages.iter().map(|loaded| &loaded.value);
    let page = pages.find(|page| is_file(&page.source) || is_path(page.permalink.as_str()));
    if let Some(page) = page {
        return Err(WithdrawError::NoReport(page.source.to_string()));
    }
    if let Some(refused) = content.rejected.iter().find(|source| is_file(source)) {
        return Err(WithdrawError::Unreadable(refused.clone()));
    }
    Err(published(root, content, &path)
        .unwrap_or_else(|| WithdrawError::Unknown(target.to_owned())))
}

/// The only report whose file's name is what was typed, written in another way.
fn file_of_key<'a>(content: &'a Content, target: &str) -> Option<Found<'a>> {
    let typed = target.trim_start_matches("./");
    let key = NameKey::of_written(typed);
    let alike = content.articles.iter().filter(|loaded| NameKey::of(&loaded.value.source) == key);
    meant(typed, alike, |loaded| Cow::Borrowed(&*loaded.value.source))
}

/// What the records of earlier builds know of an address that no file claims.
fn published(root: &Path, content: &Content, path: &str) -> Option<WithdrawError> {
    let key = NameKey::of(path);
    let manifests = Manifest::recorded(&root.join(".dateline"));
    let (source, folder) = manifests
        .iter()
        .flat_map(|manifest| manifest.files.articles())
        .find(|(source, folder)| NameKey::of(plain(folder)) == key || NameKey::of(source) == key)?;
    let (permalink, source_file) = (format!("/{folder}"), source.to_owned());
    if content.rejected.contains(&source_file) {
        return Some(WithdrawError::Unreadable(source_file));
    }
    Some(WithdrawError::SourceGone { permalink, source_file })
}

/// The part of an address after the archive's root, without what does not tell pages apart.
fn path_of(config: &Config, target: &str) -> String {
    let path = match url::Url::parse(target) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url.path().to_owned(),
        _ => target.split(['?', '#']).next().unwrap_or_default().to_owned(),
    };
    let path = path.strip_prefix(config.base_path()).unwrap_or(&path);
    plain(&decoded(path)).to_owned()
}

fn plain(path: &str) -> &str {
    path.trim_end_matches("index.html").trim_matches('/')
}

/// A file below `content/`, typed from the archive's root or from where the curator is.
fn file_of(root: &Path, target: &str) -> Option<String> {
    let typed = target.trim_start_matches("./");
    if root.join(typed).is_file() && typed.starts_with("content/") {
        return Some(typed.to_owned());
    }
    let (file, root) = (Path::new(target).canonicalize().ok()?, root.canonicalize().ok()?);
    file.starts_with(&root).then(|| scan::relative(&root, &file))
}
