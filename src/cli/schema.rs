//! `dateline schema`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::base::diagnostic::printable_line;
use crate::base::files::{self, Durability};
use crate::schema;

use super::context::Context;

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// What it is about: both, where --write is given without it.
    #[arg(required_unless_present = "write")]
    subject: Option<Subject>,
    /// Write both into the archive's `schemas/`, where its settings and editors look for them.
    #[arg(long, conflicts_with = "subject")]
    write: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Subject {
    /// What stands above a report, with this archive's taxonomies and outlets.
    FrontMatter,
    /// dateline.toml.
    Config,
    /// What stands above a file of `terms/`.
    Term,
}

impl SchemaArguments {
    /// Prints a schema; without settings, that of the defaults.
    pub(super) fn run(self, archive: &Context) -> ExitCode {
        let config = || archive.settings_or_default();
        let schema = match self.subject {
            Some(Subject::FrontMatter) => config().map(|config| schema::front_matter(&config)),
            // The settings' schema is the same for every archive, and helps to repair broken
            // settings.
            Some(Subject::Config) => Ok(schema::settings()),
            Some(Subject::Term) => Ok(schema::term()),
            None => match config() {
                Ok(config) => return write(&archive.root, schema::files(&config)),
                Err(code) => Err(code),
            },
        };
        let schema = match schema {
            Ok(schema) => schema,
            Err(code) => return code,
        };
        super::print(schema::printed(&schema).as_bytes())
    }
}

/// Writes the schemas; the files are generated and overwritten.
fn write(root: &Path, files: [(&'static str, String); 2]) -> ExitCode {
    for (name, text) in files {
        let path = root.join(name);
        let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) =
            folder.and_then(|()| files::replace(&path, text.as_bytes(), Durability::Lasting))
        {
            return super::environment_error(&format_args!("{}: {error}", path.display()), None);
        }
        super::say(&printable_line(&path.display().to_string()));
    }
    ExitCode::SUCCESS
}
