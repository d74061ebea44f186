//! `import-suggestions.toml`: an import's suggestions, for the curator to review.
//!
//! Read and written table by table: an import of many reports has tens of thousands.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::SpooledTempFile;

use super::{Rule, Suggestion};

/// The file's name in the archive's folder.
pub const NAME: &str = "import-suggestions.toml";

/// The head of each suggestion's table.
const TABLE: &str = "[[suggestion]]";

const HEAD: &str = "\
# What the imported texts say about themselves, and settings that suit them. Nothing of it is applied yet.
# Remove what is wrong, then: dateline import apply --min 0.9
# Only some rules: dateline import apply --min 0.8 --rule head-byline --rule submitted-by

";

/// Suggestions up to this many bytes stay in memory; more go to an unnamed file.
const MOST_IN_MEMORY: usize = 1 << 22;

/// All suggestions of an archive.
#[derive(Debug)]
pub struct Suggestions {
    /// Suggested settings.
    pub settings: Settings,
    by_file: BTreeMap<Box<str>, Tables>,
    /// TOML tables in sequence. A large import makes hundreds of megabytes.
    texts: SpooledTempFile,
    length: u64,
    counts: BTreeMap<Rule, usize>,
}

/// The tables of a report in order of lines: their positions in `texts`.
#[derive(Clone, Copy, Debug)]
struct Tables {
    start: u64,
    length: u32,
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

    fn none() -> Suggestions {
        Suggestions {
            settings: Settings::default(),
            by_file: BTreeMap::new(),
            texts: SpooledTempFile::new(MOST_IN_MEMORY),
            length: 0,
            counts: BTreeMap::new(),
        }
    }

    /// Reads the file; empty if it is missing.
    pub fn read(root: &Path) -> io::Result<Suggestions> {
        let path = Suggestions::path(root);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Suggestions::none()),
            Err(error) => return Err(error),
        };
        match Suggestions::by_tables(BufReader::new(file)) {
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => Err(error),
            Ok(suggestions) => Ok(suggestions),
            Err(_) => Suggestions::whole(&std::fs::read_to_string(&path)?),
        }
    }

    /// Parses table by table: the file may have hundreds of megabytes. Fails with `InvalidInput` if
    /// it can't be split at the heads of its tables.
    fn by_tables(lines: impl BufRead) -> io::Result<Suggestions> {
        let mut suggestions = Suggestions::none();
        let mut table = String::new();
        for line in lines.lines() {
            let line = line?;
            if line.starts_with(TABLE) {
                suggestions.parse(&table)?;
                table.clear();
            }
            table.push_str(&line);
            table.push('\n');
        }
        suggestions.parse(&table)?;
        Ok(suggestions)
    }

    fn parse(&mut self, table: &str) -> io::Result<()> {
        let failed = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
        self.put(toml::from_str(table).map_err(failed)?)
    }

    fn whole(text: &str) -> io::Result<Suggestions> {
        let mut suggestions = Suggestions::none();
        suggestions.put(toml::from_str(text).map_err(io::Error::other)?)?;
        Ok(suggestions)
    }

    fn put(&mut self, stored: Stored) -> io::Result<()> {
        if !stored.settings.is_empty() {
            self.settings = stored.settings;
        }
        let mut of_reports = stored.suggestion.into_iter();
        of_reports.try_for_each(|OfReport { file, suggestion }| self.add(&file, [suggestion]))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.by_file.is_empty()
    }

    /// The number of suggestions by rule.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let found = self.counts.iter().filter(|(_, count)| **count > 0);
        found.map(|(rule, count)| (rule.name().to_owned(), *count)).collect()
    }

    /// Adds suggestions for a file.
    pub fn add(
        &mut self,
        file: &str,
        suggestions: impl IntoIterator<Item = Suggestion>,
    ) -> io::Result<()> {
        let mut own: Vec<Suggestion> = suggestions.into_iter().collect();
        if own.is_empty() {
            return Ok(());
        }
        own.splice(0..0, self.take(file)?);
        own.sort_by_key(|suggestion| suggestion.place.line);
        let mut text = String::new();
        for suggestion in &own {
            *self.counts.entry(suggestion.rule).or_default() += 1;
            let table = SuggestionTable { suggestion: [FileSuggestion { file, suggestion }] };
            text.push('\n');
            text.push_str(&toml::to_string(&table).map_err(io::Error::other)?);
        }
        self.texts.seek(SeekFrom::Start(self.length))?;
        self.texts.write_all(text.as_bytes())?;
        let length = u32::try_from(text.len()).map_err(io::Error::other)?;
        self.by_file.insert(file.into(), Tables { start: self.length, length });
        self.length += u64::from(length);
        Ok(())
    }

    /// The files with suggestions.
    pub(crate) fn files(&self) -> Vec<String> {
        self.by_file.keys().map(ToString::to_string).collect()
    }

    /// Takes out the suggestions for a file.
    pub(crate) fn take(&mut self, file: &str) -> io::Result<Vec<Suggestion>> {
        let Some(tables) = self.by_file.remove(file) else { return Ok(Vec::new()) };
        let text = text_of(&mut self.texts, tables)?;
        let stored: Stored = toml::from_str(&text).map_err(io::Error::other)?;
        let own: Vec<_> = stored.suggestion.into_iter().map(|known| known.suggestion).collect();
        for suggestion in &own {
            *self.counts.entry(suggestion.rule).or_default() -= 1;
        }
        Ok(own)
    }

    /// Writes the file's text.
    pub fn write(&mut self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(HEAD.trim_end().as_bytes())?;
        to.write_all(b"\n")?;
        if !self.settings.is_empty() {
            let settings = toml::to_string(&SettingsTable { settings: &self.settings });
            write!(to, "\n{}", settings.map_err(io::Error::other)?)?;
        }
        for tables in self.by_file.values() {
            to.write_all(text_of(&mut self.texts, *tables)?.as_bytes())?;
        }
        Ok(())
    }

    /// The file's text.
    pub fn text(&mut self) -> io::Result<String> {
        let mut text = Vec::new();
        self.write(&mut text)?;
        String::from_utf8(text).map_err(io::Error::other)
    }

    /// Removes suggestions for a file; returns whether there were any.
    pub fn forget(&mut self, file: &str) -> io::Result<bool> {
        Ok(!self.take(file)?.is_empty())
    }
}

