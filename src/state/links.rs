//! What was seen of links, as far as forgetting needs to read it: `failing-links.toml` beside the
//! config and `.dateline/links.jsonl`. `check --external` writes both.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use serde_json::Value as Json;
use toml_edit::{DocumentMut, Item};

use crate::base::files::{Lock, append_to, replace_text};

use super::StateFolder;

/// The file that names what fails, and is meant to be committed.
pub const FAILING: &str = "failing-links.toml";

/// The journal of answers, below the state folder.
pub const ANSWERS: &str = "links.jsonl";

/// A failing link that was forgotten, with what the check wrote about it into the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgottenLink {
    /// Its address.
    pub address: String,
    /// The day on which the check called it dead, as TOML writes it.
    pub dead: Option<String>,
    /// The copy that the check found.
    pub archived: Option<String>,
}

/// Whether anything was seen of links.
pub fn are_there(root: &Path) -> bool {
    [root.join(FAILING), StateFolder::of(root).link_answers()]
        .iter()
        .any(|path| path.metadata().is_ok_and(|data| data.len() > 0))
}

/// Forgets the links that `is_mentioned` does not know. Where a check is running, it forgets nothing: the
/// build after the check does.
pub fn forget(root: &Path, is_mentioned: &dyn Fn(&str) -> bool) -> io::Result<Vec<ForgottenLink>> {
    let answers = StateFolder::of(root).link_answers();
    if answers.is_file() {
        let Some(lock) = Lock::on(append_to(&answers)?)? else { return Ok(Vec::new()) };
        forget_answers(&answers, lock.file(), is_mentioned)?;
    }
    forget_failing(&root.join(FAILING), is_mentioned)
}

/// The file is written in place, for its lock is held.
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
    // A link may lead to anybody's file.
    if path.is_symlink() {
        return Ok(Vec::new());
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    // Broken TOML is for the next check to report.
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
        // What explains the file stands above its first entry.
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
