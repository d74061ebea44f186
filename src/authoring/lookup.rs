//! Finds a report by its address, an old address, or its file.

use std::borrow::Cow;
use std::path::Path;

use crate::base::name_key::{NameKey, decoded, meant};
use crate::content::article::Article;
use crate::content::{Content, Loaded, scan};
use crate::output::Manifest;
use crate::settings::Config;
use crate::state::StateFolder;

/// Why no report can be changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookupError {
    /// No report of the archive has that address.
    #[error("no report of this archive is at {0}")]
    Unknown(String),
    /// The report was published, but its file is gone.
    #[error("{permalink} was published from {source_file}, which is not there any more")]
    SourceGone { permalink: String, source_file: String },
    /// The file is no readable report.
    #[error("{0} can't be read as a report")]
    Unreadable(String),
    /// It is a plain page.
    #[error("{0} is a page of your own, not a report")]
    NoReport(String),
}

impl LookupError {
    /// The remedy.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            LookupError::Unknown(_) => {
                "give its address as readers see it, or its file, as in content/2017/title.md"
            }
            LookupError::SourceGone { .. } => {
                "build the site to remove the page; for a notice in its place make the file again, \
                 with nothing but its date and withdrawn = { … } in it"
            }
            LookupError::Unreadable(_) => "run `dateline build` to see what is wrong with it",
            LookupError::NoReport(_) => "remove its file; aliases keep old addresses alive",
        }
    }
}

/// Finds the report.
pub(crate) fn find<'a>(
    root: &Path,
    config: &Config,
    content: &'a Content,
    target: &str,
) -> Result<&'a Loaded<Article>, LookupError> {
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
        return Err(LookupError::NoReport(page.source.to_string()));
    }
    if let Some(refused) = content.rejected.iter().find(|source| is_file(source)) {
        return Err(LookupError::Unreadable(refused.clone()));
    }
    Err(published(root, content, &path).unwrap_or_else(|| LookupError::Unknown(target.to_owned())))
}

/// The only report whose file name equals the argument after folding.
fn file_of_key<'a>(content: &'a Content, target: &str) -> Option<&'a Loaded<Article>> {
    let typed = target.trim_start_matches("./");
    let key = NameKey::of_written(typed);
    let alike = content.articles.iter().filter(|loaded| NameKey::of(&loaded.value.source) == key);
    meant(typed, alike, |loaded| Cow::Borrowed(&*loaded.value.source))
}

/// What earlier builds recorded of an address that no file has.
fn published(root: &Path, content: &Content, path: &str) -> Option<LookupError> {
    let key = NameKey::of(path);
    let manifests = Manifest::recorded(StateFolder::of(root).path());
    let (source, folder) = manifests
        .iter()
        .flat_map(|manifest| manifest.files.articles())
        .find(|(source, folder)| NameKey::of(plain(folder)) == key || NameKey::of(source) == key)?;
    let (permalink, source_file) = (format!("/{folder}"), source.to_owned());
    if content.rejected.contains(&source_file) {
        return Some(LookupError::Unreadable(source_file));
    }
    Some(LookupError::SourceGone { permalink, source_file })
}

/// The path of an address below the archive's root, normalised for comparison.
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

/// The path of a file below `content/`, given from the archive's root or from the working folder.
fn file_of(root: &Path, target: &str) -> Option<String> {
    let typed = target.trim_start_matches("./");
    if root.join(typed).is_file() && typed.starts_with("content/") {
        return Some(typed.to_owned());
    }
    let (file, root) = (Path::new(target).canonicalize().ok()?, root.canonicalize().ok()?);
    file.starts_with(&root).then(|| scan::relative(&root, &file))
}
