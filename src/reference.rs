//! The reference chapters of the manual: `dateline reference`.
//!
//! They are generated from the program's own tables: schemas, clap's commands, lint names, and
//! example archives with mistakes, which are built to get their messages. So they are always
//! correct; a test detects outdated files in `docs/`.

mod commands;
mod front_matter;
mod lints;
pub mod mistakes;
mod settings;
mod table;

use mistakes::MistakeError;

/// A page of the manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its file name.
    pub file: &'static str,
    /// Its Markdown.
    pub text: String,
}

/// All chapters; `program` is the command line.
pub fn chapters(program: &clap::Command) -> Result<Vec<Chapter>, MistakeError> {
    Ok(vec![
        Chapter { file: "front-matter.md", text: front_matter::chapter() },
        Chapter { file: "terms.md", text: front_matter::of_terms() },
        Chapter { file: "settings.md", text: settings::chapter() },
        Chapter { file: "commands.md", text: commands::chapter(program) },
        Chapter { file: "lints.md", text: lints::chapter() },
        Chapter { file: "mistakes.md", text: mistakes::chapter()? },
    ])
}
