//! Lints across articles: outlets missing in the settings, one original used twice, unconfirmed
//! near-copies.

use rustc_hash::FxHashMap;

use crate::archive::ArticleId;
use crate::archive::duplicates::proposals;
use crate::base::near_names::NearNames;
use crate::base::original::page_key;
use crate::output::published_text::{PublishedTexts, is_unrecorded};

use super::Look;
use super::finding::Finding;
use crate::base::lint::Lint;
use crate::check::pending_finding::{PendingFinding, Remedy};

/// Outlets that `[outlets]` does not list, each at the first report with it.
pub(super) fn unknown_outlets(look: &Look<'_>) -> Vec<PendingFinding> {
    let config = &look.site.config;
    if config.outlets.is_empty() {
        return Vec::new();
    }
    let archive = &look.site.archive;
    let taxonomy = config.taxonomies.position("outlets");
    let terms = taxonomy.into_iter().flat_map(|at| &archive.taxonomies[at].terms);
    let unknown = terms.filter(|term| term.config_key.is_none());
    let known = config.outlets.iter().flat_map(|(key, outlet)| [key, &outlet.name]);
    let known = NearNames::new(known.map(String::as_str));
    unknown
        .filter_map(|term| {
            let mut listed = term.articles.iter().filter(|&&id| archive.is_listed(id));
            let (first, more) = (*listed.next()?, listed.count());
            let article = archive.article(first);
            let spelled = article.outlet.as_deref()?;
            let message = match more {
                0 => format!("the outlet “{spelled}” is not in [outlets]"),
                more => format!("the outlet “{spelled}” is not in [outlets] (and in {more} more)"),
            };
            let mend = match known.nearest(spelled) {
                Some(near) => {
                    format!(
                        "did you mean “{near}”? Otherwise add [outlets.{}]",
                        table_key(term.slug.as_str())
                    )
                }
                None => {
                    format!(
                        "add [outlets.{}] with name = {spelled:?} to dateline.toml",
                        table_key(term.slug.as_str())
                    )
                }
            };
            Some(PendingFinding {
                source: article.source.to_string(),
                key: "outlet".to_owned(),
                text: None,
                finding: Finding::new(Lint::UnknownOutlet, message),
                mend: Remedy::Words(mend),
            })
        })
        .collect()
}

/// A TOML key: quoted unless it is bare.
fn table_key(key: &str) -> String {
    let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_plain { key.to_owned() } else { format!("{key:?}") }
}

/// Originals of two reports, each at the later one.
pub(super) fn repeated_originals(look: &Look<'_>) -> Vec<PendingFinding> {
    let archive = &look.site.archive;
    let mut first: FxHashMap<String, ArticleId> = FxHashMap::default();
    let mut found = Vec::new();
    for &id in &archive.listed {
        let article = archive.article(id);
        let Some(url) = article.original_url.as_deref().and_then(page_key) else { continue };
        let earlier = *first.entry(url).or_insert(id);
        // Translations have one original.
        if earlier == id || archive.translations.are_one(earlier, id) {
            continue;
        }
        let other = archive.article(earlier);
        found.push(PendingFinding {
            source: article.source.to_string(),
            key: "original_url".to_owned(),
            text: None,
            finding: Finding::new(
                Lint::RepeatedOriginal,
                format!("{} names this original too", other.source),
            ),
            mend: Remedy::Words(
                "if both are one report keep one and give it the other's address as an alias; \
                 otherwise mend the address"
                    .to_owned(),
            ),
        });
    }
    found
}

/// Near-copies, each pair at the earlier one, with the line that confirms it.
pub(super) fn near_duplicates(look: &Look<'_>) -> Vec<PendingFinding> {
    let archive = &look.site.archive;
    proposals(archive)
        .into_iter()
        .map(|pair| {
            let (article, other) = (archive.article(pair.first), archive.article(pair.second));
            let message = format!(
                "this report and {} are about {:.0} % alike",
                other.source,
                pair.similarity * 100.0
            );
            let named = article.also.iter().map(|also| also.written.clone());
            let items = named.chain([other.permalink.to_string()]).collect();
            let words = "read both; if they are one report, add ".to_owned();
            PendingFinding {
                source: article.source.to_string(),
                key: "also".to_owned(),
                text: None,
                finding: Finding::new(Lint::NearDuplicate, message),
                mend: Remedy::List(words, "also", items),
            }
        })
        .collect()
}

/// Changed texts without a recorded correction.
pub(super) fn unrecorded_changes(look: &Look<'_>) -> Vec<PendingFinding> {
    let bodies = PublishedTexts::new(look.published.as_ref());
    let articles = look.site.archive.listed.iter().map(|&id| look.site.archive.article(id));
    let changed = articles
        .filter(|article| bodies.known(article).is_some_and(|known| is_unrecorded(known, article)));
    changed
        .map(|article| {
            let message = "the text is not the one that was published, and no correction says so";
            PendingFinding {
                source: article.source.to_string(),
                key: "corrections".to_owned(),
                text: None,
                finding: Finding::new(Lint::UnrecordedChange, message),
                mend: Remedy::Correction(look.today),
            }
        })
        .collect()
}
