//! What the build before this one made of each page: its fingerprint, and what was said about it.
//!
//! Lies in the state folder of an output as shards, cut by a hash of the page's path. It may be lost at
//! any time: then pages are rendered again and found to be the same. Like [`crate::output::Manifest`] it is
//! read before the build and written after the commit.

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

/// How many shards there are.
const SHARDS: usize = 64;

/// What is remembered of a page, or of a file that was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageRecord {
    /// Everything it shows.
    pub(crate) fingerprint: Fingerprint,
    /// What it was rendered to: the record may be older than what is published.
    pub(crate) tag: Tag,
    remarks: Encoded,
}

/// What only some bodies give occasion to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remarks<'a> {
    /// What its body asked of the archive.
    #[serde(borrow)]
    pub(crate) questions: Vec<Question<'a>>,
    /// A hash of the answers.
    pub(crate) answers: u128,
    /// What was found while it was rendered.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Tags of other generators in its body.
    pub(crate) foreign_tags: usize,
    /// What it loads and runs, where a host wanted to know.
    pub(crate) needs: Option<Needs>,
}

/// Remarks as bytes, read when they are asked for: one piece of memory in place of a dozen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Encoded(Box<[u8]>);

impl PageRecord {
    /// A record of a page with its remarks; `None` where they can't be written down.
    pub(crate) fn new(
        fingerprint: Fingerprint,
        tag: Tag,
        remarks: &Remarks<'_>,
    ) -> Option<PageRecord> {
        let is_silent = *remarks == Remarks { answers: remarks.answers, ..Remarks::default() };
        let bytes = if is_silent { Vec::new() } else { postcard::to_stdvec(remarks).ok()? };
        Some(PageRecord { fingerprint, tag, remarks: Encoded(bytes.into()) })
    }

    /// Its remarks; `None` where they can't be read.
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

/// A page's key: a hash of its path.
pub(crate) type PageKey = u128;

/// The key of a page or file by its name.
pub(crate) fn page_key(name: &str) -> PageKey {
    xxh3_128(name.as_bytes())
}

/// The records of one shard, sorted by their keys.
type Shard = Vec<(PageKey, PageRecord)>;

/// Records by their shards.
#[derive(Debug, Default)]
pub(crate) struct PageRecords {
    shards: Vec<Shard>,
    /// What all their answers were given from; known only to the process that asked.
    answered_from: Option<AnsweredFrom>,
    /// Whether what was remembered beside them may be used.
    memory: Memory,
}

/// A hash of what the archive answers questions from.
pub(crate) type AnsweredFrom = u128;

/// What a build has to say to the next one; many threads say it at once.
#[derive(Debug)]
pub(crate) struct NewRecords {
    shards: Vec<Mutex<NewShard>>,
    answered_from: Option<AnsweredFrom>,
}

/// The same of one shard.
#[derive(Debug, Default)]
struct NewShard {
    /// Keys of pages whose records are as they were.
    kept: Vec<PageKey>,
    /// Pages that were rendered.
    fresh: Shard,
}

impl NewRecords {
    /// None yet. `answered_from`: see [`PageRecords::are_answered_from`].
    pub(crate) fn new(answered_from: Option<AnsweredFrom>) -> NewRecords {
        let shards = std::iter::repeat_with(Mutex::default).take(SHARDS).collect();
        NewRecords { shards, answered_from }
    }

    /// A page's record is as it was.
    pub(crate) fn keep(&self, key: PageKey) {
        self.shard(key).kept.push(key);
    }

    /// A page was rendered.
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
    /// All sound records of a state folder.
    pub(crate) fn load(state: &Path) -> PageRecords {
        let read = |shard| state_file::read(&file(state, shard), 0).unwrap_or_default();
        let shards = (0..SHARDS).into_par_iter().map(read).collect();
        PageRecords { shards, answered_from: None, memory: Memory::Use }
    }

    /// None, of a build that is to remember nothing.
    pub(crate) fn ignored() -> PageRecords {
        PageRecords { memory: Memory::Ignore, ..PageRecords::default() }
    }

    /// Whether anything else that was remembered may be used.
    pub(crate) fn memory(&self) -> Memory {
        self.memory
    }

    /// Removes the record of a page from a state folder, with those of its shard.
    pub(crate) fn forget(state: &Path, page: &str) -> io::Result<()> {
        state_file::remove(&file(state, shard_of(page_key(page))))
    }

    /// A page's record.
    pub(crate) fn get(&self, key: PageKey) -> Option<&PageRecord> {
        let shard = self.shards.get(shard_of(key))?;
        let at = shard.binary_search_by_key(&key, |(other, _)| *other).ok()?;
        shard.get(at).map(|(_, record)| record)
    }

    /// Whether whoever asks the questions again, of the same bodies, gets the same answers.
    pub(crate) fn are_answered_from(&self, now: Option<AnsweredFrom>) -> bool {
        now.is_some() && self.answered_from == now
    }

    /// The records after a build; the shards that differ from these are written.
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

/// A shard after a build, written where it differs. One that can't be written keeps no other from being,
/// and counts as lost: what is left of it on disk goes with the next build.
fn saved(file: &Path, old: Shard, new: NewShard) -> Shard {
    // What could not be read, or was not, must not outlive its pages.
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
    // The next build renders more without it, and that is all.
    done.map(|()| shard).unwrap_or_default()
}

fn write(file: &Path, shard: &Shard) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    state_file::replace(file, &state_file::seal(shard, 0)?)
}

/// A shard after a build.
fn merged(old: &Shard, mut new: NewShard) -> Shard {
    new.kept.sort_unstable();
    let is_kept = |(key, _): &&(PageKey, PageRecord)| new.kept.binary_search(key).is_ok();
    let mut shard = new.fresh;
    shard.extend(old.iter().filter(is_kept).cloned());
    shard.sort_unstable_by_key(|(key, _)| *key);
    shard
}
