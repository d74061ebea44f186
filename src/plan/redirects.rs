//! Pages for redirects: aliases of articles and pages, and `[[redirects]]` in the settings.
//!
//! Only plain addresses have a page; patterns and queries are for the host. A redirect that gives
//! way to another page is reported, as readers would get the wrong page.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::permalink::{FoldedKey, Permalink, Slug, encode_path};
use crate::settings::{Config, RedirectRule};

use super::{Page, PageKind};

/// A redirect.
struct Wish<'a> {
    /// The address of its page.
    path: String,
    /// The target from the archive's root, encoded, or absolute.
    target: String,
    origin: Origin<'a>,
}

/// Where it is written.
#[derive(Clone, Copy)]
enum Origin<'a> {
    /// An alias in this file.
    Alias(&'a str),
    /// A redirect in the settings, at this place.
    Rule(&'a Place),
    /// Another spelling of the term in this file.
    Spelling(&'a str),
}

impl Wish<'_> {
    /// The key of its file.
    fn place(&self) -> FoldedKey {
        FoldedKey::of_file(&self.path)
    }
}

/// The pages of all redirects that can have one.
pub(super) fn pages(archive: &Archive, config: &Config) -> Vec<Page> {
    let is_loop = |wish: &Wish<'_>| wish.target == wish.path;
    wishes(archive, config)
        .filter(|wish| !is_loop(wish))
        .map(|wish| Page::new(wish.path, PageKind::Redirect(wish.target.into())))
        .collect()
}

/// Redirects without patterns and aliases, as (from, to, whether it is in the settings), both from
/// the archive's root if possible.
pub(crate) fn leads<'a>(
    archive: &'a Archive,
    config: &'a Config,
) -> impl Iterator<Item = (String, String, bool)> {
    wishes(archive, config).map(|wish| {
        let own = wish.target.strip_prefix(config.base_url.as_str());
        let to = own.map_or_else(|| wish.target.clone(), |path| format!("/{path}"));
        (wish.path, to, matches!(wish.origin, Origin::Rule(_)))
    })
}

/// A redirect that does not work.
#[derive(Debug)]
pub(crate) struct Unserved {
    /// The old address as written.
    pub address: String,
    /// The diagnostic, pointing at its file.
    pub diagnostic: Diagnostic,
}

/// Redirects that don't work because another page has their address.
pub(crate) fn unserved(archive: &Archive, config: &Config, pages: &[Page]) -> Vec<Unserved> {
    let wished: Vec<Wish<'_>> = wishes(archive, config).collect();
    let places: FxHashSet<FoldedKey> = wished.iter().map(Wish::place).collect();
    if places.is_empty() {
        return Vec::new();
    }
    let by_file = pages.iter().map(|page| (FoldedKey::of_file(&page.path), page));
    let standing: FxHashMap<FoldedKey, &Page> =
        by_file.filter(|(place, _)| places.contains(place)).collect();
    wished.iter().filter_map(|wish| unserved_one(wish, standing.get(&wish.place()))).collect()
}

fn unserved_one(wish: &Wish<'_>, standing: Option<&&Page>) -> Option<Unserved> {
    let Some(page) = standing else {
        let message = format!("{} would lead to itself", wish.path);
        return (wish.target == wish.path).then(|| told(wish, message));
    };
    match &page.kind {
        PageKind::Redirect(target) if **target == *wish.target => None,
        PageKind::Redirect(target) => {
            Some(told(wish, format!("{} leads to {target} already", wish.path)))
        }
        // An article may list its own address among its aliases.
        _ if crate::base::permalink::encode_path(&page.path) == wish.target => None,
        _ => Some(told(wish, format!("{} can't lead elsewhere: a page stands there", wish.path))),
    }
}

fn told(wish: &Wish<'_>, message: String) -> Unserved {
    let (place, what) = match wish.origin {
        Origin::Alias(source) => (Place::file(source), "alias"),
        Origin::Rule(place) => (place.clone(), "redirect"),
        Origin::Spelling(source) => (Place::file(source), "synonym"),
    };
    let help = format!("remove the {what}, or take the address from the other one");
    let diagnostic = Diagnostic::warning(Rule::Redirect, message).at(place).help(help);
    Unserved { address: wish.path.clone(), diagnostic }
}

