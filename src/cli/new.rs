//! `dateline new`.

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use inquire::InquireError;

use crate::authoring::AuthoringError;
use crate::authoring::archetype::{Archetype, Wanted};
use crate::authoring::entry::{NewEntry, slug_for};
use crate::authoring::known::Known;
use crate::authoring::translation::Translation;
use crate::base::date::Date;
use crate::base::diagnostic::{nearest, printable_line};
use crate::base::permalink::{PathError, Slug};
use crate::import::clip::Given;
use crate::settings::Config;

use super::answers::{parse_date, parse_headline, parse_language, parse_slug, parse_web_address};
use super::clip::{ClipOptions, Editing};
use super::context::{Context, today};
use super::editor::open_editor;
use super::questions::Question;

#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// The headline; on a terminal, what is not given here is asked for.
    #[arg(value_parser = parse_headline)]
    title: Option<String>,
    /// The name of the file and the end of its address, instead of one made from the headline.
    #[arg(long, value_parser = parse_slug)]
    slug: Option<Slug>,
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
    /// The report that it translates, by its address or its file: day, tags, stories, people, places
    /// and lead picture are copied from it, and both show each other. Needs --language.
    #[arg(long, value_name = "REPORT", conflicts_with = "from")]
    translation_of: Option<String>,
    /// The file in archetypes/ that the entry is made from.
    #[arg(long)]
    archetype: Option<String>,
    /// Ask for nothing, as where there is no terminal.
    #[arg(long)]
    no_input: bool,
    /// Open the new file in $VISUAL or $EDITOR.
    #[arg(long)]
    edit: bool,
    /// Make it from a page: its address, or a file that a browser saved; as `dateline clip` does.
    #[arg(long, value_name = "ADDRESS|FILE", conflicts_with = "archetype")]
    from: Option<String>,
    #[command(flatten, next_help_heading = "With --from")]
    clip: ClipOptions,
}

/// Whether both input and output are terminals.
fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Prints problems of the archetype or its result.
fn refuse(problems: &[crate::base::diagnostic::Diagnostic]) -> ExitCode {
    super::draw(problems);
    ExitCode::from(1)
}

