//! `dateline init`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::authoring::publishing::{self, Forge};
use crate::authoring::{AuthoringError, starter};

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

/// Makes an archive.
fn start(folder: &Path, ci: Option<Forge>) -> ExitCode {
    let made = starter::init(folder, chrono::Local::now().date_naive()).and_then(|mut written| {
        written.extend(ci.map_or(Ok(Vec::new()), |forge| publishing::write(folder, forge))?);
        Ok(written)
    });
    match made {
        Ok(written) => {
            for path in written {
                super::say(&path.display());
            }
            let place = match folder.to_str() {
                Some(".") => String::new(),
                _ => format!(" --root {}", folder.display()),
            };
            super::say(&format_args!("The archive is ready. Build it: dateline{place} build"));
            ExitCode::SUCCESS
        }
        Err(error) => super::environment_error(&error, None),
    }
}

/// Says which files an archive got besides.
fn add(written: Result<Vec<PathBuf>, AuthoringError>) -> ExitCode {
    match written {
        Ok(written) if written.is_empty() => {
            super::say(&"These files are there already; nothing was written over them.");
            ExitCode::SUCCESS
        }
        Ok(written) => {
            for path in written {
                super::say(&path.display());
            }
            ExitCode::SUCCESS
        }
        Err(error) => super::environment_error(&error, None),
    }
}
