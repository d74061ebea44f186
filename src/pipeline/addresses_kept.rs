//! Keeps published addresses with their owners: the last build's assignments are written down as a
//! source.
//!
//! Two things could change owners by accident: the address of a term, when another term's name
//! gives the same slug (“C++” and “C”), and the authority in feed identities. If the sources don't
//! decide, the last build's manifest and feed do; the decision is written to `addresses.toml`,
//! which all later builds read.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::archive::terms::{Term, is_told_whole};
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::files::{self, Durability};
use crate::base::language_tag::address_part;
use crate::base::permalink::Slug;
use crate::output::{Manifest, Target, TermOwner};
use crate::render::feeds;
use crate::settings::Config;
use crate::settings::address_owners::{AddressOwners, FILE};

use super::{BuildOptions, Purpose};

/// Reads `addresses.toml`; without the file there are no decisions.
pub(super) fn read(root: &Path) -> Result<AddressOwners, Diagnostic> {
    match std::fs::read_to_string(root.join(FILE)) {
        Ok(text) => AddressOwners::read(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(AddressOwners::default()),
        Err(error) => Err(crate::content::scan::unreadable(FILE, &error.to_string())),
    }
}

/// Published terms whose slug does not determine their key.
pub(super) fn owners(archive: &Archive, config: &Config) -> Vec<TermOwner> {
    let taxonomies = config.taxonomies.iter().zip(&archive.taxonomies);
    let terms = taxonomies.flat_map(|(config, taxonomy)| {
        let partly = |term: &&Term| term.plain.is_none() && !is_told_whole(&term.key, &term.slug);
        taxonomy.terms.iter().filter(partly).map(|term| TermOwner {
            taxonomy: config.name.clone(),
            slug: term.slug.as_str().to_owned(),
            key: term.key.clone(),
        })
    });
    terms.collect()
}

/// Terms that compete for an address without a decision in `addresses.toml`, as (taxonomy, slug,
/// keys; the current owner first).
pub(crate) fn undecided(archive: &Archive, config: &Config) -> Vec<(String, Slug, Vec<String>)> {
    let taxonomies = config.taxonomies.iter().zip(&archive.taxonomies);
    let contests = taxonomies.flat_map(|(taxonomy, found)| {
        let losers = found.terms.iter().filter_map(|term| Some((term.plain.as_ref()?, term)));
        let mut wanted: Vec<(String, Slug, Vec<String>)> = Vec::new();
        for (slug, loser) in losers.filter(|(slug, _)| !config.owners.holds(&taxonomy.name, slug)) {
            if let Some(known) = wanted.iter_mut().find(|(_, known, _)| known == slug) {
                known.2.push(loser.key.clone());
                continue;
            }
            let holder = found.terms.iter().find(|term| term.slug == *slug);
            let keys = holder.into_iter().chain([loser]).map(|term| term.key.clone()).collect();
            wanted.push((taxonomy.name.clone(), slug.clone(), keys));
        }
        wanted
    });
    contests.collect()
}

/// Assignments of the last build that the sources leave open; `None` if there are none.
pub(super) fn to_keep(
    archive: &Archive,
    config: &Config,
    before: Option<&Manifest>,
    target: &Target,
) -> Option<AddressOwners> {
    let mut kept = config.owners.clone();
    for (taxonomy, slug, keys) in undecided(archive, config) {
        let was = |key: &&String| {
            before.into_iter().flat_map(|before| &before.terms).any(|owner| {
                owner.taxonomy == taxonomy && owner.slug == slug.as_str() && owner.key == **key
            })
        };
        let Some(key) = keys.iter().find(was).or_else(|| keys.first()) else { continue };
        kept.terms.entry(taxonomy.clone()).or_default().insert(key.clone(), slug.clone());
    }
    for (address, language) in shared(archive, config, before) {
        kept.translations.insert(address, language);
    }
    let published = published_authority(target);
    if config.feeds.authority.is_none() && config.owners.authority.is_none() {
        let is_another = |authority: &String| *authority != feeds::authority(config);
        kept.authority = published.filter(is_another);
    }
    (kept != config.owners).then_some(kept)
}

/// Addresses shared by reports in several languages, where the last build gave the address to
/// another report than the rule would: each with the language of that report.
fn shared(archive: &Archive, config: &Config, before: Option<&Manifest>) -> Vec<(String, String)> {
    let tagged = archive.articles.iter().map(|article| &article.value);
    let mut tagged = tagged.filter(|article| article.is_tagged()).peekable();
    let Some(before) = before.filter(|_| tagged.peek().is_some()) else { return Vec::new() };
    let published: FxHashMap<&str, &str> = before.files.articles().collect();
    let moved = tagged.filter_map(|article| {
        let language = article.address_language()?;
        let part = format!("/{}", address_part(language));
        let address = article.permalink.as_str().strip_prefix(&part)?;
        let was = published.get(article.source.as_ref())?;
        let is_decided = config.owners.translations.contains_key(address);
        (format!("/{was}") == address && !is_decided)
            .then(|| (address.to_owned(), language.to_owned()))
    });
    moved.collect()
}

/// A diagnostic if the authority in feed identities changes.
pub(super) fn changed_authority(
    config: &Config,
    target: &Target,
    options: &BuildOptions,
) -> Option<Diagnostic> {
    if !may_decide(options) {
        return None;
    }
    let (was, now) = (published_authority(target)?, feeds::authority(config));
    (was != now).then(|| {
        let message = format!("feeds were known as {was} and are {now} now: readers get all again");
        Diagnostic::warning(Rule::FeedIdentity, message)
            .at(Place::file(FILE))
            .help(format!("set authority = \"{was}\" under [feeds] in dateline.toml"))
    })
}

/// The authority in the last build's Atom feed.
fn published_authority(target: &Target) -> Option<String> {
    let feed = std::fs::read_to_string(target.output.join("atom.xml")).ok()?;
    let (_, identity) = feed.split_once("<id>tag:")?;
    let (authority, _) = identity.split_once(':')?;
    (!authority.contains('<')).then(|| authority.to_owned())
}

/// Whether this build may write to the sources: only if it builds the archive's own site.
pub(super) fn may_decide(options: &BuildOptions) -> bool {
    options.purpose == Purpose::Publish && options.output.is_none()
}

/// Writes the decisions; a failure does not stop the build.
pub(super) fn write(root: &Path, kept: &AddressOwners) -> Result<(), Diagnostic> {
    let path = root.join(FILE);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let problem = |why: String| {
        Diagnostic::warning(Rule::AddressOwner, format!("this can't be written: {why}"))
            .at(Place::file(FILE))
            .help("let it be written, so that addresses keep their owners")
    };
    let text = kept.added_to(&text).map_err(|error| problem(error.to_string()))?;
    files::replace(&path, text.as_bytes(), Durability::Lasting)
        .map_err(|error| problem(error.to_string()))
}
