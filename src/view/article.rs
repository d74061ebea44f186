//! View data of articles, tombstones and plain pages.

use std::borrow::Cow;
use std::cell::LazyCell;

use crate::base::built_in::BuiltIn;
use crate::view::value::{Object as _, ToValue as _, Value, serialized, view};

use crate::archive::duplicates::also_carried;
use crate::archive::related::related;
use crate::archive::trie::Period;
use crate::archive::{ArticleId, Direction};
use crate::base::date::Date;
use crate::content::article::SummarySource;
use crate::i18n::{Names, direction};
use crate::view::contents::contents;
use crate::view::{Head, Views};
use crate::view::{metadata, structured};

/// Parts of an article's data that others need, too.
struct Around {
    republish: Value,
    lead: Value,
    earlier: Value,
    later: Value,
    /// What stands beside it.
    beside: Vec<ArticleId>,
}

/// A report's text, which may show the lead picture itself.
struct Body<'a> {
    html: Cow<'a, str>,
    shows_lead: bool,
}

impl<'a> Body<'a> {
    /// Where the text begins with the lead picture, that is loaded first.
    fn new(html: &'a str, lead: Option<&str>) -> Body<'a> {
        const LATE: &str = " loading=\"lazy\"";
        let place = lead.and_then(|lead| html.find(&format!("src=\"{}\"", escaped(lead))));
        let Some(at) = place else { return Body { html: html.into(), shows_lead: false } };
        let rest = &html[at..];
        let late = rest.find(LATE).filter(|late| rest[..*late].find('>').is_none());
        let is_first = !html[..at].contains("</p>");
        let html = match late.filter(|_| is_first) {
            Some(late) => {
                let (before, after) = (&html[..at + late], &html[at + late + LATE.len()..]);
                format!("{before} fetchpriority=\"high\"{after}").into()
            }
            None => html.into(),
        };
        Body { html, shows_lead: true }
    }
}

/// An address as bodies write it.
fn escaped(address: &str) -> Cow<'_, str> {
    if address.contains('&') { address.replace('&', "&amp;").into() } else { address.into() }
}

