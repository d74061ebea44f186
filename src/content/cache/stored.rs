//! The storage format of records: texts borrow from the file's bytes, and names that several
//! articles share are stored once.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::base::date::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::permalink::Permalink;

use crate::base::files::Stamp;
use crate::content::article::{Article, BodyDigest, Particulars, Placed, PlainPage, SummarySource};
use crate::content::cache::{Item, Record};
use crate::content::interner::{Name, Terms};
use crate::content::named_language::NamedLanguage;
use crate::content::sketch::Sketch;
use crate::content::text_hash::WordsHash;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredShard<'a> {
    /// When the scan looked at the files, in nanoseconds since 1970.
    pub(crate) looked_at: i64,
    /// The shared names.
    #[serde(borrow)]
    pub(crate) names: Vec<&'a str>,
    #[serde(borrow)]
    pub(crate) records: Vec<StoredRecord<'a>>,
}

/// A record of a source.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRecord<'a> {
    pub(crate) path: &'a str,
    pub(crate) stamp: Stamp,
    pub(crate) hash: u128,
    named: Cow<'a, NamedLanguage>,
    #[serde(borrow)]
    item: Option<StoredItem<'a>>,
    diagnostics: Cow<'a, [Diagnostic]>,
}

#[derive(Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "nearly all are articles, and live for a moment")]
enum StoredItem<'a> {
    #[serde(borrow)]
    Article(StoredArticle<'a>),
    Page(Cow<'a, PlainPage>),
}

/// The index of a name in its shard.
type At = u32;

#[derive(Serialize, Deserialize)]
struct StoredArticle<'a> {
    body_start: usize,
    body_digest: BodyDigest,
    words: WordsHash,
    permalink: Cow<'a, Permalink>,
    title: &'a str,
    date: Date,
    added: Option<Date>,
    outlet: Option<At>,
    terms: Vec<(At, Vec<At>)>,
    original_url: Option<&'a str>,
    kind: Option<At>,
    summary: &'a str,
    summary_source: SummarySource,
    language: Option<At>,
    sketch: Option<Cow<'a, Sketch>>,
    draft: bool,
    placed: Option<Cow<'a, Placed>>,
    particulars: Option<Cow<'a, Particulars>>,
}

/// Collects the names of a shard for writing.
#[derive(Default)]
struct Index<'a> {
    names: Vec<&'a str>,
    places: FxHashMap<&'a str, At>,
}

impl<'a> Index<'a> {
    fn place(&mut self, name: &'a Name) -> At {
        *self.places.entry(name).or_insert_with(|| {
            self.names.push(name);
            At::try_from(self.names.len() - 1).unwrap_or(At::MAX)
        })
    }
}

impl<'a> StoredShard<'a> {
    /// Makes a shard of records with their sources' paths.
    pub(crate) fn of(
        records: impl Iterator<Item = (&'a str, &'a Record)>,
        looked_at: i64,
    ) -> StoredShard<'a> {
        let mut index = Index::default();
        let records =
            records.map(|(path, record)| StoredRecord::of(path, record, &mut index)).collect();
        StoredShard { looked_at, names: index.names, records }
    }
}

impl<'a> StoredRecord<'a> {
    fn of(path: &'a str, record: &'a Record, index: &mut Index<'a>) -> StoredRecord<'a> {
        let item = record.item.as_ref().map(|item| match item {
            Item::Article(article) => StoredItem::Article(StoredArticle::of(article, index)),
            Item::Page(page) => StoredItem::Page(Cow::Borrowed(page)),
        });
        StoredRecord {
            path,
            stamp: record.stamp,
            hash: record.hash,
            named: Cow::Borrowed(&record.named),
            item,
            diagnostics: Cow::Borrowed(&record.diagnostics),
        }
    }

    /// Decodes the record; `None` if a name's index is out of range.
    pub(crate) fn restored(self, names: &[Name]) -> Option<Record> {
        let item = match self.item {
            Some(StoredItem::Article(article)) => {
                Some(Item::Article(Arc::new(article.restored(self.path, names)?)))
            }
            Some(StoredItem::Page(page)) => Some(Item::Page(Arc::new(page.into_owned()))),
            None => None,
        };
        let diagnostics = self.diagnostics.into_owned();
        let named = self.named.into_owned();
        Some(Record { stamp: self.stamp, hash: self.hash, named, item, diagnostics })
    }
}

impl<'a> StoredArticle<'a> {
    fn of(article: &'a Article, index: &mut Index<'a>) -> StoredArticle<'a> {
        let terms = article.terms.taxonomies().map(|(taxonomy, terms)| {
            let taxonomy = index.place(taxonomy);
            (taxonomy, terms.iter().map(|term| index.place(term)).collect())
        });
        StoredArticle {
            body_start: article.body_start,
            body_digest: article.body_digest,
            words: article.words,
            permalink: Cow::Borrowed(&article.permalink),
            title: &article.title,
            date: article.date,
            added: article.added,
            terms: terms.collect(),
            outlet: article.outlet.as_ref().map(|name| index.place(name)),
            original_url: article.original_url.as_deref(),
            kind: article.kind.as_ref().map(|name| index.place(name)),
            summary: &article.summary,
            summary_source: article.summary_source,
            language: article.language.as_ref().map(|name| index.place(name)),
            sketch: article.sketch.as_deref().map(Cow::Borrowed),
            draft: article.draft,
            placed: article.placed.as_deref().map(Cow::Borrowed),
            particulars: article.particulars.as_deref().map(Cow::Borrowed),
        }
    }

    fn restored(self, source: &str, names: &[Name]) -> Option<Article> {
        let name = |at: At| names.get(at as usize).cloned();
        let optional = |at: Option<At>| at.map_or(Some(None), |at| name(at).map(Some));
        let terms = self.terms.into_iter().map(|(taxonomy, terms)| {
            let terms: Option<Vec<Name>> = terms.into_iter().map(name).collect();
            Some((name(taxonomy)?, terms?))
        });
        Some(Article {
            source: source.into(),
            body_start: self.body_start,
            body_digest: self.body_digest,
            words: self.words,
            permalink: self.permalink.into_owned(),
            title: self.title.to_owned(),
            date: self.date,
            added: self.added,
            outlet: optional(self.outlet)?,
            terms: terms.collect::<Option<Terms>>()?,
            original_url: self.original_url.map(str::to_owned),
            kind: optional(self.kind)?,
            summary: self.summary.to_owned(),
            summary_source: self.summary_source,
            language: optional(self.language)?,
            sketch: self.sketch.map(|sketch| Box::new(sketch.into_owned())),
            draft: self.draft,
            placed: self.placed.map(|placed| Box::new(placed.into_owned())),
            particulars: self.particulars.map(|own| Box::new(own.into_owned())),
        })
    }
}
