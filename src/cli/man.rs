//! `dateline man`: manual pages, generated from the commands' definitions.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command};
use clap_mangen::Man;

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// Write the pages of all commands into this folder, instead of printing the first.
    folder: Option<PathBuf>,
}

impl ManArguments {
    pub(super) fn run(self, program: Command) -> ExitCode {
        let Some(folder) = self.folder else {
            let mut page = Vec::new();
            return match Man::new(program).render(&mut page) {
                Ok(()) => super::print(&page),
                Err(error) => super::environment_error(&error, None),
            };
        };
        match write(&folder, program) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let message = format!("{} can't be written: {error}", folder.display());
                super::environment_error(&message, None)
            }
        }
    }
}

fn write(folder: &Path, program: Command) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(program, folder)
}
