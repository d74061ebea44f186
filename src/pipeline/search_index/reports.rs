//! The index data of each report: its card, facets and record.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

use crate::archive::ArticleId;
use crate::base::built_in::BuiltIn;
use crate::base::choices::SearchedPart;
use crate::base::date::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::permalink::encode_path;
use crate::content::article::{Article, SummarySource};
use crate::markdown::{self, LinkListener, MarkdownOptions, own_text};
use crate::search::cards::Card;
use crate::search::lexicon::Lexicon;
use crate::search::record::{Facet, Record, Text, facet_word};
use crate::search::recorder::Recorder;
use crate::search::segment::Member;
use crate::settings::searching::SearchConfig;
use crate::view::fingerprint::Fingerprint;

use super::super::Site;
use super::super::bodies::BodyTexts;

/// The maximum number of a facet's values in the index's head.
const COMMONEST: usize = 12;

/// The reports of a site, by index in the archive's order.
pub(super) struct Reports<'a> {
    site: &'a Site,
    options: &'a MarkdownOptions,
    texts: BodyTexts<'a>,
    recorder: Recorder,
    /// The taxonomy of each facet.
    taxonomies: Vec<(Facet, usize)>,
    /// Values of facets whose reports are left out, as words of the vocabulary.
    excluded: BTreeSet<String>,
    /// A hash of everything that all records depend on.
    everywhere: Fingerprint,
}

impl<'a> Reports<'a> {
    pub(super) fn new(site: &'a Site, options: &'a MarkdownOptions) -> Reports<'a> {
        let place = |facet| {
            let taxonomy = taxonomy(facet)?;
            let at = site.config.taxonomies.position(taxonomy.name())?;
            Some((facet, at))
        };
        let SearchConfig { fields, exclude, .. } = &site.config.search;
        let excluded = exclude.iter();
        Reports {
            site,
            options,
            texts: BodyTexts::of(site),
            recorder: Recorder::default(),
            taxonomies: Facet::ALL.into_iter().filter_map(place).collect(),
            excluded: excluded.map(|(facet, value)| facet_word(*facet, value)).collect(),
            everywhere: xxh3_128(
                format!("{} {fields:?} {options:?}", env!("DATELINE_BUILD")).as_bytes(),
            ),
        }
    }

    /// The words of all records.
    pub(super) fn lexicon(&self) -> &Lexicon {
        self.recorder.lexicon()
    }

    /// Diagnostics about unreadable files.
    pub(super) fn problems(self) -> Vec<Diagnostic> {
        self.texts.problems()
    }

    /// The properties of reports that determine their segments.
    pub(super) fn members(&self) -> Vec<Member<'a>> {
        let archive = &self.site.archive;
        archive.all.iter().map(|&id| member(archive.article(id))).collect()
    }

    fn id(&self, at: usize) -> ArticleId {
        self.site.archive.all[at]
    }

    fn article(&self, at: usize) -> &'a Article {
        self.site.archive.article(self.id(at))
    }

    /// A report's address.
    pub(super) fn permalink(&self, at: usize) -> &'a str {
        self.article(at).permalink.as_str()
    }

    /// A hash of a report's index data; `None` if the report is not in the index.
    pub(super) fn shows(&self, at: usize) -> Option<Fingerprint> {
        let article = self.article(at);
        if !self.is_searched(self.id(at)) {
            return None;
        }
        let mut row = Vec::with_capacity(512);
        let mut add = |text: &str| {
            row.extend((text.len() as u64).to_le_bytes());
            row.extend(text.as_bytes());
        };
        add(article.permalink.as_str());
        add(&article.title);
        add(self.language(article));
        add(article.kind.as_deref().unwrap_or_default());
        for (facet, name) in self.terms(self.id(at)) {
            add(facet.prefix());
            add(name);
        }
        add(written_summary(article));
        row.push(precision(article));
        row.extend(self.everywhere.to_le_bytes());
        row.extend(article.body_digest.bytes());
        Some(xxh3_128(&row))
    }

    /// A report's card.
    pub(super) fn card(&self, id: u32, at: usize) -> Card {
        let article = self.article(at);
        let outlet = self.terms(self.id(at)).find(|(facet, _)| *facet == Facet::Outlet);
        Card {
            id,
            path: encode_path(article.permalink.as_str()).trim_start_matches('/').to_owned(),
            title: article.title.clone(),
            outlet: outlet.map_or_else(String::new, |(_, name)| name.to_owned()),
            language: self.language(article).to_owned(),
            precision: precision(article),
        }
    }

    /// A report's record, made from its file.
    pub(super) fn record(&self, at: usize) -> Record {
        if !self.has(SearchedPart::Text) {
            return self.record_of(at, "");
        }
        let article = self.article(at);
        let text = self.texts.get(self.id(at)).unwrap_or_default();
        let options = self.options.for_file(&article.source, article.language.as_deref());
        let html = markdown::render(&text, &options, &LinkListener(&|_| ())).html;
        self.record_of(at, &html)
    }

    fn has(&self, part: SearchedPart) -> bool {
        self.site.config.search.fields.contains(&part)
    }

    /// A report's record, made from its rendered body without shortcodes.
    pub(super) fn record_of(&self, at: usize, html: &str) -> Record {
        let article = self.article(at);
        let has = |part| self.has(part);
        let title = if has(SearchedPart::Title) { article.title.as_str() } else { "" };
        let mut body = String::new();
        if has(SearchedPart::Text) {
            body = own_text(html);
        }
        if has(SearchedPart::Summary) {
            body = format!("{}\n{body}", written_summary(article));
        }
        let language = self.language(article);
        let facets: Vec<(Facet, &str)> = self.facets_of(self.id(at)).collect();
        self.recorder.record(&Text { language, title, body: &body }, &facets)
    }

    /// Whether a report's words are in the index.
    fn is_searched(&self, id: ArticleId) -> bool {
        let article = self.site.archive.article(id);
        let is_excluded = || {
            let mut words = self.facets_of(id).map(|(facet, value)| facet_word(facet, value));
            words.any(|word| self.excluded.contains(&word))
        };
        !article.is_withdrawn() && !article.noindex && (self.excluded.is_empty() || !is_excluded())
    }

    fn language(&self, article: &'a Article) -> &'a str {
        article.language.as_deref().unwrap_or(&self.site.config.language)
    }

    /// The values of each facet for a report.
    fn facets_of(&self, id: ArticleId) -> impl Iterator<Item = (Facet, &'a str)> {
        let article = self.site.archive.article(id);
        let language = (Facet::Language, primary(self.language(article)));
        let kind = article.kind.iter().map(|kind| (Facet::Kind, &**kind));
        self.terms(id).chain([language]).chain(kind)
    }

    /// The display names of a report's terms that are facets.
    fn terms(&self, id: ArticleId) -> impl Iterator<Item = (Facet, &'a str)> {
        let archive = &self.site.archive;
        archive.terms_of(id).filter_map(|(place, term)| {
            let (facet, _) = self.taxonomies.iter().find(|(_, at)| *at == place)?;
            Some((*facet, archive.taxonomies[place].terms[term].name.as_str()))
        })
    }

    fn searched(&self) -> impl Iterator<Item = (ArticleId, &'a Article)> {
        let archive = &self.site.archive;
        let all = archive.all.iter().map(|&id| (id, archive.article(id)));
        all.filter(|(id, _)| self.is_searched(*id))
    }

    /// The languages of reports (BCP 47).
    pub(super) fn languages(&self) -> Vec<String> {
        let tags: BTreeSet<&str> =
            self.searched().map(|(_, article)| self.language(article)).collect();
        tags.into_iter().map(str::to_owned).collect()
    }

    /// The most frequent values of each facet with more than one value.
    pub(super) fn facets(&self) -> BTreeMap<String, Vec<(String, String, u64)>> {
        let archive = &self.site.archive;
        let mut terms: Vec<Vec<u64>> =
            archive.taxonomies.iter().map(|taxonomy| vec![0; taxonomy.terms.len()]).collect();
        let (mut languages, mut kinds) = (FxHashMap::default(), FxHashMap::default());
        for (id, article) in self.searched() {
            for (place, term) in archive.terms_of(id) {
                terms[place][term] += 1;
            }
            *languages.entry(primary(self.language(article))).or_insert(0u64) += 1;
            if let Some(kind) = &article.kind {
                *kinds.entry(&**kind).or_insert(0u64) += 1;
            }
        }
        let named = |place: usize| {
            let names = archive.taxonomies[place].terms.iter().map(|term| term.name.as_str());
            names.zip(terms[place].iter().copied()).filter(|(_, count)| *count > 0).collect()
        };
        let mut all: Vec<(Facet, Vec<(&str, u64)>)> =
            self.taxonomies.iter().map(|&(facet, place)| (facet, named(place))).collect();
        all.push((Facet::Language, languages.into_iter().collect()));
        all.push((Facet::Kind, kinds.into_iter().collect()));
        let all = all.into_iter().filter(|(_, counts)| counts.len() > 1);
        all.map(|(facet, counts)| (facet.prefix().to_owned(), commonest(facet, counts))).collect()
    }
}

