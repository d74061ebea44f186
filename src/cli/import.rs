//! `dateline import`: imports exports of other programs, and applies suggestions.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::Utc;
use clap::{Args, Subcommand};

use crate::import::entry::Status;
use crate::import::options::{Choices, Creator, Writing};
use crate::import::report::Report;
use crate::import::sources::Source;
use crate::import::sources::blogger::Blogger;
use crate::import::sources::csl::Csl;
use crate::import::sources::feed::Feed;
use crate::import::sources::ghost::Ghost;
use crate::import::sources::wordpress::WordPress;
use crate::import::suggestions::Rule;
use crate::import::{ImportError, Step, accept, import};
use crate::settings::Config;

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The export of a blog (WXR), as Tools → Export writes it.
    #[command(name = "wordpress")]
    WordPress(SourceArguments),
    /// An export of Blogger: the old one (Atom), or feed.atom of Google Takeout.
    Blogger(SourceArguments),
    /// An export of Ghost (JSON).
    Ghost(SourceArguments),
    /// A feed in a file: RSS, Atom, JSON Feed.
    Feed(SourceArguments),
    /// A bibliography in CSL-JSON, as Zotero writes it: drafts without texts.
    Csl(SourceArguments),
    /// Accept what the imported texts say about themselves.
    Apply(ApplyArguments),
}

