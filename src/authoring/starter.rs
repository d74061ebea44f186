//! `dateline init`: a new archive with one example article and commented settings.

use std::path::Path;

use crate::schema;
use crate::settings::reading;

use super::{AuthoringError, Missing, archetype, write_missing};

/// The files of a new archive, by path; `{today}` is replaced by the day of creation.
const FILES: [(&str, &str); 6] = [
    ("dateline.toml", include_str!("starter/dateline.toml")),
    ("content/example.md", include_str!("starter/example.md")),
    ("content/pages/about.md", include_str!("starter/about.md")),
    ("archetypes/default.md", archetype::STARTER),
    ("frontmatter.json", include_str!("starter/frontmatter.json")),
    (".gitignore", "/public/\n/.dateline/\n"),
];

/// Creates an archive in `folder`. A folder with a `dateline.toml` is refused; other existing files
/// are kept, `.gitignore` too.
pub(crate) fn init(folder: &Path, today: chrono::NaiveDate) -> Result<Missing, AuthoringError> {
    let config = folder.join("dateline.toml");
    if config.symlink_metadata().is_ok() {
        return Err(AuthoringError::Exists(config));
    }
    let texts = FILES.map(|(name, text)| (name, text.replace("{today}", &today.to_string())));
    let (settings, _) = reading::read("dateline.toml", FILES[0].1);
    let schemas = schema::files(&settings);
    write_missing(folder, texts.into_iter().chain(schemas))
}
