//! The record of each page in the last build: its fingerprint and diagnostics.
//!
//! Stored in the output's state folder as shards, by a hash of the page's path. If it is lost,
//! pages are rendered again with the same result. Like [`crate::output::Manifest`] it is read
//! before the build and written after the commit.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128;

use crate::base::diagnostic::Diagnostic;
use crate::base::state_file;
use crate::content::cache::Memory;
use crate::render::csp_sources::Needs;
use crate::render::references::Question;
use crate::view::fingerprint::Fingerprint;

use crate::output::Tag;

/// The number of shards.
const SHARDS: usize = 64;

/// The record of a page or a copied file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageRecord {
    /// A fingerprint of everything it shows.
    pub(crate) fingerprint: Fingerprint,
    /// The tag of the rendered file: the record may be older than the published one.
    pub(crate) tag: Tag,
    remarks: Encoded,
}

/// Data that only some pages have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remarks<'a> {
    /// References in its body.
    #[serde(borrow)]
    pub(crate) questions: Vec<Question<'a>>,
    /// A hash of their answers.
    pub(crate) answers: u128,
    /// Diagnostics of rendering it.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The number of tags of other generators.
    pub(crate) foreign_tags: usize,
    /// Its CSP sources, if the host needs them.
    pub(crate) needs: Option<Needs>,
    /// The names of smaller pictures that it shows.
    pub(crate) pictures: Vec<String>,
}

/// Encoded remarks, decoded on demand: one allocation instead of many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Encoded(Box<[u8]>);

impl PageRecord {
    /// A record with remarks; `None` if they can't be encoded.
    pub(crate) fn new(
        fingerprint: Fingerprint,
        tag: Tag,
        remarks: &Remarks<'_>,
    ) -> Option<PageRecord> {
        let is_silent = *remarks == Remarks { answers: remarks.answers, ..Remarks::default() };
        let bytes = if is_silent { Vec::new() } else { postcard::to_stdvec(remarks).ok()? };
        Some(PageRecord { fingerprint, tag, remarks: Encoded(bytes.into()) })
    }

    /// Decodes the remarks; `None` if that fails.
    pub(crate) fn remarks(&self) -> Option<Remarks<'_>> {
        match &self.remarks.0 {
            bytes if bytes.is_empty() => Some(Remarks::default()),
            bytes => postcard::from_bytes(bytes).ok(),
        }
    }
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Encoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Encoded, D::Error> {
        <&[u8]>::deserialize(deserializer).map(|bytes| Encoded(bytes.into()))
    }
}

pub(crate) type PageKey = u128;

/// The key of a page or file by name.
pub(crate) fn page_key(name: &str) -> PageKey {
    xxh3_128(name.as_bytes())
}

/// The records of a shard, sorted by key.
type Shard = Vec<(PageKey, PageRecord)>;

/// All records, by shard.
#[derive(Debug, Default)]
pub(crate) struct PageRecords {
    shards: Vec<Shard>,
    /// A hash of what all answers depend on; only known in the process that built.
    answered_from: Option<AnsweredFrom>,
    /// Whether what was remembered beside them may be used.
    memory: Memory,
}

/// A hash of everything that answers depend on.
pub(crate) type AnsweredFrom = u128;

/// Collects the records of a build; several threads may add.
#[derive(Debug)]
pub(crate) struct NewRecords {
    shards: Vec<Mutex<NewShard>>,
    answered_from: Option<AnsweredFrom>,
}

#[derive(Debug, Default)]
struct NewShard {
    /// Keys of unchanged records.
    kept: Vec<PageKey>,
    /// Records of rendered pages.
    fresh: Shard,
}

impl NewRecords {
    /// Empty. `answered_from`: see [`PageRecords::are_answered_from`].
    pub(crate) fn new(answered_from: Option<AnsweredFrom>) -> NewRecords {
        let shards = std::iter::repeat_with(Mutex::default).take(SHARDS).collect();
        NewRecords { shards, answered_from }
    }

