//! What the build before this one made of each page: its fingerprint, and what was said about it.
//!
//! Lies in the state folder of an output as shards, cut by a hash of the page's path. It may be lost at
//! any time: then pages are rendered again and found to be the same. Like [`super::Manifest`] it is
//! read before the build and written after the commit.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128;

use crate::diagnostic::Diagnostic;
use crate::plan::fingerprint::Fingerprint;
use crate::render::needs::Needs;
use crate::render::references::Question;
use crate::sealed;

use super::Tag;

/// How many shards there are.
const SHARDS: usize = 64;

/// What is remembered of a page, or of a file that was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    /// Everything it shows.
    pub fingerprint: Fingerprint,
    /// What it was rendered to: the record may be older than what is published.
    pub tag: Tag,
    remarks: Encoded,
}

/// What only some bodies give occasion to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remarks<'a> {
    /// What its body asked of the archive.
    #[serde(borrow)]
    pub questions: Vec<Question<'a>>,
    /// A hash of the answers.
    pub answers: u128,
    /// What was found while it was rendered.
    pub diagnostics: Vec<Diagnostic>,
    /// Tags of other generators in its body.
    pub foreign_tags: usize,
    /// What it loads and runs, where a host wanted to know.
    pub needs: Option<Needs>,
}

/// Remarks as bytes, read when they are asked for: one piece of memory in place of a dozen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Encoded(Box<[u8]>);

impl PageRecord {
    /// A record of a page with its remarks; `None` where they can't be written down.
    pub fn new(fingerprint: Fingerprint, tag: Tag, remarks: &Remarks<'_>) -> Option<PageRecord> {
        let is_silent = *remarks == Remarks { answers: remarks.answers, ..Remarks::default() };
        let bytes = if is_silent { Vec::new() } else { postcard::to_stdvec(remarks).ok()? };
        Some(PageRecord { fingerprint, tag, remarks: Encoded(bytes.into()) })
    }

    /// Its remarks; `None` where they can't be read.
    pub fn remarks(&self) -> Option<Remarks<'_>> {
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
pub type PageKey = u128;

/// The key of a page or file by its name.
pub fn page_key(name: &str) -> PageKey {
    xxh3_128(name.as_bytes())
}

/// The records of one shard, sorted by their keys.
type Shard = Vec<(PageKey, PageRecord)>;

/// Records by their shards.
#[derive(Debug, Default)]
pub struct PageRecords(Vec<Shard>);

/// What a build has to say to the next one; many threads say it at once.
#[derive(Debug)]
pub struct NewRecords(Vec<Mutex<NewShard>>);

/// The same of one shard.
#[derive(Debug, Default)]
struct NewShard {
    /// Keys of pages whose records are as they were.
    kept: Vec<PageKey>,
    /// Pages that were rendered.
    fresh: Shard,
}

impl Default for NewRecords {
    fn default() -> NewRecords {
        NewRecords(std::iter::repeat_with(Mutex::default).take(SHARDS).collect())
    }
}

impl NewRecords {
    /// A page's record is as it was.
    pub fn keep(&self, key: PageKey) {
        self.shard(key).kept.push(key);
    }

    /// A page was rendered.
    pub fn add(&self, key: PageKey, record: PageRecord) {
        self.shard(key).fresh.push((key, record));
    }

    fn shard(&self, key: PageKey) -> MutexGuard<'_, NewShard> {
        self.0[shard_of(key)].lock().unwrap_or_else(PoisonError::into_inner)
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
    pub fn load(state: &Path) -> PageRecords {
        let read = |shard| sealed::read(&file(state, shard), 0).unwrap_or_default();
        PageRecords((0..SHARDS).into_par_iter().map(read).collect())
    }

    /// A page's record.
    pub fn get(&self, key: PageKey) -> Option<&PageRecord> {
        let shard = self.0.get(shard_of(key))?;
        let at = shard.binary_search_by_key(&key, |(other, _)| *other).ok()?;
        shard.get(at).map(|(_, record)| record)
    }

    /// Writes the shards that differ from what was loaded.
    pub fn save(mut self, state: &Path, new: NewRecords) -> io::Result<()> {
        self.0.resize_with(SHARDS, Shard::default);
        let new = new
            .0
            .into_iter()
            .map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        // What could not be read, or was not, must not outlive its pages.
        let may_differ = |(_, (old, new)): &(usize, (Shard, NewShard))| {
            !new.fresh.is_empty() || new.kept.is_empty() || new.kept.len() != old.len()
        };
        let differing: Vec<(usize, (Shard, NewShard))> =
            self.0.into_iter().zip(new).enumerate().filter(may_differ).collect();
        if !differing.is_empty() {
            fs::create_dir_all(state.join("pages"))?;
        }
        let save = |(at, (old, new))| match merged(&old, new) {
            shard if shard.is_empty() => sealed::remove(&file(state, at)),
            shard if shard == old => Ok(()),
            shard => sealed::replace(&file(state, at), &sealed::seal(&shard, 0)?),
        };
        // A shard that can't be written keeps no other from being.
        let saved: Vec<io::Result<()>> = differing.into_par_iter().map(save).collect();
        saved.into_iter().collect()
    }
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
