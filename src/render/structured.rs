//! Structured data (schema.org as JSON-LD) for those who read pages by machine.
//!
//! Who is who: the `NewsArticle` is the outlet's report, so its author is the byline, its publisher
//! the outlet and its date the day it appeared. The page it stands on is the archive's: a `WebPage`
//! whose publisher is the archive and whose date is the day the report was added. Where there is no
//! byline there is no author: the outlet is not put in its place.

use serde_json::{Map, Value as Json, json};

use crate::content::markdown::without_controls;
use crate::date::Date;

use super::facts::{ArchiveFacts, Facts, Named, PictureFacts};

const CONTEXT: &str = "https://schema.org";

/// A report, on its page in the archive.
pub fn news_article(facts: &Facts, archive: &ArchiveFacts) -> Json {
    let publisher = facts.outlet.as_ref().map(|outlet| organization(outlet, facts));
    let archived: Vec<&str> = facts.mementos.iter().map(|memento| memento.url.as_str()).collect();
    without_empty(json!({
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": format!("{}#report", facts.page),
        "headline": facts.headline,
        "description": facts.description,
        "url": facts.canonical,
        "mainEntityOfPage": web_page(facts, archive),
        "datePublished": facts.date,
        "dateModified": facts.changed,
        "author": facts.authors.iter().map(person).collect::<Vec<Json>>(),
        "publisher": publisher,
        "sourceOrganization": publisher,
        "sdPublisher": organization_of(archive),
        "inLanguage": facts.language,
        "dateline": facts.dateline,
        "genre": facts.kind,
        "keywords": facts.keywords,
        "isPartOf": facts.stories.iter().map(story).collect::<Vec<Json>>(),
        "isBasedOn": facts.original,
        "archivedAt": archived,
        "license": facts.license.as_ref().map(license),
        "copyrightNotice": facts.rights,
        "image": facts.picture.as_ref().map(image),
        "correction": facts.corrections.iter().map(correction).collect::<Vec<Json>>(),
    }))
}

/// The archive, on its front page.
pub fn web_site(archive: &ArchiveFacts) -> Json {
    without_empty(json!({
        "@context": CONTEXT,
        "@type": "WebSite",
        "@id": format!("{}#site", archive.home),
        "name": archive.name,
        "url": archive.home,
        "description": archive.description,
        "inLanguage": archive.language,
        "publisher": organization_of(archive),
    }))
}

/// The content of a `<script>`: no `<` in it, so that nothing ends the element early.
pub fn script(data: &Json) -> String {
    data.to_string().replace('<', "\\u003c")
}

fn web_page(facts: &Facts, archive: &ArchiveFacts) -> Json {
    json!({
        "@type": "WebPage",
        "@id": facts.page,
        "url": facts.page,
        "name": facts.headline,
        "datePublished": facts.added,
        "dateModified": facts.changed,
        "inLanguage": archive.language,
        "publisher": { "@id": organization_id(archive) },
        "contributor": facts.contributors.iter().map(person).collect::<Vec<Json>>(),
        "isPartOf": {
            "@type": "WebSite",
            "@id": format!("{}#site", archive.home),
            "name": archive.name,
            "url": archive.home,
        },
    })
}

fn correction((date, text): &(Date, String)) -> Json {
    json!({ "@type": "CorrectionComment", "text": text, "datePublished": date })
}

fn organization_id(archive: &ArchiveFacts) -> String {
    format!("{}#archive", archive.home)
}

fn organization_of(archive: &ArchiveFacts) -> Json {
    let contact = archive.rights_contact.as_ref().map(|address| {
        let mail = address.strip_prefix("mailto:").and_then(|rest| rest.split('?').next());
        let url = mail.is_none().then_some(address);
        json!({ "@type": "ContactPoint", "contactType": "rights holders", "email": mail, "url": url })
    });
    json!({
        "@type": "Organization",
        "@id": organization_id(archive),
        "name": archive.name,
        "url": archive.home,
        "publishingPrinciples": archive.principles,
        "correctionsPolicy": archive.corrections_policy,
        "contactPoint": contact,
    })
}

fn organization(outlet: &Named, facts: &Facts) -> Json {
    let id = facts.outlet_page.as_ref().map(|page| format!("{page}#outlet"));
    json!({ "@type": "Organization", "@id": id, "name": outlet.name, "url": outlet.url })
}

fn person(named: &Named) -> Json {
    json!({ "@type": "Person", "name": named.name, "url": named.url })
}

fn story(named: &Named) -> Json {
    json!({ "@type": "Collection", "name": named.name, "url": named.url })
}

fn license(terms: &Named) -> Json {
    match &terms.url {
        Some(url) => json!(url),
        None => json!({ "@type": "CreativeWork", "name": terms.name }),
    }
}

fn image(picture: &PictureFacts) -> Json {
    json!({
        "@type": "ImageObject",
        "url": picture.url,
        "caption": picture.caption,
        "description": picture.alternative,
        "creditText": picture.credit,
        "width": picture.size.map(|(width, _)| width),
        "height": picture.size.map(|(_, height)| height),
    })
}

/// The same without what is not known; and strangers' texts without control characters.
fn without_empty(value: Json) -> Json {
    match value {
        Json::Object(entries) => {
            let kept = entries.into_iter().map(|(key, value)| (key, without_empty(value)));
            Json::Object(kept.filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
        }
        Json::Array(items) => Json::Array(items.into_iter().map(without_empty).collect()),
        Json::String(text) => Json::String(without_controls(text)),
        value => value,
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}
