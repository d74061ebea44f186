//! The reference chapters of the manual: `dateline reference`.
//!
//! They come from the tables that the program itself works with: the schemas of front matter and
//! settings, the commands as clap knows them, the names of lints, and archives that hold the mistakes of
//! curators, which are built to see what is said of each. So they can't say what is not so, and a test
//! says when the files in `docs/` are stale.

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
    /// The name of its file.
    pub file: &'static str,
    /// Its Markdown.
    pub text: String,
}

/// All chapters; `program` is the command line.
pub fn chapters(program: &clap::Command) -> Result<Vec<Chapter>, MistakeError> {
    Ok(vec![
        Chapter { file: "front-matter.md", text: front_matter::chapter() },
        Chapter { file: "settings.md", text: settings::chapter() },
        Chapter { file: "commands.md", text: commands::chapter(program) },
        Chapter { file: "lints.md", text: lints::chapter() },
        Chapter { file: "mistakes.md", text: mistakes::chapter()? },
    ])
}
