//! `dateline redact`: takes words or files of a report away, records that for readers, and makes every
//! place forget them.
//!
//! First a [`Plan`] that touches nothing, so that it can be shown; then [`Plan::carry_out`].

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::base::date::Date;
use crate::base::files::{self, replace_text};
use crate::content::article::{Article, Redaction};
use crate::content::scan;
use crate::pipeline::forgetting::{self, Forgotten};
use crate::settings::Config;

use super::amend::{AmendError, Found, Read};
use super::evidence;
use super::passages::{find_all, replaced};
use super::records::{self, Field, NewRecord};
use super::removable::RemovableFiles;
use super::withdraw::traces;

/// What stands in the text in the place of removed words, and in front matter.
const MARK: &str = "[…]";
const BARE_MARK: &str = "…";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The report: its address, whole or from the archive's root, or its file.
    pub target: String,
    /// Words that have to go, wherever they stand in its file.
    pub words: Vec<String>,
    /// Files that have to go.
    pub assets: Vec<String>,
    /// Why, for readers.
    pub reason: String,
    /// The day of the redaction.
    pub date: Date,
}

/// What a redaction is going to do.
#[derive(Debug)]
pub struct Plan {
    /// The report's address.
    pub permalink: String,
    /// Its file, from the archive's root.
    pub source: String,
    /// In how many places words are taken out.
    pub places: usize,
    /// Files that are removed, from the archive's root.
    pub removed: Vec<String>,
    /// The tool whose history holds what was there.
    pub history: Option<&'static str>,
    /// Other files of the archive that hold the words.
    pub mentions: Vec<String>,
    /// The file's text as it is.
    pub before: String,
    /// The file's text as it will be.
    pub after: String,
    file: PathBuf,
    assets: Vec<PathBuf>,
    root: PathBuf,
    withdrawn: BTreeSet<String>,
}

/// Finds out what a redaction has to do. Reads, and changes nothing.
pub fn plan(root: &Path, config: &Config, request: &Request) -> Result<Plan, AmendError> {
    let read = Read::new(root, config);
    let found = read.find(&request.target)?;
    let old = &*found.report.value;
    let source = old.source.to_string();
    if let Some(told) = request.words.iter().find(|words| holds(&request.reason, words)) {
        return Err(AmendError::ReasonTells(told.clone()));
    }
    let (text, places) = without_words(&found, &request.words)?;
    let text = if old.evidence.is_empty() {
        text
    } else {
        // It holds all that the page said.
        evidence::without_key(&text, config).ok_or_else(|| AmendError::Risky(source.clone()))?
    };
    let evidence = evidence::files(root, old);
    let files = files(root, &found, &request.assets)?;
    let redaction = Redaction {
        date: request.date,
        reason: Some(request.reason.clone()),
        assets: files.iter().map(|file| file.name.clone()).collect(),
    };
    let after = records::add(&text, config, &record(&redaction))
        .filter(|text| !request.words.iter().any(|words| holds(text, words)))
        .filter(|text| is_as_asked(&read, old, text, &redaction))
        .ok_or_else(|| AmendError::Risky(source.clone()))?;
    let withdrawn = read.content.articles.iter().filter(|other| other.value.is_withdrawn());
    Ok(Plan {
        permalink: old.permalink.to_string(),
        places,
        removed: files
            .iter()
            .map(|file| &file.path)
            .chain(&evidence)
            .map(|path| scan::relative(root, path))
            .collect(),
        history: traces::history(root),
        mentions: mentions(&read, &source, &request.words),
        before: found.text.clone(),
        after,
        file: found.file.clone(),
        assets: files.into_iter().map(|file| file.path).chain(evidence).collect(),
        root: root.to_owned(),
        withdrawn: withdrawn.map(|other| other.value.source.to_string()).collect(),
        source,
    })
}

fn holds(text: &str, words: &str) -> bool {
    !find_all(text, words).is_empty()
}

