//! The command line: arguments in, one library call, words out.
//!
//! Exit codes: 0 good, 1 problems in the content, 2 usage or environment.

mod build;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Turns a folder of Markdown articles into a news archive of plain files.
#[derive(Debug, Parser)]
#[command(name = "dateline", version)]
struct Arguments {
    /// The archive's folder.
    #[arg(short, long, global = true, default_value = ".")]
    root: PathBuf,
    /// The config, from the archive's folder.
    #[arg(short, long, global = true, default_value = "dateline.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the site.
    Build(build::BuildArguments),
}

/// Runs the program.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Build(build) => build.run(arguments.root, arguments.config),
    }
}
