//! Writes the search index into the stage. A segment is kept if its reports are unchanged, patched
//! if few of them changed, and otherwise made anew.
//!
//! Takes the archive and the state of the previous build; makes the files below `search/i/` and the
//! state for the next build.

mod patching;
mod reports;

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

use crate::archive::ArticleId;
use crate::base::diagnostic::Diagnostic;
use crate::base::file_kind::FileKind;
use crate::content::cache::Memory;
use crate::markdown::MarkdownOptions;
use crate::output::{OutputError, SiteFile, Tag};
use crate::plan::SEARCH_INDEX;
use crate::search::cards::{Card, card_files};
use crate::search::gathered::Gathered;
use crate::search::index::{Collector, IndexFile, Made, SpillError};
use crate::search::layout::{self, MostFiles};
use crate::search::lexicon::Lexicon;
use crate::search::reader::{Head, SegmentHead, weights};
use crate::search::record::Record;
use crate::search::segment::{Segment, segments};
use crate::settings::searching::SearchWeights;
use crate::view::fingerprint::Fingerprint;

use super::Site;
use super::memory::search_records::{self, IndexedReport, KnownRecord, SegmentState, ShardPlace};
use super::storing::Store;
use reports::Reports;

/// The maximum number of segments.
const TIERS: u8 = 5;

/// Why the index could not be written.
enum Failure {
    Output(OutputError),
    Spill(SpillError),
}

impl From<SpillError> for Failure {
    fn from(error: SpillError) -> Failure {
        Failure::Spill(error)
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Failure {
        Failure::Output(error)
    }
}

impl From<Failure> for OutputError {
    fn from(failure: Failure) -> OutputError {
        match failure {
            Failure::Output(error) => error,
            Failure::Spill(error) => {
                let (folder, source): (_, io::Error) = error.into_parts();
                OutputError::io("write", &folder)(source)
            }
        }
    }
}

/// The input of the index.
#[derive(Clone, Copy)]
pub(super) struct Workshop<'a> {
    pub(super) site: &'a Site,
    pub(super) store: &'a Store<'a>,
    pub(super) options: &'a MarkdownOptions,
    pub(super) memory: Memory,
}

/// The result of making the index.
#[derive(Default)]
pub(super) struct Indexed {
    pub(super) diagnostics: Vec<Diagnostic>,
    /// For the next build.
    pub(super) segments: Vec<SegmentState>,
}

fn segment_head(segment: &SegmentState) -> SegmentHead {
    let layout = segment.layout;
    let reports = segment.reports.iter().filter(|report| report.shows.is_some()).count() as u64;
    SegmentHead { layout, digest: layout.digest(), reports }
}

/// The folder for temporary data that exceeds memory.
fn spill_folder(store: &Store<'_>) -> PathBuf {
    store.state().join("search")
}

fn index_path(path: &str) -> String {
    format!("{}{path}", SEARCH_INDEX.trim_start_matches('/'))
}

/// The index of a build: collects words of reports while pages are rendered, then writes the files.
pub(super) struct SearchIndex<'a> {
    store: &'a Store<'a>,
    reports: Reports<'a>,
    most: MostFiles,
    weights: SearchWeights,
    /// The segments of the previous build, by tier.
    known: Vec<Option<SegmentState>>,
    /// The shards with records of the previous build, by fingerprint.
    places: OnceLock<FxHashMap<Fingerprint, ShardPlace>>,
    /// Records of reports whose pages were rendered.
    gathered: Gathered,
}

