//! Texts that are not saved, and texts that a save replaced: 90 days long.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

use crate::base::files::{self, Durability};
use crate::state::desk::DeskFolder;

/// How long replaced texts are kept.
const KEPT: Duration = Duration::from_hours(90 * 24);

/// The name under which the text of a report without a file is kept.
pub(super) const NEW: &str = "new";

/// Keeps what was typed.
pub(super) fn keep(folder: &DeskFolder, source: &str, typed: &Json) -> io::Result<()> {
    let path = folder.unsaved(source);
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    files::replace(&path, typed.to_string().as_bytes(), Durability::Passing)
}

/// What was typed and not saved.
pub(super) fn unsaved(folder: &DeskFolder, source: &str) -> Option<Json> {
    serde_json::from_slice(&files::read(&folder.unsaved(source)).ok()?).ok()
}

/// Drops what was typed.
pub(super) fn drop_unsaved(folder: &DeskFolder, source: &str) -> io::Result<()> {
    files::remove_if_there(&folder.unsaved(source))
}

/// Whether words of a source were taken away: an old page must not bring them back.
pub(super) fn is_forgotten(folder: &DeskFolder, source: &str) -> bool {
    folder.forgotten(source).exists()
}

/// Keeps a text that is about to be replaced.
pub(super) fn keep_replaced(folder: &DeskFolder, source: &str, text: &str) -> io::Result<()> {
    let history = folder.history(source);
    fs::create_dir_all(&history)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    files::replace(
        &history.join(format!("{}.md", now.as_millis())),
        text.as_bytes(),
        Durability::Lasting,
    )
}

/// When the replaced texts of a source were replaced, in milliseconds; the newest first.
pub(super) fn history(folder: &DeskFolder, source: &str) -> Json {
    let entries = fs::read_dir(folder.history(source)).into_iter().flatten().flatten();
    let mut times: Vec<u64> = entries
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".md")?.parse().ok())
        .collect();
    times.sort_unstable_by(|one, other| other.cmp(one));
    json!(times)
}

/// A replaced text.
pub(super) fn replaced(folder: &DeskFolder, source: &str, time: u64) -> Option<String> {
    String::from_utf8(files::read(&folder.history(source).join(format!("{time}.md"))).ok()?).ok()
}

/// Deletes replaced texts that are older than 90 days.
pub(super) fn drop_old(folder: &DeskFolder) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let oldest = now.saturating_sub(KEPT).as_millis();
    for history in fs::read_dir(folder.path().join("history")).into_iter().flatten().flatten() {
        for entry in fs::read_dir(history.path()).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let time = name.to_str().and_then(|name| name.strip_suffix(".md"));
            let time = time.and_then(|time| time.parse::<u128>().ok());
            if time.is_some_and(|time| time < oldest) {
                // The next start tries again.
                let _ = fs::remove_file(entry.path());
            }
        }
        let _ = fs::remove_dir(history.path());
    }
}
