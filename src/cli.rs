//! The command line: parses arguments, calls the library, prints the result.
//!
//! Exit codes: 0 success, 1 problems in the content, 2 usage or environment.

mod answers;
mod build;
mod check;
mod clip;
mod context;
mod correct;
#[cfg(feature = "deploy")]
mod deploy;
#[cfg(feature = "serve")]
mod desk;
mod duplicates;
mod editor;
mod export;
mod fetch_pictures;
mod hosting;
mod import;
mod import_folder;
mod init;
mod inspect;
mod left_out;
mod list;
mod man;
mod new;
mod out_of_reach;
mod published_index;
mod questions;
mod redact;
mod reference;
mod schema;
mod search;
mod search_stats;
#[cfg(feature = "serve")]
mod serve;
mod site;
mod stats;
mod table;
mod text;
mod threads;
mod verify;
mod withdraw;

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use similar::TextDiff;

use crate::base::diagnostic::{Colour, Diagnostic, printable, printable_line};
use context::Context;

/// Turns a folder of Markdown articles into a news archive of plain files.
#[derive(Debug, Parser)]
#[command(name = "dateline", version)]
struct Arguments {
    #[command(flatten)]
    archive: Context,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the site.
    Build(build::BuildArguments),
    /// Show the site in a browser while you write, and keep it up to date.
    #[cfg(feature = "serve")]
    Serve(serve::ServeArguments),
    /// Show the site in a browser: left out of this program.
    #[cfg(not(feature = "serve"))]
    #[command(hide = true, disable_help_flag = true)]
    Serve(left_out::LeftOutArguments),
    /// Write, correct and take down reports in a browser.
    #[cfg(feature = "serve")]
    Desk(desk::DeskArguments),
    /// Write, correct and take down reports in a browser: left out of this program.
    #[cfg(not(feature = "serve"))]
    #[command(hide = true, disable_help_flag = true)]
    Desk(left_out::LeftOutArguments),
    /// Look for mistakes, without publishing anything.
    Check(check::CheckArguments),
    /// Make a new archive with one example article.
    Init(init::InitArguments),
    /// Begin a new entry.
    New(new::NewArguments),
    /// Make a report of one page: from its address, or from a file that a browser saved.
    Clip(clip::ClipArguments),
    /// Copy the pictures that reports show from other hosts, and put them beside the reports.
    FetchPictures(fetch_pictures::FetchPicturesArguments),
    /// Put other words in the place of wrong ones, and record it for readers.
    Correct(correct::CorrectArguments),
    /// Take words or files of a report away, and record it for readers.
    Redact(redact::RedactArguments),
    /// Take a report down and leave a notice in its place.
    Withdraw(withdraw::WithdrawArguments),
    /// Write the whole archive to one file: records, a table, or citations.
    Export(export::ExportArguments),
    /// Move in: bring another archive's reports here, and accept what they say of themselves.
    Import(import::ImportArguments),
    /// Print what a page's template receives, as JSON, or which reports may be one.
    Inspect(inspect::InspectArguments),
    /// List reports: drafts, withdrawn ones, those without an archived copy, by outlet, by date …
    List(list::ListArguments),
    /// Search the built site, as its readers do.
    Search(search::SearchArguments),
    /// Count reports by year, outlet, tag …, with what is known of their originals and links.
    Stats(stats::StatsArguments),
    /// Compare the published files with what was published.
    Verify(verify::VerifyArguments),
    /// Put the site where readers find it: only what changed, and never half of it.
    #[cfg(feature = "deploy")]
    Deploy(deploy::DeployArguments),
    /// Put the site where readers find it: left out of this program.
    #[cfg(not(feature = "deploy"))]
    #[command(hide = true, disable_help_flag = true)]
    Deploy(left_out::LeftOutArguments),
    /// Print the JSON Schema of the front matter or of the settings, for editors.
    Schema(schema::SchemaArguments),
    /// Print the reference chapters of the manual, or write them into a folder.
    #[command(hide = true)]
    Reference(reference::ReferenceArguments),
    /// Print the manual page, or write those of all commands into a folder.
    Man(man::ManArguments),
    /// Print completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the program.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    threads::begin();
    let archive = arguments.archive;
    match arguments.command {
        Command::Build(build) => build.run(archive),
        #[cfg(feature = "serve")]
        Command::Serve(serve) => serve.run(archive),
        #[cfg(not(feature = "serve"))]
        Command::Serve(_) => left_out::refuse("serve", "serve"),
        #[cfg(feature = "serve")]
        Command::Desk(desk) => desk.run(archive),
        #[cfg(not(feature = "serve"))]
        Command::Desk(_) => left_out::refuse("desk", "serve"),
        Command::Check(check) => check.run(archive),
        Command::Init(init) => init.run(archive.root),
        Command::New(new) => new.run(archive),
        Command::Clip(clip) => clip.run(archive),
        Command::FetchPictures(fetch) => fetch.run(archive),
        Command::Correct(correct) => correct.run(archive),
        Command::Redact(redact) => redact.run(archive),
        Command::Withdraw(withdraw) => withdraw.run(archive),
        Command::Export(export) => export.run(archive),
        Command::Import(import) => import.run(archive),
        Command::Inspect(inspect) => inspect.run(archive),
        Command::List(list) => list.run(archive),
        Command::Search(search) => search.run(archive),
        Command::Stats(stats) => stats.run(archive),
        Command::Verify(verify) => verify.run(archive),
        #[cfg(feature = "deploy")]
        Command::Deploy(deploy) => deploy.run(archive),
        #[cfg(not(feature = "deploy"))]
        Command::Deploy(_) => left_out::refuse("deploy", "deploy"),
        Command::Schema(schema) => schema.run(&archive),
        Command::Reference(reference) => reference.run(&Arguments::command()),
        Command::Man(man) => man.run(Arguments::command()),
        Command::Completions { shell } => complete(shell),
    }
}

