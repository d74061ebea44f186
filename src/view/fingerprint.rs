//! Fingerprints: hashes of everything that pages show, without rendering them.
//!
//! A build renders a page only if its fingerprint has changed. It may take in more than the page
//! shows (the page is then rendered for nothing, with the same result), never less. References in
//! bodies are only known after rendering: see [`crate::render::references`].

use rayon::prelude::*;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use crate::archive::duplicates::also_carried;
use crate::archive::related;
use crate::archive::terms::Term;
use crate::archive::trie::{Node, Period};
use crate::archive::{Archive, ArticleId, Direction};
use crate::base::permalink::Permalink;
use crate::content::article::{Article, SummarySource};
use crate::ledger::OwnLinks;
use crate::plan::data::{self, DataFile};
use crate::settings::Config;
use crate::settings::deploying::DeployConfig;
use crate::settings::term_notes::TermNotes;

use crate::plan::{Page, PageKind, Scope, articles, cut};
use crate::view::Views;

/// A hash of everything that a page shows.
pub(crate) type Fingerprint = u128;

/// Shared parts of fingerprints.
#[derive(Debug)]
pub(crate) struct Fingerprints<'a> {
    views: &'a Views<'a>,
    archive: &'a Archive,
    config: &'a Config,
    /// The address for problems: it may be a plain page.
    report_address: Option<String>,
    /// The hash of what every page shows: program, theme, settings, and texts of the base template.
    everywhere: u128,
    /// The hash of each article as other pages show it: without its body.
    shown: Vec<u128>,
    /// The hash of each term: name, address and settings.
    terms: Vec<Vec<u128>>,
    /// The hash of all articles.
    whole: u128,
}

/// Hashes a sequence of values; numbers have a fixed size, and texts include their length, so that
/// different sequences give different input.
///
/// Short sequences are hashed at once, which is faster.
struct Row {
    /// Bytes not hashed yet.
    bytes: Vec<u8>,
    /// The state of a long sequence.
    before: Option<Box<Xxh3Default>>,
}

impl Default for Row {
    fn default() -> Row {
        Row { bytes: Vec::with_capacity(1 << 8), before: None }
    }
}

impl Row {
    /// The limit of a short sequence.
    const SHORT: usize = 1 << 13;

    fn add(&mut self, bytes: &[u8]) {
        if self.bytes.len() + bytes.len() > Row::SHORT {
            self.before.get_or_insert_default().update(&self.bytes);
            self.bytes.clear();
        }
        self.bytes.extend_from_slice(bytes);
    }

