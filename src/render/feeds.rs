//! Atom (RFC 4287) and JSON Feed 1.1 of the latest additions. [`history`] has the rest of the
//! archive as Atom documents that the feed links (RFC 5005).

pub(crate) mod history;

use std::collections::{HashMap, HashSet};
use std::io::Cursor;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Value as Json, json};

use crate::archive::{Archive, ArticleId};
use crate::base::built_in::BuiltIn;
use crate::base::date::Date;
use crate::base::language_tag::address_part;
use crate::base::permalink::encode_path;
use crate::content::article::Article;
use crate::i18n::Language;
use crate::plan::{Scope, articles};
use crate::settings::Config;
use crate::view::pictures::Files;
use crate::view::recordings::Recording;

/// More back-filled reports in a day become one entry.
const BACK_FILLED: usize = 20;

/// A report added at least this long after its date is back-filled.
const LATE: chrono::TimeDelta = chrono::TimeDelta::days(7);

/// An entry of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A report.
    Article(ArticleId),
    /// The number of back-filled reports of a day.
    BackFilled(NaiveDate, usize),
}

/// A feed's entries, latest addition first. In the archive's own feed, a day with many back-filled
/// reports is one entry, linked to the page of additions.
pub fn entries(archive: &Archive, config: &Config, scope: Scope) -> Vec<Entry> {
    let mut ids: Vec<ArticleId> =
        articles(archive, scope).iter().copied().filter(|id| archive.is_listed(*id)).collect();
    ids.sort_by(|a, b| {
        let key = |id: &ArticleId| (added(archive.article(*id), config), *id);
        key(b).cmp(&key(a))
    });
    if scope != Scope::Archive {
        return ids.into_iter().take(config.feeds.limit).map(Entry::Article).collect();
    }
    let mut late: HashMap<NaiveDate, usize> = HashMap::new();
    for day in ids.iter().filter_map(|id| back_filled(archive.article(*id))) {
        *late.entry(day).or_default() += 1;
    }
    let mut told = HashSet::new();
    let entry = |id: ArticleId| match back_filled(archive.article(id)) {
        Some(day) if late[&day] > BACK_FILLED => {
            told.insert(day).then_some(Entry::BackFilled(day, late[&day]))
        }
        _ => Some(Entry::Article(id)),
    };
    ids.into_iter().filter_map(entry).take(config.feeds.limit).collect()
}

/// The day of addition, if the article is back-filled.
fn back_filled(article: &Article) -> Option<NaiveDate> {
    let day = article.added?.day()?;
    (day - article.date.first_day() >= LATE).then_some(day)
}

fn added_path(day: NaiveDate) -> String {
    format!("/added/{}/", day.format("%Y/%m/%d"))
}

fn added_id(config: &Config, day: NaiveDate) -> String {
    format!("tag:{}:added/{day}", authority(config))
}

fn midnight(day: NaiveDate, config: &Config) -> DateTime<FixedOffset> {
    Date::Day(day).instant(config.timezone)
}

fn added(article: &Article, config: &Config) -> DateTime<FixedOffset> {
    article.added.unwrap_or(article.date).instant(config.timezone)
}

/// The time of the last change: update, correction or redaction, else addition.
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

/// An entry's permanent id (RFC 4287 §4.2.6, RFC 4151).
pub fn id(article: &Article, config: &Config) -> String {
    if let Some(id) = article.id.as_ref().filter(|id| url::Url::parse(id).is_ok()) {
        return id.clone();
    }
    let slug = article.permalink.encoded();
    let slug = slug.trim_matches('/').rsplit('/').next().unwrap_or_default();
    // Translations share day and name; the language stands in their address.
    let language = article.address_language().filter(|_| article.is_tagged());
    let language = language.map(|tag| format!("{}/", address_part(tag))).unwrap_or_default();
    format!("tag:{}:{}/{language}{slug}", authority(config), article.date.first_day())
}

/// The authority in all ids (RFC 4151): from the settings, or from the first published feed, or the
/// archive's host.
pub fn authority(config: &Config) -> String {
    let known = config.feeds.authority.clone().or_else(|| config.owners.authority.clone());
    known.unwrap_or_else(|| config.feeds.default_authority.clone())
}

/// Replaces control characters that XML 1.0 forbids by U+FFFD.
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

/// The input of feeds.
#[derive(Clone, Copy, Debug)]
pub struct Feeds<'a> {
    /// The content.
    pub archive: &'a Archive,
    /// The config.
    pub config: &'a Config,
    /// The interface's language.
    pub language: &'a Language,
    /// The site's files, with the recordings beside reports.
    pub files: &'a Files,
}

/// An Atom feed of a scope. `path` and `page` are the encoded paths of the feed and of its page.
pub fn atom(feeds: Feeds<'_>, scope: Scope, path: &str, page: &str) -> Vec<u8> {
    document(|xml| write_atom(xml, feeds, scope, path, page))
}

