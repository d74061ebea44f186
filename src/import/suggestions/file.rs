//! `import-suggestions.toml`: an import's suggestions, for the curator to review.
//!
//! Read and written table by table: an import of many reports has tens of thousands.

use std::collections::BTreeMap;
use std::io::{self, Write};
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestions {
    /// Suggested settings.
    pub settings: Settings,
    /// Tables of TOML by the report's file, in order of lines: an import keeps all of them until
    /// its end, and as text they need the least memory.
    by_file: BTreeMap<String, Box<str>>,
}

/// The file as TOML.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stored {
    settings: Settings,
    suggestion: Vec<OfReport>,
}

#[derive(Deserialize)]
struct OfReport {
    file: String,
    #[serde(flatten)]
    suggestion: Suggestion,
}

/// The same for writing, one table at a time.
#[derive(Serialize)]
struct SettingsTable<'a> {
    settings: &'a Settings,
}

#[derive(Serialize)]
struct SuggestionTable<'a> {
    suggestion: [FileSuggestion<'a>; 1],
}

#[derive(Serialize)]
struct FileSuggestion<'a> {
    file: &'a str,
    #[serde(flatten)]
    suggestion: &'a Suggestion,
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
            Ok(text) => Suggestions::parse(&text).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Suggestions::default()),
            Err(error) => Err(error),
        }
    }

    /// Parses table by table, which needs less memory. A text that can't be split at the heads of
    /// its tables is parsed as a whole.
    fn parse(text: &str) -> Result<Suggestions, toml::de::Error> {
        let mut suggestions = Suggestions::default();
        for table in tables(text) {
            let Ok(stored) = toml::from_str::<Stored>(table) else {
                let mut whole = Suggestions::default();
                whole.take(toml::from_str(text)?);
                return Ok(whole);
            };
            suggestions.take(stored);
        }
        Ok(suggestions)
    }

    fn take(&mut self, stored: Stored) {
        if !stored.settings.is_empty() {
            self.settings = stored.settings;
        }
        for OfReport { file, suggestion } in stored.suggestion {
            self.add(&file, [suggestion]);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.by_file.is_empty()
    }

    /// The number of suggestions by rule.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for line in self.by_file.values().flat_map(|tables| tables.lines()) {
            if let Some(rule) = line.strip_prefix("rule = ") {
                *counts.entry(rule.trim_matches('"').to_owned()).or_default() += 1;
            }
        }
        counts
    }

    /// Adds suggestions for a file.
    pub fn add(&mut self, file: &str, suggestions: impl IntoIterator<Item = Suggestion>) {
        let mut own: Vec<Suggestion> = suggestions.into_iter().collect();
        if own.is_empty() {
            return;
        }
        let known = self.by_file.remove(file).map(|tables| suggestions_in(&tables));
        own.splice(0..0, known.unwrap_or_default());
        own.sort_by_key(|suggestion| suggestion.place.line);
        let tables = own.iter().filter_map(|suggestion| {
            let suggestion = [FileSuggestion { file, suggestion }];
            toml::to_string(&SuggestionTable { suggestion }).ok()
        });
        let tables: String = tables.flat_map(|table| ["\n".to_owned(), table]).collect();
        self.by_file.insert(file.to_owned(), tables.into_boxed_str());
    }

    /// Takes all suggestions out, by file.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (String, Vec<Suggestion>)> + use<> {
        let all = std::mem::take(&mut self.by_file).into_iter();
        all.map(|(file, tables)| (file, suggestions_in(&tables)))
    }

    /// Writes the file's text.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(HEAD.trim_end().as_bytes())?;
        to.write_all(b"\n")?;
        if !self.settings.is_empty() {
            let settings = toml::to_string(&SettingsTable { settings: &self.settings });
            write!(to, "\n{}", settings.map_err(io::Error::other)?)?;
        }
        self.by_file.values().try_for_each(|tables| to.write_all(tables.as_bytes()))
    }

    /// The file's text.
    pub fn text(&self) -> io::Result<String> {
        let mut text = Vec::new();
        self.write(&mut text)?;
        String::from_utf8(text).map_err(io::Error::other)
    }

    /// Removes suggestions for a file; returns whether there were any.
    pub fn forget(&mut self, file: &str) -> bool {
        self.by_file.remove(file).is_some()
    }
}

/// The suggestions in tables that were made here.
fn suggestions_in(tables: &str) -> Vec<Suggestion> {
    let stored: Stored = toml::from_str(tables).unwrap_or_default();
    stored.suggestion.into_iter().map(|known| known.suggestion).collect()
}

/// The text before the first suggestion, then each suggestion.
fn tables(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest[1..].find("\n[[suggestion]]").map_or(rest.len(), |at| at + 2);
        let (table, after) = rest.split_at(end);
        rest = after;
        Some(table)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::suggestions::{Rule, Says, Words};

    fn suggestion(line: usize, quote: &str) -> Suggestion {
        let says = Says { outlet: Some("Northern Post".to_owned()), ..Says::default() };
        let place = Words { line, from: 0, to: quote.len() };
        Suggestion {
            rule: Rule::HeadByline,
            confidence: 0.95,
            place,
            quote: Some(quote.to_owned()),
            says,
        }
    }

    fn some() -> Suggestions {
        let mut suggestions = Suggestions::default();
        suggestions.settings.permalink = Some("/:slug/".to_owned());
        suggestions.add(
            "content/b.md",
            [suggestion(3, "three \u{e9}\"'"), suggestion(1, "[[suggestion]]")],
        );
        suggestions.add("content/a.md", [suggestion(2, "two\\")]);
        suggestions
    }

    #[test]
    fn what_is_written_is_read_again() {
        let suggestions = some();
        let text = suggestions.text().unwrap();
        assert_eq!(Suggestions::parse(&text).unwrap(), suggestions);
        assert_eq!(toml::from_str::<Stored>(&text).unwrap().suggestion.len(), 3);
        assert_eq!(suggestions.counts(), BTreeMap::from([("head-byline".to_owned(), 3)]));
        assert_eq!(tables(&text).count(), 4);
        assert_eq!(tables(&text).collect::<String>(), text);
    }

    #[test]
    fn a_text_that_a_curator_wrote_anew_is_read_as_a_whole() {
        let text = some().text().unwrap();
        let quoted = text.replacen("quote = 'two\\'", "quote = \"\"\"\n[[suggestion]]\n\"\"\"", 1);
        assert_ne!(quoted, text);
        let mut read = Suggestions::parse(&quoted).unwrap();
        let (file, first) = read.drain().next().unwrap();
        assert_eq!(file, "content/a.md");
        assert_eq!(first[0].quote.as_deref(), Some("[[suggestion]]\n"));
        assert!(Suggestions::parse("[[suggestion]]\nfile = 3").is_err());
    }
}