#[allow(clippy::unnecessary_wraps, reason = "answers are parsed, and words are what they are")]
fn parse_words(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

impl NewArguments {
    pub(super) fn run(mut self, archive: Context) -> ExitCode {
        if let Some(from) = self.from.take() {
            return self.clip(&from, archive);
        }
        if self.clip.is_any() {
            let what = "--memento, --pictures, --no-evidence, --dry-run and --json go with --from";
            return super::environment_error(&what, None);
        }
        let help = "make an archive first: dateline init";
        let archive = match archive.open(help) {
            Ok(archive) => archive,
            Err(code) => return code,
        };
        let (root, config) = (&archive.root, &archive.config);
        let known = Known::of(root, config);
        let is_asked = !self.no_input && is_terminal();
        if is_asked && let Err(error) = self.ask(&known) {
            return stopped(&error);
        }
        let Some(title) = self.title.take() else {
            let help = "write it behind the command: dateline new \"Talks begin in Geneva\"";
            return super::environment_error(&"the entry has no headline", Some(help));
        };
        let translation = match self.translation(root, config) {
            Ok(translation) => translation,
            Err(code) => return code,
        };
        let edit = self.edit;
        let archetype = match Archetype::find(root, &self.archetype()) {
            Ok(archetype) => archetype,
            Err(problem) => return refuse(&[problem]),
        };
        let mut entry = match self.entry(title, translation, config) {
            Ok(entry) => entry,
            Err(error) => return super::environment_error(&error, None),
        };
        loop {
            match entry.write(&known, &archetype) {
                Ok(written) => {
                    super::draw(&written.warnings);
                    super::say(&printable_line(&written.path.display().to_string()));
                    return if edit { open_editor(&written.path) } else { ExitCode::SUCCESS };
                }
                Err(AuthoringError::Archetype(problems)) => return refuse(&problems),
                Err(error @ (AuthoringError::Taken { .. } | AuthoringError::Exists(_))) => {
                    if !is_asked {
                        return super::environment_error(&error, Some(&other_name(&entry.slug)));
                    }
                    super::complain(&format_args!("{error}"));
                    match ask_slug() {
                        Ok(slug) => entry.slug = slug,
                        Err(error) => return stopped(&error),
                    }
                }
                Err(error) => return super::environment_error(&error, None),
            }
        }
    }

    /// Takes a page; what was said goes before what it says.
    fn clip(self, from: &str, archive: Context) -> ExitCode {
        let given = Given {
            title: self.title,
            slug: self.slug,
            outlet: self.outlet,
            original_url: self.url,
            date: self.date,
            authors: self.authors,
            submitted_by: self.submitted_by,
            tags: self.tags,
            kind: self.kind,
            language: self.language,
        };
        let editing = if self.edit { Editing::After } else { Editing::Never };
        super::clip::run(from, given, &self.clip, editing, archive)
    }

    /// The answers as an entry.
    fn entry(
        self,
        title: String,
        translation: Option<Translation>,
        config: &Config,
    ) -> Result<NewEntry, PathError> {
        let today = today(config);
        self.say_near_outlet(config);
        let (date, tags) = match &translation {
            Some(report) => (report.date, report.tags.clone()),
            None => (Date::Day(today), Vec::new()),
        };
        Ok(NewEntry {
            slug: self.slug.map_or_else(|| slug_for(&title), Ok)?,
            title,
            date: self.date.unwrap_or(date),
            added: today,
            outlet: self.outlet,
            original_url: self.url,
            authors: self.authors,
            submitted_by: self.submitted_by,
            tags: if self.tags.is_empty() { tags } else { self.tags },
            kind: self.kind,
            language: self.language,
            translation,
        })
    }

    /// The report that the entry translates.
    fn translation(&self, root: &Path, config: &Config) -> Result<Option<Translation>, ExitCode> {
        let Some(target) = &self.translation_of else { return Ok(None) };
        let Some(language) = &self.language else {
            let help = "give it with --language, such as --language ar";
            let what = "a translation needs a language of its own";
            return Err(super::environment_error(&what, Some(help)));
        };
        let found = Translation::of((root, config), target, language, self.slug.as_ref());
        found.map(Some).map_err(|error| super::environment_error(&error, Some(error.help())))
    }

    fn archetype(&self) -> Wanted {
        match &self.archetype {
            Some(name) => Wanted::Named(name.clone()),
            None => Wanted::OfKind(self.kind.clone()),
        }
    }

    /// Asks for what the command line left out.
    fn ask(&mut self, known: &Known<'_>) -> Result<(), InquireError> {
        let known = &known.names;
        let question = |words, help, known| Question { words, help, known };
        let names =
            "commas between names; a name with a comma in quotes; tab completes, empty for none";
        if self.title.is_none() {
            self.title = Some(question("Headline:", "", &[]).insist(parse_headline)?);
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
        if self.submitted_by.is_empty() {
            self.submitted_by = question("Sent in by:", names, &known.contributors).ask_many()?;
        }
        if self.tags.is_empty() {
            self.tags = question("Tags:", names, &known.tags).ask_many()?;
        }
        if self.kind.is_none() {
            let help = "news, opinion, interview …; empty for none";
            self.kind = question("Kind:", help, &known.kinds).ask(parse_words)?;
        }
        if self.language.is_none() {
            let help = "as in ar or pt-BR; empty for the archive's own";
            self.language = question("Language:", help, &known.languages).ask(parse_language)?;
        }
        Ok(())
    }

    /// Warns of a misspelt outlet, before it is published.
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

/// How to avoid an existing entry's file name.
fn other_name(slug: &Slug) -> String {
    let slug = slug.as_str();
    format!("if it is the same report, edit that file; if not, name this one: --slug {slug}-2")
}

fn ask_slug() -> Result<Slug, InquireError> {
    let help = "if it is the same report, press Escape and edit that file";
    Question { words: "Another name for this one:", help, known: &[] }.insist(parse_slug)
}

/// The questions were interrupted.
fn stopped(error: &InquireError) -> ExitCode {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            super::environment_error(&"nothing was written", None)
        }
        error => super::environment_error(error, Some("give --no-input")),
    }
}
