//! What the build before this one made of each page: its fingerprint, and what was said about it.
//!
//! Lies in the state folder of an output as shards, cut by a hash of the page's path. It may be lost at
//! any time: then pages are rendered again and found to be the same. Like [`super::Manifest`] it is
//! read before the build and written after the commit.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::diagnostic::Diagnostic;
use crate::plan::fingerprint::Fingerprint;
use crate::render::references::Question;
use crate::sealed;

/// How many shards there are.
const SHARDS: usize = 64;

/// What is remembered of a page, or of a file that was copied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    /// Everything it shows.
    pub fingerprint: Fingerprint,
    /// Which bytes it came to: the record stands for a published file of these bytes only, for it may
    /// be older than that file, where a build was cut short before it saved its records.
    pub content: u128,
    /// What its body asked of the archive.
    pub questions: Vec<Question>,
    /// A hash of the answers.
    pub answers: u128,
    /// What was found while it was rendered.
    pub diagnostics: Vec<Diagnostic>,
    /// Tags of other generators in its body.
    pub foreign_tags: usize,
}

/// Records by a hash of the page's path.
#[derive(Debug, Default)]
pub struct PageRecords(FxHashMap<u128, PageRecord>);

/// A page's key.
fn key(path: &str) -> u128 {
    xxh3_128(path.as_bytes())
}

fn shard_of(key: u128) -> usize {
    usize::try_from(key % SHARDS as u128).unwrap_or_default()
}

fn file(state: &Path, shard: usize) -> PathBuf {
    state.join("pages").join(format!("{shard:02}"))
}

impl PageRecords {
    /// All sound records of a state folder.
    pub fn load(state: &Path) -> PageRecords {
        let shards: Vec<Vec<(u128, PageRecord)>> = (0..SHARDS)
            .into_par_iter()
            .map(|shard| sealed::read(&file(state, shard), 0).unwrap_or_default())
            .collect();
        PageRecords(shards.into_iter().flatten().collect())
    }

    /// A page's record.
    pub fn get(&self, path: &str) -> Option<&PageRecord> {
        self.0.get(&key(path))
    }

    /// Writes the shards that differ from what was loaded. The records of a build, by path; `None`
    /// for a page whose record is as it was.
    pub fn save(self, state: &Path, new: Vec<(String, Option<PageRecord>)>) -> io::Result<()> {
        let mut before = self.0;
        let mut shards: Vec<Records> = Vec::new();
        shards.resize_with(SHARDS, Records::default);
        for (path, record) in new {
            let key = key(&path);
            let known = before.remove(&key);
            let shard = &mut shards[shard_of(key)];
            shard.is_stale |= record.is_some() && record != known;
            shard.records.extend(record.or(known).map(|record| (key, record)));
        }
        for key in before.keys() {
            shards[shard_of(*key)].is_stale = true;
        }
        if shards.iter().any(|shard| shard.is_stale) {
            fs::create_dir_all(state.join("pages"))?;
        }
        let differing = shards.par_iter_mut().enumerate().filter(|(_, shard)| shard.is_stale);
        differing.try_for_each(|(at, shard)| {
            shard.records.sort_unstable_by_key(|(key, _)| *key);
            sealed::replace(&file(state, at), &sealed::seal(&shard.records, 0)?)
        })
    }
}

/// The records of one shard.
#[derive(Default)]
struct Records {
    records: Vec<(u128, PageRecord)>,
    /// Whether its file holds something else.
    is_stale: bool,
}
