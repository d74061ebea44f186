//! What Dateline put at a target: the record that is kept there, beside the site.
//!
//! It is compressed JSON under a hidden name and can be read by whoever reads the site, so that it
//! holds nothing but names, sizes and hashes of files that are there. While a deploy is at work it
//! says what is in doubt: a file that is about to change has no hash, a new one is listed as begun. A
//! deploy that is cut short at any moment thus leaves a record that is true, and the next one goes on
//! from it without looking at the files.

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
pub const FILE: &str = ".dateline-deployed.json.gz";

const FORMAT: &str = "dateline deployed";
const VERSION: u32 = 1;

/// What Dateline put at a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteManifest {
    /// The address that the site was built for.
    pub base_url: String,
    /// The files that are there.
    pub files: BTreeMap<Arc<str>, RemoteFile>,
    /// New files that a deploy began to put: they may be there.
    pub begun: BTreeSet<Arc<str>>,
    /// Files that are there, and that the site had no more when the last deploy ended.
    pub kept: BTreeSet<Arc<str>>,
    /// Files that changed, and no cache was told.
    pub unannounced: BTreeSet<Arc<str>>,
    /// Which deploy is at work, where the target has no other way to tell two of them apart.
    pub at_work: Option<u64>,
}

/// A file at a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteFile {
    /// What kind of file it is.
    pub kind: FileKind,
    /// Its size in bytes.
    pub size: u64,
    /// The hash of its bytes; `None` while nobody knows which bytes are there.
    pub sha256: Option<Sha256>,
    /// What the target itself says of the file, hashed: another mark means that somebody else wrote it.
    pub mark: Option<u64>,
    /// The hash of the headers that it was put with, where it was put with any.
    pub headers: Option<u64>,
    /// The hash of the source's path of an article, by which a moved one is known again; not its
    /// name, which is nobody's business.
    pub source: Option<u64>,
}

/// The record as it is written.
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
    files: Vec<Line>,
}

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// Why a record can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no record, or not a whole one.
    Damaged,
    /// A later version of Dateline wrote it.
    Later,
}

/// Why it can't be told which of a target's files Dateline put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unowned {
    /// There is no record.
    #[error("no record tells which of them Dateline put there")]
    NoRecord,
    /// There is none, or a damaged one.
    #[error("no sound record tells which of them Dateline put there")]
    NoSoundRecord,
    /// The record is damaged.
    #[error("the record of Dateline's files in it is damaged")]
    Damaged,
    /// A later version of Dateline wrote the record.
    #[error("the record of Dateline's files in it is by a later version of Dateline")]
    Later,
    /// What should be the link to a release is something else.
    #[error("is no link to a release")]
    NoRelease,
}

impl Unowned {
    /// The reason where a damaged record is not told from none.
    pub fn missing_or(unreadable: Unreadable) -> Unowned {
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

/// A file in it.
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
    /// A file of the site as it is put there.
    pub fn of(entry: &Entry, mark: Option<u64>) -> RemoteFile {
        let is_withdrawn = entry.kind == FileKind::Tombstone;
        let source = entry.source.as_deref().filter(|_| !is_withdrawn).map(source_key);
        let Entry { kind, size, sha256, .. } = *entry;
        RemoteFile { kind, size, sha256: Some(sha256), mark, headers: None, source }
    }

    /// Whether the site has the same bytes.
    pub fn is_same(&self, entry: &Entry) -> bool {
        self.sha256 == Some(entry.sha256)
    }
}

/// By which an article's source is known again.
pub fn source_key(source: &str) -> u64 {
    xxh3_64(source.as_bytes())
}

impl RemoteManifest {
    /// Reads a record.
    pub fn read(bytes: &[u8]) -> Result<RemoteManifest, Unreadable> {
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
        let Document { base_url, begun, kept, unannounced, at_work, files, .. } = document;
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
        Some(RemoteManifest { base_url, files, begun, kept, unannounced, at_work })
    }

    /// The record's bytes: the same for the same record.
    pub fn write(&self) -> io::Result<Vec<u8>> {
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
            files: files.collect(),
        };
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&serde_json::to_vec(&document)?)?;
        encoder.finish()
    }

    /// Before anything is touched: all that the plan will touch is in doubt.
    pub fn begin<'a>(
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

    /// A file was put.
    pub fn put(&mut self, path: &Arc<str>, file: RemoteFile) {
        self.begun.remove(path);
        self.files.insert(Arc::clone(path), file);
    }

    /// Files whose headers should be others now are in doubt, so that they are put again.
    pub fn doubt_headers(&mut self, site: &Manifest, expected: impl Fn(&str, &Entry) -> u64) {
        for (path, file) in &mut self.files {
            let (Some(headers), Some(entry)) = (file.headers, site.files.get(path)) else {
                continue;
            };
            if headers != expected(path, entry) {
                file.sha256 = None;
            }
        }
    }

    /// A file was deleted.
    pub fn deleted(&mut self, path: &str) {
        self.begun.remove(path);
        self.kept.remove(path);
        self.files.remove(path);
    }

    /// All of it is done.
    pub fn conclude(&mut self, kept: &[Arc<str>]) {
        self.kept = kept.iter().cloned().collect();
        self.at_work = None;
    }

    /// Nobody knows any more which bytes are there.
    pub fn doubt_all(&mut self) {
        for file in self.files.values_mut() {
            file.sha256 = None;
        }
    }
}
