//! A theme: the built-in one, overlaid by `themes/<name>/` and `templates/` of the archive.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::content::publishable::{Area, LeftOut, Sieve, Sifted};
use crate::content::scan;
use crate::i18n::{self, Language};
use crate::settings::ThemeChoice;

/// The folder by which templates name the built-in ones.
pub(crate) const ORIGINALS: &str = "gazette/";

/// What the origin of a built-in file begins with.
const BUILT_IN: &str = "gazette:";

static GAZETTE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/gazette");

/// A theme's files by path, such as `templates/article.html`.
#[derive(Debug, Default)]
pub struct Theme {
    files: BTreeMap<String, ThemeFile>,
    /// Fingerprints of built-in files that an archive overrides.
    originals: BTreeMap<String, String>,
    /// Built-in templates that are overridden; overrides reach them below `gazette/`.
    hidden: BTreeMap<String, ThemeFile>,
    /// Files of the archive's folders that are left out.
    pub left_out: Vec<LeftOut>,
}

/// A file and its origin, for messages.
#[derive(Debug)]
pub struct ThemeFile {
    pub bytes: Vec<u8>,
    /// Path from the archive's root, or `gazette:…` for a built-in file.
    pub origin: String,
}

impl ThemeFile {
    /// Whether it is part of the program.
    fn is_built_in(&self) -> bool {
        self.origin.starts_with(BUILT_IN)
    }
}

impl Theme {
    /// The templates by name. Built-in ones are named below `gazette/`, where others find them that
    /// take their places.
    pub(crate) fn templates(&self) -> impl Iterator<Item = (String, &ThemeFile)> {
        let named = |(path, file): (&String, &'_ ThemeFile)| {
            let name = path.strip_prefix("templates/")?;
            Some(if file.is_built_in() { format!("{ORIGINALS}{name}") } else { name.to_owned() })
        };
        let files = self.files.iter().chain(&self.hidden);
        files.filter_map(move |(path, file)| Some((named((path, file))?, file)))
    }

    /// Collects a theme's files; missing folders are ignored.
    pub fn load(sieve: Sieve<'_>, choice: &ThemeChoice) -> Result<Theme, Diagnostic> {
        let root = sieve.root;
        let name = choice.name.as_str();
        let mut theme = Theme::default();
        theme.add_embedded(&GAZETTE);
        let folder = root.join("themes").join(name);
        if name != "gazette" && !folder.is_dir() {
            let message = format!("there is no theme “{name}”");
            let help = format!("make the folder themes/{name}, or remove the line to use gazette");
            let problem = Diagnostic::stop(Rule::Config, message).help(help);
            return Err(match &choice.place {
                Some(place) => problem.at(place.clone()),
                None => problem,
            });
        }
        theme.add_folder(sieve, &folder, "")?;
        theme.add_folder(sieve, &root.join("templates"), "templates/")?;
        theme.add_folder(sieve, &root.join("data"), "data/")?;
        Ok(theme)
    }

    fn add_embedded(&mut self, folder: &Dir<'_>) {
        for file in folder.files() {
            let path = scan::relative(Path::new(""), file.path());
            let origin = format!("{BUILT_IN}{path}");
            self.originals.insert(path.clone(), fingerprint(file.contents()));
            self.files.insert(path, ThemeFile { bytes: file.contents().to_vec(), origin });
        }
        for inner in folder.dirs() {
            self.add_embedded(inner);
        }
    }

