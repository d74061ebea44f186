//! Deletes one report's words from all stored state, after a withdrawal or redaction. Sites change
//! with the next build, targets with the next deploy.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::base::files::Lock;
use crate::base::state_file;
use crate::content::cache::Cache;
use crate::images::shelf;
use crate::ledger::Address;
use crate::ledger::writing::{self, Change, WriteError};
use crate::output::{Manifest, Target};
use crate::state::links::ForgottenLink;
use crate::state::{StateFolder, Store};

use super::memory::noop;
use super::memory::page_records::PageRecords;
use super::memory::search_records;
use super::{mentions, removals};

/// The report to forget.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Forgotten<'a> {
    /// Its file, from the archive's root.
    pub source: &'a str,
    pub permalink: &'a str,
}

/// Why state could not be deleted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForgetError {
    /// The file system refused.
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
    /// The ledger can't be written.
    #[error(transparent)]
    Ledger(#[from] WriteError),
}

/// Deletes a report from all state. `is_withdrawn`: sources whose links need not be kept.
pub(crate) fn forget(
    root: &Path,
    report: Forgotten<'_>,
    is_withdrawn: &(dyn Fn(&str) -> bool + Sync),
) -> Result<(), ForgetError> {
    let folder = StateFolder::of(root);
    for store in Store::ALL {
        match store {
            Store::SourceCache => Cache::forget(&folder.source_cache(), report.source)
                .map_err(failed(&folder.source_cache()))?,
            Store::Outputs => {
                for state in removals::states(folder.path()) {
                    forget_remarks(&state, report).map_err(failed(&state))?;
                    clear_stages(root, &state).map_err(failed(&state))?;
                }
            }
            Store::Previews => removals::purge_previews(&folder, |_| false),
            Store::Links => {
                let forgotten = mentions::forget_unmentioned(root, is_withdrawn)
                    .map_err(failed(&folder.link_answers()))?;
                take_back(root, &forgotten)?;
            }
            Store::Deployments => {
                forget_branches(&folder.deployments()).map_err(failed(&folder.deployments()))?;
            }
            // The journal keeps the next import from importing it again; `import::forgetting`
            // deletes its texts.
            Store::Imports => {}
            Store::Pictures => {
                let beside = report.source.rsplit_once('/').filter(|(_, name)| is_index(name));
                let beside = beside.map(|(folder, _)| format!("{folder}/"));
                shelf::forget(root, beside.as_deref()).map_err(failed(&folder.pictures()))?;
            }
            // The commands remove what the front matter names, as they do files beside the report.
            Store::Evidence => {}
            Store::Desk => {
                let desk = folder.desk();
                desk.forget(report.source).map_err(failed(desk.path()))?;
            }
        }
    }
    Ok(())
}

/// Whether the files in the folder of a text are its own.
fn is_index(name: &str) -> bool {
    name.starts_with("index.")
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ForgetError {
    let path = path.to_owned();
    move |source| ForgetError::Io { path, source }
}

/// What a build found in the report may quote it, and the search index has its words.
fn forget_remarks(state: &Path, report: Forgotten<'_>) -> io::Result<()> {
    state_file::remove(&noop::file_in(state))?;
    search_records::forget(state, report.permalink)?;
    PageRecords::forget(state, report.permalink)?;
    PageRecords::forget(state, &format!("{}index.md", report.permalink))
}

/// Deletes stages of interrupted builds beside the output.
fn clear_stages(root: &Path, state: &Path) -> io::Result<()> {
    let Some(manifest) = Manifest::recorded_in(state) else { return Ok(()) };
    let Some(_lock) = Target::lock_of(state)? else { return Ok(()) };
    if state.join("journal.json").exists() {
        // The next build finishes that commit, and needs the stage.
        return Ok(());
    }
    crate::output::clear_stages(&root.join(&manifest.output))
}

/// Reverts what link checks wrote to the ledger about links that no source contains any more.
fn take_back(root: &Path, forgotten: &[ForgottenLink]) -> Result<(), ForgetError> {
    let mut changes = Vec::new();
    for link in forgotten {
        let Some(address) = Address::parse(&link.address) else { continue };
        let dead = link.dead.as_deref().and_then(|day| day.parse::<NaiveDate>().ok());
        changes.extend(dead.map(|day| (address.clone(), Change::Living(day))));
        let archived = link.archived.clone().map(Change::CopyForgotten);
        changes.extend(archived.map(|change| (address, change)));
    }
    writing::write(root, &changes)?;
    Ok(())
}

/// Deletes our copies of branches: the next deploy fetches again. One in use is skipped, as its
/// deploy cleans up.
fn forget_branches(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|ending| ending != "git") {
            continue;
        }
        if let Some(_lock) = Lock::take(&path.with_extension("lock"))? {
            fs::remove_dir_all(&path)?;
        }
    }
    Ok(())
}
