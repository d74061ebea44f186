//! `dateline new`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use chrono::Utc;
use clap::Args;
use inquire::InquireError;

use crate::authoring::AuthoringError;
use crate::authoring::archetype::{Archetype, Wanted};
use crate::authoring::entry::NewEntry;
use crate::authoring::known;
use crate::config::{Config, reading};
use crate::date::{Date, DateError};
use crate::diagnostic::nearest;

use super::questions::Question;

#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// The headline; on a terminal, what is not given here is asked for.
    title: Option<String>,
    /// Who published it: a key of [outlets] in the config, or a name.
    #[arg(long)]
    outlet: Option<String>,
    /// The address of the original article.
    #[arg(long, value_parser = parse_web_address)]
    url: Option<url::Url>,
    /// When the outlet published it: a day, or a month or year where no more is known; today by
    /// default.
    #[arg(long, value_parser = parse_date)]
    date: Option<Date>,
    /// An author; may be given more than once.
    #[arg(long = "author")]
    authors: Vec<String>,
    /// Who sent it in; may be given more than once.
    #[arg(long = "submitted-by")]
    submitted_by: Vec<String>,
    /// A tag; may be given more than once.
    #[arg(long = "tag")]
    tags: Vec<String>,
    /// The kind of report, such as "news" or "interview": also the archetype, where there is one of
    /// this name.
    #[arg(long)]
    kind: Option<String>,
    /// The report's language, such as "ar".
    #[arg(long, value_parser = parse_language)]
    language: Option<String>,
    /// The file in archetypes/ that the entry is made from.
    #[arg(long)]
    archetype: Option<String>,
    /// Ask for nothing, as where there is no terminal.
    #[arg(long)]
    no_input: bool,
    /// Open the new file in $VISUAL or $EDITOR.
    #[arg(long)]
    edit: bool,
}

pub(super) fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|error: DateError| format!("{error}; {}", error.help()))
}

fn parse_web_address(text: &str) -> Result<url::Url, String> {
    let url = url::Url::parse(text).map_err(|error| error.to_string())?;
    let is_web = matches!(url.scheme(), "http" | "https");
    if is_web { Ok(url) } else { Err("it begins with neither https:// nor http://".to_owned()) }
}

/// A reader and a typist: both ends of a conversation.
fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The content is at fault: an archetype, or what it makes of the answers.
fn refuse(problems: &[crate::diagnostic::Diagnostic]) -> ExitCode {
    super::draw(problems);
    ExitCode::from(1)
}