/// An old address of an article or a page.
struct Alias<'a> {
    written: &'a str,
    permalink: &'a Permalink,
    source: &'a str,
}

impl Alias<'_> {
    /// Whether it has a query: no page can stand there.
    fn has_query(&self) -> bool {
        self.written.contains('?')
    }
}

fn aliases(archive: &Archive) -> impl Iterator<Item = Alias<'_>> {
    let articles = archive.articles.iter().map(|article| {
        let article = &article.value;
        (&*article.source, article.aliases.as_slice(), &article.permalink)
    });
    let pages = archive.pages.iter().map(|page| {
        let page = &page.value;
        (&*page.source, page.aliases.as_slice(), &page.permalink)
    });
    articles.chain(pages).flat_map(|(source, aliases, permalink)| {
        aliases.iter().map(move |written| Alias { written, permalink, source })
    })
}

fn wishes<'a>(archive: &'a Archive, config: &'a Config) -> impl Iterator<Item = Wish<'a>> {
    let plain = aliases(archive).filter(|alias| !alias.has_query());
    let aliases = plain.map(|alias| Wish {
        path: page_path(alias.written),
        target: alias.permalink.encoded(),
        origin: Origin::Alias(alias.source),
    });
    let rules = config.redirects.iter().filter(|rule| is_plain(&rule.from)).map(|rule| Wish {
        path: page_path(&rule.from),
        target: rule.to.clone(),
        origin: Origin::Rule(&rule.place),
    });
    aliases.chain(rules).chain(synonyms(archive, config))
}

/// The addresses that a term's other spellings would have: they may have been published.
fn synonyms<'a>(archive: &'a Archive, config: &'a Config) -> impl Iterator<Item = Wish<'a>> {
    let taxonomies = config.taxonomies.iter().zip(&archive.taxonomies);
    taxonomies.flat_map(|(taxonomy, held)| {
        let noted = held.terms.iter().filter_map(|term| Some((term, term.note.as_deref()?)));
        let wishes = noted.flat_map(move |(term, note)| {
            let target = encode_path(&format!("/{}/{}/", taxonomy.path, term.slug.as_str()));
            note.keys().map(move |key| Wish {
                path: format!("/{}/{}/", taxonomy.path, Slug::from_term(&key).as_str()),
                target: target.clone(),
                origin: Origin::Spelling(&note.source),
            })
        });
        let own: FxHashSet<FoldedKey> = if config.term_notes.of(&taxonomy.name).next().is_some() {
            held.terms.iter().map(|term| FoldedKey::of(term.slug.as_str())).collect()
        } else {
            FxHashSet::default()
        };
        let mut seen = FxHashSet::default();
        // An address that a term has stays that term's.
        wishes.filter(move |wish| {
            let slug = wish.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let key = FoldedKey::of(slug);
            !own.contains(&key) && seen.insert(key)
        })
    })
}

/// Old addresses with a query, at which no page can stand, as rules for hosts.
pub(crate) fn of_queries(archive: &Archive) -> Vec<RedirectRule> {
    let rules = aliases(archive).filter(Alias::has_query).map(|alias| RedirectRule {
        from: alias.written.to_owned(),
        to: alias.permalink.encoded(),
        status: 301,
        place: Place::file(alias.source),
    });
    rules.collect()
}

/// Whether a page can stand at an address of `[[redirects]]`.
pub(crate) fn is_plain(from: &str) -> bool {
    !from.contains(['*', '?']) && Permalink::from_written(from).is_ok()
}

/// `/old` is a folder with a page, `/old.html` a file.
fn page_path(alias: &str) -> String {
    let name = alias.rsplit('/').next().unwrap_or_default();
    let is_file =
        [".html", ".htm"].iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
    if is_file || alias.ends_with('/') { alias.to_owned() } else { format!("{alias}/") }
}
