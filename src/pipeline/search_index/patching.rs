//! Patches a segment in which few reports changed: only changed files are made, the others are
//! kept.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::base::file_kind::FileKind;
use crate::output::{Sha256, SiteFile, Tag};
use crate::search::cards::{card_files, card_path};
use crate::search::index::IndexFile;
use crate::search::layout::{Layout, Size};
use crate::search::patch::{Patch, Patched, size_after};
use crate::search::record::Record;
use crate::search::segment::Segment;
use crate::view::fingerprint::Fingerprint;

use super::super::memory::search_records::{
    self, IndexedReport, KnownRecord, SegmentState, ShardPlace,
};
use super::{Failure, SearchIndex, id_of, index_path, shows_of, tag_at, together};

/// The maximum number of changed reports; with more, making the segment anew is faster.
const MOST_CHANGES: usize = 200;
/// At most one in this many reports of the segment may have changed.
const MOST_SHARE: usize = 8;

/// An id with the fingerprint of its report before and now; `None` if the index shows nothing.
#[derive(Clone, Copy, Debug)]
struct Change {
    id: u32,
    before: Option<Fingerprint>,
    after: Option<Fingerprint>,
}

/// The parts of a patched segment.
struct Parts {
    files: Vec<IndexFile>,
    gone: Vec<String>,
    segment: SegmentState,
    shards: Vec<(ShardPlace, Vec<KnownRecord>)>,
}

