//! Recognises a build without changes by names and stamps of all inputs, without reading or
//! planning anything.
//!
//! A finished build stores its inputs and its diagnostics in the output's state folder, but only if
//! stamps are conclusive: a file younger than two seconds could change unnoticed, and a rejected
//! file could be repaired from outside. The record may be deleted at any time, and contains no
//! words of withdrawn articles.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::base::files::Stamp;
use crate::base::state_file;
use crate::content::scan::{self, SourceFile, Sources};
use crate::content::term_files::FOLDER;
use crate::output::{Committed, Manifest, OutputError, Target};
use crate::settings::Config;
use crate::settings::address_owners::FILE;

use crate::pipeline::{BuildOptions, Report, Site};

/// A hash of the names and stamps of all inputs.
pub(crate) type Inputs = u128;

/// The record of a finished build.
#[derive(Serialize, Deserialize)]
struct Finished {
    inputs: Inputs,
    manifest: u64,
    articles: usize,
    pages: usize,
    addresses: usize,
    drafts: usize,
    foreign_tags: usize,
    diagnostics: Vec<Diagnostic>,
}

fn file(target: &Target) -> PathBuf {
    file_in(&target.state)
}

/// The record's file in a state folder.
pub(crate) fn file_in(state: &Path) -> PathBuf {
    state.join("finished")
}

/// The last build's report, if this build would do the same.
pub(crate) fn report(
    target: &Target,
    inputs: Option<Inputs>,
    before: Option<&Manifest>,
) -> Result<Option<Report>, OutputError> {
    let known = state_file::read::<Finished>(&file(target), 0);
    let (Some(known), Some(before)) = (known, before) else { return Ok(None) };
    let is_same = Some(known.inputs) == inputs && known.manifest == before.seal();
    if !is_same || !before.is_intact(target)? {
        return Ok(None);
    }
    Ok(Some(Report {
        articles: known.articles,
        pages: known.pages,
        addresses: known.addresses,
        drafts: known.drafts,
        rejected: Vec::new(),
        foreign_tags: known.foreign_tags,
        diagnostics: known.diagnostics,
        committed: Some(Committed { unchanged: before.files.len(), ..Committed::default() }),
    }))
}

/// Deletes the record: this build may withdraw an article that it quotes.
pub(crate) fn forget(target: &Target) {
    let _ = state_file::remove(&file(target));
}

/// Stores a finished build, if the next may rely on it.
pub(crate) fn remember(target: &Target, inputs: Option<Inputs>, site: &Site, report: &Report) {
    let (Some(inputs), Some(committed)) = (inputs, &report.committed) else { return };
    if !report.rejected.is_empty() || !may_be_repeated(&report.diagnostics, site) {
        return;
    }
    let finished = Finished {
        inputs,
        manifest: committed.seal,
        articles: report.articles,
        pages: report.pages,
        addresses: report.addresses,
        drafts: report.drafts,
        foreign_tags: report.foreign_tags,
        diagnostics: report.diagnostics.clone(),
    };
    // A failure only makes the next build slower.
    let _ =
        state_file::seal(&finished, 0).and_then(|bytes| state_file::replace(&file(target), &bytes));
}

/// Whether the next build would give the same diagnostics: an address is lost only once, and a
/// diagnostic may quote a withdrawn article.
fn may_be_repeated(diagnostics: &[Diagnostic], site: &Site) -> bool {
    let articles = site.archive.articles.iter().map(|article| &article.value);
    let withdrawn: FxHashSet<&str> = articles
        .filter(|article| article.is_withdrawn())
        .map(|article| article.source.as_ref())
        .collect();
    diagnostics.iter().all(|problem| {
        let is_of_withdrawn =
            problem.place.as_ref().is_some_and(|place| withdrawn.contains(place.file.as_str()));
        let is_said_once = [Rule::LostUrl, Rule::FeedIdentity, Rule::AddressOwner];
        !is_said_once.contains(&problem.rule) && !is_of_withdrawn
    })
}

