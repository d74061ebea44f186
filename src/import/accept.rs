//! `dateline import apply`: applies accepted suggestions to reports and settings.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use rustc_hash::FxHashMap;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use crate::content::front_matter;
use crate::settings::Config;

use super::ImportError;
use super::journal::{Journal, Record, folder, hash};
use super::options::Writing;
use super::suggestions::applying::apply;
use super::suggestions::file::{Settings, Suggestions};
use super::suggestions::{Rule, Suggestion};
use crate::base::files::{self, Durability};

/// The suggestions to accept.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The minimum confidence.
    pub least: f64,
    /// Only these rules.
    pub rules: Vec<Rule>,
    /// Whether to accept suggested settings.
    pub with_settings: bool,
    /// Whether to write files.
    pub writing: Writing,
}

impl Wanted {
    fn takes(&self, suggestion: &Suggestion) -> bool {
        suggestion.confidence >= self.least && self.rules.contains(&suggestion.rule)
    }
}

/// The result.
#[derive(Debug, Default)]
pub struct Accepted {
    /// The number of changed reports.
    pub reports: usize,
    /// The number of suggestions by rule.
    pub by_rule: BTreeMap<&'static str, usize>,
    /// Files that could not be changed, with the reasons.
    pub left: Vec<(String, String)>,
    /// Changed settings.
    pub settings: Vec<String>,
    /// The number of remaining suggestions.
    pub waiting: usize,
}

impl Accepted {
    /// Counts the suggestions for a changed report, and collects its standing notices.
    fn count(&mut self, taken: &[Suggestion], notices: &mut Vec<String>) {
        self.reports += 1;
        for suggestion in taken {
            *self.by_rule.entry(suggestion.rule.name()).or_default() += 1;
            if let Some(notice) = suggestion.says.standing.as_ref()
                && !notices.contains(notice)
            {
                notices.push(notice.clone());
            }
        }
    }

    /// A summary, one fact a line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{} reports changed", self.reports)];
        lines.extend(self.by_rule.iter().map(|(rule, count)| format!("{count} by {rule}")));
        lines.extend(self.settings.iter().map(|what| format!("settings: {what}")));
        lines.extend(self.left.iter().map(|(file, reason)| format!("left: {file}: {reason}")));
        if self.waiting > 0 {
            lines.push(format!("{} suggestions wait in import-suggestions.toml", self.waiting));
        }
        lines
    }
}

/// Applies suggestions to an archive.
pub fn accept(
    (root, config_path, config): (&Path, &Path, &Config),
    wanted: &Wanted,
) -> Result<Accepted, ImportError> {
    let path = Suggestions::path(root);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| ImportError::Io { path, source }
    };
    let mut suggestions = Suggestions::read(root).map_err(failed(&path))?;
    let mut done = Accepted::default();
    let mut journals = Journals::read(root).map_err(failed(&folder(root)))?;
    let mut notices: Vec<String> = Vec::new();
    for file in suggestions.files() {
        let own = suggestions.take(&file).map_err(failed(&path))?;
        let (taken, mut waiting): (Vec<Suggestion>, Vec<Suggestion>) =
            own.into_iter().partition(|known| wanted.takes(known));
        if !taken.is_empty() {
            let acceptance = Acceptance {
                root,
                config,
                file: &file,
                suggestions: &taken,
                writing: wanted.writing,
            };
            match acceptance.carry_out(&mut journals) {
                Ok((old, new)) => {
                    done.count(&taken, &mut notices);
                    shift(&mut waiting, (&old, &new));
                }
                Err(reason) => {
                    done.left.push((file.clone(), reason));
                    waiting.extend(taken);
                }
            }
        }
        done.waiting += waiting.len();
        suggestions.add(&file, waiting).map_err(failed(&path))?;
    }
    let settings = if wanted.with_settings {
        std::mem::take(&mut suggestions.settings)
    } else {
        Settings::default()
    };
    let config_path = root.join(config_path);
    done.settings = set_settings(&config_path, &settings, &notices, wanted.writing)
        .map_err(failed(&config_path))?;
    if wanted.writing == Writing::Write {
        let text = suggestions.text().map_err(failed(&path))?;
        files::replace(&path, text.as_bytes(), Durability::Lasting).map_err(failed(&path))?;
    }
    Ok(done)
}

/// Updates the lines of remaining suggestions after lines above were removed.
fn shift(waiting: &mut [Suggestion], (old, new): (&str, &str)) {
    let lines = |text: &str| -> Vec<String> { body_of(text).lines().map(str::to_owned).collect() };
    let (old, new) = (lines(old), lines(new));
    for known in waiting {
        let place = &mut known.place;
        let Some(line) = place.line.checked_sub(1).and_then(|at| old.get(at)) else { continue };
        // Lines are only removed: the text is at its old line or before it.
        let end = place.line.min(new.len());
        if let Some(at) = new[..end].iter().rposition(|other| other == line) {
            place.line = at + 1;
        }
    }
}

fn body_of(text: &str) -> &str {
    let start = front_matter::layout(text).map_or(0, |layout| layout.body_start);
    text[start..].strip_prefix('\n').unwrap_or(&text[start..])
}

/// The suggestions for one report.
struct Acceptance<'a> {
    root: &'a Path,
    config: &'a Config,
    file: &'a str,
    suggestions: &'a [Suggestion],
    writing: Writing,
}

