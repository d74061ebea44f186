//! The record of what Dateline deployed, stored at the target.
//!
//! It is compressed JSON with a hidden name. Readers can download it, so it contains only names,
//! sizes and hashes of published files. During a deploy it marks uncertain files: a file about to
//! change has no hash, a new one is listed as begun. So the record of an interrupted deploy is
//! true, and the next one continues from it without looking at the files.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::base::file_kind::FileKind;
use crate::output::{Entry, Manifest, Sha256, is_good_path};

/// The record's name at a target.
pub(crate) const FILE: &str = ".dateline-deployed.json.gz";

const FORMAT: &str = "dateline deployed";
const VERSION: u32 = 1;

/// The files that Dateline deployed to a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RemoteManifest {
    /// The address that the site was built for.
    pub base_url: String,
    /// Files at the target.
    pub files: BTreeMap<Arc<str>, RemoteFile>,
    /// New files whose upload began: they may be there.
    pub begun: BTreeSet<Arc<str>>,
    /// Files to delete in the next deploy.
    pub kept: BTreeSet<Arc<str>>,
    /// Changed files that no cache was purged of.
    pub unannounced: BTreeSet<Arc<str>>,
    /// The id of a running deploy, for targets without versions.
    pub at_work: Option<u64>,
    /// A hash of all redactions when the site was built, for kept releases.
    pub redacted: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteFile {
    pub kind: FileKind,
    /// Its size in bytes.
    pub size: u64,
    /// The hash of its bytes; `None` while they are uncertain.
    pub sha256: Option<Sha256>,
    /// A hash of the target's own metadata: a change means that someone else wrote the file.
    pub mark: Option<u64>,
    /// The hash of its headers, if it has any.
    pub headers: Option<u64>,
    /// The hash of an article's source path, which identifies a moved article without revealing the
    /// path.
    pub source: Option<u64>,
}

/// The JSON form of the record.
#[derive(Serialize, Deserialize)]
struct Document {
    format: String,
    version: u32,
    base_url: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    begun: BTreeSet<Arc<str>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    kept: BTreeSet<Arc<str>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    unannounced: BTreeSet<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_work: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redacted: Option<u64>,
    files: Vec<Line>,
}

/// The fields that tell whether the rest can be parsed.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// Why a record can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not a complete record.
    Damaged,
    /// A later version of Dateline wrote it.
    Later,
}

/// Why it is unknown which files are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unowned {
    /// There is no record.
    #[error("no record tells which of them Dateline put there")]
    NoRecord,
    /// The record is missing or damaged.
    #[error("no sound record tells which of them Dateline put there")]
    NoSoundRecord,
    /// The record is damaged.
    #[error("the record of Dateline's files in it is damaged")]
    Damaged,
    /// A later version of Dateline wrote the record.
    #[error("the record of Dateline's files in it is by a later version of Dateline")]
    Later,
    /// `current` is no link to a release.
    #[error("is no link to a release")]
    NoRelease,
}

impl Unowned {
    /// The reason, for targets that can't tell a damaged record from a missing one.
    pub(crate) fn missing_or(unreadable: Unreadable) -> Unowned {
        match unreadable {
            Unreadable::Damaged => Unowned::NoSoundRecord,
            Unreadable::Later => Unowned::Later,
        }
    }
}

impl From<Unreadable> for Unowned {
    fn from(unreadable: Unreadable) -> Unowned {
        match unreadable {
            Unreadable::Damaged => Unowned::Damaged,
            Unreadable::Later => Unowned::Later,
        }
    }
}

/// A file in the record.
#[derive(Serialize, Deserialize)]
struct Line {
    path: Arc<str>,
    kind: FileKind,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<Sha256>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    headers: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<u64>,
}

impl RemoteFile {
    /// The record of an uploaded file.
    pub(crate) fn of(entry: &Entry, mark: Option<u64>) -> RemoteFile {
        let is_withdrawn = entry.kind == FileKind::Tombstone;
        let source = entry.source.as_deref().filter(|_| !is_withdrawn).map(source_key);
        let Entry { kind, size, sha256, .. } = *entry;
        RemoteFile { kind, size, sha256: Some(sha256), mark, headers: None, source }
    }

    /// Whether the site's file has the same bytes.
    pub(crate) fn is_same(&self, entry: &Entry) -> bool {
        self.sha256 == Some(entry.sha256)
    }
}

