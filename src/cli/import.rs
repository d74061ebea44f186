//! `dateline import`: imports exports of other programs, and applies suggestions.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::context::{Context, Opened};
use super::import_folder::FolderCommand;
use crate::base::files::{self, Durability, TemporaryFile};
use crate::import::entry::Status;
use crate::import::media;
use crate::import::options::{Choices, Creator, Media, Pictures, Writing};
use crate::import::report::Report;
use crate::import::sources::guess::guess;
use crate::import::sources::kind::SourceKind;
use crate::import::sources::mapping::Mapping;
use crate::import::sources::own;
use crate::import::suggestions::Rule;
use crate::import::{ImportError, Step, accept, import};
use crate::settings::Config;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct ImportArguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    source: Option<SourceArguments>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The export of a blog (WXR), as Tools → Export writes it; also several in a zip file or a folder.
    #[command(name = "wordpress")]
    WordPress(SourceArguments),
    /// An export of Blogger: the old one (Atom), or Google Takeout's feed.atom or zip file.
    Blogger(SourceArguments),
    /// An export of Ghost (JSON).
    Ghost(SourceArguments),
    /// An export of Medium: the zip file, or its folder.
    Medium(SourceArguments),
    /// An export of Substack: the zip file, or its folder.
    Substack(SourceArguments),
    /// An export in Movable Type's text format, which other programs write too.
    MovableType(SourceArguments),
    /// A feed in a file: RSS, Atom, JSON Feed.
    Feed(SourceArguments),
    /// A library of Zotero in RDF: drafts without texts, with notes, files and collections.
    Zotero(SourceArguments),
    /// A bibliography in CSL-JSON, as Zotero writes it: drafts without texts.
    Csl(SourceArguments),
    /// A bibliography in RIS: drafts without texts.
    Ris(SourceArguments),
    /// A table (CSV) whose columns are keys of reports by their names or by --map.
    Csv(TableArguments),
    /// Lines of JSON: keys of reports by their names or by --map, or what dateline export jsonl wrote.
    Jsonl(TableArguments),
    /// Saved pages: a folder, a zip file of it, or one page.
    Html(SourceArguments),
    /// A web archive: WARC or WACZ.
    Warc(SourceArguments),
    /// A bag that dateline export bagit wrote: its files come back as they were.
    Bagit(SourceArguments),
    #[command(flatten)]
    Folder(FolderCommand),
    /// Accept what the imported texts say about themselves.
    Apply(ApplyArguments),
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
struct SourceArguments {
    /// The file or folder; of a feed, also its address.
    file: PathBuf,
    /// The old site's pictures: a folder, or a zip file of it.
    #[arg(long)]
    uploads: Option<PathBuf>,
    /// Ask the old site for pictures that are not at hand, one after the other; [check.external] says how fast.
    #[arg(long)]
    fetch_media: bool,
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
struct TableArguments {
    #[command(flatten)]
    source: SourceArguments,
    /// Which column is which key: KEY=COLUMN, or a file of lines KEY = "COLUMN" (TOML); can be given several times.
    #[arg(long, value_name = "KEY=COLUMN|FILE")]
    map: Vec<String>,
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
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let (kind, source, map) = match self.command {
            Some(command) => match command.source() {
                Ok(source) => source,
                Err(Other::Folder(folder)) => return folder.run(&archive),
                Err(Other::Apply(apply)) => {
                    return match archive.open(NO_ARCHIVE) {
                        Ok(archive) => apply.run(&archive),
                        Err(code) => code,
                    };
                }
            },
            None => match self.source.map(|source| (source.guessed(), source)) {
                Some((Ok(kind), source)) => (kind, source, Vec::new()),
                Some((Err(code), _)) => return code,
                None => return super::environment_error(&"name a file or a folder", None),
            },
        };
        if kind == SourceKind::Bagit && !source.dry_run {
            take_settings(&source.file, &archive.root.join(&archive.config));
        }
        match (archive.open(NO_ARCHIVE), Mapping::read(&map)) {
            (Ok(archive), Ok(mapping)) => source.run((kind, mapping), &archive),
            (Err(code), _) => code,
            (_, Err(error)) => super::environment_error(&error, None),
        }
    }
}

/// The remedy where there are no settings.
const NO_ARCHIVE: &str = "begin an archive: dateline init, or name it with --root";

/// The kind of source that a file seems to be, which is said.
fn guessed(file: &Path) -> Result<SourceKind, ExitCode> {
    match guess(file) {
        Ok(Some(kind)) => {
            let (words, name) = (kind.words(), kind.name());
            super::complain(&format_args!(
                "note: {} is {words}: dateline import {name}",
                file.display()
            ));
            Ok(kind)
        }
        Ok(None) => {
            let names: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.name()).collect();
            let help =
                format!("name its kind, as in dateline import csv FILE: {}", names.join(", "));
            let message = format!("{}: it can't be told what kind of source it is", file.display());
            Err(super::environment_error(&message, Some(&help)))
        }
        Err(error) => {
            Err(super::environment_error(&error, Some("look whether the file is there and whole")))
        }
    }
}

