//! `dateline schema`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::base::diagnostic::printable_line;
use crate::base::files::{self, Durability};
use crate::schema;
use crate::settings::reading;

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
}

impl SchemaArguments {
    /// An archive whose settings can't be read yet gets the schema of one without settings.
    pub(super) fn run(self, root: &Path, config: &Path) -> ExitCode {
        let text = std::fs::read_to_string(root.join(config)).unwrap_or_default();
        let (config, _) = reading::read(&config.to_string_lossy(), &text);
        let schema = match self.subject {
            Some(Subject::FrontMatter) => schema::front_matter(&config),
            Some(Subject::Config) => schema::settings(),
            None => return write(root, schema::files(&config)),
        };
        super::print(schema::printed(&schema).as_bytes())
    }
}

/// They are made by Dateline, and made anew: nothing of a curator's is in them.
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
