//! Chooses each entry's file, address and aliases.

use percent_encoding::percent_decode_str;
use rustc_hash::{FxHashMap, FxHashSet};
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use crate::authoring::entry::slug_for;
use crate::authoring::known::Known;
use crate::base::date::Date;
use crate::base::permalink::{FoldedKey, Permalink, PermalinkParts, Slug, fold};
use crate::content::front_matter::file_name;
use crate::settings::pattern_of;

use super::entry::Kind;
use super::journal::Journal;
use super::survey::{Head, Survey};
use super::tidying::can_be_alias;

/// The maximum depth of pages.
const DEEPEST: usize = 12;

/// The maximum number tried for an entry whose address is in use.
const MOST_NUMBERS: usize = 10_000;

/// First path segments of the site's own pages.
const OWN: [&str; 16] = [
    "added",
    "changes",
    "corrections",
    "data",
    "feeds",
    "links",
    "months",
    "on-this-day",
    "page",
    "search",
    "sitemaps",
    "static",
    "withdrawals",
    "years",
    "404",
    "languages",
];

/// The place of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Path from the archive's root.
    pub(crate) path: String,
    pub(crate) permalink: Permalink,
    /// Set if it differs from the file's name.
    pub(crate) slug: Option<Slug>,
    /// Old addresses from the root.
    pub(crate) aliases: Vec<String>,
    /// Old addresses with a query, which only a host can redirect.
    pub(crate) queries: Vec<String>,
    /// Old addresses that no build can answer.
    pub(crate) lost: Vec<String>,
}

/// Places every entry of a survey; an entry imported before keeps its place.
pub(crate) fn places(
    survey: &Survey,
    journal: &Journal,
    known: &Known<'_>,
    today: Date,
) -> Vec<Place> {
    let by_id = survey.heads.iter().map(|head| (head.id.as_str(), head)).collect();
    let mut placing = Placing { survey, journal, known, today, by_id, taken: Taken::default() };
    for (_, path) in journal.files() {
        placing.taken.paths.insert(path_key(path));
    }
    survey.heads.iter().map(|head| placing.place(head)).collect()
}

struct Placing<'a> {
    survey: &'a Survey,
    journal: &'a Journal,
    known: &'a Known<'a>,
    /// The date of entries without one.
    today: Date,
    by_id: FxHashMap<&'a str, &'a Head>,
    taken: Taken,
}

/// Files and addresses in use.
#[derive(Default)]
struct Taken {
    paths: FxHashSet<u128>,
    addresses: FxHashSet<FoldedKey>,
    /// For each file name, the first number that may be free, so that numbering many posts with one
    /// title takes linear time.
    numbers: FxHashMap<u128, usize>,
}

/// A hash of a folded path. Paths are only compared; hashes need less memory.
fn path_key(path: &str) -> u128 {
    xxh3_128(fold(path).as_bytes())
}

