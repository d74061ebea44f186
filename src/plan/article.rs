//! View data of an article, of the tombstone of a withdrawn one, and of a plain page.

use serde_json::{Value as Json, json};

use crate::archive::duplicates::also_carried;
use crate::archive::related::related;
use crate::archive::trie::Period;
use crate::archive::{ArticleId, Direction};
use crate::content::article::{Article, Image, SummarySource};
use crate::date::Date;
use crate::i18n::{Names, direction};
use crate::render::{metadata, structured};

use super::routes::Routes;
use super::views::{Head, Views};

impl Views<'_> {
    pub(super) fn article(&self, id: ArticleId, body: &str) -> (Head, Json, &'static str) {
        let article = self.archive.article(id);
        if article.is_withdrawn() {
            return self.tombstone(id);
        }
        let (earlier, later) =
            (self.neighbour(id, Direction::Earlier), self.neighbour(id, Direction::Later));
        let facts = self.facts(id);
        let head = Head {
            kind: "article",
            title: format!("{} ({})", article.title, article.date.year()),
            heading: article.title.clone(),
            description: article.summary.clone(),
            language: article.language.as_deref().map(str::to_owned),
            breadcrumbs: self.period_crumbs(date_period(article.date)),
            noindex: article.noindex,
            canonical: Some(facts.canonical.clone()),
            structured: Some(structured::news_article(&facts, &self.archive_facts())),
            meta: Some(metadata::report(&facts)),
            previous: earlier["url"].as_str().map(str::to_owned),
            next: later["url"].as_str().map(str::to_owned),
            ..Head::default()
        };
        let mut view = self.article_facts(id, body);
        view["republish"] = self.republish(article, &facts);
        view["citation"] = json!(self.citation(id));
        view["previous"] = earlier;
        view["next"] = later;
        view["related"] =
            related(self.archive, self.config, id).iter().map(|other| self.card(*other)).collect();
        (head, json!({ "article": view }), "article.html")
    }

    fn neighbour(&self, id: ArticleId, direction: Direction) -> Json {
        self.archive.neighbour(id, direction).map_or(Json::Null, |other| self.card(other))
    }

    fn article_facts(&self, id: ArticleId, body: &str) -> Json {
        let article = self.archive.article(id);
        let language = article.language.as_deref().unwrap_or(&self.config.language);
        let long = |date: Option<Date>| date.map(|date| self.language.date(date));
        json!({
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
            "submitted_by": self.terms_named(id, "contributors"),
            "authors": self.terms_named(id, "authors"),
            "dateline": article.dateline,
            "kind": article.kind,
            "kind_text": article.kind.as_deref().map(|kind| self.language.name(Names::Kinds, kind)),
            "summary": article.summary,
            "standfirst": standfirst(article.summary_source, &article.summary),
            "image": article.image.as_ref().map(|image| self.image(article, image)),
            "body": body,
            "taxonomies": self.sorted_terms(id),
            "stories": self.stories_of(id),
            "corrections": article.corrections.iter().map(|done| self.correction(done)).collect::<Vec<Json>>(),
            "redactions": article.redactions.iter().map(|redaction| json!({
                "date": redaction.date, "date_text": self.language.date(redaction.date), "reason": redaction.reason,
            })).collect::<Vec<Json>>(),
            "archived": self.ledger.mementos(article).iter().map(|memento| json!({
                "url": memento.url, "date": memento.date, "date_text": long(memento.date), "service": memento.service,
            })).collect::<Vec<Json>>(),
            "also": self.cards(also_carried(self.archive, self.config, id).iter()),
            "license": article.license,
            "license_url": Views::license_url(article),
            "rights": article.rights,
            "note": article.note,
            "withdrawn": null,
            "report_url": self.report_address(&self.config.absolute(&article.permalink.encoded())),
            "links": article.links,
            "extra": article.extra,
        })
    }

    pub(super) fn terms_named(&self, id: ArticleId, name: &str) -> Vec<Json> {
        let taxonomy = self.config.taxonomies.iter().position(|taxonomy| taxonomy.name == name);
        self.archive
            .terms_of(id)
            .filter(|(at, _)| Some(*at) == taxonomy)
            .map(|(taxonomy, term)| self.term(taxonomy, term))
            .collect()
    }

    /// Terms of every taxonomy but those that have a place of their own on the page.
    pub(super) fn sorted_terms(&self, id: ArticleId) -> Vec<Json> {
        let shown_elsewhere = ["outlets", "authors", "stories", "contributors"];
        self.config
            .taxonomies
            .iter()
            .filter(|taxonomy| !shown_elsewhere.contains(&taxonomy.name.as_str()))
            .filter_map(|taxonomy| {
                let terms = self.terms_named(id, &taxonomy.name);
                let title = self.language.name(Names::Taxonomies, &taxonomy.name);
                (!terms.is_empty())
                    .then(|| json!({ "key": taxonomy.name, "title": title, "terms": terms }))
            })
            .collect()
    }

    pub(super) fn image(&self, article: &Article, image: &Image) -> Json {
        let remote = image.src.starts_with("http://") || image.src.starts_with("https://");
        let src = if remote {
            image.src.clone()
        } else if image.src.starts_with('/') {
            self.config.address(&image.src)
        } else {
            let path = format!("{}{}", article.permalink, image.src.trim_start_matches("./"));
            self.config.address(&crate::permalink::encode_path(&path))
        };
        if !remote && !self.is_known(&src, &self.routes) {
            return Json::Null;
        }
        let size = crate::render::pictures::size(self.files, self.rooted(&src));
        json!({
            "src": src, "alt": image.alt, "credit": image.credit, "caption": image.caption,
            "width": size.map(|(width, _)| width), "height": size.map(|(_, height)| height),
        })
    }

    fn is_known(&self, address: &str, routes: &Routes) -> bool {
        routes.knows(&format!("/{}", self.rooted(address)))
    }

    /// A root-relative address without the archive's own place in front.
    fn rooted<'b>(&self, address: &'b str) -> &'b str {
        address.strip_prefix(self.config.base_path()).unwrap_or(address)
    }

    /// What stays of a withdrawn article.
    fn tombstone(&self, id: ArticleId) -> (Head, Json, &'static str) {
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
        let mut view = self.withdrawal(id);
        let permalink = self.config.absolute(&article.permalink.encoded());
        view["report_url"] = self.report_address(&permalink).into();
        (head, json!({ "withdrawal": view }), "withdrawn.html")
    }

    pub(super) fn plain(&self, at: usize, body: &str) -> (Head, Json, &'static str) {
        let page = &self.archive.pages[at].value;
        let language = page.language.as_deref().unwrap_or(&self.config.language);
        let head = Head {
            kind: "page",
            title: page.title.clone(),
            heading: page.title.clone(),
            description: page.summary.clone(),
            language: page.language.clone(),
            breadcrumbs: self.period_crumbs(Period::All),
            noindex: page.noindex,
            ..Head::default()
        };
        let content = json!({
            "title": page.title, "body": body, "summary": page.summary,
            "standfirst": standfirst(page.summary_source, &page.summary),
            "language": language, "dir": direction(language), "extra": page.extra,
        });
        let register = self.register_at(page.permalink.as_str());
        (head, json!({ "content": content, "register": register }), "page.html")
    }
}

/// What may stand above a text: a summary that somebody wrote.
fn standfirst(source: SummarySource, summary: &str) -> Option<&str> {
    (source == SummarySource::Written).then_some(summary)
}

/// The page of the archive's trie that a date sits on.
pub(super) fn date_period(date: Date) -> Period {
    match (date.day(), date.month()) {
        (Some(day), _) => Period::Day(day),
        (None, Some(month)) => Period::Month(date.year(), month),
        (None, None) => Period::Year(date.year()),
    }
}

pub(super) fn host(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    url.host_str().map(|host| host.trim_start_matches("www.").to_owned())
}