impl SearchIndex<'_> {
    /// Patches a segment; `None` if it must be made anew. `known` is the published one.
    pub(super) fn patched(
        &self,
        segment: &Segment,
        reports: &[IndexedReport],
        known: &SegmentState,
    ) -> Result<Option<SegmentState>, Failure> {
        if known.layout.slot_bits != segment.slot_bits {
            return Ok(None);
        }
        let changes = changes(&known.reports, reports);
        let few = MOST_CHANGES.min(reports.len() / MOST_SHARE + 1);
        if changes.len() > few {
            return Ok(None);
        }
        let Some(parts) = self.parts(segment, reports, known, &changes) else { return Ok(None) };
        let Parts { files, gone, segment, shards } = parts;
        let others: FxHashSet<&str> =
            files.iter().map(|(path, _)| path).chain(&gone).map(String::as_str).collect();
        let Some(kept) = self.kept(segment.layout.tier, &others)? else { return Ok(None) };
        let mut tag = kept;
        for file in files {
            tag = together(tag, self.write_file(file)?);
        }
        for (place, records) in &shards {
            search_records::save_shard(self.store.state(), *place, records, self.lexicon());
        }
        Ok(Some(SegmentState { files: tag, ..segment }))
    }

    /// The changed parts; `None` if a record or file is missing, or the layout changes.
    fn parts(
        &self,
        segment: &Segment,
        reports: &[IndexedReport],
        known: &SegmentState,
        changes: &[Change],
    ) -> Option<Parts> {
        let layout = known.layout;
        let mut places: BTreeMap<ShardPlace, Vec<Change>> = BTreeMap::new();
        for change in changes {
            places.entry(ShardPlace::of(&layout, change.id)).or_default().push(*change);
        }
        let mut patch = Patch::new(layout, self.lexicon());
        let mut parts = Parts {
            files: Vec::new(),
            gone: Vec::new(),
            segment: SegmentState { reports: reports.to_vec(), ..known.clone() },
            shards: Vec::new(),
        };
        for (place, changes) in places {
            let old = search_records::shard(self.store.state(), place, self.lexicon());
            let new = self.shard(segment, reports, place, &old);
            for Change { id, before, after } in changes {
                if let Some(shows) = before {
                    patch.remove(id, record(&old, shows)?);
                }
                if let Some(shows) = after {
                    patch.add(id, record(&new, shows)?);
                }
            }
            parts.shards.push((place, new));
        }
        let places = changes.iter().map(|change| change.id.checked_shr(layout.card_bits));
        for place in places.flatten().collect::<BTreeSet<u32>>() {
            let cards = self.cards(members(segment, layout.card_bits, place), reports);
            let file_path = card_path(layout.tier, place);
            match card_files(layout, &cards).pop() {
                Some((_, bytes)) if self.is_same(&file_path, &bytes) => {}
                Some(file) => parts.files.push(file),
                None => parts.gone.push(file_path),
            }
        }
        let patched = patch.finish(&known.counts, &|path| self.published(path))?;
        let size = Size {
            reports: segment.ids.len() as u64,
            first: id_of(segment.ids.first()),
            last: id_of(segment.ids.last()),
            ..size_after(&known.size, &patched)?
        };
        if Layout::of(layout.tier, layout.slot_bits, &size, self.most) != layout {
            return None;
        }
        let Patched { files, gone, counts, .. } = patched;
        parts.files.extend(files);
        parts.gone.extend(gone);
        parts.segment.size = size;
        for (leaf, counts) in counts {
            *parts.segment.counts.get_mut(leaf)? = counts;
        }
        Some(parts)
    }

    /// The current records of a shard.
    fn shard(
        &self,
        segment: &Segment,
        reports: &[IndexedReport],
        place: ShardPlace,
        old: &[KnownRecord],
    ) -> Vec<KnownRecord> {
        let members = members(segment, place.bits, place.place).par_iter();
        let records = members.filter_map(|&(id, at)| {
            let shows = shows_of(reports, id)?;
            let known = old.iter().find(|known| known.shows == shows).cloned();
            Some(known.unwrap_or_else(|| {
                KnownRecord::new(self.reports.permalink(at), shows, self.record(at))
            }))
        });
        records.collect()
    }

    /// A published file of the index.
    fn published(&self, path: &str) -> Option<Vec<u8>> {
        let full = index_path(path);
        let entry = self.store.before()?.files.get(&full)?;
        let bytes = std::fs::read(self.store.published(&full)).ok()?;
        (Sha256::of(&bytes).tag() == entry.sha256.tag()).then_some(bytes)
    }

    fn is_same(&self, path: &str, bytes: &[u8]) -> bool {
        self.store
            .before()
            .and_then(|before| before.files.get(&index_path(path)))
            .is_some_and(|entry| entry.sha256.tag() == Sha256::of(bytes).tag())
    }

    /// Keeps all files of a segment except some; returns their combined hash. `None`, with no file
    /// kept, if one of them has changed.
    fn kept(&self, tier: u8, others: &FxHashSet<&str>) -> Result<Option<Tag>, Failure> {
        let mut all = Tag::default();
        let mut kept: Vec<String> = Vec::new();
        for (path, tag) in self.files(tier).into_iter().filter(|(path, _)| !others.contains(path)) {
            let full = index_path(path);
            if !self.store.keep(SiteFile::new(&full, FileKind::Index), tag)? {
                for path in kept {
                    self.store.let_go(&path);
                }
                return Ok(None);
            }
            all = together(all, tag_at(path, tag));
            kept.push(full);
        }
        Ok(Some(all))
    }
}

fn record(shard: &[KnownRecord], shows: Fingerprint) -> Option<&Record> {
    shard.iter().find(|known| known.shows == shows).map(|known| &known.record)
}

/// The reports whose ids differ only in some low bits.
fn members(segment: &Segment, bits: u32, place: u32) -> &[(u32, usize)] {
    let of = |&(id, _): &(u32, usize)| id.checked_shr(bits).unwrap_or(0);
    let start = segment.ids.partition_point(|report| of(report) < place);
    let end = segment.ids.partition_point(|report| of(report) <= place);
    &segment.ids[start..end]
}

/// The differences between two lists of reports.
fn changes(before: &[IndexedReport], after: &[IndexedReport]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut before = before.iter().peekable();
    for &IndexedReport { id, shows } in after {
        while let Some(gone) = before.next_if(|report| report.id < id) {
            changes.push(Change { id: gone.id, before: gone.shows, after: None });
        }
        let old = before.next_if(|report| report.id == id).and_then(|report| report.shows);
        if old != shows {
            changes.push(Change { id, before: old, after: shows });
        }
    }
    changes.extend(before.map(|gone| Change { id: gone.id, before: gone.shows, after: None }));
    changes
}
