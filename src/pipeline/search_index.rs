//! Stages the search index: a segment with unchanged reports is kept; otherwise its reports are
//! read and it is rebuilt.
//!
//! Takes the archive; writes files below `search/i/`. The inputs of a segment are stored like a
//! page's fingerprint.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use crate::archive::ArticleId;
use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::file_kind::FileKind;
use crate::base::permalink::encode_path;
use crate::content::article::Article;
use crate::markdown::{self, LinkListener, MarkdownOptions, page_text};
use crate::output::{OutputError, SiteFile, Tag};
use crate::plan::SEARCH_INDEX;
use crate::search::index::{Card, Collector, IndexFile, SpillError, card_files};
use crate::search::layout::Layout;
use crate::search::reader::{Head, SegmentHead};
use crate::search::record::{Facet, Record, Text, facet_word};
use crate::search::segment::{Member, Segment, segments};
use crate::view::fingerprint::Fingerprint;

use super::Site;
use super::bodies::BodyTexts;
use super::memory::page_records::{PageKey, page_key};
use super::storing::Store;

/// How many values of a facet the index's head lists.
const COMMONEST: usize = 12;

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

/// Records of segments, of the last build and for the next.
pub(super) trait SegmentMemory: Sync {
    /// The tag of the same segment in the last build.
    fn remembered(&self, key: PageKey, shows: Fingerprint) -> Option<Tag>;
    /// Keeps a record for the next build.
    fn keep_record(&self, key: PageKey);
    /// Stores a record for the next build.
    fn remember(&self, key: PageKey, shows: Fingerprint, tag: Tag);
}

/// The input of the index.
#[derive(Clone, Copy)]
pub(super) struct Workshop<'a> {
    pub(super) site: &'a Site,
    pub(super) store: &'a Store<'a>,
    pub(super) options: &'a MarkdownOptions,
    pub(super) memory: &'a dyn SegmentMemory,
}

/// Writes the index or keeps it; returns diagnostics.
pub(super) fn write(workshop: Workshop<'_>) -> Result<Vec<Diagnostic>, OutputError> {
    let Workshop { site, store, .. } = workshop;
    let texts = BodyTexts::of(site);
    let indexing = Indexing { workshop, texts: &texts, written: Mutex::default() };
    let members: Vec<Member<'_>> =
        site.archive.all.iter().map(|&id| member(site.archive.article(id))).collect();
    let mut head = Head { facets: facets(site), languages: languages(site), ..Head::default() };
    for segment in segments(&members) {
        let written = indexing.segment(&segment).map_err(|failure| match failure {
            Failure::Output(error) => error,
            Failure::Spill(error) => {
                let (folder, source) = error.into_parts();
                OutputError::io("write", &folder)(source)
            }
        })?;
        head.reports += written.reports;
        head.segments.push(written);
    }
    let bytes = serde_json::to_vec(&head).unwrap_or_default();
    store.write(SiteFile::new(&index_path("index.json"), FileKind::Feed), &bytes)?;
    Ok(texts.problems())
}

fn index_path(path: &str) -> String {
    format!("{}{path}", SEARCH_INDEX.trim_start_matches('/'))
}

fn member(article: &Article) -> Member<'_> {
    let day = article.date.first_day();
    let added = article.added.map_or(day, Date::first_day);
    Member { permalink: article.permalink.as_str(), day, added }
}

struct Indexing<'a> {
    workshop: Workshop<'a>,
    texts: &'a BodyTexts<'a>,
    /// The combined tags of the files written so far: see [`together`].
    written: Mutex<Tag>,
}

