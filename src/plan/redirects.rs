//! Pages for old addresses: aliases of articles and pages, and the config's `[[redirects]]`.
//!
//! A page stands only for a plain address; patterns and queries are the host's to answer. What gives
//! way to another page is told, for readers who follow the old address would land elsewhere.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::base::permalink::{FoldedKey, Permalink};
use crate::settings::{Config, RedirectRule};

use super::{Page, PageKind};

/// An old address and where it should lead.
struct Wish<'a> {
    /// Where the page would stand.
    path: String,
    /// From the archive's root and encoded, or absolute.
    target: String,
    /// The file whose alias it is; `None` for one of the config.
    origin: Origin<'a>,
}

/// Where it is written.
#[derive(Clone, Copy)]
enum Origin<'a> {
    /// Among the aliases in this file.
    Alias(&'a str),
    /// In the config, here.
    Rule(&'a Place),
}

impl Wish<'_> {
    /// The file that it asks for.
    fn place(&self) -> FoldedKey {
        FoldedKey::of_file(&self.path)
    }
}

/// A page for every old address that a page can stand for.
pub(super) fn pages(archive: &Archive, config: &Config) -> Vec<Page> {
    let is_loop = |wish: &Wish<'_>| wish.target == wish.path;
    wishes(archive, config)
        .filter(|wish| !is_loop(wish))
        .map(|wish| Page::new(wish.path, PageKind::Redirect(wish.target.into())))
        .collect()
}

/// Where the config's plain `[[redirects]]` and the aliases lead, as (from, to, whether the config has
/// it), both from the archive's root where they can be.
pub fn leads<'a>(
    archive: &'a Archive,
    config: &'a Config,
) -> impl Iterator<Item = (String, String, bool)> {
    wishes(archive, config).map(|wish| {
        let own = wish.target.strip_prefix(config.base_url.as_str());
        let to = own.map_or_else(|| wish.target.clone(), |path| format!("/{path}"));
        (wish.path, to, matches!(wish.origin, Origin::Rule(_)))
    })
}

/// An old address that leads elsewhere than it should.
#[derive(Debug)]
pub struct Unserved {
    /// The address, as it is written.
    pub address: String,
    /// What is said of it, at its file.
    pub diagnostic: Diagnostic,
}

/// Old addresses that lead elsewhere than they should, as another page stands there.
pub fn unserved(archive: &Archive, config: &Config, pages: &[Page]) -> Vec<Unserved> {
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
        // An article may well name its own address among the old ones.
        _ if crate::base::permalink::encode_path(&page.path) == wish.target => None,
        _ => Some(told(wish, format!("{} can't lead elsewhere: a page stands there", wish.path))),
    }
}

fn told(wish: &Wish<'_>, message: String) -> Unserved {
    let (place, what) = match wish.origin {
        Origin::Alias(source) => (Place::file(source), "alias"),
        Origin::Rule(place) => (place.clone(), "redirect"),
    };
    let help = format!("remove the {what}, or take the address from the other one");
    let diagnostic = Diagnostic::warning(Rule::Redirect, message).at(place).help(help);
    Unserved { address: wish.path.clone(), diagnostic }
}

fn wishes<'a>(archive: &'a Archive, config: &'a Config) -> impl Iterator<Item = Wish<'a>> {
    let articles = archive.articles.iter().map(|article| {
        let article = &article.value;
        (&article.source, &article.aliases, &article.permalink)
    });
    let pages = archive.pages.iter().map(|page| {
        let page = &page.value;
        (&page.source, &page.aliases, &page.permalink)
    });
    let aliases = articles.chain(pages).flat_map(|(source, aliases, permalink)| {
        aliases.iter().filter(|alias| !alias.contains('?')).map(|alias| Wish {
            path: page_path(alias),
            target: permalink.encoded(),
            origin: Origin::Alias(source.as_ref()),
        })
    });
    let rules = config.redirects.iter().filter(|rule| is_plain(&rule.from)).map(|rule| Wish {
        path: page_path(&rule.from),
        target: rule.to.clone(),
        origin: Origin::Rule(&rule.place),
    });
    aliases.chain(rules)
}

/// Old addresses with a query, at which no page can stand, as rules for hosts.
pub fn of_queries(archive: &Archive) -> Vec<RedirectRule> {
    let articles = archive.articles.iter().map(|article| {
        let article = &article.value;
        (&article.source, &article.aliases, &article.permalink)
    });
    let pages = archive.pages.iter().map(|page| {
        let page = &page.value;
        (&page.source, &page.aliases, &page.permalink)
    });
    let rules = articles.chain(pages).flat_map(|(source, aliases, permalink)| {
        aliases.iter().filter(|alias| alias.contains('?')).map(|alias| RedirectRule {
            from: alias.clone(),
            to: permalink.encoded(),
            status: 301,
            place: Place::file(source.as_ref()),
        })
    });
    rules.collect()
}

/// Whether a page can stand at an address of `[[redirects]]`.
pub fn is_plain(from: &str) -> bool {
    !from.contains(['*', '?']) && Permalink::from_written(from).is_ok()
}

/// `/old` is a folder with a page in it, `/old.html` a file.
fn page_path(alias: &str) -> String {
    let name = alias.rsplit('/').next().unwrap_or_default();
    let is_file =
        [".html", ".htm"].iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
    if is_file || alias.ends_with('/') { alias.to_owned() } else { format!("{alias}/") }
}
