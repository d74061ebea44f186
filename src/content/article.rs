//! An article's metadata: every front matter key as a type.
//!
//! Made by [`super::front_matter`]; read by index, plan and templates. It contains no body: bodies
//! are read again when they are rendered.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::choices::WithdrawalKind;
use crate::base::date::Date;
use crate::base::diagnostic::Place;
use crate::base::permalink::Permalink;

use super::sketch::Sketch;
use crate::content::interner::{Name, Pool, Terms};
use crate::content::named_language::NamedLanguage;
use crate::content::text_hash::WordsHash;

/// The path of a content file from the archive's root, with `/`: its identity. Shared with the
/// manifest.
pub(crate) type SourcePath = Arc<str>;

/// One report of the archive. Rare fields are in [`Particulars`], and accessible as if they were
/// here.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Such as `content/2017/putin.md`.
    pub source: SourcePath,
    /// The offset of the body in bytes.
    pub body_start: usize,
    /// The hash of its body's source text.
    pub body_digest: BodyDigest,
    /// The hash of its body's words, as readers see them.
    pub words: WordsHash,
    pub permalink: Permalink,
    /// The headline.
    pub title: String,
    /// When the outlet published it.
    pub date: Date,
    /// When it entered the archive.
    pub added: Option<Date>,
    /// The publisher: a key of `[outlets]` or a name.
    pub outlet: Option<Name>,
    /// Terms of each taxonomy, as spelled: tags, authors, stories and contributors (`submitted_by`)
    /// too, but not the outlet.
    pub terms: Terms,
    /// The original.
    pub original_url: Option<String>,
    /// news, analysis, opinion, …
    pub kind: Option<Name>,
    /// Plain text, for lists, feeds and cards.
    pub summary: String,
    pub summary_source: SummarySource,
    /// BCP 47, if given.
    pub language: Option<Name>,
    /// For comparing bodies. Computed when the file is read if the settings show near-copies, else
    /// by [`super::take_sketches`]; `None` for short and withdrawn articles, and for all once the
    /// archive is indexed.
    pub sketch: Option<Box<Sketch>>,
    pub draft: bool,
    /// The effect of file names, folders and other reports on its language and address.
    pub placed: Option<Box<Placed>>,
    /// Rare fields; `None` if all are empty.
    pub particulars: Option<Box<Particulars>>,
}

/// The effect of file names, folders and other reports on a report's language and address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The language in the names.
    pub named: NamedLanguage,
    /// The language of a report that was withdrawn: its address may have it.
    pub withdrawn_language: Option<Name>,
    /// Whether its language stands before an address that several reports share.
    pub is_tagged: bool,
    /// Where the files beside it are published, if not below its own address.
    pub files_at: Option<Permalink>,
}

/// Rare fields of an article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Particulars {
    /// Old addresses, as written, beginning with `/`.
    pub aliases: Vec<String>,
    /// The permanent identity in feeds, if the curator set it.
    pub id: Option<String>,
    /// The last change of substance.
    pub updated: Option<Date>,
    /// Whether it is known that the original's address is lost.
    pub is_original_lost: bool,
    /// The chain of sources, in order.
    pub via: Vec<Via>,
    /// The place, "MOSCOW".
    pub dateline: Option<String>,
    pub image: Option<Image>,
    pub archived: Vec<Memento>,
    /// Mementos of links in the body, and links declared lost.
    pub links: Vec<BodyLink>,
    /// Where pictures beside the report were copied from.
    pub picture_sources: Vec<PictureSource>,
    /// What the curator received of the original, kept beside the archive and never published.
    pub evidence: Vec<Evidence>,
    pub corrections: Vec<Correction>,
    pub withdrawn: Option<Withdrawal>,
    pub redactions: Vec<Redaction>,
    /// Copies of the report in other outlets.
    pub also: Vec<Also>,
    /// The reports that this one translates; the relation is symmetrical.
    pub translation_of: Vec<Also>,
    /// What translations of one report share.
    pub translation_key: Option<String>,
    pub license: Option<String>,
    pub rights: Option<String>,
    pub note: Option<String>,
    /// The target of `rel=canonical`.
    pub canonical: Canonical,
    /// Excluded from search engines.
    pub noindex: bool,
    pub template: Option<String>,
    #[serde(with = "json_text")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Particulars {
    /// `None` if all fields are empty.
    pub fn kept(self) -> Option<Box<Particulars>> {
        (self != Particulars::default()).then(|| Box::new(self))
    }
}