impl Indexing<'_> {
    fn segment(&self, segment: &Segment) -> Result<SegmentHead, Failure> {
        let fingerprint = self.fingerprint(segment);
        let folder = index_path(&format!("s{}/", segment.tier));
        let key = page_key(&format!("search {folder}"));
        if let Some(head) = self.kept(key, fingerprint, &folder)? {
            return Ok(head);
        }
        *self.written() = Tag::default();
        let head = self.made(segment)?;
        let bytes = serde_json::to_vec(&head).unwrap_or_default();
        // The head stores the segment's layout for the next build.
        self.write((format!("s{}/head.json", segment.tier), bytes))?;
        self.workshop.memory.remember(key, fingerprint, *self.written());
        Ok(head)
    }

    /// The head of an unchanged segment whose files are intact.
    fn kept(
        &self,
        key: PageKey,
        fingerprint: Fingerprint,
        folder: &str,
    ) -> Result<Option<SegmentHead>, Failure> {
        let known = self.workshop.memory.remembered(key, fingerprint);
        let (Some(known), Some(before)) = (known, self.workshop.store.before()) else {
            return Ok(None);
        };
        let files = || before.files.under(folder).filter(|(_, entry)| !entry.is_copy);
        let tags = files().map(|(path, entry)| tag_at(path, entry.sha256.tag()));
        // The record may be older than the site, after an interrupted build.
        if tags.fold(Tag::default(), together) != known {
            return Ok(None);
        }
        let path = format!("{folder}head.json");
        let head = std::fs::read(self.workshop.store.published(&path)).ok();
        let Some(head) = head.and_then(|bytes| serde_json::from_slice(&bytes).ok()) else {
            return Ok(None);
        };
        for (path, entry) in files() {
            let file = SiteFile::new(path, FileKind::Feed);
            if !self.workshop.store.keep(file, entry.sha256.tag()).map_err(Failure::Output)? {
                return Ok(None);
            }
        }
        self.workshop.memory.keep_record(key);
        Ok(Some(head))
    }

    /// A hash of a segment's inputs.
    fn fingerprint(&self, segment: &Segment) -> Fingerprint {
        let mut row = format!("{} {:?}", segment.slot_bits, segment.tier).into_bytes();
        for &(id, at) in &segment.ids {
            row.extend(id.to_le_bytes());
            let article = self.article(at);
            if is_searched(article) {
                let card = self.card(id, at);
                let shown = format!("{card:?} {:?} {:?}", self.facets_of(at), article.body_digest);
                row.extend(xxh3_128(shown.as_bytes()).to_le_bytes());
            }
        }
        xxh3_128(&row)
    }

    fn made(&self, segment: &Segment) -> Result<SegmentHead, Failure> {
        let collector = Collector::new(segment, self.workshop.store.state().join("search"));
        segment.ids.par_iter().filter(|(_, at)| is_searched(self.article(*at))).try_for_each(
            |&(id, at)| {
                let record = self.record(at);
                collector.add(id, &record)
            },
        )?;
        let (layout, _) = collector.finish(&|file| self.write(file).map(drop))?;
        let searched = segment.ids.iter().filter(|(_, at)| is_searched(self.article(*at)));
        let cards: Vec<Card> = searched.map(|&(id, at)| self.card(id, at)).collect();
        for file in card_files(layout, &cards) {
            self.write(file)?;
        }
        Ok(segment_head(layout, cards.len()))
    }

    fn write(&self, (path, bytes): IndexFile) -> Result<Tag, Failure> {
        let path = index_path(&path);
        let file = SiteFile::new(&path, FileKind::Feed);
        let tag = self.workshop.store.write(file, &bytes).map_err(Failure::Output)?;
        let mut written = self.written();
        *written = together(*written, tag_at(&path, tag));
        Ok(tag)
    }

    fn written(&self) -> MutexGuard<'_, Tag> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self, at: usize) -> ArticleId {
        self.workshop.site.archive.all[at]
    }

    fn article(&self, at: usize) -> &Article {
        self.workshop.site.archive.article(self.id(at))
    }

    fn language(&self, article: &Article) -> String {
        article.language.as_deref().unwrap_or(&self.workshop.site.config.language).to_owned()
    }

    fn card(&self, id: u32, at: usize) -> Card {
        let article = self.article(at);
        let path = encode_path(article.permalink.as_str()).trim_start_matches('/').to_owned();
        let precision = match (article.date.month(), article.date.day()) {
            (_, Some(_)) => 2,
            (Some(_), None) => 1,
            (None, None) => 0,
        };
        let names = self.names(at, Facet::Outlet);
        let outlet = names.into_iter().next().unwrap_or_default();
        let language = self.language(article);
        Card { id, path, title: article.title.clone(), outlet, language, precision }
    }

    fn record(&self, at: usize) -> Record {
        let article = self.article(at);
        let body = self.texts.get(self.id(at)).unwrap_or_default();
        let options = self.workshop.options.for_file(&article.source, article.language.as_deref());
        let html = markdown::render(&body, &options, &LinkListener(&|_| ())).html;
        let language = self.language(article);
        let text = Text { language: &language, title: &article.title, body: &page_text(&html) };
        Record::of(&text, &self.facets_of(at))
    }

    fn facets_of(&self, at: usize) -> Vec<(Facet, String)> {
        Facet::ALL
            .into_iter()
            .flat_map(|facet| self.names(at, facet).into_iter().map(move |name| (facet, name)))
            .collect()
    }

    fn names(&self, at: usize, facet: Facet) -> Vec<String> {
        names(self.workshop.site, self.id(at), facet)
    }
}