/// A hash that identifies an article's source.
pub(crate) fn source_key(source: &str) -> u64 {
    xxh3_64(source.as_bytes())
}

impl RemoteManifest {
    /// Parses a record.
    pub(crate) fn read(bytes: &[u8]) -> Result<RemoteManifest, Unreadable> {
        let mut text = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut text).map_err(|_| Unreadable::Damaged)?;
        let head: Head = serde_json::from_slice(&text).map_err(|_| Unreadable::Damaged)?;
        if head.format != FORMAT {
            return Err(Unreadable::Damaged);
        }
        if head.version > VERSION {
            return Err(Unreadable::Later);
        }
        RemoteManifest::read_text(&text).ok_or(Unreadable::Damaged)
    }

    fn read_text(text: &[u8]) -> Option<RemoteManifest> {
        let document: Document = serde_json::from_slice(text).ok()?;
        let Document { base_url, begun, kept, unannounced, at_work, redacted, files, .. } =
            document;
        let lists = begun.iter().chain(&kept).chain(&unannounced);
        let mut paths = files.iter().map(|line| &line.path).chain(lists);
        if !paths.all(|path| is_good_path(path)) {
            return None;
        }
        let files = files.into_iter().map(|line| {
            let Line { path, kind, size, sha256, mark, headers, source } = line;
            (path, RemoteFile { kind, size, sha256, mark, headers, source })
        });
        let files = files.collect();
        Some(RemoteManifest { base_url, files, begun, kept, unannounced, at_work, redacted })
    }

    /// Encodes the record; equal records give equal bytes.
    pub(crate) fn write(&self) -> io::Result<Vec<u8>> {
        let files = self.files.iter().map(|(path, file)| {
            let &RemoteFile { kind, size, sha256, mark, headers, source } = file;
            Line { path: Arc::clone(path), kind, size, sha256, mark, headers, source }
        });
        let document = Document {
            format: FORMAT.to_owned(),
            version: VERSION,
            base_url: self.base_url.clone(),
            begun: self.begun.clone(),
            kept: self.kept.clone(),
            unannounced: self.unannounced.clone(),
            at_work: self.at_work,
            redacted: self.redacted,
            files: files.collect(),
        };
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&serde_json::to_vec(&document)?)?;
        encoder.finish()
    }

    /// Marks all files of the plan as uncertain.
    pub(crate) fn begin<'a>(
        &mut self,
        puts: impl Iterator<Item = &'a Arc<str>>,
        deletes: impl Iterator<Item = &'a Arc<str>>,
        site: &Manifest,
    ) {
        self.base_url.clone_from(&site.base_url);
        for path in puts {
            match self.files.get_mut(path) {
                Some(file) => file.sha256 = None,
                None => {
                    self.begun.insert(Arc::clone(path));
                }
            }
            self.unannounced.insert(Arc::clone(path));
        }
        for path in deletes {
            if let Some(file) = self.files.get_mut(path) {
                file.sha256 = None;
            }
            self.unannounced.insert(Arc::clone(path));
        }
    }

    /// Records an uploaded file.
    pub(crate) fn put(&mut self, path: &Arc<str>, file: RemoteFile) {
        self.begun.remove(path);
        self.files.insert(Arc::clone(path), file);
    }

    /// Marks files as uncertain if their headers must change, so that they are uploaded again.
    pub(crate) fn doubt_headers(
        &mut self,
        site: &Manifest,
        expected: impl Fn(&str, &Entry) -> u64,
    ) {
        for (path, file) in &mut self.files {
            let (Some(headers), Some(entry)) = (file.headers, site.files.get(path)) else {
                continue;
            };
            if headers != expected(path, entry) {
                file.sha256 = None;
            }
        }
    }

    /// Records a deleted file.
    pub(crate) fn deleted(&mut self, path: &str) {
        self.begun.remove(path);
        self.kept.remove(path);
        self.files.remove(path);
    }

    /// Records the end of a deploy.
    pub(crate) fn conclude(&mut self, kept: &[Arc<str>]) {
        self.kept = kept.iter().cloned().collect();
        self.at_work = None;
    }

    /// Forget all hashes; everything is uploaded again.
    pub(crate) fn doubt_all(&mut self) {
        for file in self.files.values_mut() {
            file.sha256 = None;
        }
    }
}
