//! The archive that a command is for: its folder and its settings' file, as the command line names
//! them. Every command starts from it.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{NaiveDate, Utc};
use clap::Args;

use crate::pipeline::BuildOptions;
use crate::settings::Config;
use crate::settings::loading::{self, SettingsError};

/// The archive as the command line names it.
#[derive(Clone, Debug, Args)]
pub(super) struct Context {
    /// The archive's folder.
    #[arg(short, long, global = true, default_value = ".")]
    pub(super) root: PathBuf,
    /// The config, from the archive's folder.
    #[arg(short, long, global = true, default_value = "dateline.toml")]
    pub(super) config: PathBuf,
}

/// An archive whose settings are sound.
pub(super) struct Opened {
    pub(super) root: PathBuf,
    /// The settings' file, from the root.
    pub(super) file: PathBuf,
    pub(super) config: Config,
}

impl Context {
    /// Reads the settings. `help` is the remedy where there are none. The error is the exit code,
    /// after its reason was printed.
    pub(super) fn open(self, help: &str) -> Result<Opened, ExitCode> {
        let config = loading::sound(&self.root, &self.config);
        let config = config.map_err(|error| refuse_settings(&error, help))?;
        Ok(Opened { root: self.root, file: self.config, config })
    }

    /// The same, with the defaults where there are no settings.
    pub(super) fn settings_or_default(&self) -> Result<Config, ExitCode> {
        loading::sound_or_default(&self.root, &self.config)
            .map_err(|error| refuse_settings(&error, "name the archive with --root"))
    }

    /// Options of a build without further choices.
    pub(super) fn options(self) -> BuildOptions {
        BuildOptions { root: self.root, config: self.config, ..BuildOptions::default() }
    }
}

impl Opened {
    /// The day in the archive's time zone.
    pub(super) fn today(&self) -> NaiveDate {
        today(&self.config)
    }
}

/// The day in an archive's time zone.
pub(super) fn today(config: &Config) -> NaiveDate {
    Utc::now().with_timezone(&config.timezone).date_naive()
}

/// Prints why the settings can't be read. `help`: the remedy if they are missing.
pub(super) fn refuse_settings(error: &SettingsError, help: &str) -> ExitCode {
    match error {
        SettingsError::Missing(_) => super::environment_error(error, Some(help)),
        SettingsError::Broken { problems, .. } => {
            super::draw(problems);
            super::complain(error);
            ExitCode::from(1)
        }
    }
}
