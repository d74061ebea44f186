//! `dateline redact`: removes words or files of a report, records the redaction for readers, and
//! deletes the removed words from the state folder.
//!
//! [`plan`] changes nothing, so that the result can be shown; [`Plan::carry_out`] writes it.

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
use super::removable::{RemovableFiles, leftovers, leftovers_of};
use super::withdraw::traces;

/// Replaces removed words in the text and in front matter.
const MARK: &str = "[…]";
const BARE_MARK: &str = "…";

#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The report: its full address, its path, or its file.
    pub target: String,
    /// Words to remove everywhere in the file.
    pub words: Vec<String>,
    /// Files to remove.
    pub assets: Vec<String>,
    /// The reason, for readers.
    pub reason: String,
    pub date: Date,
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub permalink: String,
    pub source: String,
    /// The number of places where words are removed.
    pub places: usize,
    /// Files that are removed, what programs left behind of them and of the text among them, from the
    /// archive's root.
    pub removed: Vec<String>,
    /// The version control tool whose history keeps the old text.
    pub history: Option<&'static str>,
    /// Other files of the archive that contain the words.
    pub mentions: Vec<String>,
    /// The old text of the file.
    pub before: String,
    /// The new text of the file.
    pub after: String,
    file: PathBuf,
    gone: Vec<PathBuf>,
    root: PathBuf,
    withdrawn: BTreeSet<String>,
}

/// Computes the redaction without writing.
pub(crate) fn plan(root: &Path, config: &Config, request: &Request) -> Result<Plan, AmendError> {
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
    let leftovers: BTreeSet<PathBuf> = leftovers(root, &source, &read.content.left_out)
        .chain(files.iter().flat_map(|file| leftovers_of(&file.path)))
        .collect();
    let mentions =
        Mentions { read: &read, words: &request.words, leftovers: &leftovers }.of(&source);
    let removed: Vec<PathBuf> =
        files.into_iter().map(|file| file.path).chain(leftovers).chain(evidence).collect();
    Ok(Plan {
        permalink: old.permalink.to_string(),
        places,
        removed: removed.iter().map(|path| scan::relative(root, path)).collect(),
        history: traces::history(root),
        mentions,
        before: found.text.clone(),
        after,
        file: found.file.clone(),
        gone: removed,
        root: root.to_owned(),
        withdrawn: withdrawn.map(|other| other.value.source.to_string()).collect(),
        source,
    })
}

fn holds(text: &str, words: &str) -> bool {
    !find_all(text, words).is_empty()
}

/// The text without the words, and the number of places.
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
            // Brackets followed by these would make a link.
            let is_link = body[place.end..].starts_with(['(', '[', ':']);
            if is_link { BARE_MARK.to_owned() } else { MARK.to_owned() }
        });
    }
    Ok((head + &body, count))
}

/// A file to remove, and its name in the record.
struct RemovedFile {
    path: PathBuf,
    name: String,
}

/// The files that these names mean; each must match at least one.
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

/// Whether the new text adds the redaction and nothing else.
fn is_as_asked(read: &Read<'_>, old: &Article, text: &str, redaction: &Redaction) -> bool {
    let Some(new) = read.reread(old, text) else { return false };
    new.evidence.is_empty()
        && new.redactions.len() == old.redactions.len() + 1
        && new.redactions.last() == Some(redaction)
        && new.corrections.len() == old.corrections.len()
}

/// Where else the words stand: its curator may want to look there.
struct Mentions<'a> {
    read: &'a Read<'a>,
    words: &'a [String],
    /// What is removed with them.
    leftovers: &'a BTreeSet<PathBuf>,
}

impl Mentions<'_> {
    /// The other files of `content/`, and what programs left behind there and in `static/`.
    fn of(&self, source: &str) -> Vec<String> {
        if self.words.is_empty() {
            return Vec::new();
        }
        let root = self.read.root;
        let texts = scan::scan(root, &self.read.config.build.ignore).files.into_iter();
        let texts = texts.map(|file| {
            let at = file.location.absolute(root, &file.path);
            (file.path, at)
        });
        let left_out = self.read.content.left_out.iter().filter(|file| !file.path.ends_with('/'));
        let left_out = left_out.map(|file| (file.path.clone(), root.join(&file.path)));
        let copied = walkdir::WalkDir::new(root.join("static")).sort_by_file_name();
        let copied = copied.into_iter().flatten().filter(|entry| entry.file_type().is_file());
        let copied =
            copied.map(|entry| (scan::relative(root, entry.path()), entry.path().to_owned()));
        let others = texts.chain(left_out).chain(copied).filter(|(path, _)| path != source);
        let others = others.filter(|(_, at)| !self.leftovers.contains(at));
        others.filter(|(_, at)| self.stand_in(at)).map(|(path, _)| path).collect()
    }

    fn stand_in(&self, file: &Path) -> bool {
        let is_file = file.metadata().is_ok_and(|data| data.is_file() && data.len() < LARGEST);
        let Some(bytes) = is_file.then(|| files::read(file).ok()).flatten() else { return false };
        let text = String::from_utf8_lossy(&bytes);
        self.words.iter().any(|words| holds(&text, words))
    }
}

/// Files beyond this size are pictures and recordings, in which words are not looked for.
const LARGEST: u64 = 32 * 1024 * 1024;

impl Plan {
    /// Carries out the plan. The text is replaced first: if a later step fails, the words are gone
    /// already.
    pub(crate) fn carry_out(&self) -> Result<(), AmendError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| AmendError::Io { path, source }
        };
        replace_text(&self.file, &self.after).map_err(failed(&self.file))?;
        for path in &self.gone {
            fs::remove_file(path).map_err(failed(path))?;
        }
        let report = Forgotten { source: &self.source, permalink: &self.permalink };
        Ok(forgetting::forget(&self.root, report, &|source| self.withdrawn.contains(source))?)
    }
}