/// An XML document in memory.
fn document(write: impl FnOnce(&mut Xml) -> std::io::Result<()>) -> Vec<u8> {
    let mut xml = Writer::new(Cursor::new(Vec::new()));
    // Writing to memory can't fail.
    let _ = write(&mut xml);
    let mut bytes = xml.into_inner().into_inner();
    bytes.push(b'\n');
    bytes
}

fn write_atom(
    xml: &mut Xml,
    feeds: Feeds<'_>,
    scope: Scope,
    path: &str,
    page: &str,
) -> std::io::Result<()> {
    let Feeds { archive, config, .. } = feeds;
    let entries = entries(archive, config, scope);
    let title = match scope {
        Scope::Archive => config.title.clone(),
        Scope::Term(taxonomy, term) => {
            format!("{} · {}", archive.taxonomies[taxonomy].terms[term].name, config.title)
        }
    };
    let changed = |entry: &Entry| match *entry {
        Entry::Article(id) => updated(archive.article(id), config),
        Entry::BackFilled(day, _) => midnight(day, config),
    };
    let newest = entries.iter().map(changed).max().unwrap_or_default();
    open_feed(xml, config)?;
    element(xml, "title", &title)?;
    if !config.description.is_empty() {
        element(xml, "subtitle", &config.description)?;
    }
    let feed_path = if scope == Scope::Archive { "feed" } else { path.trim_matches('/') };
    element(xml, "id", &format!("tag:{}:{feed_path}", authority(config)))?;
    element(xml, "updated", &stamp(newest))?;
    link(xml, "self", "application/atom+xml", &config.absolute(path))?;
    link(xml, "alternate", "text/html", &config.absolute(page))?;
    if scope == Scope::Archive {
        history::lead_back(xml, feeds)?;
    }
    element(xml, "generator", "Dateline")?;
    for entry in entries {
        match entry {
            Entry::Article(id) => write_article(xml, feeds, id)?,
            Entry::BackFilled(day, count) => write_back_filled(xml, feeds, day, count)?,
        }
    }
    xml.write_event(Event::End(BytesEnd::new("feed")))
}

/// The start of every feed; its language is the archive's.
fn open_feed(xml: &mut Xml, config: &Config) -> std::io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let mut feed = BytesStart::new("feed");
    feed.push_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    feed.push_attribute(("xmlns:fh", history::NAMESPACE));
    feed.push_attribute(("xml:lang", config.language.as_str()));
    xml.write_event(Event::Start(feed))
}

fn write_article(xml: &mut Xml, feeds: Feeds<'_>, id: ArticleId) -> std::io::Result<()> {
    write_entry(xml, feeds, id)
}

/// A report as an entry.
pub(super) struct Told<'a> {
    pub(super) article: &'a Article,
    outlet: Option<&'a str>,
    recordings: Vec<Recording>,
    /// Its terms of subjects as they are shown.
    categories: Vec<&'a str>,
    tags: Vec<&'a str>,
}

impl<'a> Told<'a> {
    pub(super) fn of(feeds: Feeds<'a>, id: ArticleId) -> Told<'a> {
        let Feeds { archive, config, files, .. } = feeds;
        let others =
            [BuiltIn::Authors, BuiltIn::Contributors, BuiltIn::Outlets, BuiltIn::Languages];
        let categories = archive
            .taxonomies_of(id)
            .filter(|(at, _)| !others.iter().any(|one| one.is(&config.taxonomies[*at].name)))
            .flat_map(|(at, terms)| {
                let terms = terms.take(NAMES_AT_MOST);
                terms.map(move |term| archive.taxonomies[at].terms[term].name.as_str())
            });
        Told {
            article: archive.article(id),
            outlet: archive.outlet_name(config, id),
            recordings: files.recordings(&archive.articles[id as usize]),
            categories: categories.collect(),
            tags: archive
                .term_names(config, id, BuiltIn::Tags.name())
                .take(NAMES_AT_MOST)
                .collect(),
        }
    }
}

fn write_back_filled(
    xml: &mut Xml,
    feeds: Feeds<'_>,
    day: NaiveDate,
    count: usize,
) -> std::io::Result<()> {
    let Feeds { config, language, .. } = feeds;
    let (title, summary) = back_filled_words(language, day, count);
    xml.write_event(Event::Start(BytesStart::new("entry")))?;
    element(xml, "title", &title)?;
    element(xml, "id", &added_id(config, day))?;
    element(xml, "updated", &stamp(midnight(day, config)))?;
    link(xml, "alternate", "text/html", &config.absolute(&added_path(day)))?;
    xml.write_event(Event::Start(BytesStart::new("author")))?;
    element(xml, "name", &config.title)?;
    xml.write_event(Event::End(BytesEnd::new("author")))?;
    element(xml, "summary", &summary)?;
    xml.write_event(Event::End(BytesEnd::new("entry")))
}

fn back_filled_words(language: &Language, day: NaiveDate, count: usize) -> (String, String) {
    let date = language.date(Date::Day(day));
    let title = language.text("added_on", &[("date", &date)]);
    (title, language.counted("added_count_other", count))
}

/// The maximum number of authors, and of terms in each taxonomy, in an entry. A report is in the
/// feed of each of its terms, so thousands of terms would take quadratic time. Its page and data
/// files list all.
const NAMES_AT_MOST: usize = 100;

fn authors<'a>(article: &'a Article, outlet: Option<&'a str>, config: &'a Config) -> Vec<&'a str> {
    match article.terms.of(BuiltIn::Authors.name()) {
        [] => vec![outlet.unwrap_or(&config.title)],
        people => people.iter().take(NAMES_AT_MOST).map(|name| &**name).collect(),
    }
}