impl<'a> SearchIndex<'a> {
    /// Reads the state of the previous build.
    pub(super) fn new(workshop: Workshop<'a>) -> SearchIndex<'a> {
        let Workshop { site, store, options, memory } = workshop;
        let known = (0..TIERS).map(|tier| match memory {
            Memory::Use => search_records::segment(store.state(), tier),
            Memory::Ignore => None,
        });
        SearchIndex {
            store,
            reports: Reports::new(site, options),
            most: MostFiles(site.config.search.max_files),
            weights: site.config.search.weights,
            known: known.collect(),
            places: OnceLock::new(),
            gathered: Gathered::new(spill_folder(store)),
        }
    }

    /// Collects a report's words from its rendered body without shortcodes, unless its record is
    /// known. Other reports are read when the index is made.
    pub(super) fn gather(&self, id: ArticleId, body: &str) {
        let at = id as usize;
        let Some(shows) = self.reports.shows(at) else { return };
        if !self.places().contains_key(&shows) {
            self.gathered.put(id, self.reports.record_of(at, body));
        }
    }

    /// Writes the index; unchanged segments are kept.
    pub(super) fn write(self) -> Result<Indexed, OutputError> {
        let SearchWeights { title, text } = self.weights;
        let mut head = Head {
            weights: weights(title.into(), text.into()),
            facets: self.reports.facets(),
            languages: self.reports.languages(),
            ..Head::default()
        };
        // Oldest first: reports and their records move from young segments to older ones.
        let mut all = Vec::new();
        for segment in segments(&self.reports.members()).iter().rev() {
            all.push(self.segment(segment)?);
        }
        for segment in all.iter().rev() {
            let segment = segment_head(segment);
            head.reports += segment.reports;
            head.segments.push(segment);
        }
        let bytes = serde_json::to_vec(&head).unwrap_or_default();
        self.store.write(SiteFile::new(&index_path("index.json"), FileKind::Index), &bytes)?;
        Ok(Indexed { diagnostics: self.reports.problems(), segments: all })
    }

    fn lexicon(&self) -> &Lexicon {
        self.reports.lexicon()
    }

    /// A report's record from the cheapest source: rendered pages, the state, its file.
    fn record(&self, at: usize) -> Record {
        let gathered = u32::try_from(at).ok().and_then(|report| self.gathered.take(report));
        gathered.unwrap_or_else(|| self.reports.record(at))
    }

    fn segment(&self, segment: &Segment) -> Result<SegmentState, Failure> {
        let reports: Vec<IndexedReport> = segment
            .ids
            .par_iter()
            .map(|&(id, at)| IndexedReport { id, shows: self.reports.shows(at) })
            .collect();
        let known = self.known.get(usize::from(segment.tier)).and_then(Option::as_ref);
        if let Some(known) = known.filter(|known| self.is_published(known))
            && let Some(patched) = self.patched(segment, &reports, known)?
        {
            return Ok(patched);
        }
        self.made(segment, reports)
    }

    /// Whether the site has all files of a segment unchanged.
    fn is_published(&self, segment: &SegmentState) -> bool {
        let files = self.files(segment.layout.tier).into_iter();
        let tags = files.map(|(path, tag)| tag_at(path, tag));
        tags.fold(Tag::default(), together) == segment.files
    }

    /// The published files of a segment, by path below the index's folder.
    fn files(&self, tier: u8) -> Vec<(&str, Tag)> {
        let Some(before) = self.store.before() else { return Vec::new() };
        let folder = index_path(&format!("s{tier}/"));
        let index = SEARCH_INDEX.len() - 1;
        let files = before.files.under(&folder).filter(|(_, entry)| !entry.is_copy);
        files.map(|(path, entry)| (&path[index..], entry.sha256.tag())).collect()
    }

    /// Makes a segment from records; reads reports without a record.
    fn made(
        &self,
        segment: &Segment,
        reports: Vec<IndexedReport>,
    ) -> Result<SegmentState, Failure> {
        let Segment { tier, slot_bits, ids } = segment;
        let (first, last) = (id_of(ids.first()), id_of(ids.last()));
        let bits = layout::shard_bits(ids.len() as u64, first, last);
        let state = self.store.state();
        let collector =
            Collector::new(self.lexicon(), segment, spill_folder(self.store), self.most);
        let groups: Vec<&[(u32, usize)]> =
            ids.chunk_by(|one, other| one.0 >> bits == other.0 >> bits).collect();
        groups.par_iter().try_for_each(|group| -> Result<(), Failure> {
            let place = id_of(group.first()) >> bits;
            let place = ShardPlace { tier: *tier, slot_bits: *slot_bits, bits, place };
            let (mut members, mut records) = (Vec::new(), Vec::new());
            let mut known = KnownShards::default();
            for &(id, at) in *group {
                let Some(shows) = shows_of(&reports, id) else { continue };
                let record = self.known_record(shows, &mut known);
                let record = record.unwrap_or_else(|| self.record(at));
                members.push(id);
                records.push(KnownRecord::new(self.reports.permalink(at), shows, record));
            }
            collector.add(members.into_iter().zip(records.iter().map(|known| &known.record)))?;
            search_records::save_shard(state, place, &records, self.lexicon());
            Ok(())
        })?;
        let written = Mutex::new(Tag::default());
        let write = |file| {
            let tag = self.write_file(file)?;
            let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
            *written = together(*written, tag);
            Ok::<(), Failure>(())
        };
        let Made { layout, size, counts } = collector.finish(&write)?;
        let bits = layout.card_bits;
        let groups: Vec<&[(u32, usize)]> =
            ids.chunk_by(|one, other| one.0 >> bits == other.0 >> bits).collect();
        groups.par_iter().try_for_each(|group| {
            card_files(layout, &self.cards(group, &reports)).into_iter().try_for_each(write)
        })?;
        let files = written.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(SegmentState { files, layout, size, counts, reports })
    }

    /// The cards of reports that the index shows.
    fn cards(&self, group: &[(u32, usize)], reports: &[IndexedReport]) -> Vec<Card> {
        let shown = group.iter().filter(|(id, _)| shows_of(reports, *id).is_some());
        shown.map(|&(id, at)| self.reports.card(id, at)).collect()
    }

    /// The record of an unchanged report, from any segment of the state.
    fn known_record(&self, shows: Fingerprint, shards: &mut KnownShards) -> Option<Record> {
        let place = self.places().get(&shows)?;
        let state = self.store.state();
        let shard = || search_records::shard(state, *place, self.lexicon());
        let shard = shards.0.entry(*place).or_insert_with(shard);
        shard.iter().find(|known| known.shows == shows).map(|known| known.record.clone())
    }

    /// The shards with records of the previous build, by fingerprint.
    fn places(&self) -> &FxHashMap<Fingerprint, ShardPlace> {
        self.places.get_or_init(|| {
            let segments = self.known.iter().flatten();
            let reports = segments
                .flat_map(|segment| segment.reports.iter().map(|report| (&segment.layout, report)));
            reports
                .filter_map(|(layout, report)| {
                    Some((report.shows?, ShardPlace::of(layout, report.id)))
                })
                .collect()
        })
    }

    /// Writes a file of the index; returns its hash for the hash of the segment.
    fn write_file(&self, (path, bytes): IndexFile) -> Result<Tag, Failure> {
        let full = index_path(&path);
        let tag = self.store.write(SiteFile::new(&full, FileKind::Index), &bytes)?;
        Ok(tag_at(&path, tag))
    }
}

/// A cache of shards, for neighbouring reports.
#[derive(Default)]
struct KnownShards(FxHashMap<ShardPlace, Vec<KnownRecord>>);

fn id_of(at: Option<&(u32, usize)>) -> u32 {
    at.map_or(0, |&(id, _)| id)
}

/// The fingerprint of the report with this id.
fn shows_of(reports: &[IndexedReport], id: u32) -> Option<Fingerprint> {
    let at = reports.binary_search_by_key(&id, |report| report.id).ok()?;
    reports.get(at)?.shows
}

/// A hash of a file's path and bytes.
fn tag_at(path: &str, tag: Tag) -> Tag {
    let mut bytes = Vec::with_capacity(path.len() + 16);
    bytes.extend(path.as_bytes());
    bytes.extend(tag.to_le_bytes());
    xxh3_128(&bytes)
}

/// Combines hashes independently of their order.
fn together(one: Tag, other: Tag) -> Tag {
    one.wrapping_add(other)
}
