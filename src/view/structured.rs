//! Structured data (schema.org as JSON-LD).
//!
//! The `NewsArticle` is the outlet's report: its author is the byline, its publisher the outlet,
//! its date that of publication. The page is the archive's: a `WebPage` with the archive as
//! publisher and the day of addition as date. Without a byline there is no author; the outlet does
//! not replace it.

use crate::base::date::Date;
use crate::markdown::without_controls;

use super::facts::{ArchiveFacts, Facts, Named, PictureFacts, RecordingFacts};
use super::translations::TranslationFacts;

const CONTEXT: &str = "https://schema.org";

/// A report on its page: the content of a `<script>`.
pub(crate) fn news_article(facts: &Facts, archive: &ArchiveFacts) -> String {
    let mut article = Node::of_type("NewsArticle");
    article.text("@id", &format!("{}#report", facts.page));
    article.text("headline", &facts.headline);
    article.text("description", &facts.description);
    article.text("url", &facts.canonical);
    article.node("mainEntityOfPage", Some(web_page(facts, archive)));
    article.date("datePublished", Some(facts.date));
    article.date("dateModified", facts.changed);
    article.nodes("author", facts.authors.iter().map(person));
    let outlet = facts.outlet.as_ref().map(|outlet| organization(outlet, facts));
    article.node("publisher", outlet.clone());
    article.node("sourceOrganization", outlet);
    article.node("sdPublisher", Some(organization_of(archive)));
    article.text("inLanguage", &facts.language);
    translations(&mut article, facts);
    article.known("dateline", facts.dateline.as_deref());
    article.known("genre", facts.kind.as_deref());
    article.texts("keywords", facts.keywords.iter().map(String::as_str));
    article.nodes("isPartOf", facts.stories.iter().map(story));
    article.known("isBasedOn", facts.original.as_deref());
    article.texts("archivedAt", facts.mementos.iter().map(|memento| memento.url.as_str()));
    license(&mut article, facts.license.as_ref());
    article.known("copyrightNotice", facts.rights.as_deref());
    article.node("image", facts.picture.as_ref().map(image));
    let of_kind = |is_film| facts.recordings.iter().filter(move |one| one.is_film == is_film);
    article.nodes("audio", of_kind(false).map(|one| recording("AudioObject", one, facts)));
    article.nodes("video", of_kind(true).map(|one| recording("VideoObject", one, facts)));
    article.nodes("correction", facts.corrections.iter().map(correction));
    article.script()
}

/// A translation leads to its original; the original to all translations.
fn translations(article: &mut Node, facts: &Facts) {
    match &facts.translates {
        Some(original) => article.node("translationOfWork", Some(translation(original))),
        None => article.nodes("workTranslation", facts.translations.iter().map(translation)),
    }
}

fn translation(other: &TranslationFacts) -> Node {
    let mut node = Node::of_type("NewsArticle");
    node.text("@id", &format!("{}#report", other.url));
    node.text("url", &other.url);
    node.text("inLanguage", &other.language);
    node
}

/// The archive on its front page: the content of a `<script>`.
pub(crate) fn web_site(archive: &ArchiveFacts) -> String {
    let mut site = Node::of_type("WebSite");
    site.text("@id", &format!("{}#site", archive.home));
    site.text("name", &archive.name);
    site.text("url", &archive.home);
    site.text("description", &archive.description);
    site.text("inLanguage", &archive.language);
    site.node("publisher", Some(organization_of(archive)));
    site.script()
}

fn web_page(facts: &Facts, archive: &ArchiveFacts) -> Node {
    let mut page = Node::of_type("WebPage");
    page.text("@id", &facts.page);
    page.text("url", &facts.page);
    page.text("name", &facts.headline);
    page.date("datePublished", facts.added);
    page.date("dateModified", facts.changed);
    page.text("inLanguage", &archive.language);
    let mut publisher = Node::default();
    publisher.text("@id", &organization_id(archive));
    page.node("publisher", Some(publisher));
    page.nodes("contributor", facts.contributors.iter().map(person));
    let mut site = Node::of_type("WebSite");
    site.text("@id", &format!("{}#site", archive.home));
    site.text("name", &archive.name);
    site.text("url", &archive.home);
    page.node("isPartOf", Some(site));
    page
}

fn correction((date, text): &(Date, String)) -> Node {
    let mut correction = Node::of_type("CorrectionComment");
    correction.text("text", text);
    correction.date("datePublished", Some(*date));
    correction
}

fn organization_id(archive: &ArchiveFacts) -> String {
    format!("{}#archive", archive.home)
}

fn organization_of(archive: &ArchiveFacts) -> Node {
    let mut organization = Node::of_type("Organization");
    organization.text("@id", &organization_id(archive));
    organization.text("name", &archive.name);
    organization.text("url", &archive.home);
    organization.known("publishingPrinciples", archive.principles.as_deref());
    organization.known("correctionsPolicy", archive.corrections_policy.as_deref());
    organization.node("contactPoint", archive.rights_contact.as_deref().map(contact));
    organization
}

