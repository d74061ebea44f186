//! What every page's template receives: the site, the page itself, and cards of articles.

pub mod article;
pub mod chart;
pub mod citation;
pub mod contact;
pub mod credit;
mod data_page;
pub mod days;
pub mod facts;
pub mod fingerprint;
pub mod groups;
pub mod home;
pub mod link_state;
pub mod listing;
pub mod metadata;
pub mod outlet;
pub mod pictures;
pub mod provenance;
pub mod register;
pub mod search_page;
pub mod stories;
pub mod structured;
pub mod template_names;
pub mod term_pages;
pub mod value;

use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use value::{Object as _, Value, view};

use crate::archive::terms::Taxonomy;
use crate::archive::trie::Period;
use crate::archive::{Archive, ArticleId};
use crate::base::built_in::BuiltIn;
use crate::base::permalink::encode_path;
use crate::i18n::{self, Language, direction};
use crate::ledger::Ledger;
use crate::settings::Config;
use metadata::Meta;
use pictures::Files;
use template_names::Names;

use crate::plan::routes::Routes;
use crate::plan::{Page, PageKind, Scope, listing_path};

/// Everything view data is made from.
#[derive(Debug)]
pub struct Material<'a> {
    /// The content.
    pub archive: &'a Archive,
    /// The config.
    pub config: &'a Config,
    /// The words.
    pub language: Arc<Language>,
    /// What links can lead to.
    pub routes: Routes<'a>,
    /// Files of the site, for the sizes of pictures.
    pub files: &'a Files,
    /// Decisions on links.
    pub ledger: &'a Ledger,
    /// What is asked for.
    pub names: &'a Names,
}

/// How many authors a card names; the rest are counted. A card stands on the page of each of its authors, so
/// that cards which named all of them would take the square of their number.
const SHOWN_AUTHORS: usize = 10;

/// How many taxonomies every page leads to; the front page leads to all of them.
const SHOWN_TAXONOMIES: usize = 24;

/// The maker of view data. What it is made from is asked of it as its own.
#[derive(Debug)]
pub struct Views<'a> {
    material: Material<'a>,
    site: Value,
    /// Each taxonomy's terms as they are shown, made when the first page shows one.
    terms: Vec<Vec<OnceLock<Value>>>,
    cards: RecentCards,
}

/// Cards made lately: an article stands on pages of its neighbours, its day, its month and its terms,
/// many of which are made one soon after the other. Bounded, whatever the archive's size.
#[derive(Debug)]
struct RecentCards(Vec<Mutex<Option<(ArticleId, Value)>>>);

impl Default for RecentCards {
    fn default() -> RecentCards {
        RecentCards((0..8192).map(|_| Mutex::default()).collect())
    }
}

impl RecentCards {
    fn get_or_make(&self, id: ArticleId, make: impl Fn() -> Value) -> Value {
        let place = &self.0[id as usize % self.0.len()];
        let mut slot = place.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((known, card)) if *known == id => card.clone(),
            _ => slot.insert((id, make())).1.clone(),
        }
    }
}

/// What differs from page to page in the head and the masthead.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) description: String,
    pub(crate) language: Option<String>,
    pub(crate) breadcrumbs: Vec<Value>,
    pub(crate) feed: Option<Value>,
    pub(crate) noindex: bool,
    pub(crate) canonical: Option<String>,
    /// Structured data, for a `<script>` of the type `application/ld+json`.
    pub(crate) structured: Option<String>,
    /// What its `<meta>` say beyond what every page's do.
    pub(crate) meta: Option<Vec<Meta>>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) data: Option<String>,
}

impl<'a> Deref for Views<'a> {
    type Target = Material<'a>;

    fn deref(&self) -> &Material<'a> {
        &self.material
    }
}

