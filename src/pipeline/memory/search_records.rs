//! The state of the search index for each report, so that the next build indexes only changes.
//!
//! Stored in the state folder of an output: for each segment `search/s<tier>/segment`, written
//! after the commit, and shards with the records of neighbouring reports. A shard may be newer than
//! the site, so records are found by fingerprint. If any of it is lost, reports are read again.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;
use xxhash_rust::xxh3::xxh3_64;

use crate::base::state_file;
use crate::output::Tag;
use crate::search::index::Counts;
use crate::search::layout::{Layout, Size};
use crate::search::lexicon::Lexicon;
use crate::search::record::Record;
use crate::search::shard::Shard;
use crate::view::fingerprint::Fingerprint;

/// The state of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentState {
    /// Of all its files together.
    pub(crate) files: Tag,
    pub(crate) layout: Layout,
    pub(crate) size: Size,
    pub(crate) counts: Counts,
    /// Its reports in order of their ids.
    pub(crate) reports: Vec<IndexedReport>,
}

/// A report in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexedReport {
    pub(crate) id: u32,
    /// A hash of the report's index data; `None` if it is not in the index.
    pub(crate) shows: Option<Fingerprint>,
}

/// A report's record in a shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownRecord {
    /// A hash of the report's address.
    permalink: u64,
    pub(crate) shows: Fingerprint,
    pub(crate) record: Record,
}

impl KnownRecord {
    pub(crate) fn new(permalink: &str, shows: Fingerprint, record: Record) -> KnownRecord {
        KnownRecord { permalink: xxh3_64(permalink.as_bytes()), shows, record }
    }
}

/// A shard as it is stored.
#[derive(Debug, Serialize, Deserialize)]
struct StoredShard {
    /// Of each report, the hash of its address and what its record was made of.
    reports: Vec<(u64, Fingerprint)>,
    records: Shard,
}

/// Where a shard lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ShardPlace {
    pub(crate) tier: u8,
    pub(crate) slot_bits: u32,
    pub(crate) bits: u32,
    pub(crate) place: u32,
}

impl ShardPlace {
    /// Of the shard that holds an id.
    pub(crate) fn of(layout: &Layout, id: u32) -> ShardPlace {
        let Layout { tier, slot_bits, .. } = *layout;
        let bits = layout.shard_bits();
        ShardPlace { tier, slot_bits, bits, place: id.checked_shr(bits).unwrap_or(0) }
    }

    fn file(self, state: &Path) -> PathBuf {
        let ShardPlace { slot_bits, bits, place, .. } = self;
        segment_folder(state, self.tier).join(format!("{slot_bits}-{bits}/{place:x}"))
    }
}

fn folder(state: &Path) -> PathBuf {
    state.join("search")
}

fn segment_folder(state: &Path, tier: u8) -> PathBuf {
    folder(state).join(format!("s{tier}"))
}

fn segment_file(state: &Path, tier: u8) -> PathBuf {
    segment_folder(state, tier).join("segment")
}

/// The state of a segment; `None` if it is missing or damaged.
pub(crate) fn segment(state: &Path, tier: u8) -> Option<SegmentState> {
    state_file::read(&segment_file(state, tier), 0)
}

/// The records of a shard; empty if it is missing or damaged.
pub(crate) fn shard(state: &Path, place: ShardPlace, lexicon: &Lexicon) -> Vec<KnownRecord> {
    let stored = state_file::read(&place.file(state), 0);
    let records = |StoredShard { reports, records }: StoredShard| {
        let records = reports.into_iter().zip(records.records(lexicon)?);
        let known = |((permalink, shows), record)| KnownRecord { permalink, shows, record };
        Some(records.map(known).collect())
    };
    stored.and_then(records).unwrap_or_default()
}

/// Writes a shard. A failure is ignored: the next build reads the reports again.
pub(crate) fn save_shard(
    state: &Path,
    place: ShardPlace,
    records: &[KnownRecord],
    lexicon: &Lexicon,
) {
    let file = place.file(state);
    let stored = || StoredShard {
        reports: records.iter().map(|known| (known.permalink, known.shows)).collect(),
        records: Shard::of(records.iter().map(|known| &known.record), lexicon),
    };
    let done = match records {
        [] => Ok(()),
        _ => file
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| state_file::seal(&stored(), 0))
            .and_then(|bytes| state_file::replace(&file, &bytes)),
    };
    if records.is_empty() || done.is_err() {
        let _ = state_file::remove(&file);
    }
}

/// Stores the segments after a commit, and removes files of other segments.
pub(crate) fn save(state: &Path, segments: &[SegmentState]) {
    let mut stay = BTreeSet::new();
    for segment in segments {
        let tier = segment.layout.tier;
        let file = segment_file(state, tier);
        if self::segment(state, tier).as_ref() != Some(segment) {
            let done = fs::create_dir_all(segment_folder(state, tier))
                .and_then(|()| state_file::seal(segment, 0))
                .and_then(|bytes| state_file::replace(&file, &bytes));
            if done.is_err() {
                let _ = state_file::remove(&file);
            }
        }
        stay.insert(file);
        let shown = segment.reports.iter().filter(|report| report.shows.is_some());
        let places = shown.map(|report| ShardPlace::of(&segment.layout, report.id));
        stay.extend(places.collect::<BTreeSet<_>>().into_iter().map(|place| place.file(state)));
    }
    for file in files(state).into_iter().filter(|file| !stay.contains(file)) {
        let _ = fs::remove_file(&file);
    }
    // Folders that are empty now.
    let folders = WalkDir::new(folder(state)).contents_first(true).into_iter().flatten();
    for entry in folders.filter(|entry| entry.file_type().is_dir()) {
        let _ = fs::remove_dir(entry.path());
    }
}

fn files(state: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder(state)).into_iter().flatten();
    let files = entries.filter(|entry| !entry.file_type().is_dir());
    files.map(walkdir::DirEntry::into_path).collect()
}

/// Removes every shard with a record of a report, and those that can't be read.
pub(crate) fn forget(state: &Path, permalink: &str) -> io::Result<()> {
    let permalink = xxh3_64(permalink.as_bytes());
    files(state).par_iter().try_for_each(|file| {
        if file.file_name().is_some_and(|name| name == "segment") {
            return Ok(());
        }
        let stored: Option<StoredShard> = state_file::read(file, 0);
        let may_stay =
            stored.is_some_and(|shard| shard.reports.iter().all(|(known, _)| *known != permalink));
        if may_stay { Ok(()) } else { state_file::remove(file) }
    })
}
