//! Sound, film and documents among the site's files: what they are and how large, for bodies; and the
//! recordings beside a report, for feeds and structured data.

use std::fs;

use crate::base::media_type::media_type;
use crate::base::medium::{Medium, ending};
use crate::content::Loaded;
use crate::content::article::Article;
use crate::i18n::Language;
use crate::view::pictures::Files;

/// A sound or a film beside a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recording {
    /// From the archive's root, not encoded.
    pub(crate) path: String,
    pub(crate) medium: Medium,
    /// In bytes.
    pub(crate) length: u64,
    /// RFC 6838.
    pub(crate) media_type: String,
}

impl Files {
    /// The published recordings beside a report, by name.
    pub(crate) fn recordings(&self, report: &Loaded<Article>) -> Vec<Recording> {
        let article = &report.value;
        if article.is_withdrawn() {
            return Vec::new();
        }
        let names = report.assets.iter().map(|(name, _)| name);
        let played = names.filter_map(|name| {
            let medium = Medium::of(name).filter(|medium| medium.is_played())?;
            let path = format!("{}{name}", article.permalink.as_str());
            let length = self.length(&path)?;
            Some(Recording { media_type: media_type(&path), path, medium, length })
        });
        let mut recordings: Vec<Recording> = played.collect();
        recordings.sort_by(|a, b| a.path.cmp(&b.path));
        recordings
    }

    /// The length of a published file in bytes.
    fn length(&self, path: &str) -> Option<u64> {
        let file = self.get(path.trim_start_matches('/'))?;
        match fs::metadata(file.path()) {
            Ok(data) => Some(data.len()),
            Err(error) => {
                self.note_unread(file, error.to_string());
                None
            }
        }
    }

    /// What a file is and how large, for readers: “PDF, 12 pages, 340 kB”.
    pub(crate) fn kind(&self, path: &str, language: &Language) -> String {
        let Some(length) = self.length(path) else { return String::new() };
        let ending = ending(path).unwrap_or_default().to_uppercase();
        let pages = (ending == "PDF").then(|| self.picture(path)?.pages()).flatten();
        let pages = pages.and_then(|pages| usize::try_from(pages).ok());
        let pages = pages.map(|pages| language.counted("pages", pages));
        let parts = [Some(ending), pages, Some(size(length, language))];
        let separator = format!("{} ", language.text("comma", &[]));
        parts.into_iter().flatten().collect::<Vec<_>>().join(&separator)
    }
}

/// A size in words, in powers of a thousand, rounded up: no file has no size.
fn size(length: u64, language: &Language) -> String {
    let number = |n: u64| language.number(usize::try_from(n).unwrap_or(usize::MAX));
    let kilobytes = length.div_ceil(1000);
    if kilobytes < 1000 {
        return language.text("size_kb", &[("size", &number(kilobytes))]);
    }
    let tenths = kilobytes.div_ceil(100);
    let size = if tenths < 100 {
        format!("{}{}{}", tenths / 10, language.text("decimal_mark", &[]), tenths % 10)
    } else {
        number(tenths.div_ceil(10))
    };
    language.text("size_mb", &[("size", &size)])
}
