//! The record of one report, with the names of front matter keys.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::archive::{Archive, ArticleId};
use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::content::article::{Correction, Memento, Via};
use crate::ledger::Ledger;
use crate::render::feeds;
use crate::settings::Config;

#[derive(Debug, Serialize)]
pub(crate) struct Record<'a> {
    /// Its permanent identity, as in feeds.
    pub id: String,
    /// Its page in the archive.
    pub url: String,
    pub title: &'a str,
    /// The date of publication.
    pub date: Date,
    /// The date it entered the archive.
    pub added: Option<Date>,
    pub updated: Option<Date>,
    pub outlet: Option<&'a str>,
    pub authors: Vec<&'a str>,
    /// BCP 47.
    pub language: &'a str,
    /// The report in other languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub translations: Vec<Translation<'a>>,
    pub dateline: Option<&'a str>,
    /// news, analysis, opinion, …
    pub kind: Option<&'a str>,
    /// Terms by taxonomy.
    pub terms: Map<String, Json>,
    pub original_url: Option<&'a str>,
    pub archived: Vec<Memento>,
    /// The chain of sources.
    pub via: Vec<Step<'a>>,
    pub submitted_by: Vec<&'a str>,
    pub corrections: &'a [Correction],
    pub license: Option<&'a str>,
    pub rights: Option<&'a str>,
    /// The SHA-256 of the body's source text, in hexadecimal.
    pub sha256: String,
    /// That text, if the licence allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// A report in another language.
#[derive(Debug, Serialize)]
pub(crate) struct Translation<'a> {
    /// BCP 47.
    pub language: &'a str,
    /// Its page in the archive.
    pub url: String,
}

/// A source in the chain.
#[derive(Debug, Serialize)]
pub(crate) struct Step<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its address.
    pub url: Option<&'a str>,
    /// Set if the address is known to be dead.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
}

impl Step<'_> {
    fn of(via: &Via) -> Step<'_> {
        Step { name: &via.name, url: via.url.as_deref(), lost: via.lost }
    }
}

/// Taxonomies with a field of their own.
const NAMED: [BuiltIn; 4] =
    [BuiltIn::Outlets, BuiltIn::Authors, BuiltIn::Contributors, BuiltIn::Languages];

impl<'a> Record<'a> {
    /// The record of a listed article, without its body.
    pub(crate) fn new(
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
            translations: translations(archive, config, id),
            dateline: article.dateline.as_deref(),
            kind: article.kind.as_deref(),
            terms: terms(archive, config, id),
            original_url: article.original_url.as_deref(),
            archived: ledger.mementos(article),
            via: article.via.iter().map(Step::of).collect(),
            submitted_by: archive.term_names(config, id, BuiltIn::Contributors.name()).collect(),
            corrections: &article.corrections,
            license: article.license.as_deref(),
            rights: article.rights.as_deref(),
            sha256: article.body_digest.to_string(),
            body: None,
        }
    }

    /// Whether the report's licence allows its text in exports.
    pub(crate) fn may_hold_body(&self, config: &Config) -> bool {
        let license = self.license.map(str::trim);
        let allowed = &config.data.body_licenses;
        license.is_some_and(|license| allowed.iter().any(|name| name.eq_ignore_ascii_case(license)))
    }
}

fn translations<'a>(
    archive: &'a Archive,
    config: &'a Config,
    id: ArticleId,
) -> Vec<Translation<'a>> {
    let others = archive.translations_of(config, id).into_iter().filter(|other| *other != id);
    let translation = |other| Translation {
        language: archive.language(config, other),
        url: config.absolute(&archive.article(other).permalink.encoded()),
    };
    others.map(translation).collect()
}

fn terms(archive: &Archive, config: &Config, id: ArticleId) -> Map<String, Json> {
    let name = |at: usize| config.taxonomies[at].name.as_str();
    let others =
        archive.taxonomies_of(id).filter(|(at, _)| !NAMED.iter().any(|named| named.is(name(*at))));
    others
        .map(|(at, terms)| {
            let names: Vec<&str> =
                terms.map(|term| archive.taxonomies[at].terms[term].name.as_str()).collect();
            (name(at).to_owned(), json!(names))
        })
        .collect()
}