fn text_of(texts: &mut SpooledTempFile, tables: Tables) -> io::Result<String> {
    texts.seek(SeekFrom::Start(tables.start))?;
    let mut text = String::new();
    texts.take(u64::from(tables.length)).read_to_string(&mut text)?;
    Ok(text)
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
        let mut suggestions = Suggestions::none();
        suggestions.settings.permalink = Some("/:slug/".to_owned());
        let two = [suggestion(3, "three \u{e9}\"'"), suggestion(1, "[[suggestion]]")];
        suggestions.add("content/b.md", two).unwrap();
        suggestions.add("content/a.md", [suggestion(2, "two\\")]).unwrap();
        suggestions
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut suggestions = some();
        let text = suggestions.text().unwrap();
        assert_eq!(Suggestions::by_tables(text.as_bytes()).unwrap().text().unwrap(), text);
        assert_eq!(toml::from_str::<Stored>(&text).unwrap().suggestion.len(), 3);
        assert_eq!(suggestions.counts(), BTreeMap::from([("head-byline".to_owned(), 3)]));
    }

    #[test]
    fn a_text_that_a_curator_wrote_anew_is_read_as_a_whole() {
        let text = some().text().unwrap();
        let quoted = text.replacen("quote = 'two\\'", "quote = \"\"\"\n[[suggestion]]\n\"\"\"", 1);
        assert_ne!(quoted, text);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(Suggestions::path(folder.path()), quoted).unwrap();
        let mut read = Suggestions::read(folder.path()).unwrap();
        assert_eq!(read.files()[0], "content/a.md");
        let first = read.take("content/a.md").unwrap();
        assert_eq!(first[0].quote.as_deref(), Some("[[suggestion]]\n"));
        std::fs::write(Suggestions::path(folder.path()), "[[suggestion]]\nfile = 3").unwrap();
        assert!(Suggestions::read(folder.path()).is_err());
    }
}
