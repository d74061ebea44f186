//! `dateline reference`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command};

use crate::base::files::{self, Durability};
use crate::reference::{self, Chapter};

#[derive(Debug, Args)]
pub(super) struct ReferenceArguments {
    /// Write each chapter into a file of this folder, instead of printing them.
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,
}

impl ReferenceArguments {
    pub(super) fn run(self, program: &Command) -> ExitCode {
        let chapters = match reference::chapters(program) {
            Ok(chapters) => chapters,
            Err(error) => return super::environment_error(&error, None),
        };
        let Some(folder) = self.write else {
            let texts: Vec<String> = chapters.into_iter().map(|chapter| chapter.text).collect();
            return super::print(texts.join("\n").as_bytes());
        };
        for Chapter { file, text } in chapters {
            let path = folder.join(file);
            let written = std::fs::create_dir_all(&folder)
                .and_then(|()| files::replace(&path, text.as_bytes(), Durability::Lasting));
            if let Err(error) = written {
                let message = format!("{} can't be written: {error}", path.display());
                return super::environment_error(&message, None);
            }
            super::say(&path.display());
        }
        ExitCode::SUCCESS
    }
}
