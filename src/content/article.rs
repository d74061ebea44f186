//! An article as its front matter tells it: every key of the format as a type.
//!
//! Made by [`super::front_matter`]; read by the index, the plan and the templates. It holds no body:
//! bodies are read again when they are rendered.

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
use crate::content::text_hash::WordsHash;

/// What identifies a file of content: its path from the archive's root, with `/`. The manifest shares it.
pub type SourcePath = Arc<str>;

/// One report of the archive. What few reports say is kept apart, and read as if it stood here.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Its file, such as `content/2017/putin.md`.
    pub source: SourcePath,
    /// Where in the file the body begins, in bytes.
    pub body_start: usize,
    /// What its body's source text hashes to.
    pub body_digest: BodyDigest,
    /// A hash of what a reader reads of its body.
    pub words: WordsHash,
    /// Where it lives.
    pub permalink: Permalink,
    /// The headline.
    pub title: String,
    /// When the outlet published it.
    pub date: Date,
    /// When it entered the archive.
    pub added: Option<Date>,
    /// Who published it: a key of `[outlets]` or a name.
    pub outlet: Option<Name>,
    /// Terms of each taxonomy, as spelled. Holds tags, authors, stories and contributors
    /// (`submitted_by`) too, but not the outlet.
    pub terms: Terms,
    /// The original's address.
    pub original_url: Option<String>,
    /// news, analysis, opinion, …
    pub kind: Option<Name>,
    /// For lists, feeds and cards; plain text.
    pub summary: String,
    /// Where the summary comes from.
    pub summary_source: SummarySource,
    /// BCP 47, where it is given.
    pub language: Option<Name>,
    /// What its body is compared by. Taken while its file is read where the config shows near-copies
    /// unasked, else by [`super::take_sketches`]; short and withdrawn ones have none, nor has any once
    /// the archive is indexed.
    pub sketch: Option<Box<Sketch>>,
    /// Built only with `--drafts`.
    pub draft: bool,
    /// What few articles say; absent where it says nothing of it.
    pub particulars: Option<Box<Particulars>>,
}

/// What few articles say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Particulars {
    /// Old addresses that lead here, as written, beginning with `/`.
    pub aliases: Vec<String>,
    /// Permanent identity in feeds, where the curator gave one.
    pub id: Option<String>,
    /// Last change of substance.
    pub updated: Option<Date>,
    /// The chain it came through, in order.
    pub via: Vec<Via>,
    /// Place, "MOSCOW".
    pub dateline: Option<String>,
    /// Lead picture.
    pub image: Option<Image>,
    /// Mementos of the original.
    pub archived: Vec<Memento>,
    /// Mementos of links in the body, and links whose address is lost.
    pub links: Vec<BodyLink>,
    /// What was put right.
    pub corrections: Vec<Correction>,
    /// Set where the article was taken down.
    pub withdrawn: Option<Withdrawal>,
    /// Parts that were removed.
    pub redactions: Vec<Redaction>,
    /// The same report, carried by other outlets.
    pub also: Vec<Also>,
    /// Terms of reuse.
    pub license: Option<String>,
    /// Rights holder.
    pub rights: Option<String>,
    /// The curator's note.
    pub note: Option<String>,
    /// What `rel=canonical` says.
    pub canonical: Canonical,
    /// Kept out of search engines.
    pub noindex: bool,
    /// Another template for this page.
    pub template: Option<String>,
    /// Unknown keys, for templates.
    #[serde(with = "json_text")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Particulars {
    /// Kept only where there are any.
    pub fn kept(self) -> Option<Box<Particulars>> {
        (self != Particulars::default()).then(|| Box::new(self))
    }
}

/// That which is kept apart is the article's all the same: how it lies in memory concerns no reader.
impl Deref for Article {
    type Target = Particulars;

    fn deref(&self) -> &Particulars {
        static NONE: LazyLock<Particulars> = LazyLock::new(Particulars::default);
        self.particulars.as_deref().unwrap_or(&NONE)
    }
}

/// The SHA-256 of a body's source text: whoever holds a copy can tell whether it is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyDigest([u8; 32]);

impl BodyDigest {
    /// The digest of a text.
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

/// Where a summary comes from. Only a written one stands above the text it sums up: a cut one would
/// say the same thing twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SummarySource {
    /// The curator wrote it, in the front matter.
    Written,
    /// It was cut from the first paragraph, or there is none.
    Cut,
}

