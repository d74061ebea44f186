//! Atom (RFC 4287) and JSON Feed 1.1: what was added last.

use std::io::Cursor;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Value as Json, json};

use crate::archive::{Archive, ArticleId};
use crate::config::Config;
use crate::content::article::Article;
use crate::plan::{Scope, articles};

/// A feed's articles: newest addition first.
pub fn entries(archive: &Archive, config: &Config, scope: Scope) -> Vec<ArticleId> {
    let mut ids: Vec<ArticleId> =
        articles(archive, scope).iter().copied().filter(|id| archive.is_listed(*id)).collect();
    ids.sort_by(|a, b| {
        let key = |id: &ArticleId| (added(archive.article(*id), config), *id);
        key(b).cmp(&key(a))
    });
    ids.truncate(config.feeds.limit);
    ids
}

fn added(article: &Article, config: &Config) -> DateTime<FixedOffset> {
    article.added.unwrap_or(article.date).instant(config.timezone)
}

/// Last change: what was updated, corrected or redacted last, else when it was added.
pub(super) fn updated(article: &Article, config: &Config) -> DateTime<FixedOffset> {
    article
        .changes()
        .map(|date| date.instant(config.timezone))
        .chain([added(article, config)])
        .max()
        .unwrap_or_default()
}

pub(super) fn stamp(time: DateTime<FixedOffset>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An entry's identity for ever (RFC 4287 §4.2.6, RFC 4151): never made from `base_url`.
pub(super) fn id(article: &Article, config: &Config) -> String {
    if let Some(id) = article.id.as_ref().filter(|id| url::Url::parse(id).is_ok()) {
        return id.clone();
    }
    let slug = article.permalink.encoded();
    let slug = slug.trim_matches('/').rsplit('/').next().unwrap_or_default();
    format!("tag:{}:{}/{slug}", authority(config), article.date.first_day())
}

pub(super) fn authority(config: &Config) -> String {
    config.feeds.authority.clone().unwrap_or_else(|| {
        let slug = crate::permalink::Slug::from_term(&crate::permalink::fold(&config.title));
        let host: String =
            slug.as_str().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        format!("{}.invalid,2000", if host.is_empty() { "archive" } else { &host })
    })
}

/// XML 1.0 has no way to write most control characters: they become U+FFFD.
pub fn legal(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}' => character,
            _ => '\u{FFFD}',
        })
        .collect()
}

pub(super) type Xml = Writer<Cursor<Vec<u8>>>;

pub(super) fn element(xml: &mut Xml, name: &str, text: &str) -> std::io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&legal(text)))?;
    Ok(())
}

pub(super) fn link(
    xml: &mut Xml,
    relation: &str,
    kind: &str,
    address: &str,
) -> std::io::Result<()> {
    xml.create_element("link")
        .with_attribute(("rel", relation))
        .with_attribute(("type", kind))
        .with_attribute(("href", legal(address).as_str()))
        .write_empty()?;
    Ok(())
}

/// An Atom feed of a scope. `path` and `page` are the feed's and its page's paths, encoded.
pub fn atom(archive: &Archive, config: &Config, scope: Scope, path: &str, page: &str) -> Vec<u8> {
    let mut xml = Writer::new(Cursor::new(Vec::new()));
    // Writing to memory can't fail.
    let _ = write_atom(&mut xml, archive, config, scope, path, page);
    let mut bytes = xml.into_inner().into_inner();
    bytes.push(b'\n');
    bytes
}

fn write_atom(
    xml: &mut Xml,
    archive: &Archive,
    config: &Config,
    scope: Scope,
    path: &str,
    page: &str,
) -> std::io::Result<()> {
    let ids = entries(archive, config, scope);
    let title = match scope {
        Scope::Archive => config.title.clone(),
        Scope::Term(taxonomy, term) => {
            format!("{} · {}", archive.taxonomies[taxonomy].terms[term].name, config.title)
        }
    };
    let newest =
        ids.iter().map(|id| updated(archive.article(*id), config)).max().unwrap_or_default();
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let mut feed = BytesStart::new("feed");
    feed.push_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    feed.push_attribute(("xml:lang", config.language.as_str()));
    xml.write_event(Event::Start(feed))?;
    element(xml, "title", &title)?;
    if !config.description.is_empty() {
        element(xml, "subtitle", &config.description)?;
    }
    let feed_path = if scope == Scope::Archive { "feed" } else { path.trim_matches('/') };
    element(xml, "id", &format!("tag:{}:{feed_path}", authority(config)))?;
    element(xml, "updated", &stamp(newest))?;
    link(xml, "self", "application/atom+xml", &config.absolute(path))?;
    link(xml, "alternate", "text/html", &config.absolute(page))?;
    element(xml, "generator", "Dateline")?;
    for id in ids {
        write_entry(xml, archive.article(id), outlet_name(archive, config, id), config)?;
    }
    xml.write_event(Event::End(BytesEnd::new("feed")))
}