/// The most frequent values: display name, query form, count.
fn commonest(facet: Facet, mut counts: Vec<(&str, u64)>) -> Vec<(String, String, u64)> {
    counts.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    counts.truncate(COMMONEST);
    let value = |name: &str| {
        let word = facet_word(facet, name);
        word.split_once(':').map_or(String::new(), |(_, value)| value.to_owned())
    };
    counts.into_iter().map(|(name, count)| (name.to_owned(), value(name), count)).collect()
}

/// The taxonomy of a facet.
fn taxonomy(facet: Facet) -> Option<BuiltIn> {
    match facet {
        Facet::Outlet => Some(BuiltIn::Outlets),
        Facet::Author => Some(BuiltIn::Authors),
        Facet::Tag => Some(BuiltIn::Tags),
        Facet::Story => Some(BuiltIn::Stories),
        Facet::Language | Facet::Kind => None,
    }
}

/// The first part of a language tag.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

fn member(article: &Article) -> Member<'_> {
    let day = article.date.first_day();
    let added = article.added.map_or(day, Date::first_day);
    Member { permalink: article.permalink.as_str(), day, added }
}

/// The precision of a date, as in cards.
fn precision(article: &Article) -> u8 {
    match (article.date.month(), article.date.day()) {
        (_, Some(_)) => 2,
        (Some(_), None) => 1,
        (None, None) => 0,
    }
}

/// The summary, unless it was cut from the body.
fn written_summary(article: &Article) -> &str {
    match article.summary_source {
        SummarySource::Written => &article.summary,
        SummarySource::Cut => "",
    }
}
