//! An article as its front matter tells it: every key of the format as a type.
//!
//! Made by [`super::front_matter`]; read by the index, the plan and the templates. It holds no body:
//! bodies are read again when they are rendered.

use chrono::NaiveDate;
use serde::Serialize;

use crate::date::Date;
use crate::diagnostic::Place;
use crate::permalink::Permalink;

use super::sketch::Sketch;

/// What identifies a file of content: its path from the archive's root, with `/`.
pub type SourcePath = String;

/// One report of the archive.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its file, such as `content/2017/putin.md`.
    pub source: SourcePath,
    /// Where in the file the body begins, in bytes.
    pub body_start: usize,
    /// Where it lives.
    pub permalink: Permalink,
    /// Old addresses that lead here, as written, beginning with `/`.
    pub aliases: Vec<String>,
    /// Permanent identity in feeds, where the curator gave one.
    pub id: Option<String>,
    /// The headline.
    pub title: String,
    /// When the outlet published it.
    pub date: Date,
    /// When it entered the archive.
    pub added: Option<Date>,
    /// Last change of substance.
    pub updated: Option<Date>,
    /// Who published it: a key of `[outlets]` or a name.
    pub outlet: Option<String>,
    /// Terms of each taxonomy, as spelled: (taxonomy's name, terms). Holds tags, authors, stories and
    /// contributors (`submitted_by`) too, but not the outlet.
    pub terms: Vec<(String, Vec<String>)>,
    /// The original's address.
    pub original_url: Option<String>,
    /// The chain it came through, in order.
    pub via: Vec<Via>,
    /// Place, "MOSCOW".
    pub dateline: Option<String>,
    /// news, analysis, opinion, …
    pub kind: Option<String>,
    /// For lists, feeds and cards; plain text.
    pub summary: String,
    /// Where the summary comes from.
    pub summary_source: SummarySource,
    /// BCP 47, where it is given.
    pub language: Option<String>,
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
    /// What its body is compared by; short and withdrawn ones have none.
    pub sketch: Option<Sketch>,
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
    /// Built only with `--drafts`.
    pub draft: bool,
    /// Unknown keys, for templates.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Where a summary comes from. Only a written one stands above the text it sums up: a cut one would
/// say the same thing twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SummarySource {
    /// The curator wrote it, in the front matter.
    Written,
    /// It was cut from the first paragraph, or there is none.
    Cut,
}

/// A step in the chain a report came through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Via {
    /// Who passed it on.
    pub name: String,
    /// Where.
    pub url: Option<String>,
}

/// A lead picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Memento {
    /// Its address.
    pub url: String,
    /// When it was taken.
    pub date: Option<Date>,
    /// Who keeps it.
    pub service: Option<String>,
}

/// What is known of a link in the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withdrawal {
    /// When.
    pub date: Date,
    /// In the curator's words.
    pub reason: Option<String>,
    /// On what ground.
    pub kind: WithdrawalKind,
}

/// The grounds of a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WithdrawalKind {
    /// A rights holder's claim.
    Copyright,
    /// A court's order.
    Court,
    /// The report was wrong.
    Error,
    /// Somebody asked.
    Request,
    /// Somebody's privacy.
    Privacy,
    /// Somebody's safety.
    Safety,
    /// Being looked into.
    Pending,
}

/// The same report as another outlet carried it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Also {
    /// Its permalink, address or file.
    pub written: String,
    /// Where that is written.
    pub place: Place,
}

/// A part that was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Redaction {
    /// When.
    pub date: Date,
    /// Why.
    pub reason: Option<String>,
    /// Files beside the article that went with it.
    pub assets: Vec<String>,
}

/// What `rel=canonical` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Canonical {
    /// This page.
    #[default]
    Own,
    /// The original's address.
    Original,
}

/// A page of the curator's own, such as "About": no date, in no listing.
#[derive(Clone, Debug)]
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
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Article {
    /// The day it entered the archive, or else the first day its date can mean.
    pub fn added_day(&self) -> NaiveDate {
        self.added.unwrap_or(self.date).first_day()
    }

    /// Whether it was taken down.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn.is_some()
    }
}
