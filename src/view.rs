//! View data: the input of page templates: site, page, and cards of articles.

pub(crate) mod article;
pub(crate) mod chart;
pub(crate) mod citation;
pub(crate) mod contact;
pub(crate) mod contents;
pub(crate) mod coverage;
pub(crate) mod credit;
mod data_page;
pub(crate) mod days;
pub(crate) mod facts;
pub(crate) mod fingerprint;
pub(crate) mod groups;
pub(crate) mod home;
pub(crate) mod lead;
pub(crate) mod link_state;
pub(crate) mod listing;
pub(crate) mod look;
pub(crate) mod metadata;
pub(crate) mod outlet;
pub mod pictures;
pub(crate) mod provenance;
pub(crate) mod recordings;
pub(crate) mod register;
pub(crate) mod search_page;
pub(crate) mod stories;
pub(crate) mod structured;
pub(crate) mod template_names;
pub(crate) mod term_pages;
pub(crate) mod told_term;
pub mod translations;
pub(crate) mod value;

use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use value::{Object as _, ToValue as _, Value, view};

use crate::archive::terms::Taxonomy;
use crate::archive::trie::Period;
use crate::archive::{Archive, ArticleId};
use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::base::permalink::encode_path;
use crate::i18n::{self, Language, direction};
use crate::ledger::Ledger;
use crate::settings::Config;
use facts::LinkPictureFacts;
use metadata::Meta;
use pictures::Files;
use template_names::Names;

use crate::plan::routes::Routes;
use crate::plan::{Page, PageKind, Scope, listing_path};

/// The input of view data.
#[derive(Debug)]
pub struct Material<'a> {
    /// The content.
    pub archive: &'a Archive,
    /// The config.
    pub config: &'a Config,
    /// The interface's language.
    pub language: Arc<Language>,
    /// The targets of links.
    pub routes: Routes<'a>,
    /// Copied files, for sizes of pictures.
    pub files: &'a Files,
    /// The ledger.
    pub ledger: &'a Ledger,
    /// The names that templates use.
    pub names: &'a Names,
    /// The archive's `data/`, by name.
    pub data: &'a Value,
}

/// The maximum number of authors on a card; others are counted. A card is on the page of each of
/// its authors, so listing all would take quadratic time.
const SHOWN_AUTHORS: usize = 10;

/// The maximum number of taxonomies linked from every page; the front page links all.
const SHOWN_TAXONOMIES: usize = 24;

/// Makes view data. Dereferences to its [`Material`].
#[derive(Debug)]
pub struct Views<'a> {
    material: Material<'a>,
    site: Value,
    /// The data of each taxonomy's terms, made at first use.
    terms: Vec<Vec<OnceLock<Value>>>,
    cards: RecentCards,
}

/// A bounded cache of cards: an article's card is on pages of its neighbours, day, month and terms,
/// many of which are made soon after each other.
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

/// The page-specific part of head and masthead.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) description: String,
    pub(crate) language: Option<String>,
    /// The way down to the page, without it; empty for the front page.
    pub(crate) breadcrumbs: Vec<Value>,
    /// The page itself as the last of them; its heading if it is not set.
    pub(crate) crumb: Option<Value>,
    pub(crate) feed: Option<Value>,
    pub(crate) noindex: bool,
    pub(crate) canonical: Option<String>,
    /// The page in other languages, for search engines.
    pub(crate) alternates: Vec<Value>,
    /// Structured data, for `<script type="application/ld+json">`.
    pub(crate) structured: Option<String>,
    /// Page-specific `<meta>` elements.
    pub(crate) meta: Option<Vec<Meta>>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) data: Option<String>,
}

/// `page` for shortcodes in a text: the page that it stands on.
pub(crate) fn around_shortcodes(
    config: &Config,
    permalink: &str,
    title: &str,
    date: Option<Date>,
) -> Value {
    let path = encode_path(permalink);
    view!({
        "url": config.address(&path),
        "absolute": config.absolute(&path),
        "title": title,
        "date": date,
    })
}

impl<'a> Deref for Views<'a> {
    type Target = Material<'a>;

    fn deref(&self) -> &Material<'a> {
        &self.material
    }
}