/// A new archive gets the settings that are in the bag.
fn take_settings(bag: &Path, config: &Path) {
    if !config.exists()
        && let Some(settings) = own::settings_in(bag)
        && let Err(error) = files::replace(config, &settings, Durability::Lasting)
    {
        super::complain(&format_args!("{} can't be written: {error}", config.display()));
    }
}

/// A command that names no source.
enum Other {
    Apply(ApplyArguments),
    Folder(FolderCommand),
}

impl Command {
    /// The kind of source that is named, with its arguments and mapping; `apply` has none.
    fn source(self) -> Result<(SourceKind, SourceArguments, Vec<String>), Other> {
        let (kind, source) = match self {
            Command::WordPress(source) => (SourceKind::WordPress, source),
            Command::Blogger(source) => (SourceKind::Blogger, source),
            Command::Ghost(source) => (SourceKind::Ghost, source),
            Command::Medium(source) => (SourceKind::Medium, source),
            Command::Substack(source) => (SourceKind::Substack, source),
            Command::MovableType(source) => (SourceKind::MovableType, source),
            Command::Feed(source) => (SourceKind::Feed, source),
            Command::Zotero(source) => (SourceKind::Zotero, source),
            Command::Csl(source) => (SourceKind::Csl, source),
            Command::Ris(source) => (SourceKind::Ris, source),
            Command::Csv(table) => return Ok((SourceKind::Csv, table.source, table.map)),
            Command::Jsonl(table) => return Ok((SourceKind::JsonLines, table.source, table.map)),
            Command::Html(source) => (SourceKind::Html, source),
            Command::Warc(source) => (SourceKind::Warc, source),
            Command::Bagit(source) => (SourceKind::Bagit, source),
            Command::Folder(folder) => return Err(Other::Folder(folder)),
            Command::Apply(apply) => return Err(Other::Apply(apply)),
        };
        Ok((kind, source, Vec::new()))
    }
}

/// A feed, taken from its address.
fn fetched(address: &str, config: &Config) -> Result<TemporaryFile, ExitCode> {
    let bytes = media::feed(address, config)
        .map_err(|error| super::environment_error(&error, Some(error.help())))?;
    TemporaryFile::with(&bytes).map_err(|error| super::environment_error(&error, None))
}

impl SourceArguments {
    /// Detects the kind of source: a feed for an address, else by the content of the file.
    fn guessed(&self) -> Result<SourceKind, ExitCode> {
        self.address().map_or_else(|| guessed(&self.file), |_| Ok(SourceKind::Feed))
    }

    /// The address that stands in the place of a file.
    fn address(&self) -> Option<&str> {
        self.file
            .to_str()
            .filter(|text| text.starts_with("http://") || text.starts_with("https://"))
    }

    fn run(&self, (kind, mapping): (SourceKind, Mapping), archive: &Opened) -> ExitCode {
        let (root, config) = (&*archive.root, &archive.config);
        let own_files = || kind.holds_pictures().then(|| Pictures::BesidePages(self.file.clone()));
        let choices = Choices {
            source: kind.name(),
            include: self.include.clone(),
            creator: self.creator,
            uploads: self.uploads.clone().map(Pictures::Uploads).or_else(own_files),
            media: if self.fetch_media { Media::Fetch } else { Media::AtHand },
            comments: self.comments.clone(),
            writing: if self.dry_run { Writing::DryRun } else { Writing::Write },
            today: archive.today(),
        };
        if kind.holds_private_data() {
            warn_of_private_data(root, &self.file);
        }
        if self.fetch_media && !cfg!(feature = "network") {
            return super::left_out::refuse("import --fetch-media", "network");
        }
        // It lives as long as the file is read.
        let fetched = match self.address().map(|address| fetched(address, config)).transpose() {
            Ok(fetched) => fetched,
            Err(code) => return code,
        };
        let file = fetched.as_ref().map_or(&*self.file, TemporaryFile::path);
        let source = kind.open(file, mapping);
        let bar = super::progress_bar("{msg}");
        let mut progress = |step: Step| {
            bar.set_message(step.what.words());
            bar.set_length(u64::try_from(step.of).unwrap_or(u64::MAX));
            bar.set_position(u64::try_from(step.done).unwrap_or(u64::MAX));
        };
        let done = import(&*source, (root, config), &choices, &mut progress);
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
    fn run(self, archive: &Opened) -> ExitCode {
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
        match accept::accept((&archive.root, &archive.file, &archive.config), &wanted) {
            Ok(done) => {
                let code = super::print((done.lines().join("\n") + "\n").as_bytes());
                if done.left.is_empty() { code } else { ExitCode::from(1) }
            }
            Err(error) => failed(&error),
        }
    }
}
