//! `dateline new`: an entry, its front matter filled in as far as it is known.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::base::date::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::permalink::{PathError, Slug};

use super::archetype::Archetype;
use super::known::Known;
use super::{AuthoringError, write_new};

/// What is known of a report that is about to be written down.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its headline.
    pub title: String,
    /// The name of its file, and so the end of its address.
    pub slug: Slug,
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
    /// Who sent it in.
    pub submitted_by: Vec<String>,
    /// Terms.
    pub tags: Vec<String>,
    /// News, opinion, interview …
    pub kind: Option<String>,
    /// BCP 47, where it is not the archive's.
    pub language: Option<String>,
}

/// An entry that was written.
#[derive(Debug)]
pub struct Written {
    /// Where.
    pub path: PathBuf,
    /// What a build will say of it.
    pub warnings: Vec<Diagnostic>,
}

/// The name of the file for a headline. `index.md` would make a report of its whole folder, and a name
/// of a device can't be a file's on Windows: these get a number.
pub fn slug_for(title: &str) -> Result<Slug, PathError> {
    match Slug::from_title(title) {
        Ok(slug) if slug.as_str() == "index" => Slug::from_title("index 1"),
        Err(PathError::Reserved(_)) => Slug::from_title(&format!("{title} 1")),
        slug => slug,
    }
}

impl NewEntry {
    /// Writes the entry as `content/<year>/<slug>.md`. A file that is there is left as it is, and
    /// nothing is written that a build would refuse, be it for an address that another file has.
    pub fn write(
        &self,
        known: &Known<'_>,
        archetype: &Archetype,
    ) -> Result<Written, AuthoringError> {
        let path = format!("content/{:04}/{}.md", self.date.year(), self.slug.as_str());
        let filled = archetype.fill(&self.answers(), &path, known.config)?;
        let path = known.root.join(path);
        if path.symlink_metadata().is_ok() {
            return Err(AuthoringError::Exists(path));
        }
        if let Some(holder) = known.holder(&filled.permalink) {
            let (address, holder) = (filled.permalink.to_string(), holder.to_owned());
            return Err(AuthoringError::Taken { address, holder });
        }
        write_new(&path, &filled.text)?;
        Ok(Written { path, warnings: filled.warnings })
    }

    /// What an archetype receives. Both dates are written as front matter has them.
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

/// A date as TOML has it; a year or a month alone, which TOML has not, in quotes.
fn written_date(date: Date) -> String {
    match date {
        Date::Year(_) | Date::Month(..) => format!("\"{date}\""),
        Date::Day(_) | Date::Time(..) => date.to_string(),
    }
}
