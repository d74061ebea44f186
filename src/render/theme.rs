//! A theme: the one in the binary, overlaid by `themes/<name>/` and `templates/` of the archive.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::i18n::Language;

static GAZETTE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/gazette");

/// A theme's files by their path in it, such as `templates/article.html`.
#[derive(Debug, Default)]
pub struct Theme {
    files: BTreeMap<String, ThemeFile>,
}

/// A file and where it came from, for messages.
#[derive(Debug)]
pub struct ThemeFile {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// From the archive's root, or `gazette:…` for one in the binary.
    pub origin: String,
}

impl Theme {
    /// Collects a theme's files. A folder that does not exist adds none.
    pub fn load(root: &Path, name: &str) -> Result<Theme, Diagnostic> {
        let mut theme = Theme::default();
        theme.add_embedded(&GAZETTE);
        let folder = root.join("themes").join(name);
        if name != "gazette" && !folder.is_dir() {
            let message = format!("there is no theme “{name}”");
            let help = format!("make the folder themes/{name}, or remove the line to use gazette");
            return Err(Diagnostic::stop(Rule::Config, message)
                .at(Place::file("dateline.toml"))
                .help(help));
        }
        theme.add_folder(root, &folder, "")?;
        theme.add_folder(root, &root.join("templates"), "templates/")?;
        Ok(theme)
    }

    fn add_embedded(&mut self, folder: &Dir<'_>) {
        for file in folder.files() {
            let path = crate::content::scan::relative(Path::new(""), file.path());
            let origin = format!("gazette:{path}");
            self.files.insert(path, ThemeFile { bytes: file.contents().to_vec(), origin });
        }
        for inner in folder.dirs() {
            self.add_embedded(inner);
        }
    }

    fn add_folder(&mut self, root: &Path, folder: &Path, prefix: &str) -> Result<(), Diagnostic> {
        if !folder.is_dir() {
            return Ok(());
        }
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.map_err(|error| unreadable(folder, &error.to_string()))?;
            if !entry.file_type().is_file() {
                continue;
            }
            let bytes = std::fs::read(entry.path())
                .map_err(|error| unreadable(entry.path(), &error.to_string()))?;
            let path = format!("{prefix}{}", crate::content::scan::relative(folder, entry.path()));
            let origin = crate::content::scan::relative(root, entry.path());
            self.files.insert(path, ThemeFile { bytes, origin });
        }
        Ok(())
    }

    /// The files under a folder of the theme, by their path below it.
    pub fn under(&self, folder: &'static str) -> impl Iterator<Item = (&str, &ThemeFile)> {
        self.files.iter().filter_map(move |(path, file)| Some((path.strip_prefix(folder)?, file)))
    }

    /// The words of a language; a tag with a region falls back to its language, any other to English.
    pub fn language(&self, tag: &str) -> Result<Language, Diagnostic> {
        let short = tag.split('-').next().unwrap_or(tag);
        let file =
            [tag, short, "en"].iter().find_map(|name| self.files.get(&format!("i18n/{name}.toml")));
        let Some(file) = file else {
            return Err(Diagnostic::stop(Rule::Config, "the theme has no i18n/en.toml"));
        };
        let text = String::from_utf8_lossy(&file.bytes);
        Language::read(tag, &text).map_err(|error| {
            let range = error.span().unwrap_or(0..0);
            Diagnostic::stop(
                Rule::Config,
                format!("this language file is not understood: {}", error.message()),
            )
            .at(Place::at(&file.origin, &text, range))
        })
    }
}

fn unreadable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::stop(Rule::Template, format!("{}: {why}", path.display()))
}
