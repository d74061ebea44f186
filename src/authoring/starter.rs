//! `dateline init`: a working archive of one example article, its config commented.

use std::path::Path;

use crate::schema;
use crate::settings::reading;

use super::{AuthoringError, Missing, archetype, write_missing};

/// The files of a new archive, by path; `{today}` stands for the day it was made.
const FILES: [(&str, &str); 6] = [
    ("dateline.toml", include_str!("starter/dateline.toml")),
    ("content/example.md", include_str!("starter/example.md")),
    ("content/pages/about.md", include_str!("starter/about.md")),
    ("archetypes/default.md", archetype::STARTER),
    ("frontmatter.json", include_str!("starter/frontmatter.json")),
    (".gitignore", "/public/\n/.dateline/\n"),
];

/// Makes an archive in `folder`. A folder that has a `dateline.toml`
/// is refused; other files in it are kept, an own `.gitignore` too.
pub fn init(folder: &Path, today: chrono::NaiveDate) -> Result<Missing, AuthoringError> {
    let config = folder.join("dateline.toml");
    if config.symlink_metadata().is_ok() {
        return Err(AuthoringError::Exists(config));
    }
    let texts = FILES.map(|(name, text)| (name, text.replace("{today}", &today.to_string())));
    let (settings, _) = reading::read("dateline.toml", FILES[0].1);
    let schemas = schema::files(&settings);
    write_missing(folder, texts.into_iter().chain(schemas))
}