impl<'a> Views<'a> {
    /// Prepares what all pages share.
    pub fn new(material: Material<'a>) -> Views<'a> {
        let unmade = |taxonomy: &Taxonomy| taxonomy.terms.iter().map(|_| OnceLock::new()).collect();
        let terms = material.archive.taxonomies.iter().map(unmade).collect();
        let (site, cards) = (Value::none(), RecentCards::default());
        let mut views = Views { material, site, terms, cards };
        views.site = views.make_site();
        views
    }

    /// What all pages share.
    pub fn site(&self) -> &Value {
        &self.site
    }

    /// The data of a page whose template is the second value, but for what all pages share; `None` for
    /// feeds, which have none.
    pub fn view(&self, page: &Page, body: &str) -> Option<(Value, &'static str)> {
        let (head, data, template) = match &page.kind {
            PageKind::Home => self.home(),
            PageKind::Years => self.years(),
            PageKind::Article(id) => self.article(*id, body),
            PageKind::Plain(at) => self.plain(*at, body),
            PageKind::Listing(scope, period) => self.listing(*scope, *period),
            PageKind::Terms(taxonomy, initial) => self.terms(*taxonomy, initial.as_deref()),
            PageKind::Anniversaries => self.anniversaries(),
            PageKind::Anniversary(month, day) => self.anniversary(*month, *day),
            PageKind::Added(day) => self.added_day(*day),
            PageKind::NotFound => self.not_found(),
            PageKind::Redirect(target) => self.redirect(target),
            PageKind::Register(register, period) => self.register(*register, *period),
            PageKind::Search => self.search_page(),
            PageKind::Data => self.data_page(),
            PageKind::Markdown(_)
            | PageKind::OpenSearch
            | PageKind::Atom(_)
            | PageKind::JsonFeed
            | PageKind::FeedDocument(_)
            | PageKind::DataFile(_)
            | PageKind::UpdatedAtom
            | PageKind::CorrectionsAtom => return None,
        };
        Some((data.with("page", self.page(page, head)), template))
    }

    fn page(&self, page: &Page, head: Head) -> Value {
        let path = encode_path(&page.path);
        let absolute = self.config.absolute(&path);
        let meta = self.if_named("meta", || self.meta(&head, &absolute));
        let language = head.language.unwrap_or_else(|| self.config.language.clone());
        view!({
            "kind": head.kind,
            "url": self.config.address(&path),
            "canonical": head.canonical.unwrap_or_else(|| absolute.clone()),
            "absolute": absolute,
            "title": head.title,
            "heading": head.heading,
            "description": head.description,
            "dir": direction(&language),
            "language": language,
            "breadcrumbs": head.breadcrumbs,
            "feed": head.feed.unwrap_or_else(|| self.whole_feed()),
            "data": head.data,
            "meta": meta,
            "structured": head.structured,
            "noindex": head.noindex,
            "previous": head.previous,
            "next": head.next,
        })
    }

    /// What a page's `<meta>` say.
    fn meta(&self, head: &Head, absolute: &str) -> Vec<Value> {
        let title = &self.config.title;
        let common = metadata::page(title, &head.heading, absolute, &head.description);
        let other = || metadata::other(&self.config.language);
        let own = head.meta.clone().unwrap_or_else(other);
        common.iter().chain(&own).map(Meta::to_value).collect()
    }

    /// A part of the view that is made only where a template names it.
    pub(crate) fn if_named<T>(&self, name: &str, make: impl FnOnce() -> T) -> Option<T> {
        self.names.has(name).then(make)
    }

    /// The feed of the archive, for listings that have none of their own.
    fn whole_feed(&self) -> Value {
        let title = self.language.text("atom_title", &[("title", &self.config.title)]);
        view!({ "title": title, "url": self.config.address("/atom.xml"), "own": false })
    }

    fn make_site(&self) -> Value {
        let config = self.config;
        let mut sections = vec![view!({
            "key": "years", "title": self.language.text("years", &[]), "url": config.address("/years/"),
        })];
        let taxonomies = config.taxonomies.iter().zip(&self.archive.taxonomies);
        let used = taxonomies.filter(|(_, terms)| !terms.terms.is_empty());
        for (taxonomy, _) in used.take(SHOWN_TAXONOMIES) {
            sections.push(view!({
                "key": taxonomy.name,
                "title": self.language.name(i18n::Names::Taxonomies, &taxonomy.name),
                "url": config.address(&encode_path(&format!("/{}/", taxonomy.path))),
            }));
        }
        sections.push(view!({
            "key": "on_this_day",
            "title": self.language.text("on_this_day", &[]),
            "url": config.address("/on-this-day/"),
        }));
        let nav: Vec<Value> = config
            .nav
            .iter()
            .map(
                |entry| view!({ "title": entry.title, "url": self.configured_address(&entry.url) }),
            )
            .collect();
        let icon = ["/favicon.svg", "/favicon.ico", "/favicon.png"]
            .into_iter()
            .find(|path| self.routes.knows(path))
            .map(|path| config.address(path));
        view!({
            "title": config.title,
            "description": config.description,
            "language": config.language,
            "dir": direction(&config.language),
            "base_url": config.base_url.as_str(),
            "home": config.base_path(),
            "nav": nav,
            "sections": sections,
            "feeds": view!({
                "atom": config.address("/atom.xml"),
                "json": config.address("/feed.json"),
                "updated": config.address("/updated.xml"),
            }),
            "data_url": config.data.enabled.then(|| config.address("/data/")),
            "registers": self.register_links(),
            "icon": icon,
            "search_url": config.search.enabled.then(|| config.address("/search/")),
            "terms_url": self.terms_address(),
            "notices": self.notice_links(),
            "standing_notes": config.notices.standing,
            "generator": "Dateline",
            "extra": config.extra,
        })
    }

    /// An address from the config: from the archive's root, or absolute.
    pub(crate) fn configured_address(&self, url: &str) -> String {
        if url.starts_with('/') && !url.starts_with("//") {
            self.config.address(url)
        } else {
            url.to_owned()
        }
    }

    /// A language to write on an element: only where it is not the archive's own.
    pub(crate) fn foreign(&self, language: Option<&str>) -> (Option<String>, Option<&'static str>) {
        match language {
            Some(tag) if tag != self.config.language => {
                (Some(tag.to_owned()), Some(direction(tag)))
            }
            _ => (None, None),
        }
    }

    /// An article's outlet, as (taxonomy, term).
    pub(crate) fn outlet_term(&self, id: ArticleId) -> Option<(usize, usize)> {
        let outlets =
            self.config.taxonomies.iter().position(|taxonomy| BuiltIn::Outlets.is(&taxonomy.name));
        self.archive.terms_of(id).find(|(at, _)| Some(*at) == outlets)
    }

    /// Name, address, language and direction of an article's outlet.
    pub(crate) fn outlet(&self, id: ArticleId) -> Value {
        self.outlet_term(id).map_or(Value::none(), |(taxonomy, term)| self.term(taxonomy, term))
    }

    /// Name, address, language and direction of a term.
    pub(crate) fn term(&self, taxonomy: usize, term: usize) -> Value {
        self.terms[taxonomy][term].get_or_init(|| self.make_term(taxonomy, term)).clone()
    }

    fn make_term(&self, taxonomy: usize, term: usize) -> Value {
        let entry = &self.archive.taxonomies[taxonomy].terms[term];
        let outlet = entry.config_key.as_ref().and_then(|key| self.config.outlets.get(key));
        let is_outlet = BuiltIn::Outlets.is(&self.config.taxonomies[taxonomy].name);
        let country = outlet.filter(|_| is_outlet).and_then(|outlet| outlet.country.as_deref());
        let (language, dir) = self
            .foreign(outlet.filter(|_| is_outlet).and_then(|outlet| outlet.language.as_deref()));
        view!({
            "name": entry.name,
            "url": self.scope_address(Scope::Term(taxonomy, term), Period::All),
            "language": language,
            "dir": dir,
            "country": country,
            "country_text": country.map(|code| self.language.name(i18n::Names::Countries, code)),
        })
    }

    /// The root-relative address of a listing.
    pub(crate) fn scope_address(&self, scope: Scope, period: Period) -> String {
        self.config.address(&encode_path(&listing_path(self.archive, self.config, scope, period)))
    }

    /// The root-relative address of the page of a period in the whole archive.
    pub(crate) fn period_address(&self, period: Period) -> String {
        match period {
            Period::Day(day) if !self.config.listing.days => {
                let month = self.config.address(&format!("/{}", day.format("%Y/%m/")));
                let shown = self.listed(self.node(&self.archive.all, period).articles).count() > 0;
                if shown { format!("{month}#{}", day.format("%d")) } else { month }
            }
            period => self.config.address(&format!("/{}", period.path())),
        }
    }

    /// One article as lists show it: the whole of what a listing may know.
    pub(crate) fn card(&self, id: ArticleId) -> Value {
        self.cards.get_or_make(id, || self.make_card(id))
    }

    fn make_card(&self, id: ArticleId) -> Value {
        let article = self.archive.article(id);
        let authors = article.terms.of(BuiltIn::Authors.name());
        let shown_authors = &authors[..authors.len().min(SHOWN_AUTHORS)];
        let left_out = authors.len() - shown_authors.len();
        let authors_more = (left_out > 0).then(|| self.language.counted("and_others", left_out));
        let (language, dir) = self.foreign(article.language.as_deref());
        view!({
            "url": self.config.address(&article.permalink.encoded()),
            "title": article.title,
            "language": language,
            "dir": dir,
            "date": article.date,
            "date_text": self.language.date(article.date),
            "outlet": self.outlet(id),
            "summary": article.summary,
            "kind": article.kind,
            "withdrawn": article.is_withdrawn(),
            "authors": shown_authors,
            "authors_more": authors_more,
            "corrected": !article.corrections.is_empty(),
        })
    }

    /// Cards of the listed ones among some articles.
    pub(crate) fn cards<'b>(&self, ids: impl Iterator<Item = &'b ArticleId>) -> Vec<Value> {
        ids.filter(|id| self.archive.is_listed(**id)).map(|id| self.card(*id)).collect()
    }

    /// A breadcrumb.
    pub(crate) fn crumb(title: &str, url: &str) -> Value {
        view!({ "title": title, "url": url })
    }

    /// The way home, and the periods above one.
    pub(crate) fn period_crumbs(&self, period: Period) -> Vec<Value> {
        let mut crumbs = Vec::new();
        let mut above = Some(period);
        while let Some(period) = above {
            let crumb = match period {
                Period::All => {
                    Self::crumb(&self.language.text("home", &[]), self.config.base_path())
                }
                Period::Month(_, month) => {
                    Self::crumb(self.language.month(month), &self.period_address(period))
                }
                period => {
                    let title =
                        period.date().map(|date| self.language.date(date)).unwrap_or_default();
                    Self::crumb(&title, &self.period_address(period))
                }
            };
            crumbs.push(crumb);
            above = period.parent();
        }
        crumbs.reverse();
        crumbs
    }
}
