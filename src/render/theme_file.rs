//! `theme.toml`: what a theme is called, which contract with templates it is written for, what it sets
//! and what it asks the archive to set.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::settings::Config;

use super::theme::Theme;

/// The version of the contract with templates: it changes when data is removed or renamed.
const CONTRACT: u32 = 1;

#[derive(Debug, Default, Deserialize)]
struct ThemeFile {
    contract: Option<u32>,
    /// What stands in `[extra]` where the archive says nothing.
    #[serde(default)]
    defaults: Map<String, Json>,
    /// Keys of `[extra]` that the archive must set.
    #[serde(default)]
    required: Vec<String>,
}

/// Holds the settings to a theme's file: fills `[extra]` with its defaults, and tells what is missing.
pub(crate) fn apply(theme: &Theme, config: &mut Config) -> Vec<Diagnostic> {
    let Some(file) = theme.file("theme.toml") else { return Vec::new() };
    let text = String::from_utf8_lossy(&file.bytes);
    let read: ThemeFile = match toml::from_str(&text) {
        Ok(read) => read,
        Err(error) => {
            let place = Place::at(&file.origin, &text, error.span().unwrap_or(0..0));
            let message = format!("this theme is not understood: {}", error.message());
            let help = "write contract = 1, [defaults], and required = [\"key\"]";
            return vec![Diagnostic::stop(Rule::Config, message).at(place).help(help)];
        }
    };
    for (key, value) in read.defaults {
        config.extra.entry(key).or_insert(value);
    }
    let at = || Place::file(&file.origin);
    let newer = read.contract.filter(|contract| *contract > CONTRACT).map(|contract| {
        let message = format!(
            "the theme is written for version {contract} of the contract with templates; this program has {CONTRACT}"
        );
        Diagnostic::stop(Rule::Config, message).at(at()).help("use a newer Dateline, or an older theme")
    });
    let missing = read.required.iter().filter(|key| !config.extra.contains_key(*key)).map(|key| {
        let message = format!("the theme needs “{key}” in [extra]");
        let help = format!("write it below [extra] in dateline.toml, as in {key} = \"…\"");
        Diagnostic::stop(Rule::Config, message).at(at()).help(help)
    });
    newer.into_iter().chain(missing).collect()
}
