//! `dateline new`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use chrono::Utc;
use clap::Args;

use crate::authoring::entry::NewEntry;
use crate::config::{Config, reading};
use crate::date::{Date, DateError};
use crate::diagnostic::nearest;

#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// The headline.
    title: String,
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
    /// A tag; may be given more than once.
    #[arg(long = "tag")]
    tags: Vec<String>,
    /// The report's language, such as "ar".
    #[arg(long, value_parser = parse_language)]
    language: Option<String>,
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

fn parse_language(text: &str) -> Result<String, String> {
    let tag = text.parse::<icu_locale::LanguageIdentifier>();
    tag.map(|_| text.to_owned()).map_err(|_| "write it as en, pt-BR or ar".to_owned())
}

impl NewArguments {
    pub(super) fn run(self, root: &Path, config: &Path) -> ExitCode {
        let Ok(text) = std::fs::read_to_string(root.join(config)) else {
            let error = format!("there is no {} here", root.join(config).display());
            return super::environment_error(&error, Some("make an archive first: dateline init"));
        };
        let (config, _) = reading::read(&config.to_string_lossy(), &text);
        let today = Utc::now().with_timezone(&config.timezone).date_naive();
        self.say_near_outlet(&config);
        let edit = self.edit;
        let entry = NewEntry {
            title: self.title,
            date: self.date.unwrap_or(Date::Day(today)),
            added: today,
            outlet: self.outlet,
            original_url: self.url,
            authors: self.authors,
            tags: self.tags,
            language: self.language,
        };
        match entry.write(root) {
            Ok(path) => {
                super::say(&path.display());
                if edit { open_editor(&path) } else { ExitCode::SUCCESS }
            }
            Err(error) => super::environment_error(
                &error,
                Some("give it another title, or edit the file that is there"),
            ),
        }
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
    let editor = ["VISUAL", "EDITOR"].iter().find_map(std::env::var_os);
    let Some(editor) = editor.filter(|editor| !editor.is_empty()) else {
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
