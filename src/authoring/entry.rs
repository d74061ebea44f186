//! `dateline new`: an entry with as much front matter as is known.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::base::date::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::files;
use crate::base::permalink::{PathError, Slug};

use super::archetype::Archetype;
use super::known::Known;
use super::translation::Translation;
use super::{AuthoringError, write_new};

/// The front matter of a new entry.
#[derive(Clone, Debug)]
pub(crate) struct NewEntry {
    pub title: String,
    /// The name of its file, and the last segment of its address.
    pub slug: Slug,
    /// When the outlet published it.
    pub date: Date,
    /// The day it enters the archive.
    pub added: chrono::NaiveDate,
    pub outlet: Option<String>,
    pub original_url: Option<url::Url>,
    pub authors: Vec<String>,
    pub submitted_by: Vec<String>,
    pub tags: Vec<String>,
    /// News, opinion, interview …
    pub kind: Option<String>,
    /// BCP 47, if it is not the archive's.
    pub language: Option<String>,
    /// The report that it translates.
    pub translation: Option<Translation>,
}

#[derive(Debug)]
pub(crate) struct Written {
    pub path: PathBuf,
    /// Warnings that a build will give.
    pub warnings: Vec<Diagnostic>,
}

/// The file name for a headline. `index` and the names of Windows devices get a number: `index.md`
/// would make its whole folder one report.
pub(crate) fn slug_for(title: &str) -> Result<Slug, PathError> {
    match Slug::from_title(title) {
        Ok(slug) if slug.as_str() == "index" => Slug::from_title("index 1"),
        Err(PathError::Reserved(_)) => Slug::from_title(&format!("{title} 1")),
        slug => slug,
    }
}

impl NewEntry {
    /// Writes the entry to `content/<year>/<slug>.md`. An existing file is never replaced, and an
    /// entry that a build would reject, or whose address is taken, is not written.
    pub(crate) fn write(
        &self,
        known: &Known<'_>,
        archetype: &Archetype,
    ) -> Result<Written, AuthoringError> {
        let path = match &self.translation {
            Some(translation) => translation.path.clone(),
            None => format!("content/{:04}/{}.md", self.date.year(), self.slug.as_str()),
        };
        let filled = archetype.fill(&self.answers(), &path, known.config)?;
        let path = known.root.join(path);
        if path.symlink_metadata().is_ok() {
            return Err(AuthoringError::Exists(path));
        }
        if let Some(holder) = known.holder(&filled.permalink) {
            let (address, holder) = (filled.permalink.to_string(), holder.to_owned());
            return Err(AuthoringError::Taken { address, holder });
        }
        files::refuse_outside(known.root, path.parent().unwrap_or(known.root))
            .map_err(|source| AuthoringError::Io { path: path.clone(), source })?;
        let complete = self.translation.as_ref().map(|report| report.complete(&filled.text));
        write_new(&path, &complete.unwrap_or(filled.text))?;
        Ok(Written { path, warnings: filled.warnings })
    }

    /// The values that an archetype receives. Dates are written as in front matter.
    fn answers(&self) -> Value {
        json!({
            "title": self.title,
            "date": written_date(self.date),
            "added": self.added.to_string(),
            "outlet": self.outlet,
            "original_url": self.original_url.as_ref().map(url::Url::as_str),
            "authors": self.authors,
            "submitted_by": self.submitted_by,
            "tags": self.tags,
            "kind": self.kind,
            "language": self.language,
        })
    }
}

/// A date in TOML; a year or a month alone is quoted, as TOML has no such type.
fn written_date(date: Date) -> String {
    match date {
        Date::Year(_) | Date::Month(..) => format!("\"{date}\""),
        Date::Day(_) | Date::Time(..) => date.to_string(),
    }
}