/// Rare fields are used as the article's own.
impl Deref for Article {
    type Target = Particulars;

    fn deref(&self) -> &Particulars {
        static NONE: LazyLock<Particulars> = LazyLock::new(Particulars::default);
        self.particulars.as_deref().unwrap_or(&NONE)
    }
}

/// The SHA-256 of a body's source text, by which a copy can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyDigest([u8; 32]);

impl BodyDigest {
    pub fn of(text: &str) -> BodyDigest {
        use sha2::Digest;
        BodyDigest(sha2::Sha256::digest(text.as_bytes()).into())
    }

    /// Its bytes.
    pub fn bytes(&self) -> [u8; 32] {
        self.0
    }
}

/// In hexadecimal.
impl fmt::Display for BodyDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// Where a summary comes from. Only a written one is shown above the text: a cut one would repeat
/// its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SummarySource {
    /// Written in front matter.
    Written,
    /// Cut from the first paragraph, or empty.
    Cut,
}

/// A step in the chain a report came through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    pub name: String,
    pub url: Option<String>,
    /// Whether it is known that the address is lost.
    pub lost: bool,
}

/// A lead picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// As written: relative to the article, from the archive's root, or absolute.
    pub src: String,
    /// The text alternative.
    pub alt: String,
    /// The creator.
    pub credit: Option<String>,
    /// The text below it.
    pub caption: Option<String>,
    /// The point to keep visible if the picture is cropped.
    pub focus: Focus,
}

/// The point of a picture that matters most, in percent of its width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Focus {
    pub x: u8,
    pub y: u8,
}

impl Default for Focus {
    /// The middle.
    fn default() -> Focus {
        Focus { x: 50, y: 50 }
    }
}

impl Focus {
    /// Reads `50% 30%`.
    pub fn parse(text: &str) -> Option<Focus> {
        let mut numbers = text.split_whitespace().map(|part| {
            let number = part.strip_suffix('%')?.parse().ok()?;
            (number <= 100).then_some(number)
        });
        let (x, y) = (numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(Focus { x, y })
    }
}

/// An archived copy (RFC 7089).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Memento {
    pub url: String,
    /// When the copy was made.
    pub date: Option<Date>,
    /// The service that keeps it.
    pub service: Option<String>,
}

/// A link of the body with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyLink {
    pub url: String,
    /// The address of its memento.
    pub archived: Option<String>,
    pub date: Option<Date>,
    /// Whether it is declared lost.
    pub lost: bool,
}

/// A file that holds what the curator received of the original.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// A WARC file below `evidence/`, from the archive's root. Only a safe path is read as one.
    pub file: String,
    /// The SHA-256 of that file, in hexadecimal.
    pub sha256: String,
    /// When it was received.
    pub received: Option<Date>,
    /// The address that it came from, or that a saved file says it came from.
    pub url: Option<String>,
    /// How it was received.
    pub kind: EvidenceKind,
}

/// Where a picture beside a report was copied from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSource {
    /// Its name beside the report.
    pub file: String,
    /// The address of the original.
    pub source: String,
    /// When it was copied.
    pub fetched: Option<Date>,
    /// Who made it or holds the rights, and terms of reuse.
    pub credit: Option<String>,
}

/// How evidence was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    /// A server sent it to Dateline.
    Fetched,
    /// The curator had it as a file.
    File,
}

impl EvidenceKind {
    /// Each with its word in the front matter.
    pub const ALL: [(&'static str, EvidenceKind); 2] =
        [("fetched", EvidenceKind::Fetched), ("file", EvidenceKind::File)];

    /// Its word in the front matter.
    pub fn name(self) -> &'static str {
        match self {
            EvidenceKind::Fetched => "fetched",
            EvidenceKind::File => "file",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub date: Date,
    /// The explanation for readers.
    pub text: Option<String>,
    pub was: Option<String>,
    pub now: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    pub date: Date,
    pub reason: Option<String>,
    pub kind: WithdrawalKind,
}

/// A reference to another report: its address or its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Also {
    pub written: String,
    /// The place in front matter.
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    pub date: Date,
    pub reason: Option<String>,
    /// Files that were removed with it.
    pub assets: Vec<String>,
}

/// The target of `rel=canonical`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Canonical {
    #[default]
    Own,
    Original,
}

/// A plain page, such as "About": without date, in no listing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlainPage {
    /// A path below `content/pages/`.
    pub source: SourcePath,
    /// The offset of the body in bytes.
    pub body_start: usize,
    pub permalink: Permalink,
    pub aliases: Vec<String>,
    pub title: String,
    /// For search engines.
    pub summary: String,
    pub summary_source: SummarySource,
    pub language: Option<String>,
    /// Excluded from search engines.
    pub noindex: bool,
    pub template: Option<String>,
    pub draft: bool,
    #[serde(with = "json_text")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Article {
    /// The day it entered the archive, or else the first day of its date.
    pub fn added_day(&self) -> NaiveDate {
        self.added.unwrap_or(self.date).first_day()
    }

