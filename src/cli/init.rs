//! `dateline init`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::authoring::starter;

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder to make the archive in; the one given with --root by default.
    dir: Option<PathBuf>,
}

impl InitArguments {
    pub(super) fn run(self, root: PathBuf) -> ExitCode {
        let folder = self.dir.unwrap_or(root);
        match starter::init(&folder, chrono::Local::now().date_naive()) {
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
}
