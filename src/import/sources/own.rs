//! Dateline's own exports: bags (`export bagit`) and lines of whole files (`export jsonl --full`).
//! They are restored unchanged.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use super::bundle::Bundle;
use super::{Source, SourceError, Visit};
use crate::export::whole::{FORM, WholeFile};
use crate::import::entry::{Item, OwnFile};
use crate::output::{Sha256, is_good_path};

/// The size limit of a file in a bag.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// The folders and files of an archive.
const PARTS: [&str; 6] = ["content", "data", "links", "static", "templates", "themes"];

/// A bag of an archive.
#[derive(Debug)]
pub struct Bag {
    /// Its folder, or a zip file of it.
    pub path: PathBuf,
}

impl Source for Bag {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        bundle.tell_refused(visit);
        let top = top(&self.path, &bundle)?;
        let sums = sums(&bundle, &top, visit)?;
        for name in bundle.names() {
            let Some(inner) = name.strip_prefix(&format!("{top}data/")) else { continue };
            if inner.starts_with("site/") {
                continue;
            }
            if !is_of_archive(inner) {
                visit(Item::Broken(format!("“{inner}” is no part of an archive")));
                continue;
            }
            let bytes = match bundle.bytes_up_to(name, LARGEST) {
                Ok(bytes) => bytes,
                Err(error) => {
                    visit(Item::Broken(error.to_string()));
                    continue;
                }
            };
            match sums.get(inner) {
                Some(sum) if *sum == Sha256::of(&bytes).to_string() => {
                    visit(Item::File(OwnFile { path: inner.to_owned(), bytes }));
                }
                Some(_) => {
                    visit(Item::Broken(format!("“{inner}” is not what was put into the bag")));
                }
                None => visit(Item::Broken(format!("“{inner}” is not in the bag's list"))),
            }
        }
        let missing = sums.keys().filter(|path| !path.starts_with("site/"));
        let mut missing: Vec<&String> =
            missing.filter(|path| !bundle.has(&format!("{top}data/{path}"))).collect();
        missing.sort();
        for path in missing {
            visit(Item::Broken(format!("“{path}” is missing from the bag")));
        }
        Ok(())
    }
}

/// The settings in a bag.
pub fn settings_in(path: &Path) -> Option<Vec<u8>> {
    let bundle = Bundle::open(path).ok()?;
    let top = top(path, &bundle).ok()?;
    let name = bundle.names().find(|name| {
        name.strip_prefix(&format!("{top}data/"))
            .is_some_and(|inner| is_settings(inner) && inner != "addresses.toml")
    })?;
    bundle.bytes(name).ok()
}

/// The folder of the bag in a zip file, with its final `/`.
fn top(path: &Path, bundle: &Bundle) -> Result<String, SourceError> {
    let found = bundle.names().find_map(|name| name.strip_suffix("bagit.txt").map(str::to_owned));
    found
        .filter(|top| top.matches('/').count() <= 1)
        .ok_or_else(|| SourceError::broken(path, "it is no bag: there is no bagit.txt in it"))
}

/// The files in the bag, by path below `data/`.
fn sums(
    bundle: &Bundle,
    top: &str,
    visit: &mut Visit<'_>,
) -> Result<FxHashMap<String, String>, SourceError> {
    let list = bundle.bytes(&format!("{top}manifest-sha256.txt"))?;
    let list = String::from_utf8_lossy(&list);
    let mut sums = FxHashMap::default();
    for line in list.lines().filter(|line| !line.trim().is_empty()) {
        let pair = line.split_once(char::is_whitespace);
        let Some((sum, path)) =
            pair.and_then(|(sum, path)| Some((sum, path.trim_start().strip_prefix("data/")?)))
        else {
            visit(Item::Broken(format!("the bag's list has a line “{line}”")));
            continue;
        };
        let path = path.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
        sums.insert(path, sum.to_ascii_lowercase());
    }
    Ok(sums)
}

/// A line of `export jsonl --full`, if it is one.
pub(super) fn whole_file(row: &Map<String, Json>) -> Option<Item> {
    if row.get("dateline").and_then(Json::as_u64) != Some(u64::from(FORM)) {
        return None;
    }
    let line: WholeFile = serde_json::from_value(Json::Object(row.clone())).ok()?;
    Some(if line.file.starts_with("content/") && is_of_archive(&line.file) {
        Item::File(OwnFile { bytes: line.text().into_bytes(), path: line.file })
    } else {
        Item::Broken(format!("“{}” is no file of content", line.file))
    })
}

/// Whether a path may be written: in one of an archive's folders, and not hidden.
fn is_of_archive(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let is_inside = path.contains('/') && PARTS.contains(&first);
    is_good_path(path)
        && !path.contains('\\')
        && !path.split('/').any(|part| part.starts_with('.'))
        && (is_inside || is_settings(path))
}

/// Settings are at the top.
fn is_settings(path: &str) -> bool {
    !path.contains('/') && path.ends_with(".toml")
}

#[cfg(test)]
mod tests {
    use super::is_of_archive;

    #[test]
    fn only_an_archive_s_own_files_are_taken() {
        for good in ["content/2017/a.md", "static/a b.png", "dateline.toml", "addresses.toml"] {
            assert!(is_of_archive(good), "{good}");
        }
        for bad in [
            "../a.md",
            "content/../../a.md",
            "/etc/passwd",
            "content\\..\\a.md",
            ".dateline/x",
            "content/.x/a.md",
            "content",
            "public/index.html",
            "C:/a.md",
            "content//a.md",
            "a.sh",
            "",
        ] {
            assert!(!is_of_archive(bad), "{bad}");
        }
    }
}
