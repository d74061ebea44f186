//! State of links, as far as deletion needs it: `failing-links.toml` beside the settings, and
//! `.dateline/links.jsonl`. `check --external` writes both.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use serde_json::Value as Json;
use toml_edit::{DocumentMut, Item};

use crate::base::files::{Lock, append_to, replace_text};

use super::StateFolder;

/// The file with failing links, to be committed.
pub(crate) const FAILING: &str = "failing-links.toml";

/// The journal of results, below the state folder.
pub(crate) const ANSWERS: &str = "links.jsonl";

/// A deleted failing link, with what the check wrote to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForgottenLink {
    pub address: String,
    /// The day of death that the check wrote, as TOML.
    pub dead: Option<String>,
    /// The copy that the check wrote.
    pub archived: Option<String>,
}

/// Whether there is any state of links.
pub(crate) fn are_there(root: &Path) -> bool {
    [root.join(FAILING), StateFolder::of(root).link_answers()]
        .iter()
        .any(|path| path.metadata().is_ok_and(|data| data.len() > 0))
}

/// Deletes state of links that `is_mentioned` rejects. While a check runs, nothing is deleted: the
/// next build does it.
pub(crate) fn forget(
    root: &Path,
    is_mentioned: &dyn Fn(&str) -> bool,
) -> io::Result<Vec<ForgottenLink>> {
    let answers = StateFolder::of(root).link_answers();
    if answers.is_file() {
        let Some(lock) = Lock::on(append_to(&answers)?)? else { return Ok(Vec::new()) };
        forget_answers(&answers, lock.file(), is_mentioned)?;
    }
    forget_failing(&root.join(FAILING), is_mentioned)
}

/// Writes in place, as the file is locked.
fn forget_answers(
    path: &Path,
    mut file: &File,
    is_mentioned: &dyn Fn(&str) -> bool,
) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let is_kept = |line: &&str| {
        let line = serde_json::from_str::<Json>(line);
        line.is_ok_and(|line| line["url"].as_str().is_some_and(is_mentioned))
    };
    let kept: String = text.lines().filter(is_kept).flat_map(|line| [line, "\n"]).collect();
    if kept.as_bytes() == bytes {
        return Ok(());
    }
    file.set_len(0)?;
    file.write_all(kept.as_bytes())?;
    file.sync_all()
}

fn forget_failing(
    path: &Path,
    is_mentioned: &dyn Fn(&str) -> bool,
) -> io::Result<Vec<ForgottenLink>> {
    // A symbolic link may lead to any file.
    if path.is_symlink() {
        return Ok(Vec::new());
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    // The next check reports invalid TOML.
    let Ok(mut document) = text.parse::<DocumentMut>() else { return Ok(Vec::new()) };
    let gone: Vec<String> = document
        .iter()
        .map(|(key, _)| key)
        .filter(|key| !is_mentioned(key))
        .map(Into::into)
        .collect();
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let mut forgotten = Vec::new();
    let mut header = String::new();
    for address in gone {
        let Some(entry) = document.remove(&address) else { continue };
        // The file's own comment is above its first entry.
        let above = entry.as_table().and_then(|table| table.decor().prefix()?.as_str());
        header.push_str(above.unwrap_or_default());
        let dead = entry.get("dead").and_then(Item::as_datetime).map(ToString::to_string);
        let archived = entry.get("archived").and_then(Item::as_str).map(str::to_owned);
        forgotten.push(ForgottenLink { address, dead, archived });
    }
    if document.is_empty() {
        fs::remove_file(path)?;
        return Ok(forgotten);
    }
    let (header, rest) = (header.trim(), document.to_string());
    let text = match header {
        "" => rest,
        header => format!("{header}\n\n{}", rest.trim_start()),
    };
    replace_text(path, &text)?;
    Ok(forgotten)
}