impl Views<'_> {
    pub(crate) fn article(&self, id: ArticleId, body: &str) -> (Head, Value, &'static str) {
        let article = self.archive.article(id);
        if article.is_withdrawn() {
            return self.tombstone(id);
        }
        let (earlier, later) =
            (self.neighbour(id, Direction::Earlier), self.neighbour(id, Direction::Later));
        let facts = LazyCell::new(|| self.facts(id));
        let head = Head {
            kind: "article",
            title: format!("{} ({})", article.title, article.date.year()),
            heading: article.title.clone(),
            description: article.summary.clone(),
            language: article.language.as_deref().map(str::to_owned),
            breadcrumbs: self.period_crumbs(date_period(article.date)),
            crumb: Some(self.here_in(article.language.as_deref(), &article.title)),
            noindex: article.noindex,
            canonical: Some(self.canonical(article)),
            alternates: self.alternates(id),
            structured: self
                .if_named("structured", || structured::news_article(&facts, &self.archive_facts())),
            meta: self.if_named("meta", || metadata::report(&facts)),
            previous: earlier.text("url").map(str::to_owned),
            next: later.text("url").map(str::to_owned),
            ..Head::default()
        };
        let republish = self.if_named("republish", || self.republish(article, &facts));
        let lead = article.image.as_ref().map(|image| self.image(article, image));
        let body = Body::new(body, lead.as_ref().and_then(|lead| lead.text("src")));
        let lead = lead.filter(|lead| !lead.is_none());
        let lead = lead.map(|lead| lead.with("in_body", body.shows_lead)).to_value();
        let around = Around {
            republish: republish.to_value(),
            lead,
            earlier,
            later,
            beside: self.coverage(id),
        };
        (head, view!({ "article": self.article_view(id, &body, &around) }), "article.html")
    }

    fn related(&self, id: ArticleId, beside: &[ArticleId]) -> Vec<Value> {
        let related = related(self.archive, self.config, id);
        self.cards(related.iter().filter(|other| !beside.contains(other)))
    }

    fn neighbour(&self, id: ArticleId, direction: Direction) -> Value {
        self.archive.neighbour(id, direction).map_or(Value::none(), |other| self.card(other))
    }

    fn article_view(&self, id: ArticleId, body: &Body<'_>, around: &Around) -> Value {
        let article = self.archive.article(id);
        let language = article.language.as_deref().unwrap_or(&self.config.language);
        let long = |date: Option<Date>| date.map(|date| self.language.date(date));
        view!({
            "title": article.title,
            "language": language,
            "dir": direction(language),
            "date": article.date,
            "date_text": self.language.date(article.date),
            "added": article.added,
            "added_text": long(article.added),
            "updated": article.updated,
            "updated_text": long(article.updated),
            "outlet": self.outlet(id),
            "original_url": article.original_url,
            "original": self.original(article),
            "original_host": article.original_url.as_deref().and_then(host),
            "via": self.chain(article),
            "submitted_by": self.terms_named(id, BuiltIn::Contributors.name()),
            "authors": self.authors(id),
            "dateline": article.dateline,
            "kind": article.kind,
            "kind_text": article.kind.as_deref().map(|kind| self.language.name(Names::Kinds, kind)),
            "summary": article.summary,
            "standfirst": standfirst(article.summary_source, &article.summary, &body.html),
            "image": around.lead,
            "body": body.html.as_ref(),
            "taxonomies": self.sorted_terms(id),
            "stories": self.stories_of(id),
            "corrections": article.corrections.iter().map(|done| self.correction(done)).collect::<Vec<Value>>(),
            "redactions": article.redactions.iter().map(|redaction| view!({
                "date": redaction.date, "date_text": self.language.date(redaction.date), "reason": redaction.reason,
            })).collect::<Vec<Value>>(),
            "archived": self.ledger.mementos(article).iter().map(|memento| view!({
                "url": memento.url, "date": memento.date, "date_text": long(memento.date), "service": memento.service,
            })).collect::<Vec<Value>>(),
            "translations": self.translations(id),
            "also": self.cards(also_carried(self.archive, self.config, id).iter()),
            "coverage": self.if_named("coverage", || self.coverage_cards(id, &around.beside)),
            "contents": contents(&body.html),
            "license": article.license,
            "license_url": Views::license_url(article),
            "rights": article.rights,
            "note": article.note,
            "picture_sources": self.picture_sources(article),
            "withdrawn": (),
            "report_url": self.report_address(&self.config.absolute(&article.permalink.encoded())),
            "links": serialized(&article.links),
            "extra": article.extra,
            "republish": around.republish,
            "citation": self.if_named("citation", || self.citation(id)),
            "previous": around.earlier,
            "next": around.later,
            "related": self.if_named("related", || self.related(id, &around.beside)),
        })
    }

    /// The authors in the order and spelling of the byline, with their pages.
    pub(crate) fn authors(&self, id: ArticleId) -> Vec<Value> {
        let names = self.archive.term_names(self.config, id, BuiltIn::Authors.name());
        let terms = self.terms_named(id, BuiltIn::Authors.name());
        terms.into_iter().zip(names).map(|(term, name)| term.with("name", name)).collect()
    }

    pub(crate) fn terms_named(&self, id: ArticleId, name: &str) -> Vec<Value> {
        let taxonomy = self.config.taxonomies.position(name);
        self.archive
            .terms_of(id)
            .filter(|(at, _)| Some(*at) == taxonomy)
            .map(|(taxonomy, term)| self.term(taxonomy, term))
            .collect()
    }

    /// Terms of taxonomies without a place of their own on the page.
    pub(crate) fn sorted_terms(&self, id: ArticleId) -> Vec<Value> {
        let shown_elsewhere =
            [BuiltIn::Outlets, BuiltIn::Authors, BuiltIn::Stories, BuiltIn::Contributors];
        let is_elsewhere = |name: &str| shown_elsewhere.iter().any(|shown| shown.is(name));
        self.archive
            .taxonomies_of(id)
            .filter(|(at, _)| !is_elsewhere(&self.config.taxonomies[*at].name))
            .map(|(at, terms)| {
                let name = &self.config.taxonomies[at].name;
                let title = self.language.name(Names::Taxonomies, name);
                let terms: Vec<Value> = terms.map(|term| self.term(at, term)).collect();
                view!({ "key": name, "title": title, "terms": terms })
            })
            .collect()
    }

    /// View data of a tombstone.
    fn tombstone(&self, id: ArticleId) -> (Head, Value, &'static str) {
        let article = self.archive.article(id);
        let heading = self.language.text("withdrawn", &[]);
        let head = Head {
            kind: "withdrawn",
            title: heading.clone(),
            heading,
            breadcrumbs: self.period_crumbs(date_period(article.date)),
            noindex: true,
            ..Head::default()
        };
        let permalink = self.config.absolute(&article.permalink.encoded());
        let view = self.withdrawal(id).with("report_url", self.report_address(&permalink));
        (head, view!({ "withdrawal": view }), "withdrawn.html")
    }

    pub(crate) fn plain(&self, at: usize, body: &str) -> (Head, Value, &'static str) {
        let page = &self.archive.pages[at].value;
        let language = page.language.as_deref().unwrap_or(&self.config.language);
        let head = Head {
            kind: "page",
            title: page.title.clone(),
            heading: page.title.clone(),
            description: page.summary.clone(),
            language: page.language.clone(),
            breadcrumbs: self.period_crumbs(Period::All),
            crumb: Some(self.here_in(page.language.as_deref(), &page.title)),
            noindex: page.noindex,
            alternates: self.page_alternates(at),
            ..Head::default()
        };
        let content = view!({
            "title": page.title, "body": body, "summary": page.summary,
            "standfirst": standfirst(page.summary_source, &page.summary, body),
            "language": language, "dir": direction(language), "extra": page.extra,
            "translations": self.page_translations(at),
        });
        let register = self.register_at(page.permalink.as_str());
        (head, view!({ "content": content, "register": register }), "page.html")
    }
}