#[allow(clippy::unnecessary_wraps, reason = "answers are parsed, and words are what they are")]
fn parse_words(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

fn parse_language(text: &str) -> Result<String, String> {
    let tag = text.parse::<icu_locale::LanguageIdentifier>();
    tag.map(|_| text.to_owned()).map_err(|_| "write it as en, pt-BR or ar".to_owned())
}

impl NewArguments {
    pub(super) fn run(mut self, root: &Path, config: &Path) -> ExitCode {
        let Ok(text) = std::fs::read_to_string(root.join(config)) else {
            let error = format!("there is no {} here", root.join(config).display());
            return super::environment_error(&error, Some("make an archive first: dateline init"));
        };
        let (config, _) = reading::read(&config.to_string_lossy(), &text);
        if !self.no_input && is_terminal() {
            match self.ask(root, &config) {
                Ok(()) => {}
                Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => {
                    return super::environment_error(&"nothing was written", None);
                }
                Err(error) => return super::environment_error(&error, Some("give --no-input")),
            }
        }
        let Some(title) = self.title.take() else {
            let help = "write it behind the command: dateline new \"Talks begin in Geneva\"";
            return super::environment_error(&"the entry has no headline", Some(help));
        };
        self.write(title, root, &config)
    }

    fn write(self, title: String, root: &Path, config: &Config) -> ExitCode {
        let today = Utc::now().with_timezone(&config.timezone).date_naive();
        self.say_near_outlet(config);
        let archetype = match Archetype::find(root, &self.archetype()) {
            Ok(archetype) => archetype,
            Err(problem) => return refuse(&[problem]),
        };
        let edit = self.edit;
        let entry = NewEntry {
            title,
            date: self.date.unwrap_or(Date::Day(today)),
            added: today,
            outlet: self.outlet,
            original_url: self.url,
            authors: self.authors,
            submitted_by: self.submitted_by,
            tags: self.tags,
            kind: self.kind,
            language: self.language,
        };
        match entry.write(root, config, &archetype) {
            Ok(written) => {
                super::draw(&written.warnings);
                super::say(&written.path.display());
                if edit { open_editor(&written.path) } else { ExitCode::SUCCESS }
            }
            Err(AuthoringError::Archetype(problems)) => refuse(&problems),
            Err(error) => super::environment_error(
                &error,
                Some("give it another title, or edit the file that is there"),
            ),
        }
    }

    fn archetype(&self) -> Wanted {
        match &self.archetype {
            Some(name) => Wanted::Named(name.clone()),
            None => Wanted::OfKind(self.kind.clone()),
        }
    }

    /// Asks for what the command line left open.
    fn ask(&mut self, root: &Path, config: &Config) -> Result<(), InquireError> {
        let known = known::names(root, config);
        let question = |words, help, known| Question { words, help, known };
        let names = "with commas between them; tab completes, empty for none";
        if self.title.is_none() {
            self.title = Some(question("Headline:", "", &[]).insist(parse_words)?);
        }
        if self.outlet.is_none() {
            let help = "who published it; tab completes, empty if it is not known";
            self.outlet = question("Outlet:", help, &known.outlets).ask(parse_words)?;
        }
        if self.url.is_none() {
            let help = "the address of the original, empty if it has none";
            self.url = question("Original:", help, &[]).ask(parse_web_address)?;
        }
        if self.date.is_none() {
            let help = "when it was published: 2017-01-29, 2017-01 or 2017; empty for today";
            self.date = question("Date:", help, &[]).ask(parse_date)?;
        }
        if self.authors.is_empty() {
            self.authors = question("Byline:", names, &known.authors).ask_many()?;
        }
        if self.tags.is_empty() {
            self.tags = question("Tags:", names, &known.tags).ask_many()?;
        }
        if self.kind.is_none() {
            let help = "news, opinion, interview …; empty for none";
            self.kind = question("Kind:", help, &known.kinds).ask(parse_words)?;
        }
        Ok(())
    }

    /// A misspelt outlet is easiest to mend before it is published.
    fn say_near_outlet(&self, config: &Config) {
        let Some(outlet) = &self.outlet else { return };
        let known = config.outlets.iter().flat_map(|(key, known)| [key.as_str(), &known.name]);
        if known.clone().any(|name| name == outlet) {
            return;
        }
        if let Some(near) = nearest(outlet, known) {
            super::complain(&format_args!(
                "note: “{outlet}” is not in [outlets]; did you mean “{near}”?"
            ));
        }
    }
}

fn open_editor(path: &PathBuf) -> ExitCode {
    let named = ["VISUAL", "EDITOR"].iter().filter_map(std::env::var_os);
    let Some(editor) = named.into_iter().find(|editor| !editor.is_empty()) else {
        let help = "set EDITOR to your editor's command";
        return super::environment_error(&"neither VISUAL nor EDITOR is set", Some(help));
    };
    // Editors are often given with arguments, as in "code --wait".
    let editor = editor.to_string_lossy().into_owned();
    let mut words = editor.split_whitespace();
    let status = Command::new(words.next().unwrap_or_default()).args(words).arg(path).status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => super::environment_error(&format!("{editor} ended with {status}"), None),
        Err(error) => super::environment_error(&format!("{editor}: {error}"), None),
    }
}
