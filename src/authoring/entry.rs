//! `dateline new`: the skeleton of an entry, its front matter filled in as far as it is known.

use std::path::{Path, PathBuf};

use serde::Serialize;
use toml::value::Datetime;

use crate::date::Date;
use crate::permalink::Slug;

use super::{AuthoringError, write_new};

/// What is known of a report that is about to be written down.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its headline.
    pub title: String,
    /// When the outlet published it.
    pub date: Date,
    /// When it enters the archive.
    pub added: chrono::NaiveDate,
    /// Who published it.
    pub outlet: Option<String>,
    /// The original.
    pub original_url: Option<url::Url>,
    /// Byline.
    pub authors: Vec<String>,
    /// Terms.
    pub tags: Vec<String>,
    /// BCP 47, where it is not the archive's.
    pub language: Option<String>,
}

/// The front matter as written; keys in the order in which curators fill them in.
#[derive(Serialize)]
struct Skeleton<'a> {
    title: &'a str,
    date: toml::Value,
    added: toml::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_url: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    authors: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

impl NewEntry {
    /// Writes the entry under `root` and gives its path, `content/<year>/<slug>.md`. A file that
    /// is there is left as it is.
    pub fn write(&self, root: &Path) -> Result<PathBuf, AuthoringError> {
        let slug = Slug::from_title(&self.title)?;
        let name = format!("{}.md", slug.as_str());
        let path = root.join("content").join(format!("{:04}", self.date.year())).join(name);
        write_new(&path, &self.text()?)?;
        Ok(path)
    }

    fn text(&self) -> Result<String, AuthoringError> {
        let skeleton = Skeleton {
            title: &self.title,
            date: toml_date(&self.date.to_string()),
            added: toml_date(&self.added.to_string()),
            outlet: self.outlet.as_deref(),
            original_url: self.original_url.as_ref().map(url::Url::as_str),
            authors: &self.authors,
            tags: &self.tags,
            language: self.language.as_deref(),
        };
        Ok(format!("+++\n{}+++\n\n", toml::to_string(&skeleton)?))
    }
}

/// A date as TOML has it; a year or a month alone, which TOML has not, as a string.
fn toml_date(date: &str) -> toml::Value {
    date.parse::<Datetime>()
        .map_or_else(|_| toml::Value::String(date.to_owned()), toml::Value::Datetime)
}