pub(super) fn write_entry(xml: &mut Xml, feeds: Feeds<'_>, id: ArticleId) -> std::io::Result<()> {
    let Feeds { archive, config, .. } = feeds;
    let Told { article, outlet, recordings, categories, .. } = &Told::of(feeds, id);
    let mut entry = BytesStart::new("entry");
    if let Some(language) = &article.language {
        entry.push_attribute(("xml:lang", &**language));
    }
    xml.write_event(Event::Start(entry))?;
    element(xml, "title", &article.title)?;
    element(xml, "id", &self::id(article, config))?;
    element(xml, "published", &stamp(article.date.instant(config.timezone)))?;
    element(xml, "updated", &stamp(updated(article, config)))?;
    link(xml, "alternate", "text/html", &config.absolute(&article.permalink.encoded()))?;
    for other in archive.translations_of(config, id).into_iter().filter(|other| *other != id) {
        write_translation(xml, archive, config, other)?;
    }
    if let Some(original) = &article.original_url {
        link(xml, "via", "text/html", original)?;
    }
    for recording in recordings {
        xml.create_element("link")
            .with_attribute(("rel", "enclosure"))
            .with_attribute(("type", recording.media_type.as_str()))
            .with_attribute(("length", recording.length.to_string().as_str()))
            .with_attribute(("href", config.absolute(&encode_path(&recording.path)).as_str()))
            .write_empty()?;
    }
    for name in authors(article, *outlet, config) {
        xml.write_event(Event::Start(BytesStart::new("author")))?;
        element(xml, "name", name)?;
        xml.write_event(Event::End(BytesEnd::new("author")))?;
    }
    for term in categories {
        xml.create_element("category")
            .with_attribute(("term", legal(term).as_str()))
            .write_empty()?;
    }
    if !article.summary.is_empty() {
        element(xml, "summary", &article.summary)?;
    }
    if let Some(rights) = &article.rights {
        element(xml, "rights", rights)?;
    }
    xml.write_event(Event::End(BytesEnd::new("entry")))
}

/// A link to an entry in another language (RFC 4287, section 4.2.7.4).
fn write_translation(
    xml: &mut Xml,
    archive: &Archive,
    config: &Config,
    id: ArticleId,
) -> std::io::Result<()> {
    xml.create_element("link")
        .with_attribute(("rel", "alternate"))
        .with_attribute(("type", "text/html"))
        .with_attribute(("hreflang", archive.language(config, id)))
        .with_attribute((
            "href",
            config.absolute(&archive.article(id).permalink.encoded()).as_str(),
        ))
        .write_empty()?;
    Ok(())
}

/// The archive's JSON Feed (version 1.1).
pub fn json_feed(feeds: Feeds<'_>) -> Vec<u8> {
    let Feeds { archive, config, language, .. } = feeds;
    let items: Vec<Json> = entries(archive, config, Scope::Archive)
        .into_iter()
        .map(|entry| match entry {
            Entry::Article(id) => item(&Told::of(feeds, id), config),
            Entry::BackFilled(day, count) => {
                let (title, text) = back_filled_words(language, day, count);
                json!({
                    "id": added_id(config, day),
                    "url": config.absolute(&added_path(day)),
                    "title": title,
                    "content_text": text,
                    "date_published": stamp(midnight(day, config)),
                    "date_modified": stamp(midnight(day, config)),
                    "authors": [{ "name": config.title }],
                    "tags": [],
                    "language": config.language,
                })
            }
        })
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

fn item(told: &Told<'_>, config: &Config) -> Json {
    let Told { article, outlet, recordings, tags, .. } = told;
    let names = authors(article, *outlet, config);
    let mut item = json!({
        "id": id(article, config),
        "url": config.absolute(&article.permalink.encoded()),
        "title": article.title,
        "content_text": if article.summary.is_empty() { &article.title } else { &article.summary },
        "summary": article.summary,
        "date_published": stamp(article.date.instant(config.timezone)),
        "date_modified": stamp(updated(article, config)),
        "authors": names.iter().map(|name| json!({ "name": name })).collect::<Vec<Json>>(),
        "tags": tags,
        "language": article.language.as_deref().unwrap_or(&config.language),
    });
    if let Some(original) = &article.original_url {
        item["external_url"] = json!(original);
    }
    if !recordings.is_empty() {
        let attachments = recordings.iter().map(|recording| {
            json!({
                "url": config.absolute(&encode_path(&recording.path)),
                "mime_type": recording.media_type,
                "size_in_bytes": recording.length,
            })
        });
        item["attachments"] = attachments.collect();
    }
    item
}