/// The text above a body: only a written summary that says more than the body's first paragraph.
fn standfirst<'s>(source: SummarySource, summary: &'s str, body: &str) -> Option<&'s str> {
    let is_new = source == SummarySource::Written && !repeats(summary, &first_paragraph(body));
    is_new.then_some(summary)
}

/// The words of the first paragraph of a text.
fn first_paragraph(html: &str) -> String {
    let start = html.find("<p").and_then(|at| html[at..].find('>').map(|end| at + end + 1));
    let rest = start.map_or("", |start| &html[start..]);
    let mut rest = &rest[..rest.find("</p>").unwrap_or(rest.len())];
    let mut words = String::new();
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    words.push_str(rest);
    html_escape::decode_html_entities(&words).into_owned()
}

/// Whether a summary is the beginning of a paragraph, or begins with all of it; marks and capitals
/// don't count, and neither do its last words, which may have been cut.
fn repeats(summary: &str, paragraph: &str) -> bool {
    fn folded(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|mark| mark.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    let same = folded(summary).zip(folded(paragraph)).take_while(|(a, b)| a == b).count();
    if same * 4 < summary.chars().count() {
        return false;
    }
    let length = folded(summary).count();
    let least = length.min(folded(paragraph).count());
    same * 10 >= least * 9 && same * 2 >= length && same > 0
}

/// The period of a date's page.
pub(crate) fn date_period(date: Date) -> Period {
    match (date.day(), date.month()) {
        (Some(day), _) => Period::Day(day),
        (None, Some(month)) => Period::Month(date.year(), month),
        (None, None) => Period::Year(date.year()),
    }
}

pub(crate) fn host(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    url.host_str().map(|host| host.trim_start_matches("www.").to_owned())
}