/// The text of a file without the words, and in how many places they stood.
fn without_words(found: &Found<'_>, all: &[String]) -> Result<(String, usize), AmendError> {
    let body_start = found.body_start();
    let (mut head, mut body) =
        (found.text[..body_start].to_owned(), found.text[body_start..].to_owned());
    let mut count = 0;
    for words in all {
        let (in_head, in_body) = (find_all(&head, words), find_all(&body, words));
        if in_head.is_empty() && in_body.is_empty() {
            let (words, source_file) = (words.clone(), found.report.value.source.to_string());
            return Err(AmendError::NotThere { words, source_file });
        }
        count += in_head.len() + in_body.len();
        head = replaced(&head, &in_head, |_| BARE_MARK.to_owned());
        body = replaced(&body, &in_body, |place| {
            // Behind brackets these would make a link.
            let is_link = body[place.end..].starts_with(['(', '[', ':']);
            if is_link { BARE_MARK.to_owned() } else { MARK.to_owned() }
        });
    }
    Ok((head + &body, count))
}

/// A file to be removed, and the name under which that is recorded.
struct RemovedFile {
    path: PathBuf,
    name: String,
}

/// The files that are meant by names; each name has to mean one or more.
fn files(root: &Path, found: &Found<'_>, names: &[String]) -> Result<Vec<RemovedFile>, AmendError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let removable = RemovableFiles::around(root, found.report);
    let mut paths = BTreeSet::new();
    for name in names {
        let meant = removable.meant(name);
        if meant.is_empty() {
            return Err(AmendError::NoFile {
                name: name.clone(),
                source_file: found.report.value.source.to_string(),
                near: removable.near(name).map(str::to_owned),
            });
        }
        paths.extend(meant.into_iter().map(Path::to_owned));
    }
    let name = |path: &PathBuf| {
        let beside = found.report.assets.iter().find(|(_, other)| other.path() == path);
        match beside {
            Some((name, _)) => format!("./{name}"),
            None => format!("/{}", scan::relative(&root.join("static"), path)),
        }
    };
    Ok(paths.into_iter().map(|path| RemovedFile { name: name(&path), path }).collect())
}

fn record(redaction: &Redaction) -> NewRecord {
    let mut fields = vec![("date", Field::Date(redaction.date))];
    fields.extend(redaction.reason.clone().map(|reason| ("reason", Field::Text(reason))));
    if !redaction.assets.is_empty() {
        fields.push(("assets", Field::Texts(redaction.assets.clone())));
    }
    NewRecord { list: "redactions", fields }
}

/// Whether the new text says the redaction, and nothing else that the old one did not.
fn is_as_asked(read: &Read<'_>, old: &Article, text: &str, redaction: &Redaction) -> bool {
    let Some(new) = read.reread(old, text) else { return false };
    new.evidence.is_empty()
        && new.redactions.len() == old.redactions.len() + 1
        && new.redactions.last() == Some(redaction)
        && new.corrections.len() == old.corrections.len()
}

/// The other files of `content/` that hold the words: their curator may want to look at them.
fn mentions(read: &Read<'_>, source: &str, words: &[String]) -> Vec<String> {
    if words.is_empty() {
        return Vec::new();
    }
    let files = scan::scan(read.root, &read.config.build.ignore)
        .files
        .into_iter()
        .filter(|file| file.path != source);
    let holding = files.filter(|file| {
        let text = files::read_to_string(&file.location.absolute(read.root, &file.path));
        text.is_ok_and(|text| words.iter().any(|words| holds(&text, words)))
    });
    holding.map(|file| file.path).collect()
}

impl Plan {
    /// Does it: the text first, in one step, so that whatever fails after it the words are gone.
    pub fn carry_out(&self) -> Result<(), AmendError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| AmendError::Io { path, source }
        };
        replace_text(&self.file, &self.after).map_err(failed(&self.file))?;
        for path in &self.assets {
            fs::remove_file(path).map_err(failed(path))?;
        }
        let report = Forgotten { source: &self.source, permalink: &self.permalink };
        Ok(forgetting::forget(&self.root, report, &|source| self.withdrawn.contains(source))?)
    }
}
