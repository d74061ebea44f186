//! `dateline init`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::authoring::publishing::{self, Forge};
use crate::authoring::{AuthoringError, Missing, starter};
use crate::base::diagnostic::printable_line;

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder to make the archive in; the one given with --root by default.
    dir: Option<PathBuf>,
    /// Also write what this forge needs to build and publish the archive at every push, and a
    /// Dockerfile; in an archive that is there, these alone.
    #[arg(long, value_enum)]
    ci: Option<Forge>,
}

impl InitArguments {
    pub(super) fn run(self, root: PathBuf) -> ExitCode {
        let folder = self.dir.unwrap_or(root);
        match self.ci {
            Some(forge) if folder.join("dateline.toml").is_file() => {
                add(publishing::write(&folder, forge))
            }
            ci => start(&folder, ci),
        }
    }
}

/// Creates an archive.
fn start(folder: &Path, ci: Option<Forge>) -> ExitCode {
    let made = starter::init(folder, chrono::Local::now().date_naive()).and_then(|written| {
        let besides = ci.map_or_else(|| Ok(Missing::default()), |ci| publishing::write(folder, ci));
        Ok(written.and(besides?))
    });
    match made {
        Ok(files) => {
            list(&files);
            let place = match folder.to_str() {
                Some(".") => String::new(),
                _ => format!(" --root {}", folder.display()),
            };
            super::say(&format_args!("The archive is ready. Build it: dateline{place} build"));
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error),
    }
}

/// Prints which files were added to an archive.
fn add(files: Result<Missing, AuthoringError>) -> ExitCode {
    match files {
        Ok(files) => {
            list(&files);
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error),
    }
}

fn list(files: &Missing) {
    for path in &files.written {
        super::say(&printable_line(&path.display().to_string()));
    }
    for path in &files.left {
        super::say(&format_args!("{} is there already, and was left alone", path.display()));
    }
}

fn refuse(error: &AuthoringError) -> ExitCode {
    match error {
        AuthoringError::Settings(error) => {
            super::context::refuse_settings(error, "name the archive's folder")
        }
        _ => super::environment_error(error, None),
    }
}
