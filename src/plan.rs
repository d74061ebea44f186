//! From the archive to its pages: every address, with the kind of page and its articles.
//!
//! [`pages`] lists them; a page's view data ([`crate::view`]) is made when it is rendered. Nothing
//! here touches a file.

pub(crate) mod data;
pub(crate) mod feed_documents;
pub(crate) mod initials;
pub(crate) mod redirects;
pub mod routes;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::archive::register::Register;
use crate::archive::trie::{self, Cut, Node, Period};
use crate::archive::{Archive, ArticleId};
use crate::base::file_kind::FileKind;
use crate::content::article::Article;
use crate::settings::Config;
use data::DataFile;

use feed_documents::FeedDocument;

/// The folder of the search index, from the archive's root.
pub const SEARCH_INDEX: &str = "/search/i/";

/// A page of the site.
#[derive(Clone, Debug)]
pub struct Page {
    /// The address from the archive's root, not encoded: begins with `/`, and ends with `/` unless
    /// it names a file.
    pub path: Arc<str>,
    /// What it is.
    pub kind: PageKind,
}

/// The articles of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole archive.
    Archive,
    /// A term: the indexes of its taxonomy and of the term.
    Term(usize, usize),
}

/// The kind of a page, and its articles.
#[derive(Clone, Debug)]
pub enum PageKind {
    /// The front page.
    Home,
    /// All years.
    Years,
    /// An article, or the tombstone of a withdrawn one.
    Article(ArticleId),
    /// The text of an article that may be republished, as Markdown.
    Markdown(ArticleId),
    /// A plain page, by index in [`Archive::pages`].
    Plain(usize),
    /// The articles of a scope in a period.
    Listing(Scope, Period),
    /// All terms of a taxonomy, or those of one initial.
    Terms(usize, Option<Box<str>>),
    /// All days of the year.
    Anniversaries,
    /// A day of the year.
    Anniversary(u32, u32),
    /// Articles added on a day.
    Added(NaiveDate),
    /// The host's page for error 404.
    NotFound,
    /// A redirect; its target from the archive's root or absolute.
    Redirect(Box<str>),
    /// An Atom feed: of the archive, or of a term.
    Atom(Scope),
    /// The archive's JSON Feed.
    JsonFeed,
    /// An Atom feed of the latest changes.
    UpdatedAtom,
    /// Corrections or withdrawals in a period.
    Register(Register, Period),
    /// An Atom feed of the corrections.
    CorrectionsAtom,
    /// A document of the archive's complete feed.
    FeedDocument(Box<FeedDocument>),
    /// The search page.
    Search,
    /// The `OpenSearch` description for browsers.
    OpenSearch,
    /// The page about the data files.
    Data,
    /// A data file.
    DataFile(DataFile),
}

impl Page {
    /// A page at an address.
    pub fn new(path: impl Into<Arc<str>>, kind: PageKind) -> Page {
        Page { path: path.into(), kind }
    }

    /// Its file in the output.
    pub fn file(&self) -> String {
        let path = self.path.trim_start_matches('/');
        if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        }
    }

    /// Its kind in commit order.
    pub fn file_kind(&self, archive: &Archive) -> FileKind {
        match self.kind {
            PageKind::Article(id) if !archive.is_listed(id) => FileKind::Tombstone,
            PageKind::Article(_) | PageKind::Markdown(_) | PageKind::Plain(_) => FileKind::Article,
            PageKind::Atom(_)
            | PageKind::JsonFeed
            | PageKind::FeedDocument(_)
            | PageKind::DataFile(_)
            | PageKind::UpdatedAtom
            | PageKind::CorrectionsAtom => FileKind::Feed,
            _ => FileKind::Listing,
        }
    }
}

/// How deep a scope is split into pages.
pub fn cut(scope: Scope, config: &Config) -> Cut {
    match scope {
        Scope::Term(..) => Cut::Above(config.listing.leaf),
        Scope::Archive if config.listing.days => Cut::ToDays,
        Scope::Archive => Cut::ToMonths,
    }
}

/// The articles of a scope, in order, with withdrawn ones.
pub fn articles(archive: &Archive, scope: Scope) -> &[ArticleId] {
    match scope {
        Scope::Archive => &archive.all,
        Scope::Term(taxonomy, term) => &archive.taxonomies[taxonomy].terms[term].articles,
    }
}

/// The address of a scope's listing.
pub fn listing_path(archive: &Archive, config: &Config, scope: Scope, period: Period) -> String {
    match scope {
        Scope::Archive => format!("/{}", period.path()),
        Scope::Term(taxonomy, term) => {
            let slug = &archive.taxonomies[taxonomy].terms[term].slug;
            format!("/{}/{}/{}", config.taxonomies[taxonomy].path, slug.as_str(), period.path())
        }
    }
}