impl<'a> Views<'a> {
    /// Prepares the data shared by all pages.
    pub fn new(material: Material<'a>) -> Views<'a> {
        let unmade = |taxonomy: &Taxonomy| taxonomy.terms.iter().map(|_| OnceLock::new()).collect();
        let terms = material.archive.taxonomies.iter().map(unmade).collect();
        let (site, cards) = (Value::none(), RecentCards::default());
        let mut views = Views { material, site, terms, cards };
        views.site = views.make_site();
        views
    }

    /// The data shared by all pages.
    pub fn site(&self) -> &Value {
        &self.site
    }

    /// A page's data without the shared part, and its template; `None` for feeds.
    pub fn view(&self, page: &Page, body: &str) -> Option<(Value, &'static str)> {
        let (head, data, template) = match &page.kind {
            PageKind::Home => self.home(),
            PageKind::Years => self.years(),
            PageKind::Article(id) => self.article(*id, body),
            PageKind::Plain(at) => self.plain(*at, body),
            PageKind::Listing(scope, period) => self.listing(*scope, *period, body),
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
        let mut breadcrumbs = head.breadcrumbs;
        if !breadcrumbs.is_empty() {
            breadcrumbs.push(head.crumb.unwrap_or_else(|| Self::here(&head.heading)));
        }
        let language = head.language.unwrap_or_else(|| self.config.language.clone());
        view!({
            "kind": head.kind,
            "url": self.config.address(&path),
            "alternates": head.alternates,
            "canonical": head.canonical.unwrap_or_else(|| absolute.clone()),
            "absolute": absolute,
            "title": head.title,
            "heading": head.heading,
            "description": head.description,
            "dir": direction(&language),
            "language": language,
            "breadcrumbs": breadcrumbs,
            "feed": head.feed,
            "data": head.data,
            "meta": meta,
            "structured": head.structured,
            "noindex": head.noindex,
            "previous": head.previous,
            "next": head.next,
        })
    }

    /// A page's `<meta>` elements.
    fn meta(&self, head: &Head, absolute: &str) -> Vec<Value> {
        let title = &self.config.title;
        let common = metadata::page(title, &head.heading, absolute, &head.description);
        let other = || metadata::other(&self.config.language);
        let own = head.meta.clone().unwrap_or_else(other);
        let card = || {
            let card = self.archive_card()?;
            let url = self.with_host(&card.address);
            let size = card.size.map(|(width, height)| (width.into(), height.into()));
            Some(LinkPictureFacts { url, size })
        };
        metadata::with_picture(common.into_iter().chain(own).collect(), card)
            .iter()
            .map(Meta::to_value)
            .collect()
    }

    /// Makes a part of the data only if a template uses its name.
    pub(crate) fn if_named<T>(&self, name: &str, make: impl FnOnce() -> T) -> Option<T> {
        self.names.has(name).then(make)
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
            .map(|entry| self.own_crumb(&entry.title, &self.configured_address(&entry.url)))
            .collect();
        let icon = ["/favicon.svg", "/favicon.ico", "/favicon.png"]
            .into_iter()
            .find(|path| self.routes.knows(path))
            .map(|path| config.address(path));
        let (own_language, own_dir) = self.foreign(None);
        view!({
            "title": config.title,
            "description": config.description,
            "language": self.language.tag,
            "dir": direction(&self.language.tag),
            "own_language": own_language,
            "own_dir": own_dir,
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
            "theme": self.theme(),
            "data": self.data,
            "extra": config.extra,
        })
    }

    /// An address in the settings: from the archive's root, or absolute.
    pub(crate) fn configured_address(&self, url: &str) -> String {
        if url.starts_with('/') && !url.starts_with("//") {
            self.config.address(url)
        } else {
            url.to_owned()
        }
    }

    /// A language to write on an element: only where it is not that of the words around it, the
    /// interface's. Where a text names none it is in the archive's language.
    pub(crate) fn foreign(&self, language: Option<&str>) -> (Option<String>, Option<&'static str>) {
        let tag = language.unwrap_or(&self.config.language);
        if tag == self.language.tag {
            return (None, None);
        }
        (Some(tag.to_owned()), Some(direction(tag)))
    }

    /// An article's outlet, as (taxonomy, term).
    pub(crate) fn outlet_term(&self, id: ArticleId) -> Option<(usize, usize)> {
        let outlets = self.config.taxonomies.position(BuiltIn::Outlets.name());
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

    /// The address of a listing, with the base path.
    pub(crate) fn scope_address(&self, scope: Scope, period: Period) -> String {
        self.config.address(&encode_path(&listing_path(self.archive, self.config, scope, period)))
    }

    /// The address of a period's page in the whole archive, with the base path.
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

    /// An article's card: everything that a listing may show.
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
            "picture": self.thumbnail(article),
            "image": article.image.as_ref().map(|image| view!({
                "src": image.src, "alt": image.alt, "credit": image.credit, "caption": image.caption,
            })),
            "tags": self.if_named("tags", || self.terms_named(id, BuiltIn::Tags.name())),
            "extra": self.if_named("extra", || article.extra.to_value()),
        })
    }

    /// Cards of the articles that are listed.
    pub(crate) fn cards<'b>(&self, ids: impl Iterator<Item = &'b ArticleId>) -> Vec<Value> {
        ids.filter(|id| self.archive.is_listed(**id)).map(|id| self.card(*id)).collect()
    }

    /// A breadcrumb.
    pub(crate) fn crumb(title: &str, url: &str) -> Value {
        view!({ "title": title, "url": url })
    }

    /// The breadcrumb of the page itself.
    pub(crate) fn here(title: &str) -> Value {
        view!({ "title": title, "url": () })
    }

    /// The breadcrumb of the page itself, whose title may be in another language than the interface;
    /// `None` stands for the archive's.
    pub(crate) fn here_in(&self, language: Option<&str>, title: &str) -> Value {
        let (language, dir) = self.foreign(language);
        view!({ "title": title, "url": (), "language": language, "dir": dir })
    }

    /// The breadcrumb of the list of years.
    pub(crate) fn years_crumb(&self) -> Value {
        Self::crumb(&self.language.text("years", &[]), &self.config.address("/years/"))
    }

    /// The same of a title in the archive's own words.
    pub(crate) fn own_crumb(&self, title: &str, url: &str) -> Value {
        let (language, dir) = self.foreign(None);
        view!({ "title": title, "url": url, "language": language, "dir": dir })
    }

    /// Breadcrumbs: the home page, the list of years, and the larger periods.
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
            if above == Some(Period::All) {
                crumbs.push(self.years_crumb());
            }
        }
        crumbs.reverse();
        crumbs
    }
}
