//! `dateline withdraw`: writes the withdrawal into a report's file, and removes its text and files.
//!
//! [`plan`] changes nothing, so that the result can be shown and refused; [`Plan::carry_out`]
//! writes it. The next build changes the site.

mod rewriting;
pub(crate) mod traces;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::content::article::{Article, Withdrawal};
use crate::content::publishable::LeftOut;
use crate::content::{self, Drafts, Loaded, Reader, redacted, scan};
use crate::settings::Config;

use crate::base::files::replace_text;
use crate::pipeline::forgetting::{self, ForgetError, Forgotten};

use super::evidence;
use super::lookup::{self, LookupError};
use super::removable::{RemovableFiles, leftovers};
use traces::{Surroundings, Traces};

#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The report: its full address, its path, or its file.
    pub target: String,
    /// Kind, reason and date.
    pub withdrawal: Withdrawal,
    /// What to do with the text.
    pub text: SourceText,
}

/// What to do with a withdrawn report's text and files in the working copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SourceText {
    /// Remove them.
    #[default]
    Strip,
    /// Keep them; they are no longer published.
    Keep,
}

/// Why a report can't be withdrawn.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WithdrawError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// It is withdrawn already.
    #[error("{0} is withdrawn already")]
    AlreadyWithdrawn(String),
    /// The front matter's syntax can't be edited safely.
    #[error("the front matter of {0} can't be changed without risk; nothing was written")]
    FrontMatter(String),
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
    /// A place in the state folder still holds the report's words.
    #[error(transparent)]
    Forget(#[from] ForgetError),
}

impl WithdrawError {
    /// The remedy.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            WithdrawError::Lookup(error) => error.help(),
            WithdrawError::AlreadyWithdrawn(_) => {
                "to change the reason or the kind, edit `withdrawn` in the file"
            }
            WithdrawError::FrontMatter(_) => {
                "add it by hand: withdrawn = { date = 2026-02-03, kind = \"copyright\", reason = \"…\" }"
            }
            WithdrawError::Io { .. } | WithdrawError::Forget(_) => {
                "check who owns it and what its permissions are"
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub permalink: String,
    pub source: String,
    /// Whether its text is removed.
    pub stripped: SourceText,
    /// Files beside it to remove, from the archive's root.
    pub removed: Vec<String>,
    /// What the withdrawal can't remove.
    pub traces: Traces,
    file: PathBuf,
    text: String,
    assets: Vec<PathBuf>,
    root: PathBuf,
    /// Withdrawn sources: their links are no longer kept in memory.
    withdrawn: BTreeSet<String>,
}

/// Computes the withdrawal without writing.
pub(crate) fn plan(root: &Path, config: &Config, request: &Request) -> Result<Plan, WithdrawError> {
    let options = super::reading_options(config);
    let reader = Reader::afresh(root, config, &options);
    let mut content =
        content::load(scan::scan(root, &config.build.ignore), &reader, Drafts::Publish);
    content::take_sketches(&mut content.articles, root);
    let found = lookup::find(root, config, &content, &request.target)?;
    let article = &found.value;
    if article.is_withdrawn() {
        return Err(WithdrawError::AlreadyWithdrawn(article.permalink.to_string()));
    }
    // Follow a link inside the archive: its target holds the text.
    let written = found.absolute(root);
    let file = fs::canonicalize(&written).unwrap_or(written);
    let original = fs::read_to_string(&file)
        .map_err(|source| WithdrawError::Io { path: file.clone(), source })?;
    let text = rewriting::Rewriting { config, options: &options, article, request }
        .rewrite(&original)
        .ok_or_else(|| WithdrawError::FrontMatter(article.source.to_string()))?;
    let assets: Vec<PathBuf> = match request.text {
        SourceText::Strip => own_files(root, found, &content.left_out),
        SourceText::Keep => Vec::new(),
    };
    let withdrawn = content.articles.iter().filter(|other| other.value.is_withdrawn());
    let withdrawn = withdrawn.chain([found]).map(|other| other.value.source.to_string());
    Ok(Plan {
        root: root.to_owned(),
        withdrawn: withdrawn.collect(),
        permalink: article.permalink.to_string(),
        source: article.source.to_string(),
        stripped: request.text,
        removed: assets.iter().map(|path| scan::relative(root, path)).collect(),
        traces: traces::find(&Surroundings { root, config, content: &content }, found, &original),
        file,
        text,
        assets,
    })
}

/// The files beside a report, and those that its redactions took from `static/`: without the
/// redaction in the front matter, the next build would publish them again.
fn own_files(root: &Path, found: Found<'_>, left_out: &[LeftOut]) -> Vec<PathBuf> {
    let beside = found.assets.iter().map(|(_, asset)| asset.path().to_owned());
    let mut own: Vec<PathBuf> =
        beside.chain(leftovers(root, &found.value.source, left_out)).collect();
    own.extend(evidence::files(root, &found.value));
    // Most reports have no redactions; the folder need not be walked for them.
    if found.value.redactions.is_empty() {
        return own;
    }
    let files = RemovableFiles::around(root, found);
    let names = redacted::names(&found.value.redactions);
    let redacted = names.flat_map(|name| files.meant(name)).map(Path::to_path_buf);
    let redacted: BTreeSet<PathBuf> = redacted.filter(|path| !own.contains(path)).collect();
    own.extend(redacted);
    own
}

impl Plan {
    /// Carries out the plan. The text is replaced first: if a later step fails, the report is
    /// withdrawn already.
    pub(crate) fn carry_out(&self) -> Result<(), WithdrawError> {
        replace_text(&self.file, &self.text)
            .map_err(|source| WithdrawError::Io { path: self.file.clone(), source })?;
        for path in &self.assets {
            fs::remove_file(path)
                .map_err(|source| WithdrawError::Io { path: path.clone(), source })?;
        }
        self.remove_empty_folders();
        let report = Forgotten { source: &self.source, permalink: &self.permalink };
        Ok(forgetting::forget(&self.root, report, &|source| self.withdrawn.contains(source))?)
    }

    /// Folder names can reveal the report, too. The system refuses to remove folders that are not
    /// empty.
    fn remove_empty_folders(&self) {
        let Some(own) = self.file.parent() else { return };
        let mut folders: Vec<&Path> = self
            .assets
            .iter()
            .flat_map(|path| path.ancestors().skip(1))
            .take_while(|folder| folder.starts_with(own))
            .filter(|folder| *folder != own)
            .collect();
        folders.sort_unstable();
        folders.dedup();
        for folder in folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

type Found<'a> = &'a Loaded<Article>;