#[derive(Debug, Args)]
struct SourceArguments {
    /// The file.
    file: PathBuf,
    /// The old site's pictures: a folder, or a zip file of it.
    #[arg(long)]
    uploads: Option<PathBuf>,
    /// Import these too, as drafts: private, password, trash.
    #[arg(long, value_delimiter = ',', value_parser = parse_status)]
    include: Vec<Status>,
    /// What the names of accounts become: posted-by, submitted-by, authors or none.
    #[arg(long, default_value = "posted-by", value_parser = parse_creator)]
    creator: Creator,
    /// Write readers' comments to this file, a line of JSON each, without addresses of mailboxes and machines.
    #[arg(long)]
    comments: Option<PathBuf>,
    /// Say what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// End with exit code 1 if less than 99.9 % of the words would be on the built pages.
    #[arg(long)]
    verify: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ApplyArguments {
    /// Only suggestions that are at least so sure, from 0 to 1.
    #[arg(long, default_value_t = 0.9)]
    min: f64,
    /// Only suggestions of these rules; --rule settings stands for the settings.
    #[arg(long)]
    rule: Vec<String>,
    /// Say what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

fn parse_status(text: &str) -> Result<Status, String> {
    let all = [Status::Private, Status::Password, Status::Trash];
    let found = all.into_iter().find(|status| status.name() == text);
    found.ok_or_else(|| "it is private, password or trash".to_owned())
}

fn parse_creator(text: &str) -> Result<Creator, String> {
    match text {
        "posted-by" => Ok(Creator::PostedBy),
        "submitted-by" => Ok(Creator::SubmittedBy),
        "authors" => Ok(Creator::Authors),
        "none" => Ok(Creator::None),
        _ => Err("it is posted-by, submitted-by, authors or none".to_owned()),
    }
}

impl ImportArguments {
    pub(super) fn run(self, root: &Path, config: &Path) -> ExitCode {
        let help = "begin an archive: dateline init, or name it with --root";
        let settings = match super::settings(root, config, help) {
            Ok(settings) => settings,
            Err(code) => return code,
        };
        let archive = (root, &settings);
        match self.command {
            Command::WordPress(arguments) => {
                let source = WordPress { path: arguments.file.clone() };
                arguments.run(&source, "wordpress", archive)
            }
            Command::Blogger(arguments) => {
                let source = Blogger { path: arguments.file.clone() };
                arguments.run(&source, "blogger", archive)
            }
            Command::Ghost(arguments) => {
                let source = Ghost { path: arguments.file.clone() };
                arguments.run(&source, "ghost", archive)
            }
            Command::Feed(arguments) => {
                let source = Feed { path: arguments.file.clone() };
                arguments.run(&source, "feed", archive)
            }
            Command::Csl(arguments) => {
                let source = Csl { path: arguments.file.clone() };
                arguments.run(&source, "csl", archive)
            }
            Command::Apply(arguments) => arguments.run(root, config, &settings),
        }
    }
}

impl SourceArguments {
    fn run(
        &self,
        source: &dyn Source,
        name: &'static str,
        (root, config): (&Path, &Config),
    ) -> ExitCode {
        let today = Utc::now().with_timezone(&config.timezone).date_naive();
        let choices = Choices {
            source: name,
            include: self.include.clone(),
            creator: self.creator,
            uploads: self.uploads.clone(),
            comments: self.comments.clone(),
            writing: if self.dry_run { Writing::DryRun } else { Writing::Write },
            today,
        };
        warn_of_private_data(root, &self.file);
        let bar = super::progress_bar("reports");
        let mut progress = |step: Step| {
            bar.set_length(u64::try_from(step.of).unwrap_or(u64::MAX));
            bar.set_position(u64::try_from(step.done).unwrap_or(u64::MAX));
        };
        let done = import(source, (root, config), &choices, &mut progress);
        bar.finish_and_clear();
        match done {
            Ok(report) => self.finish(&report),
            Err(error) => failed(&error),
        }
    }

    fn finish(&self, report: &Report) -> ExitCode {
        let printed = if self.json {
            serde_json::to_string_pretty(report).map(|text| text + "\n").unwrap_or_default()
        } else {
            self.summary(report)
        };
        let code = super::print(printed.as_bytes());
        let is_short = self.verify && !report.keeps_words();
        if is_short || !report.problems.is_empty() || !report.occupied.is_empty() {
            return ExitCode::from(1);
        }
        code
    }

    fn summary(&self, report: &Report) -> String {
        let mut lines = report.lines();
        lines.push(if self.dry_run {
            "Nothing was written.".to_owned()
        } else if report.suggestions.is_empty() {
            "All of it is in import-report.json.".to_owned()
        } else {
            "All of it is in import-report.json. Look at import-suggestions.toml, then: dateline \
             import apply --min 0.9"
                .to_owned()
        });
        lines.join("\n") + "\n"
    }
}

/// Warns if the export is inside the archive: it contains e-mail and IP addresses.
fn warn_of_private_data(root: &Path, file: &Path) {
    let inside = match (root.canonicalize(), file.canonicalize()) {
        (Ok(root), Ok(file)) => file.starts_with(root),
        _ => false,
    };
    if inside {
        super::complain(&format_args!(
            "note: {} lies in the archive's folder and holds readers' e-mail and IP addresses; move it out \
             before you share the folder",
            file.display()
        ));
    }
}

fn failed(error: &ImportError) -> ExitCode {
    super::environment_error(error, Some(error.help()))
}

impl ApplyArguments {
    fn run(self, root: &Path, config: &Path, settings: &Config) -> ExitCode {
        let mut rules = Vec::new();
        let mut with_settings = self.rule.is_empty();
        for name in &self.rule {
            match name.parse::<Rule>() {
                Ok(rule) => rules.push(rule),
                Err(_) if name == "settings" => with_settings = true,
                Err(error) => return super::environment_error(&error, None),
            }
        }
        let wanted = accept::Wanted {
            least: self.min,
            rules: if self.rule.is_empty() { Rule::ALL.to_vec() } else { rules },
            with_settings,
            writing: if self.dry_run { Writing::DryRun } else { Writing::Write },
        };
        match accept::accept((root, config, settings), &wanted) {
            Ok(done) => {
                let code = super::print((done.lines().join("\n") + "\n").as_bytes());
                if done.left.is_empty() { code } else { ExitCode::from(1) }
            }
            Err(error) => failed(&error),
        }
    }
}