/// A hash of a file's path and bytes.
fn tag_at(path: &str, tag: Tag) -> Tag {
    xxh3_128(format!("{path} {tag:032x}").as_bytes())
}

/// Combines hashes independently of their order.
fn together(one: Tag, other: Tag) -> Tag {
    one.wrapping_add(other)
}

fn segment_head(layout: Layout, reports: usize) -> SegmentHead {
    SegmentHead { layout, digest: layout.digest(), reports: reports as u64 }
}

/// Whether a report's words are in the index.
fn is_searched(article: &Article) -> bool {
    !article.is_withdrawn() && !article.noindex
}

/// A report's display values of a facet.
fn names(site: &Site, id: ArticleId, facet: Facet) -> Vec<String> {
    let article = site.archive.article(id);
    let taxonomy = match facet {
        Facet::Language => {
            let tag = article.language.as_deref().unwrap_or(&site.config.language);
            return vec![tag.split('-').next().unwrap_or(tag).to_owned()];
        }
        Facet::Kind => return article.kind.iter().map(ToString::to_string).collect(),
        Facet::Outlet => BuiltIn::Outlets,
        Facet::Author => BuiltIn::Authors,
        Facet::Tag => BuiltIn::Tags,
        Facet::Story => BuiltIn::Stories,
    };
    let Some(place) = site.config.taxonomies.iter().position(|known| taxonomy.is(&known.name))
    else {
        return Vec::new();
    };
    let terms = site.archive.terms_of(id).filter(|(of, _)| *of == place);
    terms.map(|(_, term)| site.archive.taxonomies[place].terms[term].name.clone()).collect()
}

/// The most frequent values of each facet that has several.
fn facets(site: &Site) -> BTreeMap<String, Vec<(String, String, u64)>> {
    let mut all = BTreeMap::new();
    for facet in Facet::ALL {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for &id in &site.archive.all {
            if is_searched(site.archive.article(id)) {
                for name in names(site, id, facet) {
                    *counts.entry(name).or_default() += 1;
                }
            }
        }
        let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
        counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        counts.truncate(COMMONEST);
        let value = |name: &str| {
            let word = facet_word(facet, name);
            word.split_once(':').map_or(String::new(), |(_, value)| value.to_owned())
        };
        let counts: Vec<_> =
            counts.into_iter().map(|(name, count)| (name.clone(), value(&name), count)).collect();
        if counts.len() > 1 {
            all.insert(facet.prefix().to_owned(), counts);
        }
    }
    all
}

fn languages(site: &Site) -> Vec<String> {
    let searched = site.archive.all.iter().map(|&id| site.archive.article(id));
    let searched = searched.filter(|article| is_searched(article));
    let tags: BTreeSet<&str> = searched
        .map(|article| article.language.as_deref().unwrap_or(&site.config.language))
        .collect();
    tags.into_iter().map(str::to_owned).collect()
}