    /// Dates of changes: corrections, redactions, `updated`.
    pub fn changes(&self) -> impl Iterator<Item = Date> {
        let corrected = self.corrections.iter().map(|correction| correction.date);
        let redacted = self.redactions.iter().map(|redaction| redaction.date);
        corrected.chain(redacted).chain(self.updated)
    }

    /// The output path of a file beside it; a name that begins with `/` is from the archive's root.
    pub fn asset_path(&self, name: &str) -> String {
        if let Some(path) = name.strip_prefix('/') {
            return path.to_owned();
        }
        let path = format!("{}{}", self.files_at(), name.trim_start_matches("./"));
        path.trim_start_matches('/').to_owned()
    }

    /// The address below which the files beside it are published.
    pub fn files_at(&self) -> &Permalink {
        let elsewhere = self.placed.as_ref().and_then(|placed| placed.files_at.as_ref());
        elsewhere.unwrap_or(&self.permalink)
    }

    /// The language that its address may have, even where it was withdrawn.
    pub fn address_language(&self) -> Option<&str> {
        let withdrawn = self.placed.as_ref().and_then(|placed| placed.withdrawn_language.as_ref());
        self.language.as_ref().or(withdrawn).map(AsRef::as_ref)
    }

    /// Whether its language stands before an address that several reports share.
    pub fn is_tagged(&self) -> bool {
        self.placed.as_ref().is_some_and(|placed| placed.is_tagged)
    }

    /// Replaces each name by the pool's shared copy.
    pub fn share_names(&mut self, pool: &Pool) {
        self.terms.each_name(|name| pool.replace(name));
        let single = [&mut self.outlet, &mut self.kind, &mut self.language];
        single.into_iter().flatten().for_each(|name| pool.replace(name));
    }

    /// Whether it was withdrawn.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn.is_some()
    }

    /// Reduces the article to what its tombstone may show, so that no later stage can show more.
    /// The kinds in `named` keep the headline; of these, copyright keeps the original's address,
    /// too.
    ///
    /// Terms, days of corrections and files of redactions stay: counting them keeps listings split
    /// as before. No page shows them.
    #[must_use]
    pub fn withdrawn_to(self, kind: WithdrawalKind, named: &[WithdrawalKind]) -> Article {
        let is_named = named.contains(&kind);
        let keeps_source = is_named && kind == WithdrawalKind::Copyright;
        let day_only = |correction: Correction| Correction {
            date: correction.date,
            text: None,
            was: None,
            now: None,
        };
        let files_only = |redaction: Redaction| Redaction { reason: None, ..redaction };
        let particulars = self.particulars.map(|own| Particulars {
            aliases: own.aliases,
            id: own.id,
            updated: own.updated,
            corrections: own.corrections.into_iter().map(day_only).collect(),
            withdrawn: own.withdrawn,
            redactions: own.redactions.into_iter().map(files_only).collect(),
            canonical: own.canonical,
            noindex: own.noindex,
            ..Particulars::default()
        });
        let mut placed = self.placed;
        if !is_named && self.language.is_some() {
            placed.get_or_insert_default().withdrawn_language.clone_from(&self.language);
        }
        Article {
            placed,
            title: if is_named { self.title } else { String::new() },
            original_url: self.original_url.filter(|_| keeps_source),
            language: self.language.filter(|_| is_named),
            kind: None,
            summary: String::new(),
            particulars: particulars.map(Box::new),
            ..self
        }
    }
}

/// JSON as text, for a format that is not self-describing.
mod json_text {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use serde_json::{Map, Value};

    pub(super) fn serialize<S: Serializer>(
        map: &Map<String, Value>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text =
            if map.is_empty() { String::new() } else { Value::from(map.clone()).to_string() };
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Map<String, Value>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Map::new());
        }
        serde_json::from_str(&text).map_err(D::Error::custom)
    }
}