/// All pages, in a fixed order.
pub fn pages(archive: &Archive, config: &Config) -> Vec<Page> {
    let mut pages = Vec::with_capacity(archive.all.len() + archive.all.len() / 2);
    pages.extend([
        Page::new("/", PageKind::Home),
        Page::new("/years/", PageKind::Years),
        Page::new("/404.html", PageKind::NotFound),
        Page::new("/atom.xml", PageKind::Atom(Scope::Archive)),
        Page::new("/feed.json", PageKind::JsonFeed),
        Page::new("/updated.xml", PageKind::UpdatedAtom),
        Page::new("/on-this-day/", PageKind::Anniversaries),
    ]);
    for &id in &archive.all {
        let article = archive.article(id);
        pages.push(Page::new(article.permalink.shared(), PageKind::Article(id)));
        if archive.is_listed(id) && config.republish.allows(article.license.as_deref()) {
            pages.push(Page::new(markdown_path(article), PageKind::Markdown(id)));
        }
    }
    for (at, page) in archive.pages.iter().enumerate() {
        pages.push(Page::new(page.value.permalink.shared(), PageKind::Plain(at)));
    }
    listings(archive, config, Scope::Archive, &mut pages);
    for taxonomy in 0..archive.taxonomies.len() {
        taxonomy_pages(archive, config, taxonomy, &mut pages);
    }
    for &(month, day) in archive.anniversaries.keys() {
        let path = format!("/on-this-day/{month:02}-{day:02}/");
        pages.push(Page::new(path, PageKind::Anniversary(month, day)));
    }
    for &day in archive.added.keys() {
        let path = format!("/added/{}/", day.format("%Y/%m/%d"));
        pages.push(Page::new(path, PageKind::Added(day)));
    }
    registers(archive, config, &mut pages);
    feed_documents::pages(archive, config, &mut pages);
    data::pages(archive, config, &mut pages);
    if config.search.enabled {
        search_pages(archive, &mut pages);
    }
    pages.extend(redirects::pages(archive, config));
    pages.shrink_to_fit();
    pages
}

/// Registers, unless the curator has a page at `/corrections/` or `/withdrawals/`.
fn registers(archive: &Archive, config: &Config, pages: &mut Vec<Page>) {
    for register in Register::ALL {
        for period in archive.registers.periods(register, config.listing.leaf) {
            let path = register.path(period);
            if !archive.has_page_at(&path) {
                pages.push(Page::new(path, PageKind::Register(register, period)));
            }
        }
    }
    let path = "/corrections/atom.xml".to_owned();
    pages.push(Page::new(path, PageKind::CorrectionsAtom));
}

/// The search page, unless the curator has a page there.
fn search_pages(archive: &Archive, pages: &mut Vec<Page>) {
    if !archive.has_page_at("/search/") {
        pages.push(Page::new("/search/", PageKind::Search));
    }
    pages.push(Page::new("/search/opensearch.xml", PageKind::OpenSearch));
}

/// The address of an article's Markdown from the archive's root, not encoded.
pub(crate) fn markdown_path(article: &Article) -> String {
    format!("{}index.md", article.permalink.as_str())
}

fn listings(archive: &Archive, config: &Config, scope: Scope, pages: &mut Vec<Page>) {
    for node in trie::nodes(archive, articles(archive, scope), cut(scope, config)) {
        if scope == Scope::Archive && node.period == Period::All {
            continue;
        }
        if !has_page(archive, scope, &node) {
            continue;
        }
        let path = listing_path(archive, config, scope, node.period);
        pages.push(Page::new(path, PageKind::Listing(scope, node.period)));
    }
}

/// Whether a node has a page. A day of the archive keeps its page if all its reports are withdrawn;
/// a period of a term does not, as that would reveal their subject.
pub fn has_page(archive: &Archive, scope: Scope, node: &Node<'_>) -> bool {
    scope == Scope::Archive || node.articles.iter().any(|&id| archive.is_listed(id))
}

fn taxonomy_pages(archive: &Archive, config: &Config, taxonomy: usize, pages: &mut Vec<Page>) {
    let terms = archive.taxonomies[taxonomy].terms.len();
    if terms == 0 {
        return;
    }
    let path = format!("/{}/", config.taxonomies[taxonomy].path);
    pages.push(Page::new(path.as_str(), PageKind::Terms(taxonomy, None)));
    if terms > initials::WHOLE_INDEX {
        for initial in initials::initials(archive, taxonomy) {
            let path = format!("{path}{}/", initials::initial_part(&initial));
            pages.push(Page::new(path, PageKind::Terms(taxonomy, Some(initial.into()))));
        }
    }
    for term in 0..terms {
        let scope = Scope::Term(taxonomy, term);
        listings(archive, config, scope, pages);
        if config.taxonomies[taxonomy].feed {
            let path = format!("{}atom.xml", listing_path(archive, config, scope, Period::All));
            pages.push(Page::new(path, PageKind::Atom(scope)));
        }
    }
}
