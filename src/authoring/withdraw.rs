//! `dateline withdraw`: finds a report's source, writes why it was withdrawn, takes text and files away.
//!
//! First a [`Plan`] that touches nothing, so that it can be shown and refused; then
//! [`Plan::carry_out`]. The site itself changes with the next build.

mod rewriting;
pub mod traces;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::content::article::{Article, Withdrawal};
use crate::content::publishable::{LeftOut, Reason};
use crate::content::{self, Drafts, Loaded, Reader, redacted, scan};
use crate::settings::Config;

use crate::base::files::replace_text;
use crate::pipeline::forgetting::{self, ForgetError, Forgotten};

use super::evidence;
use super::lookup::{self, LookupError};
use super::removable::RemovableFiles;
use traces::{Surroundings, Traces};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The report: its address, whole or from the archive's root, or its file.
    pub target: String,
    /// Why and when.
    pub withdrawal: Withdrawal,
    /// What becomes of the text.
    pub text: SourceText,
}

/// What becomes of a withdrawn report's text and files in the working copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourceText {
    /// They are removed.
    #[default]
    Strip,
    /// They stay, and are published no more.
    Keep,
}

/// Why a report can't be withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// No such report can be withdrawn.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// It is withdrawn.
    #[error("{0} is withdrawn already")]
    AlreadyWithdrawn(String),
    /// The front matter is written in a way that can't be changed safely.
    #[error("the front matter of {0} can't be changed without risk; nothing was written")]
    FrontMatter(String),
    /// The file system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// What was to be written or removed.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// Some place still remembers the report.
    #[error(transparent)]
    Forget(#[from] ForgetError),
}

impl WithdrawError {
    /// How to go on.
    pub fn help(&self) -> &'static str {
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

/// What a withdrawal is going to do.
#[derive(Debug)]
pub struct Plan {
    /// The report's address.
    pub permalink: String,
    /// Its file, from the archive's root.
    pub source: String,
    /// What of it goes.
    pub stripped: SourceText,
    /// Files beside it that are removed, from the archive's root.
    pub removed: Vec<String>,
    /// What is out of reach.
    pub traces: Traces,
    file: PathBuf,
    text: String,
    assets: Vec<PathBuf>,
    root: PathBuf,
    /// The sources that are no reason to remember a link.
    withdrawn: BTreeSet<String>,
}

/// Finds out what a withdrawal has to do. Reads, and changes nothing.
pub fn plan(root: &Path, config: &Config, request: &Request) -> Result<Plan, WithdrawError> {
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
    // A link inside the archive is read as the file it leads to; that file holds the text.
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

/// The files beside a report, and what its redactions took from `static/`: once the front matter says
/// no more that it is gone, the next build would publish it again.
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

/// What programs left behind of a report and of the files beside it.
fn leftovers<'a>(
    root: &'a Path,
    source: &'a str,
    left_out: &'a [LeftOut],
) -> impl Iterator<Item = PathBuf> + 'a {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    let is_index = name.starts_with("index.");
    let is_own = move |path: &str| {
        let below = path.strip_prefix(folder).and_then(|below| below.strip_prefix('/'));
        below.is_some_and(|below| is_index || (!below.contains('/') && below.contains(name)))
    };
    let files = left_out.iter().filter(|left_out| left_out.reason == Reason::Leftover);
    let files =
        files.filter(move |left_out| is_own(&left_out.path) && !left_out.path.ends_with('/'));
    files.map(|left_out| root.join(&left_out.path))
}

impl Plan {
    /// Does it: the text first, in one step, so that whatever fails after it the report is withdrawn.
    pub fn carry_out(&self) -> Result<(), WithdrawError> {
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

    /// Folders' names tell too; the system refuses those that still hold something.
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
