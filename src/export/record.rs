//! What is told of one report: the names are those of the front matter.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::archive::{Archive, ArticleId};
use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::content::article::{Correction, Memento, Via};
use crate::ledger::Ledger;
use crate::render::feeds;
use crate::settings::{Config, TaxonomyConfig};

/// A report's record.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    /// Its permanent identity, the one it has in feeds.
    pub id: String,
    /// Its page in the archive.
    pub url: String,
    /// The headline.
    pub title: &'a str,
    /// When the outlet published it, as precisely as it is known.
    pub date: Date,
    /// When it entered the archive.
    pub added: Option<Date>,
    /// Last change of substance.
    pub updated: Option<Date>,
    /// Who published it.
    pub outlet: Option<&'a str>,
    /// Who wrote it.
    pub authors: Vec<&'a str>,
    /// BCP 47.
    pub language: &'a str,
    /// Place.
    pub dateline: Option<&'a str>,
    /// news, analysis, opinion, …
    pub kind: Option<&'a str>,
    /// Terms by taxonomy.
    pub terms: Map<String, Json>,
    /// The original's address.
    pub original_url: Option<&'a str>,
    /// Mementos of the original.
    pub archived: Vec<Memento>,
    /// The chain it came through.
    pub via: &'a [Via],
    /// Who sent it in.
    pub submitted_by: Vec<&'a str>,
    /// What was put right.
    pub corrections: &'a [Correction],
    /// Terms of reuse.
    pub license: Option<&'a str>,
    /// Rights holder.
    pub rights: Option<&'a str>,
    /// The SHA-256 of the body's source text, in hexadecimal.
    pub sha256: String,
    /// That text, where the licence allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// Taxonomies that a record has a name of its own for.
const NAMED: [BuiltIn; 3] = [BuiltIn::Outlets, BuiltIn::Authors, BuiltIn::Contributors];

impl<'a> Record<'a> {
    /// The record of a listed article, without its body.
    pub fn new(
        archive: &'a Archive,
        config: &'a Config,
        ledger: &Ledger,
        id: ArticleId,
    ) -> Record<'a> {
        let article = archive.article(id);
        Record {
            id: feeds::id(article, config),
            url: config.absolute(&article.permalink.encoded()),
            title: &article.title,
            date: article.date,
            added: article.added,
            updated: article.updated,
            outlet: archive.outlet_name(config, id),
            authors: archive.term_names(config, id, BuiltIn::Authors.name()).collect(),
            language: article.language.as_deref().unwrap_or(&config.language),
            dateline: article.dateline.as_deref(),
            kind: article.kind.as_deref(),
            terms: terms(archive, config, id),
            original_url: article.original_url.as_deref(),
            archived: ledger.mementos(article),
            via: &article.via,
            submitted_by: archive.term_names(config, id, BuiltIn::Contributors.name()).collect(),
            corrections: &article.corrections,
            license: article.license.as_deref(),
            rights: article.rights.as_deref(),
            sha256: article.body_digest.to_string(),
            body: None,
        }
    }

    /// Whether the report's licence is among those under which its text may go out.
    pub fn may_hold_body(&self, config: &Config) -> bool {
        let license = self.license.map(str::trim);
        let allowed = &config.data.body_licenses;
        license.is_some_and(|license| allowed.iter().any(|name| name.eq_ignore_ascii_case(license)))
    }
}

fn terms(archive: &Archive, config: &Config, id: ArticleId) -> Map<String, Json> {
    let is_named = |known: &TaxonomyConfig| NAMED.iter().any(|named| named.is(&known.name));
    let others = config.taxonomies.iter().filter(|known| !is_named(known));
    others
        .filter_map(|taxonomy| {
            let names: Vec<&str> = archive.term_names(config, id, &taxonomy.name).collect();
            (!names.is_empty()).then(|| (taxonomy.name.clone(), json!(names)))
        })
        .collect()
}