pub(super) fn outlet_name<'a>(
    archive: &'a Archive,
    config: &Config,
    id: ArticleId,
) -> Option<&'a str> {
    let outlets = config.taxonomies.iter().position(|taxonomy| taxonomy.name == "outlets")?;
    let &(taxonomy, term) = archive.terms_of[id as usize].iter().find(|(at, _)| *at == outlets)?;
    Some(&archive.taxonomies[taxonomy].terms[term].name)
}

fn authors<'a>(article: &'a Article, outlet: Option<&'a str>, config: &'a Config) -> Vec<&'a str> {
    let named = article.terms.iter().find(|(name, _)| name == "authors");
    match named {
        Some((_, people)) => people.iter().map(String::as_str).collect(),
        None => vec![outlet.unwrap_or(&config.title)],
    }
}

pub(super) fn write_entry(
    xml: &mut Xml,
    article: &Article,
    outlet: Option<&str>,
    config: &Config,
) -> std::io::Result<()> {
    let mut entry = BytesStart::new("entry");
    if let Some(language) = &article.language {
        entry.push_attribute(("xml:lang", language.as_str()));
    }
    xml.write_event(Event::Start(entry))?;
    element(xml, "title", &article.title)?;
    element(xml, "id", &id(article, config))?;
    element(xml, "published", &stamp(article.date.instant(config.timezone)))?;
    element(xml, "updated", &stamp(updated(article, config)))?;
    link(xml, "alternate", "text/html", &config.absolute(&article.permalink.encoded()))?;
    if let Some(original) = &article.original_url {
        link(xml, "via", "text/html", original)?;
    }
    for name in authors(article, outlet, config) {
        xml.write_event(Event::Start(BytesStart::new("author")))?;
        element(xml, "name", name)?;
        xml.write_event(Event::End(BytesEnd::new("author")))?;
    }
    for (taxonomy, terms) in &article.terms {
        if matches!(taxonomy.as_str(), "authors" | "contributors") {
            continue;
        }
        for term in terms {
            xml.create_element("category")
                .with_attribute(("term", legal(term).as_str()))
                .write_empty()?;
        }
    }
    if !article.summary.is_empty() {
        element(xml, "summary", &article.summary)?;
    }
    if let Some(rights) = &article.rights {
        element(xml, "rights", rights)?;
    }
    xml.write_event(Event::End(BytesEnd::new("entry")))
}

/// The archive's JSON Feed (version 1.1).
pub fn json_feed(archive: &Archive, config: &Config) -> Vec<u8> {
    let items: Vec<Json> = entries(archive, config, Scope::Archive)
        .into_iter()
        .map(|id| item(archive.article(id), outlet_name(archive, config, id), config))
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": config.title,
        "description": config.description,
        "home_page_url": config.base_url.as_str(),
        "feed_url": config.absolute("/feed.json"),
        "language": config.language,
        "items": items,
    });
    let mut bytes = serde_json::to_vec_pretty(&feed).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn item(article: &Article, outlet: Option<&str>, config: &Config) -> Json {
    let names = authors(article, outlet, config);
    let tags = article.terms.iter().filter(|(name, _)| name == "tags").flat_map(|(_, terms)| terms);
    let mut item = json!({
        "id": id(article, config),
        "url": config.absolute(&article.permalink.encoded()),
        "title": article.title,
        "content_text": if article.summary.is_empty() { &article.title } else { &article.summary },
        "summary": article.summary,
        "date_published": stamp(article.date.instant(config.timezone)),
        "date_modified": stamp(updated(article, config)),
        "authors": names.iter().map(|name| json!({ "name": name })).collect::<Vec<Json>>(),
        "tags": tags.collect::<Vec<&String>>(),
        "language": article.language.as_deref().unwrap_or(&config.language),
    });
    if let Some(original) = &article.original_url {
        item["external_url"] = json!(original);
    }
    item
}
