//! Proposes settings that fit the old site; they are never set without consent.

use std::collections::BTreeSet;

use crate::authoring::known::Known;
use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::base::permalink::{PermalinkParts, PermalinkPattern, Slug, fold};

use rustc_hash::FxHashSet;

use super::entry::Kind;
use super::options::Creator;
use super::placing::{Place, old_path};
use super::suggestions::file::{Redirect, Settings};
use super::survey::{Head, Survey};
use super::tidying::can_be_alias;

/// Frequent permalink patterns, most frequent first.
const PATTERNS: [&str; 6] = [
    "/:year/:month/:day/:slug/",
    "/:year/:month/:slug/",
    "/:slug/",
    "/:year/:slug/",
    "/blog/:slug/",
    "/blog/:year/:month/:day/:slug/",
];

/// The proposed settings.
pub(crate) fn settings(
    survey: &Survey,
    places: &[Place],
    known: &Known<'_>,
    creator: Creator,
) -> Settings {
    let mut redirects = redirects(survey, places, known);
    redirects.extend(accounts(survey, known, creator));
    Settings {
        permalink: pattern(survey, known),
        taxonomies: taxonomies(survey, known),
        redirects: usable(redirects, known),
    }
}

/// The pattern that all old addresses match, if it differs from the archive's.
fn pattern(survey: &Survey, known: &Known<'_>) -> Option<String> {
    let reports: Vec<(&Head, String)> = survey
        .heads
        .iter()
        .filter(|head| head.kind == Kind::Report && !head.is_draft)
        .filter_map(|head| Some((head, old_path(head.addresses.first()?, &survey.sites)?)))
        .collect();
    let fits =
        |pattern: &PermalinkPattern| reports.iter().all(|(head, path)| fits(pattern, head, path));
    if reports.is_empty() || fits(&known.config.permalink) {
        return None;
    }
    let found = PATTERNS
        .into_iter()
        .find(|text| PermalinkPattern::parse(text).is_ok_and(|pattern| fits(&pattern)));
    found.map(str::to_owned)
}

fn fits(pattern: &PermalinkPattern, head: &Head, path: &str) -> bool {
    let slug = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let (Some(date), Ok(slug)) = (head.date, Slug::from_written(slug)) else { return false };
    let day = date.day().map_or(date, Date::Day);
    fold(pattern.permalink(&PermalinkParts::new(day, &slug, "")).as_str()) == fold(path)
}

fn taxonomies(survey: &Survey, known: &Known<'_>) -> Vec<String> {
    let used: BTreeSet<&str> = survey.terms.keys().map(|(taxonomy, _)| taxonomy.as_str()).collect();
    let is_known =
        |name: &str| known.config.taxonomies.iter().any(|taxonomy| taxonomy.name == name);
    used.into_iter().filter(|name| !is_known(name)).map(str::to_owned).collect()
}

/// Redirects for numeric addresses, pages of terms and the feed.
fn redirects(survey: &Survey, places: &[Place], known: &Known<'_>) -> Vec<Redirect> {
    let mut redirects: Vec<Redirect> = Vec::new();
    for place in places {
        for from in &place.queries {
            redirects.push(Redirect { from: from.clone(), to: place.permalink.encoded() });
        }
    }
    let is_wordpress = survey
        .heads
        .iter()
        .any(|head| head.short_addresses.iter().any(|address| address.contains("?p=")));
    if is_wordpress {
        let path_of = |name: &str| {
            let found = known.config.taxonomies.iter().find(|taxonomy| taxonomy.name == name);
            found.map(|taxonomy| taxonomy.path.as_str())
        };
        let tags = path_of("tags").unwrap_or("tags");
        let categories = path_of("categories").unwrap_or("categories");
        for ((taxonomy, name), old_slug) in &survey.terms {
            let (old, new) = match taxonomy.as_str() {
                "tags" => ("tag", tags),
                "categories" => ("category", categories),
                _ => continue,
            };
            let slug = Slug::from_term(&fold(name));
            let old_slug = old_slug.as_deref().unwrap_or(slug.as_str());
            let to = format!("/{new}/{}/", slug.as_str());
            redirects.push(Redirect { from: format!("/{old}/{old_slug}/"), to });
        }
        redirects.push(Redirect { from: "/feed/".into(), to: "/atom.xml".into() });
    }
    redirects
}

/// Redirects of accounts' pages, if accounts become authors or contributors.
fn accounts(survey: &Survey, known: &Known<'_>, creator: Creator) -> Vec<Redirect> {
    let taxonomy = match creator {
        Creator::Authors => BuiltIn::Authors,
        Creator::SubmittedBy => BuiltIn::Contributors,
        Creator::PostedBy | Creator::None => return Vec::new(),
    };
    let taxonomies = known.config.taxonomies.iter();
    let path = taxonomies.clone().find(|known| known.name == taxonomy.name());
    let Some(path) = path.map(|found| found.path.as_str()) else { return Vec::new() };
    let used = survey.accounts.iter().filter(|account| survey.posters.contains(&account.name));
    let redirects = used.map(|account| Redirect {
        from: format!("/author/{}/", Slug::from_term(&fold(&account.login)).as_str()),
        to: format!("/{path}/{}/", Slug::from_term(&fold(&account.name)).as_str()),
    });
    redirects.collect()
}

/// Redirects that a build can make, the first of each address.
fn usable(mut redirects: Vec<Redirect>, known: &Known<'_>) -> Vec<Redirect> {
    let mut answered = FxHashSet::default();
    redirects.retain(|redirect| {
        answered.insert(redirect.from.clone())
            && can_be_alias(&redirect.from)
            && known.config.redirects.iter().all(|rule| rule.from != redirect.from)
            && redirect.from != redirect.to
    });
    redirects
}
