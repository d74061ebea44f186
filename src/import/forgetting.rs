//! Deletes a withdrawn report from files of imports. The journal is kept: it contains no text, and
//! keeps the next import from importing the report again.

use std::io;
use std::path::Path;

use serde_json::Value;

use super::report;
use super::suggestions::file::Suggestions;
use crate::base::files::{self, Durability};

/// Deletes a file's entries from suggestions and report.
pub fn forget(root: &Path, file: &str) -> io::Result<()> {
    let mut suggestions = Suggestions::read(root)?;
    if suggestions.forget(file)? {
        let text = suggestions.text()?;
        files::replace(&Suggestions::path(root), text.as_bytes(), Durability::Lasting)?;
    }
    forget_in_report(&root.join(report::NAME), file)
}

fn forget_in_report(path: &Path, file: &str) -> io::Result<()> {
    let bytes = match files::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    // An invalid report is useless: delete it.
    let Ok(mut report) = serde_json::from_slice::<Value>(&bytes) else {
        return std::fs::remove_file(path);
    };
    if !without(&mut report, file) {
        return Ok(());
    }
    let text = serde_json::to_string_pretty(&report).map_err(io::Error::other)?;
    files::replace(path, format!("{text}\n").as_bytes(), Durability::Lasting)
}

/// Removes a list's items about a file; returns whether there were any.
fn without(value: &mut Value, file: &str) -> bool {
    let is_about =
        |item: &Value| item.as_str() == Some(file) || item["file"].as_str() == Some(file);
    match value {
        Value::Array(items) => {
            let before = items.len();
            items.retain(|item| !is_about(item));
            let inner = items.iter_mut().fold(false, |found, item| without(item, file) | found);
            items.len() != before || inner
        }
        Value::Object(fields) => {
            fields.values_mut().fold(false, |found, item| without(item, file) | found)
        }
        _ => false,
    }
}