impl Placing<'_> {
    fn place(&mut self, head: &Head) -> Place {
        let recorded = self.journal.path(&head.id);
        let wanted = Self::slug(head);
        let mut place = None;
        let first = if recorded.is_some() { 1 } else { self.first_number(head, &wanted) };
        for number in first..=first + MOST_NUMBERS {
            let slug = numbered(&wanted, number);
            let path = recorded.map_or_else(|| self.path(head, &slug), str::to_owned);
            let permalink = self.permalink(head, &path, &slug);
            let is_free = self.is_free(&path, &permalink)
                && !(head.kind == Kind::Page && is_reserved(&permalink, self.known));
            if recorded.is_some() || is_free {
                place = Some((path, permalink, slug));
                break;
            }
        }
        let (path, permalink, slug) = place.unwrap_or_else(|| {
            let slug = wanted.distinguished(&head.id);
            let path = self.path(head, &slug);
            (path.clone(), self.permalink(head, &path, &slug), slug)
        });
        self.taken.paths.insert(path_key(&path));
        self.taken.addresses.insert(FoldedKey::of(permalink.as_str()));
        let is_named = Slug::from_file_name(file_name(&path).1).is_ok_and(|named| named == slug);
        let (kept, lost): (Vec<String>, Vec<String>) = self
            .aliases(head, &permalink)
            .into_iter()
            .partition(|alias| can_be_alias(alias) && !is_own_page(alias, self.known));
        let (queries, aliases) = kept.into_iter().partition(|alias| alias.contains('?'));
        Place { path, permalink, slug: (!is_named).then_some(slug), aliases, queries, lost }
    }

    /// The first number that makes a file's name unique.
    fn first_number(&mut self, head: &Head, slug: &Slug) -> usize {
        let name = path_key(&self.path(head, slug));
        let mut number = self.taken.numbers.get(&name).copied().unwrap_or(1);
        while self.taken.paths.contains(&path_key(&self.path(head, &numbered(slug, number)))) {
            number += 1;
        }
        self.taken.numbers.insert(name, number);
        number
    }

    /// Whether file and address are free. An existing file may be from an interrupted import.
    fn is_free(&self, path: &str, permalink: &Permalink) -> bool {
        let holder = self.known.holder(permalink);
        !self.taken.paths.contains(&path_key(path))
            && !self.taken.addresses.contains(&FoldedKey::of(permalink.as_str()))
            && holder.is_none_or(|holder| holder == path)
    }

    /// The last segment of its address: the old one, or from its headline, or its id.
    fn slug(head: &Head) -> Slug {
        let written = head.slug.as_deref().and_then(|slug| Slug::from_written(slug).ok());
        let written = written.filter(|slug| slug.as_str() != "index");
        written.or_else(|| slug_for(&head.title).ok()).unwrap_or_else(|| {
            let number = head.id.rsplit(['#', '/']).find(|part| !part.is_empty());
            Slug::from_term(&format!("report-{}", fold(number.unwrap_or_default())))
        })
    }

    fn path(&self, head: &Head, slug: &Slug) -> String {
        let slug = slug.as_str();
        match (head.kind, head.date) {
            (Kind::Page, _) => {
                let folders = self.folders(head);
                format!("content/pages/{folders}{slug}.md")
            }
            (Kind::Report, Some(date)) => format!("content/{:04}/{slug}.md", date.year()),
            (Kind::Report, None) => format!("content/drafts/{slug}.md"),
        }
    }

    /// The parent pages as folders.
    fn folders(&self, head: &Head) -> String {
        let mut folders: Vec<Slug> = Vec::new();
        let mut above = head.parent.as_deref();
        while let Some(parent) = above.and_then(|id| self.by_id.get(id)) {
            if folders.len() == DEEPEST {
                break;
            }
            folders.push(Self::slug(parent));
            above = parent.parent.as_deref().filter(|id| *id != head.id);
        }
        folders.iter().rev().flat_map(|slug| [slug.as_str(), "/"]).collect()
    }

    fn permalink(&self, head: &Head, path: &str, slug: &Slug) -> Permalink {
        match head.kind {
            Kind::Report => {
                let date = head.date.unwrap_or(self.today);
                let config = &self.known.config;
                let pattern = pattern_of(path, &config.permalinks, &config.permalink);
                let outlet = head.outlet.as_deref();
                let parts = PermalinkParts::new(date, slug, path);
                pattern.permalink(&PermalinkParts { outlet, ..parts })
            }
            Kind::Page => {
                let folder =
                    path.strip_prefix("content/pages/").and_then(|path| path.rsplit_once('/'));
                let folder = folder.map_or(String::new(), |(folder, _)| format!("/{folder}"));
                let plain = PermalinkParts::new(self.today, slug, path);
                let plain = self.known.config.permalink.permalink(&plain);
                Permalink::from_written(&format!("{folder}/{}/", slug.as_str())).unwrap_or(plain)
            }
        }
    }

    /// Old addresses that differ from the new one.
    fn aliases(&self, head: &Head, permalink: &Permalink) -> Vec<String> {
        if head.is_draft {
            return Vec::new();
        }
        let mut aliases: Vec<String> = Vec::new();
        for address in &head.addresses {
            let Some(alias) = old_path(address, &self.survey.sites) else { continue };
            let is_own = FoldedKey::of_file(&alias) == FoldedKey::of_file(permalink.as_str())
                || alias.trim_end_matches('/') == permalink.as_str().trim_end_matches('/');
            if !is_own && !aliases.contains(&alias) && alias != "/" {
                aliases.push(alias);
            }
        }
        aliases
    }
}

/// Appends a number from the second on; reserved page names are always numbered.
pub(super) fn numbered(slug: &Slug, number: usize) -> Slug {
    if number == 1 {
        return slug.clone();
    }
    Slug::from_written(&format!("{}-{number}", slug.as_str()))
        .unwrap_or_else(|_| slug.distinguished(&number.to_string()))
}

/// The path and query of an old address, decoded; `None` for other sites.
pub(crate) fn old_path(address: &str, sites: &[Url]) -> Option<String> {
    let address = Url::parse(address).ok()?;
    let host = bare_host(&address)?;
    let is_own =
        sites.is_empty() || sites.iter().any(|site| bare_host(site).as_deref() == Some(&*host));
    if !is_own {
        return None;
    }
    let path = percent_decode_str(address.path()).decode_utf8().ok()?.into_owned();
    Some(match address.query() {
        Some(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path,
    })
}

/// A host without `www.`.
pub(crate) fn bare_host(address: &Url) -> Option<String> {
    let host = address.host_str()?.to_ascii_lowercase();
    Some(host.strip_prefix("www.").unwrap_or(&host).to_owned())
}

/// Whether an old address is that of a generated page: `/tags/`, `/2017/01/`.
fn is_own_page(alias: &str, known: &Known<'_>) -> bool {
    let path = alias.split('?').next().unwrap_or_default().trim_matches('/');
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = !path.contains('/') || path.split('/').all(is_number);
    !alias.contains('?') && is_short && is_reserved_path(path, known)
}

/// Whether the site generates pages at this address.
fn is_reserved(permalink: &Permalink, known: &Known<'_>) -> bool {
    is_reserved_path(permalink.as_str().trim_start_matches('/'), known)
}

fn is_reserved_path(path: &str, known: &Known<'_>) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let is_year = first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit());
    is_year
        || OWN.contains(&first)
        || known.config.taxonomies.iter().any(|taxonomy| taxonomy.path == first)
}
