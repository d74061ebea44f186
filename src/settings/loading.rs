//! Loads settings: from the path of `dateline.toml` to a [`Config`].
//!
//! A command that writes, publishes or decides calls [`sound`], which fails if the file is broken.
//! A build calls [`read`], which continues with defaults to find all problems in one run, and
//! publishes nothing.

use std::io::ErrorKind;
use std::path::Path;

use crate::base::diagnostic::{Diagnostic, Effect, Place, Rule};
use crate::base::files;

use super::{Config, reading};

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// The file does not exist.
    #[error("there is no {0} here")]
    Missing(String),
    /// The file is broken.
    #[error("{file} is broken, and nothing was written")]
    Broken {
        /// Path from the archive's root.
        file: String,
        problems: Vec<Diagnostic>,
    },
}

/// The settings of the archive at `root`; an error if the file is missing or broken.
pub(crate) fn sound(root: &Path, file: &Path) -> Result<Config, SettingsError> {
    let path = root.join(file);
    if let Err(error) = path.symlink_metadata()
        && error.kind() == ErrorKind::NotFound
    {
        return Err(SettingsError::Missing(path.display().to_string()));
    }
    let (config, problems) = read(root, file);
    if problems.iter().any(|problem| problem.weight == Effect::Stop) {
        let file = file.to_string_lossy().into_owned();
        return Err(SettingsError::Broken { file, problems });
    }
    Ok(config)
}

/// The same, with defaults if the file is missing.
pub(crate) fn sound_or_default(root: &Path, file: &Path) -> Result<Config, SettingsError> {
    match sound(root, file) {
        Err(SettingsError::Missing(_)) => Ok(reading::read(&file.to_string_lossy(), "").0),
        other => other,
    }
}

/// The settings with defaults for invalid values, and all problems.
pub(crate) fn read(root: &Path, file: &Path) -> (Config, Vec<Diagnostic>) {
    let name = file.to_string_lossy();
    let (text, problem) = match files::read(&root.join(file)).map(String::from_utf8) {
        Ok(Ok(text)) => (text, None),
        Ok(Err(error)) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let problem = Diagnostic::stop(Rule::Config, "this file is not UTF-8 text")
                .at(Place::at(&*name, &text, valid..valid + 1))
                .help("save it as UTF-8 in your editor");
            (text, Some(problem))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let problem = Diagnostic::stop(Rule::Config, format!("this can't be read: {error}"))
                .at(Place::file(&*name))
                .help("run `dateline init` for a new archive, or name its folder with --root");
            (String::new(), Some(problem))
        }
        Err(error) => {
            let problem =
                Diagnostic::stop(Rule::Unreadable, format!("this can't be read: {error}"))
                    .at(Place::file(&*name))
                    .help("check that it exists and that you may read it");
            (String::new(), Some(problem))
        }
    };
    let (config, mut problems) = reading::read(&name, &text);
    problems.extend(problem);
    (config, problems)
}