/// A step in the chain a report came through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    /// Who passed it on.
    pub name: String,
    /// Where.
    pub url: Option<String>,
}

/// A lead picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// As written: relative to the article, from the archive's root, or absolute.
    pub src: String,
    /// Text in place of the picture.
    pub alt: String,
    /// Who made it.
    pub credit: Option<String>,
    /// Words under it.
    pub caption: Option<String>,
}

/// An archived copy (RFC 7089).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Memento {
    /// Its address.
    pub url: String,
    /// When it was taken.
    pub date: Option<Date>,
    /// Who keeps it.
    pub service: Option<String>,
}

/// What is known of a link in the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyLink {
    /// As written in the body.
    pub url: String,
    /// Address of its memento.
    pub archived: Option<String>,
    /// When the memento was taken.
    pub date: Option<Date>,
    /// Its address is gone.
    pub lost: bool,
}

/// Something put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// When.
    pub date: Date,
    /// What was wrong.
    pub text: Option<String>,
    /// Old wording.
    pub was: Option<String>,
    /// New wording.
    pub now: Option<String>,
}

/// Why an article was taken down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// When.
    pub date: Date,
    /// In the curator's words.
    pub reason: Option<String>,
    /// On what ground.
    pub kind: WithdrawalKind,
}

/// The same report as another outlet carried it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Also {
    /// Its permalink, address or file.
    pub written: String,
    /// Where that is written.
    pub place: Place,
}

/// A part that was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// When.
    pub date: Date,
    /// Why.
    pub reason: Option<String>,
    /// Files beside the article that went with it.
    pub assets: Vec<String>,
}

/// What `rel=canonical` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Canonical {
    /// This page.
    #[default]
    Own,
    /// The original's address.
    Original,
}

/// A page of the curator's own, such as "About": no date, in no listing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlainPage {
    /// Its file, under `content/pages/`.
    pub source: SourcePath,
    /// Where in the file the body begins, in bytes.
    pub body_start: usize,
    /// Where it lives.
    pub permalink: Permalink,
    /// Old addresses that lead here.
    pub aliases: Vec<String>,
    /// Its heading.
    pub title: String,
    /// For search engines.
    pub summary: String,
    /// Where the summary comes from.
    pub summary_source: SummarySource,
    /// BCP 47, where it is given.
    pub language: Option<String>,
    /// Kept out of search engines.
    pub noindex: bool,
    /// Another template for this page.
    pub template: Option<String>,
    /// Built only with `--drafts`.
    pub draft: bool,
    /// Unknown keys, for templates.
    #[serde(with = "json_text")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Article {
    /// The day it entered the archive, or else the first day its date can mean.
    pub fn added_day(&self) -> NaiveDate {
        self.added.unwrap_or(self.date).first_day()
    }

    /// When it was changed since it was added: corrected, redacted, updated.
    pub fn changes(&self) -> impl Iterator<Item = Date> {
        let corrected = self.corrections.iter().map(|correction| correction.date);
        let redacted = self.redactions.iter().map(|redaction| redaction.date);
        corrected.chain(redacted).chain(self.updated)
    }

    /// Where a file beside it is in the output; a name that begins with `/` is from the archive's root.
    pub fn asset_path(&self, name: &str) -> String {
        if let Some(path) = name.strip_prefix('/') {
            return path.to_owned();
        }
        let path = format!("{}{}", self.permalink, name.trim_start_matches("./"));
        path.trim_start_matches('/').to_owned()
    }

    /// Puts the archive's one copy in the place of each of its names.
    pub fn share_names(&mut self, pool: &Pool) {
        self.terms.each_name(|name| pool.replace(name));
        let single = [&mut self.outlet, &mut self.kind, &mut self.language];
        single.into_iter().flatten().for_each(|name| pool.replace(name));
    }

    /// Whether it was taken down.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn.is_some()
    }

    /// The article as a tombstone needs it: nothing that comes after can show what it does not know.
    /// A kind that is `named` keeps its headline, one of copyright what leads to the original too.
    ///
    /// Its terms stay, without which it could not be counted where a listing decides whether to
    /// split, and so do the days of its corrections and the files of its redactions; no page shows
    /// any of them.
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
        Article {
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

/// JSON inside a format that does not describe itself: as text.
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
