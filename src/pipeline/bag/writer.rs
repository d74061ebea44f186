//! Writes a bag (`BagIt`, RFC 8493): a folder with checksums for libraries and archives.
//!
//! The payload comes from [`crate::pipeline::bag`] as a list of files, which are hashed while they
//! are copied. The bag is written to a temporary folder, then renamed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::base::files::{self, Durability, sync};
use crate::markdown::without_controls;
use crate::output::{OutputError, Sha256, copy_hashed, is_good_path};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PayloadFile {
    /// Path below `data/`, with `/`.
    pub path: String,
    /// The source path.
    pub from: PathBuf,
    /// The expected SHA-256, if recorded.
    pub sha256: Option<Sha256>,
}

/// The bag's metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BagInfo {
    pub title: String,
    pub address: String,
    /// The bagging date.
    pub date: Option<NaiveDate>,
}

/// The size of a bag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bagged {
    /// The number of payload files.
    pub files: usize,
    /// The payload's bytes.
    pub bytes: u64,
}

/// Why a bag can't be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BagError {
    /// The target exists.
    #[error("`{}` is not an empty folder", .0.display())]
    Occupied(PathBuf),
    /// The next build would delete or publish it.
    #[error("`{}` can't hold a bag: it is part of the archive or of its site", .0.display())]
    Inside(PathBuf),
    /// The site is older than the archive.
    #[error("the site in `{}` is not what a build would publish now", .0.display())]
    Stale(PathBuf),
    /// A published file differs from the manifest.
    #[error("`{}` is not as it was published", .0.display())]
    Damaged(PathBuf),
    /// The file system refused, or the output can't be read.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl BagError {
    /// The remedy.
    pub(crate) fn help(&self) -> Option<String> {
        let help = match self {
            BagError::Occupied(_) => "name a folder that does not exist yet",
            BagError::Inside(_) => "name a folder beside the archive's, as in ../bag",
            BagError::Stale(_) => {
                "run `dateline build`, with the same output, address and drafts, and then this again"
            }
            BagError::Damaged(_) => {
                "`dateline verify` names all such files, and `dateline build` puts them right"
            }
            BagError::Output(OutputError::Io { .. }) => return None,
            BagError::Output(error) => return error.help(),
        };
        Some(help.to_owned())
    }
}

/// Whether the target is missing or an empty folder.
pub(super) fn is_vacant(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Writes a bag beside `folder`, and renames it.
pub(super) fn write(
    folder: &Path,
    mut payload: Vec<PayloadFile>,
    info: &BagInfo,
) -> Result<Bagged, BagError> {
    if !is_vacant(folder) {
        return Err(BagError::Occupied(folder.to_owned()));
    }
    if let Some(bad) = payload.iter().find(|file| !is_good_path(&file.path)) {
        return Err(OutputError::BadPath { path: bad.path.clone() }.into());
    }
    payload.sort_by(|a, b| a.path.cmp(&b.path));
    let parent = folder.parent().unwrap_or(folder);
    let draft = tempfile::Builder::new()
        .prefix(".dateline-bag-")
        .tempdir_in(parent)
        .map_err(OutputError::io("write to the folder", parent))?;
    // The temporary folder is private; the bag inside gets ordinary permissions.
    let bag = draft.path().join("bag");
    let mut written = make_folders(&bag, &payload)?;
    let (bagged, manifest) = fill(&bag, &payload)?;
    let tags = [
        ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
        ("bag-info.txt", bag_info(info, bagged)),
        ("manifest-sha256.txt", manifest),
    ];
    let tag_manifest: String =
        tags.iter().map(|(name, text)| line(Sha256::of(text.as_bytes()), name)).collect();
    for (name, text) in tags.iter().chain([&("tagmanifest-sha256.txt", tag_manifest)]) {
        let path = bag.join(name);
        files::create_text(&path, text).map_err(OutputError::io("write", &path))?;
    }
    written.extend(payload.iter().map(|file| place(&bag, file)));
    sync(&bag, written.len(), || written).map_err(OutputError::io("sync the folder", &bag))?;
    files::place_folder(&bag, folder, Durability::Lasting)
        .map_err(OutputError::io("write the folder", folder))?;
    Ok(bagged)
}

fn place(bag: &Path, file: &PayloadFile) -> PathBuf {
    bag.join("data").join(&file.path)
}

fn make_folders(bag: &Path, payload: &[PayloadFile]) -> Result<Vec<PathBuf>, OutputError> {
    let mut folders = BTreeSet::from([bag.to_owned(), bag.join("data")]);
    for file in payload {
        folders.extend(place(bag, file).parent().map(Path::to_owned));
    }
    for folder in &folders {
        fs::create_dir_all(folder).map_err(OutputError::io("create the folder", folder))?;
    }
    Ok(folders.into_iter().collect())
}

/// Copies the payload; returns its size and manifest.
fn fill(bag: &Path, payload: &[PayloadFile]) -> Result<(Bagged, String), BagError> {
    let copied: Vec<(Sha256, u64)> =
        payload.par_iter().map(|file| copy(bag, file)).collect::<Result<_, BagError>>()?;
    let bytes = copied.iter().map(|(_, size)| size).sum();
    let mut manifest = String::new();
    for (file, (sha256, _)) in payload.iter().zip(&copied) {
        manifest.push_str(&line(*sha256, &format!("data/{}", file.path)));
    }
    Ok((Bagged { files: payload.len(), bytes }, manifest))
}

fn copy(bag: &Path, file: &PayloadFile) -> Result<(Sha256, u64), BagError> {
    let to = place(bag, file);
    let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    let damaged = || BagError::Damaged(file.from.clone());
    if file.sha256.is_some() && fs::metadata(&file.from).is_err_and(|error| is_missing(&error)) {
        return Err(damaged());
    }
    let mut copy = files::create_new(&to).map_err(OutputError::io("write", &to))?;
    let (sha256, size) = copy_hashed(&file.from, Some((&mut copy, &to)))?;
    if file.sha256.is_some_and(|wanted| wanted != sha256) {
        return Err(damaged());
    }
    Ok((sha256, size))
}

/// A line of a manifest (RFC 8493 §2.1.3).
fn line(sha256: Sha256, path: &str) -> String {
    let path = path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    format!("{sha256}  {path}\n")
}

fn bag_info(info: &BagInfo, bagged: Bagged) -> String {
    let mut text = format!("Bag-Software-Agent: Dateline {}\n", env!("CARGO_PKG_VERSION"));
    let fields = [
        ("Bagging-Date", info.date.map(|date| date.to_string())),
        ("External-Description", Some(one_line(&info.title))),
        ("External-Identifier", Some(one_line(&info.address))),
        ("Payload-Oxum", Some(format!("{}.{}", bagged.bytes, bagged.files))),
    ];
    for (label, value) in fields {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{label}: {value}");
        }
    }
    text
}

fn one_line(text: &str) -> String {
    without_controls(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_break_a_line_or_look_encoded_is_encoded() {
        let hash = Sha256::of(b"");
        let written = |path| line(hash, path).split_off(64);
        assert_eq!(written("data/a b/ü%0A.txt"), "  data/a b/ü%250A.txt\n");
        assert_eq!(written("data/a\r\nb"), "  data/a%0D%0Ab\n");
    }

    #[test]
    fn a_value_is_one_line() {
        assert_eq!(one_line(" The\r\n Archive \u{7}\n"), "The Archive \u{fffd}");
    }
}
