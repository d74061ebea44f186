//! `dateline withdraw`: finds a report's source, writes why it was withdrawn, takes text and files away.
//!
//! First a [`Plan`] that touches nothing, so that it can be shown and refused; then
//! [`Plan::carry_out`]. The site itself changes with the next build.

mod lookup;
mod rewriting;
pub mod traces;

use std::fs;
use std::path::{Path, PathBuf};

use crate::base::permalink::fold;
use crate::content::article::{Article, Withdrawal};
use crate::content::publishable::{LeftOut, Reason};
use crate::content::{self, Drafts, Loaded, Reader, scan};
use crate::settings::Config;

use crate::base::files::replace_text;
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
    /// No report of the archive has that address.
    #[error("no report of this archive is at {0}")]
    Unknown(String),
    /// It was published, and its file is gone.
    #[error("{permalink} was published from {source_file}, which is not there any more")]
    SourceGone {
        /// Its address.
        permalink: String,
        /// Where its file was.
        source_file: String,
    },
    /// Its file can't be read as a report.
    #[error("{0} can't be read as a report")]
    Unreadable(String),
    /// It is withdrawn.
    #[error("{0} is withdrawn already")]
    AlreadyWithdrawn(String),
    /// It is a page of the curator's own.
    #[error("{0} is a page of your own, not a report")]
    NoReport(String),
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
}

impl WithdrawError {
    /// How to go on.
    pub fn help(&self) -> &'static str {
        match self {
            WithdrawError::Unknown(_) => {
                "give its address as readers see it, or its file, as in content/2017/title.md"
            }
            WithdrawError::SourceGone { .. } => {
                "build the site to remove the page; for a notice in its place make the file again, \
                 with nothing but its date and withdrawn = { … } in it"
            }
            WithdrawError::Unreadable(_) => "run `dateline build` to see what is wrong with it",
            WithdrawError::AlreadyWithdrawn(_) => {
                "to change the reason or the kind, edit `withdrawn` in the file"
            }
            WithdrawError::NoReport(_) => "remove its file; aliases keep old addresses alive",
            WithdrawError::FrontMatter(_) => {
                "add it by hand: withdrawn = { date = 2026-02-03, kind = \"copyright\", reason = \"…\" }"
            }
            WithdrawError::Io { .. } => "check who owns it and what its permissions are",
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
    Ok(Plan {
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
    let redacted = found.value.redactions.iter().flat_map(|redaction| &redaction.assets);
    let redacted: Vec<String> =
        redacted.filter_map(|name| name.strip_prefix('/')).map(fold).collect();
    let folder = root.join("static");
    let files = walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().flatten();
    let taken = files
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| redacted.contains(&fold(&scan::relative(&folder, entry.path()))))
        .map(walkdir::DirEntry::into_path);
    let beside = found.assets.iter().map(|(_, asset)| asset.path().to_owned());
    let beside = beside.chain(leftovers(root, &found.value.source, left_out));
    // Most reports have no redactions; the folder need not be walked for them.
    if redacted.is_empty() { beside.collect() } else { beside.chain(taken).collect() }
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
        Ok(())
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
