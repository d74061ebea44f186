//! The one way from `dateline.toml` on disk to a [`Config`]: the file's path in, settings out.
//!
//! A command that writes, publishes or decides calls [`sound`], which gives no settings where the file
//! is broken. A build calls [`read`], which goes on with defaults so that all problems are found in one
//! run, and publishes nothing.

use std::io::ErrorKind;
use std::path::Path;

use crate::base::diagnostic::{Diagnostic, Effect, Place, Rule};
use crate::base::files;

use super::{Config, reading};

/// Why there are no settings to act by.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no such file.
    #[error("there is no {0} here")]
    Missing(String),
    /// The file can't be read or understood; nothing may be decided by what is left of it.
    #[error("{file} is broken, and nothing was written")]
    Broken {
        /// The file, from the archive's root.
        file: String,
        /// What is wrong with it.
        problems: Vec<Diagnostic>,
    },
}

/// The settings of the archive at `root`, if the file is there and says what it means.
pub fn sound(root: &Path, file: &Path) -> Result<Config, SettingsError> {
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

/// The same of an archive that may not have settings yet: then the defaults.
pub fn sound_or_default(root: &Path, file: &Path) -> Result<Config, SettingsError> {
    match sound(root, file) {
        Err(SettingsError::Missing(_)) => Ok(reading::read(&file.to_string_lossy(), "").0),
        other => other,
    }
}

/// Settings, with defaults for what could not be read, and all that is wrong with the file.
pub fn read(root: &Path, file: &Path) -> (Config, Vec<Diagnostic>) {
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