    /// Keeps a page's record.
    pub(crate) fn keep(&self, key: PageKey) {
        self.shard(key).kept.push(key);
    }

    /// Adds the record of a rendered page.
    pub(crate) fn add(&self, key: PageKey, record: PageRecord) {
        self.shard(key).fresh.push((key, record));
    }

    fn shard(&self, key: PageKey) -> MutexGuard<'_, NewShard> {
        self.shards[shard_of(key)].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shard_of(key: PageKey) -> usize {
    usize::try_from(key % SHARDS as u128).unwrap_or_default()
}

fn file(state: &Path, shard: usize) -> PathBuf {
    state.join("pages").join(format!("{shard:02}"))
}

impl PageRecords {
    /// Loads all intact shards of a state folder.
    pub(crate) fn load(state: &Path) -> PageRecords {
        let read = |shard| state_file::read(&file(state, shard), 0).unwrap_or_default();
        let shards = (0..SHARDS).into_par_iter().map(read).collect();
        PageRecords { shards, answered_from: None, memory: Memory::Use }
    }

    /// Empty, for a build that remembers nothing.
    pub(crate) fn ignored() -> PageRecords {
        PageRecords { memory: Memory::Ignore, ..PageRecords::default() }
    }

    /// Whether anything else that was remembered may be used.
    pub(crate) fn memory(&self) -> Memory {
        self.memory
    }

    /// Deletes the shard with a page's record.
    pub(crate) fn forget(state: &Path, page: &str) -> io::Result<()> {
        state_file::remove(&file(state, shard_of(page_key(page))))
    }

    pub(crate) fn get(&self, key: PageKey) -> Option<&PageRecord> {
        let shard = self.shards.get(shard_of(key))?;
        let at = shard.binary_search_by_key(&key, |(other, _)| *other).ok()?;
        shard.get(at).map(|(_, record)| record)
    }

    /// Whether the same references would have the same answers.
    pub(crate) fn are_answered_from(&self, now: Option<AnsweredFrom>) -> bool {
        now.is_some() && self.answered_from == now
    }

    /// Merges the records of a build; writes changed shards.
    #[must_use]
    pub(crate) fn saved(mut self, state: &Path, new: NewRecords) -> PageRecords {
        let NewRecords { shards: new, answered_from } = new;
        self.shards.resize_with(SHARDS, Shard::default);
        let new = new.into_par_iter();
        let new = new.map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        let shards = self.shards.into_par_iter().zip(new).enumerate();
        let shards = shards.map(|(at, (old, new))| saved(&file(state, at), old, new)).collect();
        PageRecords { shards, answered_from, memory: Memory::Use }
    }
}

/// Merges and writes a shard. A shard that can't be written counts as lost; the next build deletes
/// it.
fn saved(file: &Path, old: Shard, new: NewShard) -> Shard {
    // Write if anything is new, or if a record is obsolete: it must not outlive its page.
    let may_differ = !new.fresh.is_empty() || new.kept.is_empty() || new.kept.len() != old.len();
    if !may_differ {
        return old;
    }
    let shard = merged(&old, new);
    let done = match &shard {
        shard if shard.is_empty() => state_file::remove(file),
        shard if *shard == old => Ok(()),
        shard => write(file, shard),
    };
    // A failure only makes the next build slower.
    done.map(|()| shard).unwrap_or_default()
}

fn write(file: &Path, shard: &Shard) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    state_file::replace(file, &state_file::seal(shard, 0)?)
}

fn merged(old: &Shard, mut new: NewShard) -> Shard {
    new.kept.sort_unstable();
    let is_kept = |(key, _): &&(PageKey, PageRecord)| new.kept.binary_search(key).is_ok();
    let mut shard = new.fresh;
    shard.extend(old.iter().filter(is_kept).cloned());
    shard.sort_unstable_by_key(|(key, _)| *key);
    shard
}