    fn add_folder(
        &mut self,
        sieve: Sieve<'_>,
        folder: &Path,
        prefix: &str,
    ) -> Result<(), Diagnostic> {
        let is_there =
            scan::is_folder(folder).map_err(|error| unreadable(folder, &error.to_string()))?;
        if !is_there {
            return Ok(());
        }
        let walk = walkdir::WalkDir::new(folder).sort_by_file_name();
        let Sifted { entries, left_out } = sieve.walk(walk, Area::Theme);
        self.left_out.extend(left_out);
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(folder, &error.to_string()))?;
            let Some(file) = Sieve::publishable(entry) else { continue };
            let mut bytes =
                std::fs::read(&file).map_err(|error| unreadable(&file, &error.to_string()))?;
            let path = format!("{prefix}{}", scan::relative(folder, &file));
            if !path.starts_with("assets/") {
                remove_mark(&mut bytes);
            }
            let origin = scan::relative(sieve.root, &file);
            let before = self.files.insert(path.clone(), ThemeFile { bytes, origin });
            if let Some(original) = before.filter(ThemeFile::is_built_in) {
                self.hidden.insert(path, original);
            }
        }
        Ok(())
    }

    /// A hash of all its files.
    pub fn digest(&self) -> u128 {
        let mut hasher = xxhash_rust::xxh3::Xxh3Default::new();
        for (path, file) in &self.files {
            for part in [path.as_bytes(), &file.bytes] {
                hasher.update(&part.len().to_le_bytes());
                hasher.update(part);
            }
        }
        hasher.digest128()
    }

    /// A warning for each override whose original has changed. The override must name its original
    /// in a comment.
    pub fn stale_overrides(&self) -> Vec<Diagnostic> {
        self.files.iter().filter_map(|(path, file)| self.stale(path, file)).collect()
    }

    fn stale(&self, path: &str, file: &ThemeFile) -> Option<Diagnostic> {
        let text = std::str::from_utf8(&file.bytes).ok()?;
        let range = copied_from(text)?;
        let help = match self.originals.get(path) {
            Some(now) if *now == text[range.clone()] => return None,
            Some(now) => format!(
                "compare it with gazette's {path}, take over what you need, then write gazette@{now}"
            ),
            None => "give it a name that templates of yours ask for, or remove it".to_owned(),
        };
        let message = match self.originals.get(path) {
            Some(_) => format!("gazette's {path} has changed since this was copied from it"),
            None => format!("gazette has no {path} any more; this overrides nothing"),
        };
        let place = Place::at(&file.origin, text, range);
        Some(Diagnostic::warning(Rule::StaleOverride, message).at(place).help(help))
    }

    /// A file by its path.
    pub(crate) fn file(&self, path: &str) -> Option<&ThemeFile> {
        self.files.get(path)
    }

    /// The files in a folder of the theme, by path below it.
    pub fn under(&self, folder: &'static str) -> impl Iterator<Item = (&str, &ThemeFile)> {
        self.files.iter().filter_map(move |(path, file)| Some((path.strip_prefix(folder)?, file)))
    }

    /// The words of a language: those of its tag, else of its language in its script, else English.
    /// The language's tag says what the words are, not what was asked for: `en`, or `pt-BR` for
    /// `pt-PT`.
    pub fn language(&self, tag: &str) -> Result<Language, Diagnostic> {
        let file = |name: &str| self.files.get(&format!("i18n/{name}.toml"));
        let names = i18n::candidates(tag);
        let mut found =
            names.iter().filter_map(|name| Some((file(name)?, i18n::spoken(tag, name))));
        let english = || file("en").map(|file| (file, "en".to_owned()));
        let Some((file, tag)) = found.next().or_else(english) else {
            return Err(Diagnostic::stop(Rule::Config, "the theme has no i18n/en.toml"));
        };
        let text = String::from_utf8_lossy(&file.bytes);
        Language::read(&tag, &text).map_err(|error| {
            let range = error.span().unwrap_or(0..0);
            Diagnostic::stop(
                Rule::Config,
                format!("this language file is not understood: {}", error.message()),
            )
            .at(Place::at(&file.origin, &text, range))
        })
    }
}

/// Removes a byte order mark, which a template would write into pages.
fn remove_mark(bytes: &mut Vec<u8>) {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
}

/// The fingerprint of an original: eight hexadecimal digits.
fn fingerprint(bytes: &[u8]) -> String {
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(bytes))[..8].to_owned()
}

/// The place of an original's fingerprint, `gazette@0123abcd`, in a comment on the first line.
fn copied_from(text: &str) -> Option<Range<usize>> {
    let line = text.lines().next()?;
    if !["{#", "/*", "#", "<!--"].iter().any(|opening| line.trim_start().starts_with(opening)) {
        return None;
    }
    let name = "gazette@";
    let start = line.find(name)? + name.len();
    let length = line[start..].bytes().take_while(u8::is_ascii_hexdigit).count();
    (length > 0).then(|| start..start + length)
}

fn unreadable(path: &Path, why: &str) -> Diagnostic {
    scan::unreadable(&path.display().to_string(), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::leftovers::Ignored;

    fn overridden(first_line: &str) -> Vec<Diagnostic> {
        let root = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let folder = root.path().join("templates");
        let written = std::fs::create_dir(&folder)
            .and_then(|()| std::fs::write(folder.join("404.html"), format!("{first_line}\n<p>")));
        written.unwrap_or_else(|error| panic!("{error}"));
        let choice = ThemeChoice { name: "gazette".to_owned(), place: None };
        let sieve = Sieve { root: root.path(), ignored: &Ignored::default() };
        let theme = Theme::load(sieve, &choice);
        theme.map_or_else(|problem| vec![problem], |theme| theme.stale_overrides())
    }

    #[test]
    fn an_override_of_another_original_is_told_of_with_the_fingerprint_to_write() {
        let told = overridden("{# gazette@0 #}");
        let [problem] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(problem.rule, Rule::StaleOverride);
        let help = problem.help.clone().unwrap_or_default();
        let now = help.rsplit("gazette@").next().unwrap_or_default();
        assert_eq!(now.len(), 8, "{help}");
        assert_eq!(overridden(&format!("{{# gazette@{now} #}}")), []);
    }

    #[test]
    fn an_override_that_says_nothing_is_left_alone() {
        assert_eq!(overridden("{# ours #}"), []);
        assert_eq!(overridden("<p>gazette@0</p>"), []);
    }
}