impl Acceptance<'_> {
    /// Changes the report; returns its old and new text.
    fn carry_out(&self, journals: &mut Journals) -> Result<(String, String), String> {
        let path = self.root.join(self.file);
        let is_of_content = self.file.starts_with("content/") && !self.file.contains("..");
        let folder = path.parent().unwrap_or(self.root);
        if !is_of_content || files::refuse_outside(self.root, folder).is_err() {
            return Err("it is no file below content/".to_owned());
        }
        let bytes = files::read(&path).map_err(|error| error.to_string())?;
        let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        let all: Vec<&Suggestion> = self.suggestions.iter().collect();
        let is_untouched = journals.wrote(self.file, &text);
        if !is_untouched && all.iter().any(|suggestion| suggestion.quote.is_none()) {
            return Err("it was edited since the import".to_owned());
        }
        let changed =
            apply(self.file, &text, &all, self.config).map_err(|error| error.to_string())?;
        if self.writing == Writing::DryRun {
            return Ok((text, changed));
        }
        // Write the journal first: a file of an interrupted run must still be recognised.
        if is_untouched {
            journals
                .renew(self.file, (&text, &changed), &all)
                .map_err(|error| error.to_string())?;
        }
        files::replace_text(&path, &changed).map_err(|error| error.to_string())?;
        Ok((text, changed))
    }
}

/// All journals of an archive.
struct Journals {
    journals: Vec<Journal>,
    /// The journal and the id of each file.
    by_path: FxHashMap<String, (usize, String)>,
}

impl Journals {
    fn read(root: &Path) -> io::Result<Journals> {
        let names: Vec<String> = match std::fs::read_dir(folder(root)) {
            Ok(entries) => {
                entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let sources = names.iter().filter_map(|name| name.strip_suffix(".jsonl"));
        let journals: Vec<Journal> =
            sources.map(|source| Journal::read(root, source)).collect::<io::Result<_>>()?;
        let mut by_path = FxHashMap::default();
        for (at, journal) in journals.iter().enumerate() {
            for (id, path) in journal.files() {
                by_path.insert(path.to_owned(), (at, id.to_owned()));
            }
        }
        Ok(Journals { journals, by_path })
    }

    fn record(&self, file: &str) -> Option<(usize, Record)> {
        let (at, id) = self.by_path.get(file)?;
        Some((*at, self.journals.get(*at)?.get(id)?))
    }

    fn wrote(&self, file: &str, text: &str) -> bool {
        self.record(file).is_some_and(|(_, record)| record.wrote(text))
    }

    fn renew(
        &mut self,
        file: &str,
        (old, new): (&str, &str),
        accepted: &[&Suggestion],
    ) -> io::Result<()> {
        let Some((at, record)) = self.record(file) else { return Ok(()) };
        let mut record = Record { hash: hash(new), before: Some(hash(old)), ..record };
        for suggestion in accepted {
            let rule = suggestion.rule.name().to_owned();
            if !record.applied.contains(&rule) {
                record.applied.push(rule);
            }
        }
        self.journals[at].add(record)
    }
}

/// Writes accepted settings; returns them in words.
fn set_settings(
    path: &Path,
    settings: &Settings,
    notices: &[String],
    writing: Writing,
) -> io::Result<Vec<String>> {
    if settings.is_empty() && notices.is_empty() {
        return Ok(Vec::new());
    }
    let text = String::from_utf8(files::read(path)?).map_err(io::Error::other)?;
    let mut document: DocumentMut = text.parse().map_err(io::Error::other)?;
    let mut said = Vec::new();
    if let Some(pattern) = &settings.permalink {
        document["permalink"] = value(pattern.as_str());
        said.push(format!("permalink = \"{pattern}\""));
    }
    for taxonomy in &settings.taxonomies {
        add_taxonomy(&mut document, taxonomy);
        said.push(format!("[[taxonomies]] {taxonomy}"));
    }
    if !settings.redirects.is_empty() {
        add_redirects(&mut document, settings);
        said.push(format!("{} [[redirects]]", settings.redirects.len()));
    }
    if !notices.is_empty() {
        add_notices(&mut document, notices);
        said.push(format!("{} standing notices", notices.len()));
    }
    if writing == Writing::Write {
        files::replace_text(path, &document.to_string())?;
    }
    Ok(said)
}

fn add_taxonomy(document: &mut DocumentMut, name: &str) {
    let list =
        document.entry("taxonomies").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(list) = list.as_array_of_tables_mut() else { return };
    let is_there = list.iter().any(|known| known.get("name").and_then(Item::as_str) == Some(name));
    if !is_there {
        let mut table = Table::new();
        table["name"] = value(name);
        list.push(table);
    }
}

fn add_redirects(document: &mut DocumentMut, settings: &Settings) {
    let list =
        document.entry("redirects").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(list) = list.as_array_of_tables_mut() else { return };
    for redirect in &settings.redirects {
        let mut table = Table::new();
        table["from"] = value(redirect.from.as_str());
        table["to"] = value(redirect.to.as_str());
        list.push(table);
    }
}

fn add_notices(document: &mut DocumentMut, notices: &[String]) {
    let table = document.entry("notices").or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = table.as_table_like_mut() else { return };
    let mut standing = match table.get("standing") {
        Some(Item::Value(toml_edit::Value::Array(list))) => list.clone(),
        Some(Item::Value(toml_edit::Value::String(one))) => {
            std::iter::once(one.value().as_str()).collect()
        }
        _ => Array::new(),
    };
    for notice in notices {
        if !standing.iter().any(|known| known.as_str() == Some(notice)) {
            standing.push(notice.as_str());
        }
    }
    table.insert("standing", value(standing));
}