/// Prints completions. They are generated in memory: clap's generator panics if a writer fails.
fn complete(shell: clap_complete::Shell) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "dateline", &mut script);
    print(&script)
}

/// Prints a command's result; a closed pipe (`| head`) is no error.
fn print(text: &[u8]) -> ExitCode {
    let text = text::without_controls(&String::from_utf8_lossy(text));
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => environment_error(&error, None),
        _ => ExitCode::SUCCESS,
    }
}

/// Says how the program is used; a mistake is repeated without what could steer a terminal.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        error.exit();
    }
    let words = text::drawn(&error.render().ansi().to_string());
    let _ = write!(anstream::stderr(), "{words}");
    ExitCode::from(2)
}

/// Says what was done. A reader that stopped listening, or a full disk behind `>`, undoes nothing:
/// the exit code tells the same.
fn say(words: &dyn Display) {
    let _ = writeln!(anstream::stdout(), "{}", text::without_controls(&words.to_string()));
}

/// The same for a coloured diagnostic.
fn say_drawn(drawing: &str) {
    let _ = writeln!(anstream::stdout(), "{}\n", text::drawn(drawing));
}

/// Prints an error or a warning.
fn complain(words: &dyn Display) {
    let _ = writeln!(anstream::stderr(), "{}", text::without_controls(&words.to_string()));
}

/// Prints diagnostics.
fn draw<'a>(problems: impl IntoIterator<Item = &'a Diagnostic>) {
    let colour = if std::io::stderr().is_terminal() { Colour::Ansi } else { Colour::Plain };
    for problem in problems {
        let _ = writeln!(anstream::stderr(), "{}\n", text::drawn(&problem.draw(colour)));
    }
}

/// Prints an error of the environment; exit code 2.
fn environment_error(error: &dyn Display, help: Option<&str>) -> ExitCode {
    complain(&format_args!("error: {}", text::quoted(&error.to_string())));
    if let Some(help) = help {
        complain(&format_args!("help: {}", text::quoted(help)));
    }
    ExitCode::from(2)
}

/// Validates text for readers: one line.
fn parse_words(text: &str) -> Result<String, String> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { Err("these words are empty".to_owned()) } else { Ok(words) }
}

/// A diff of a file.
fn diff_of(source: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let source = printable_line(source);
    let names = (format!("a/{source}"), format!("b/{source}"));
    printable(&diff.unified_diff().header(&names.0, &names.1).to_string())
}

/// A progress bar; `of` completes the template.
fn progress_bar(of: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {of}")) {
        bar.set_style(style);
    }
    bar
}