    fn number(&mut self, number: u128) {
        self.add(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u128);
        self.add(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        self.number(u128::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    /// An article without its body: other pages show no more. A new field of [`Article`] does not
    /// compile until it is handled here.
    fn article(&mut self, article: &Article) {
        let Article {
            source,
            permalink,
            title,
            date,
            added,
            outlet,
            terms,
            original_url,
            kind,
            summary,
            summary_source,
            language,
            draft,
            placed,
            particulars,
            // Concern only the body.
            body_start: _,
            body_digest: _,
            words: _,
            sketch: _,
        } = article;
        for text in [source, permalink.as_str(), title, summary] {
            self.text(text);
        }
        for text in
            [outlet.as_deref(), original_url.as_deref(), kind.as_deref(), language.as_deref()]
        {
            self.optional(text);
        }
        self.number(terms.taxonomies().count() as u128);
        for (taxonomy, terms) in terms.taxonomies() {
            self.text(taxonomy);
            self.number(terms.len() as u128);
            for term in terms {
                self.text(term);
            }
        }
        let files_at = placed.as_ref().and_then(|placed| placed.files_at.as_ref());
        self.optional(files_at.map(Permalink::as_str));
        for date in [Some(*date), *added] {
            self.number(date.map_or(0, |date| date.order(chrono_tz::Tz::UTC)));
        }
        self.number(u128::from(*summary_source == SummarySource::Written));
        self.number(u128::from(*draft));
        let particulars = particulars.as_ref().map(|particulars| format!("{particulars:?}"));
        self.optional(particulars.as_deref());
    }

    fn finish(self) -> u128 {
        match self.before {
            None => xxh3_128(&self.bytes),
            Some(mut before) => {
                before.update(&self.bytes);
                before.digest128()
            }
        }
    }
}

impl<'a> Fingerprints<'a> {
    /// Prepares shared parts. `everywhere` hashes the program, the theme and the settings that
    /// [`Fingerprints`] does not handle itself.
    pub(crate) fn new(views: &'a Views<'a>, everywhere: u128) -> Fingerprints<'a> {
        let (archive, config) = (views.archive, views.config);
        let terms = terms(archive, config);
        let shown: Vec<u128> = archive
            .all
            .par_iter()
            .zip(&archive.articles)
            .map(|(&id, article)| {
                let mut row = Row::default();
                row.article(&article.value);
                row.text(&withdrawn_outlet(&article.value, config));
                if let Some(picture) = views.thumbnail(&article.value) {
                    row.text(&format!("{picture:?}"));
                }
                for recording in views.files.recordings(article) {
                    row.text(&format!("{recording:?}"));
                }
                for (taxonomy, term) in archive.terms_of(id) {
                    row.number(terms[taxonomy][term]);
                }
                translations(archive, config, id, &mut row);
                row.finish()
            })
            .collect();
        let mut whole = Row::default();
        whole.number(everywhere);
        for &article in &shown {
            whole.number(article);
        }
        for page in &archive.pages {
            whole.number(page.hash);
        }
        Fingerprints {
            views,
            archive,
            config,
            report_address: views.report_address(""),
            everywhere,
            shown,
            terms,
            whole: whole.finish(),
        }
    }

    /// The hash of an article as other pages show it.
    pub(crate) fn shown(&self, id: ArticleId) -> u128 {
        self.shown[id as usize]
    }

    pub(crate) fn of(&self, page: &Page) -> Fingerprint {
        let mut row = Row::default();
        row.number(self.everywhere);
        row.text(&page.path);
        match &page.kind {
            PageKind::Article(id) => self.article(*id, &mut row),
            PageKind::Plain(at) => {
                row.number(self.archive.pages[*at].hash);
                row.text(&self.archive.pages[*at].value.source);
                for other in self.views.page_group(*at) {
                    let other = &self.archive.pages[*other];
                    row.number(other.hash);
                    row.text(other.value.permalink.as_str());
                    row.optional(other.value.language.as_deref());
                }
                if self.views.register_at(&page.path).is_some() {
                    self.register(&mut row);
                }
            }
            PageKind::Listing(scope, period) => self.listing(*scope, *period, &mut row),
            PageKind::Terms(taxonomy, _) => self.term_index(*taxonomy, &mut row),
            PageKind::Anniversary(month, day) => self.anniversary((*month, *day), &mut row),
            PageKind::Added(day) => {
                self.articles(self.archive.added.get(day).into_iter().flatten(), &mut row);
            }
            PageKind::Redirect(target) => row.text(target),
            PageKind::Atom(scope @ Scope::Term(..)) => {
                self.scope(*scope, &mut row);
                self.articles(articles(self.archive, *scope), &mut row);
            }
            PageKind::NotFound => {}
            PageKind::Markdown(id) => self.article(*id, &mut row),
            PageKind::FeedDocument(document) => {
                row.text(&format!("{:?} {:?}", document.previous, document.next));
                self.articles(&document.articles, &mut row);
            }
            PageKind::DataFile(file) => self.data_file(*file, &mut row),
            PageKind::Home
            | PageKind::Years
            | PageKind::Anniversaries
            | PageKind::Atom(Scope::Archive)
            | PageKind::JsonFeed
            | PageKind::UpdatedAtom
            | PageKind::CorrectionsAtom
            | PageKind::Data => row.number(self.whole),
            PageKind::Search | PageKind::OpenSearch => {}
            PageKind::Register(..) => self.register(&mut row),
        }
        row.finish()
    }

    /// A register shows notices of all articles, with the state of their originals.
    fn register(&self, row: &mut Row) {
        row.number(self.whole);
        let articles = self.archive.articles.iter().map(|article| &*article.value);
        for article in articles.filter(|article| article.is_withdrawn()) {
            row.text(&format!("{:?}", self.views.ledger.original(article)));
        }
    }

    fn articles<'b>(&self, ids: impl IntoIterator<Item = &'b ArticleId>, row: &mut Row) {
        for &id in ids {
            row.number(self.shown[id as usize]);
        }
    }

    fn scope(&self, scope: Scope, row: &mut Row) {
        if let Scope::Term(taxonomy, term) = scope {
            row.number(self.terms[taxonomy][term]);
        }
    }

    fn article(&self, id: ArticleId, row: &mut Row) {
        let loaded = &self.archive.articles[id as usize];
        row.number(self.shown[id as usize]);
        row.number(loaded.hash);
        row.optional(self.report_address.as_deref());
        for direction in [Direction::Earlier, Direction::Later] {
            let neighbour = self.archive.neighbour(id, direction);
            row.number(neighbour.map_or(0, |other| self.shown[other as usize]));
        }
        for other in related::candidates(self.archive, self.config, id) {
            row.number(self.shown[other as usize]);
        }
        row.number(0);
        self.articles(&also_carried(self.archive, self.config, id), row);
        for (name, _) in &loaded.assets {
            row.text(name);
        }
        let via = loaded.value.via.iter().filter_map(|step| step.url.as_ref());
        let own = OwnLinks::new(&loaded.value.links);
        for url in loaded.value.original_url.iter().chain(via) {
            row.text(&format!("{:?}", self.views.ledger.fate(url, &own)));
        }
        if let Some(image) = &loaded.value.image {
            let shown = self.views.image(&loaded.value, image);
            row.text(&format!("{shown:?} {:?}", self.views.link_picture(&loaded.value)));
        }
    }

    fn data_file(&self, file: DataFile, row: &mut Row) {
        match file {
            DataFile::Year(year) => {
                let node = self.views.node(&self.archive.all, Period::Year(year));
                self.articles(node.articles, row);
                self.recorded(data::held(self.archive, Period::Year(year)), row);
            }
            DataFile::Month(year, month) => {
                let held = data::held(self.archive, Period::Month(year, month));
                self.recorded(held, row);
            }
            DataFile::Bibliography(period) => {
                self.recorded(data::held(self.archive, period), row);
            }
            DataFile::Beside(id, _) => self.recorded(&[id], row),
            DataFile::Whole(_) => {
                row.number(self.whole);
                self.recorded(&self.archive.all, row);
            }
            DataFile::Index => row.number(self.whole),
        }
    }

    /// Articles as data: with their texts, and the state of their originals.
    fn recorded(&self, ids: &[ArticleId], row: &mut Row) {
        for &id in ids {
            row.number(self.shown[id as usize]);
            row.number(self.archive.articles[id as usize].hash);
            row.text(&format!("{:?}", self.views.ledger.original(self.archive.article(id))));
        }
    }

    fn listing(&self, scope: Scope, period: Period, row: &mut Row) {
        self.scope(scope, row);
        if let Some(url) = self.views.website(scope) {
            row.text(&format!("{:?}", self.views.ledger.fate(url, &OwnLinks::default())));
        }
        let node = self.views.node(articles(self.archive, scope), period);
        self.articles(node.articles, row);
        row.number(u128::from(cut(scope, self.config).splits(&node)));
        if self.views.is_story(scope) {
            self.chapter(scope, period, &node, row);
        }
        if scope == Scope::Archive {
            let (before, after) = self.views.periods_beside(period);
            row.text(&format!("{before:?} {after:?}"));
            row.text(&self.views.same_day(scope, period).unwrap_or_default());
        }
    }

    /// A part of a story links its neighbours, and shows the time since the one before.
    fn chapter(&self, scope: Scope, period: Period, node: &Node<'_>, row: &mut Row) {
        let set = articles(self.archive, scope);
        let start = set.partition_point(|id| node.articles.first().is_some_and(|first| id < first));
        let before = set[..start].iter().rev().find(|id| self.archive.is_listed(**id));
        self.articles(before, row);
        let (before, after) = self.views.chapters_beside(scope, period);
        row.text(&format!("{before}{after}"));
    }

    fn term_index(&self, taxonomy: usize, row: &mut Row) {
        for (term, digest) in
            self.archive.taxonomies[taxonomy].terms.iter().zip(&self.terms[taxonomy])
        {
            row.number(*digest);
            let listed = term.articles.iter().filter(|id| self.archive.is_listed(**id));
            row.number(listed.count() as u128);
            if self.views.is_story(Scope::Term(taxonomy, 0)) {
                self.articles(&term.articles, row);
            }
        }
    }

    fn anniversary(&self, key: (u32, u32), row: &mut Row) {
        self.articles(self.archive.anniversaries.get(&key).into_iter().flatten(), row);
        let days = &self.archive.anniversaries;
        let ends = [days.keys().next(), days.keys().next_back()];
        let beside = [days.range(..key).next_back(), days.range((key.0, key.1 + 1)..).next()];
        for (month, day) in
            ends.into_iter().flatten().chain(beside.into_iter().flatten().map(|day| day.0))
        {
            row.number(u128::from(month * 100 + day));
        }
    }
}

/// An article's other languages: its page, feeds and data lead to them.
fn translations(archive: &Archive, config: &Config, id: ArticleId, row: &mut Row) {
    let Some(group) = archive.translations.group(id) else { return };
    row.number(u128::from(group.original.unwrap_or(ArticleId::MAX)));
    for other in archive.translations_of(config, id) {
        let article = archive.article(other);
        row.text(article.permalink.as_str());
        row.text(&article.title);
        row.text(archive.language(config, other));
    }
    for &other in archive.alternates(id) {
        row.text(archive.article(other).permalink.as_str());
    }
}

/// Each term with name, address, and its entry in the settings.
fn terms(archive: &Archive, config: &Config) -> Vec<Vec<u128>> {
    let digest = |term: &Term| {
        let mut row = Row::default();
        row.text(&term.name);
        row.text(term.slug.as_str());
        if let Some(note) = &term.note {
            row.text(&format!("{note:?}"));
        }
        if let Some(key) = &term.config_key {
            let known = (config.outlets.get(key), config.contributors.get(key));
            row.text(&format!("{known:?}"));
        }
        row.finish()
    };
    let taxonomies = archive.taxonomies.iter();
    taxonomies.map(|taxonomy| taxonomy.terms.iter().map(digest).collect()).collect()
}

/// The settings of a withdrawn article's outlet: its tombstone may name it even if the outlet has
/// no other articles, and so no term.
fn withdrawn_outlet(article: &Article, config: &Config) -> String {
    let written = article.outlet.as_deref().filter(|_| article.is_withdrawn());
    written.map(|key| format!("{:?}", config.outlets.get(key))).unwrap_or_default()
}

/// Settings in every fingerprint. Outlets and contributors are hashed with their terms, redirects
/// with their pages.
pub(crate) fn of_config(config: &Config) -> u128 {
    let rest = Config {
        outlets: std::collections::BTreeMap::new(),
        contributors: std::collections::BTreeMap::new(),
        redirects: Vec::new(),
        // Pages are the same on every host.
        deploy: DeployConfig::default(),
        // Pages don't show places in the settings.
        links: Vec::new(),
        term_notes: TermNotes::default(),
        ..config.clone()
    };
    xxh3_128(format!("{rest:?}").as_bytes())
}