/// The state of the inputs before a build.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) inputs: Inputs,
    /// Only the sources: see [`stamps`].
    pub(crate) stamps: u128,
}

/// Hashes the names and stamps of all inputs except the program, the output and the base address,
/// which the record has separately. `None` if a stamp is too recent. `looked_at`: a moment before
/// anything was read.
pub(crate) fn look(
    options: &BuildOptions,
    config: &Config,
    sources: &Sources,
    looked_at: i64,
) -> Option<Seen> {
    let stamps = stamps(&options.root, config, sources, looked_at)?;
    let mut look = Look { hasher: Xxh3Default::new(), looked_at };
    look.text(&options.config.to_string_lossy());
    look.text(&format!("{:?} {:?}", options.warnings, config.deploy));
    look.stamp(stamp(&options.root.join(&options.config))?)?;
    look.hasher.update(&stamps.to_le_bytes());
    Some(Seen { inputs: look.hasher.digest128(), stamps })
}

/// A hash of the names and stamps of all sources without the settings. `None` if a stamp is too
/// recent.
pub(crate) fn stamps(
    root: &Path,
    config: &Config,
    sources: &Sources,
    looked_at: i64,
) -> Option<u128> {
    let is_settled = |file: &SourceFile| file.stamp.is_older_than(looked_at);
    if !sources.diagnostics.is_empty() || !sources.files.iter().all(is_settled) {
        return None;
    }
    let mut look = Look { hasher: Xxh3Default::new(), looked_at };
    match stamp(&root.join(FILE)) {
        Some(owners) => look.stamp(owners)?,
        None => look.text("no owners"),
    }
    let theme = Path::new("themes").join(&config.theme.name);
    let others = ["templates", "data", "static", "links", FOLDER].map(Path::new);
    for folder in [&*theme].into_iter().chain(others) {
        look.folder(&root.join(folder))?;
    }
    for path in sources.left_out.iter().map(|left_out| &left_out.path).chain(&sources.unread) {
        look.text(path);
    }
    let files: Option<Vec<u128>> =
        sources.files.par_iter().map(|file| source(file, looked_at)).collect();
    for file in files? {
        look.hasher.update(&file.to_le_bytes());
    }
    Some(look.hasher.digest128())
}

/// A source with the files beside it.
fn source(file: &SourceFile, looked_at: i64) -> Option<u128> {
    let mut look = Look { hasher: Xxh3Default::new(), looked_at };
    look.text(&file.path);
    look.stamp(file.stamp)?;
    for (name, asset) in &file.assets {
        look.text(name);
        look.stamp(stamp(asset.path())?)?;
    }
    Some(look.hasher.digest128())
}

fn stamp(path: &Path) -> Option<Stamp> {
    std::fs::metadata(path).ok().map(|data| Stamp::of(&data))
}

/// A hash of names and settled stamps.
struct Look {
    hasher: Xxh3Default,
    looked_at: i64,
}

impl Look {
    fn text(&mut self, text: &str) {
        self.hasher.update(&xxh3_128(text.as_bytes()).to_le_bytes());
    }

    fn stamp(&mut self, stamp: Stamp) -> Option<()> {
        let Stamp { size, modified, changed, inode } = stamp;
        for number in [size.to_le_bytes(), inode.to_le_bytes()] {
            self.hasher.update(&number);
        }
        for number in [modified.to_le_bytes(), changed.to_le_bytes()] {
            self.hasher.update(&number);
        }
        stamp.is_older_than(self.looked_at).then_some(())
    }

    /// Adds all files of a folder, links as links; a missing folder equals an empty one.
    fn folder(&mut self, folder: &Path) -> Option<()> {
        let is_there = folder.is_dir();
        self.text(&is_there.to_string());
        if !is_there {
            return Some(());
        }
        for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
            let entry = entry.ok()?;
            self.text(&scan::relative(folder, entry.path()));
            self.text(&format!("{:?}", entry.file_type()));
            if !entry.file_type().is_dir() {
                self.stamp(Stamp::of(&entry.metadata().ok()?))?;
            }
        }
        Some(())
    }
}