fn contact(address: &str) -> Node {
    let mut contact = Node::of_type("ContactPoint");
    contact.text("contactType", "rights holders");
    match address.strip_prefix("mailto:").and_then(|rest| rest.split('?').next()) {
        Some(mail) => contact.text("email", mail),
        None => contact.text("url", address),
    }
    contact
}

fn organization(outlet: &Named, facts: &Facts) -> Node {
    let mut organization = Node::of_type("Organization");
    if let Some(page) = &facts.outlet_page {
        organization.text("@id", &format!("{page}#outlet"));
    }
    organization.text("name", &outlet.name);
    organization.known("url", outlet.url.as_deref());
    organization
}

fn person(named: &Named) -> Node {
    named_node("Person", named)
}

fn story(named: &Named) -> Node {
    named_node("Collection", named)
}

fn named_node(kind: &str, named: &Named) -> Node {
    let mut node = Node::of_type(kind);
    node.text("name", &named.name);
    node.known("url", named.url.as_deref());
    node
}

fn license(article: &mut Node, terms: Option<&Named>) {
    let Some(terms) = terms else { return };
    match &terms.url {
        Some(url) => article.text("license", url),
        None => article.node("license", Some(named_node("CreativeWork", terms))),
    }
}

fn image(picture: &PictureFacts) -> Node {
    let mut image = Node::of_type("ImageObject");
    image.text("url", &picture.url);
    image.known("caption", picture.caption.as_deref());
    image.text("description", &picture.alternative);
    image.known("creditText", picture.credit.as_deref());
    if let Some((width, height)) = picture.size {
        image.number("width", width);
        image.number("height", height);
    }
    image
}

fn recording(kind: &str, recording: &RecordingFacts, facts: &Facts) -> Node {
    let mut node = Node::of_type(kind);
    node.text("name", &facts.headline);
    node.text("contentUrl", &recording.url);
    node.text("encodingFormat", &recording.media_type);
    node.text("contentSize", &format!("{} B", recording.length));
    node.date("uploadDate", Some(facts.date));
    node
}

/// A JSON-LD object: unknown values are left out, and control characters are removed from untrusted
/// text.
#[derive(Clone, Debug, Default)]
struct Node {
    /// The entries, separated by commas.
    entries: String,
}

impl Node {
    fn of_type(kind: &str) -> Node {
        let mut node = Node::default();
        node.text("@type", kind);
        node
    }

    fn key(&mut self, key: &str) {
        if !self.entries.is_empty() {
            self.entries.push(',');
        }
        push_quoted(&mut self.entries, key);
        self.entries.push(':');
    }

    fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.key(key);
            push_quoted(&mut self.entries, text);
        }
    }

    fn known(&mut self, key: &str, text: Option<&str>) {
        self.text(key, text.unwrap_or_default());
    }

    fn date(&mut self, key: &str, date: Option<Date>) {
        if let Some(date) = date {
            self.text(key, &date.to_string());
        }
    }

    fn number(&mut self, key: &str, number: u64) {
        self.key(key);
        self.entries.push_str(&number.to_string());
    }

    fn node(&mut self, key: &str, node: Option<Node>) {
        if let Some(node) = node {
            self.key(key);
            node.push_to(&mut self.entries);
        }
    }

    fn nodes(&mut self, key: &str, nodes: impl Iterator<Item = Node>) {
        self.list(key, nodes, |out, node| node.push_to(out));
    }

    fn texts<'a>(&mut self, key: &str, texts: impl Iterator<Item = &'a str>) {
        self.list(key, texts, push_quoted);
    }

    fn list<T>(
        &mut self,
        key: &str,
        items: impl Iterator<Item = T>,
        push: impl Fn(&mut String, T),
    ) {
        let mut items = items.peekable();
        if items.peek().is_none() {
            return;
        }
        self.key(key);
        let mut separator = '[';
        for item in items {
            self.entries.push(separator);
            push(&mut self.entries, item);
            separator = ',';
        }
        self.entries.push(']');
    }

    fn push_to(self, out: &mut String) {
        out.push('{');
        out.push_str(&self.entries);
        out.push('}');
    }

    /// The content of a `<script>`, without `<`, so that nothing ends the element early.
    fn script(self) -> String {
        let context = format!("{{\"@context\":\"{CONTEXT}\",{}}}", self.entries);
        context.replace('<', "\\u003c")
    }
}

fn push_quoted(out: &mut String, text: &str) {
    // Writing a text can't fail.
    let quoted = serde_json::to_string(&without_controls(text.to_owned()));
    out.push_str(&quoted.unwrap_or_default());
}
