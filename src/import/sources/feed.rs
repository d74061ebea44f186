//! Feeds in a file: RSS, Atom, JSON Feed.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::{Source, SourceError, Visit};
use crate::base::date::Date;
use crate::import::entry::{Body, Entry, Item, Picture, Site};
use crate::import::text;
use crate::import::xml::{self, Element, Next};

/// A feed.
#[derive(Debug)]
pub struct Feed {
    /// The file.
    pub path: PathBuf,
}

impl Source for Feed {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        if is_json(&self.path)? {
            return json_feed(&self.path, visit);
        }
        let file = File::open(&self.path).map_err(SourceError::io(&self.path))?;
        let is_part = |name: &str| matches!(name, "item" | "entry" | "link");
        xml::parts(file, &is_part, &mut |part| {
            match part.name.as_str() {
                "item" => visit(Item::Entry(Box::new(of_rss(&part)))),
                "entry" => visit(Item::Entry(Box::new(atom_entry(&part)))),
                _ => visit(site(&part)),
            }
            Next::GoOn
        })
        .map_err(SourceError::xml(&self.path))
    }
}

fn is_json(path: &Path) -> Result<bool, SourceError> {
    use std::io::Read as _;
    let mut start = [0; 64];
    let count = File::open(path)
        .and_then(|mut file| file.read(&mut start))
        .map_err(SourceError::io(path))?;
    Ok(String::from_utf8_lossy(&start[..count])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('{'))
}

/// The home page of a feed, not its link to itself.
fn site(link: &Element) -> Item {
    let address = match link.attribute("href") {
        Some(href) => {
            Some(href).filter(|_| matches!(link.attribute("rel"), None | Some("alternate")))
        }
        None => Some(link.text.trim()).filter(|text| !text.is_empty()),
    };
    Item::Site(Site { address: address.map(str::to_owned), language: None })
}

fn of_rss(item: &Element) -> Entry {
    let address = item.value("link").filter(|link| link.starts_with("http"));
    let id = item.value("guid").or(address).or(item.value("title")).unwrap_or_default();
    let written = item.value("pubDate").or(item.value("dc:date"));
    let moment = written.and_then(moment);
    let files = item.all("enclosure").chain(item.all("media:content"));
    let (pictures, files): (Vec<&Element>, Vec<&Element>) =
        files.partition(|file| is_picture(file));
    let files: Vec<String> =
        files.iter().filter_map(|file| file.attribute("url")).map(str::to_owned).collect();
    let image = pictures.first().and_then(|file| {
        let description = file.value("media:description").or(file.value("media:title"));
        Some(Picture::Address {
            address: file.attribute("url")?.to_owned(),
            description: description.map(text::of_html).unwrap_or_default(),
            caption: None,
        })
    });
    let creators: Vec<&str> = item.all("dc:creator").map(|name| name.text.trim()).collect();
    let authors = if creators.is_empty() { item.value("author") } else { None };
    let full = item.value("content:encoded");
    let short = item.value("description");
    Entry {
        id: id.to_owned(),
        title: item.value("title").map(text::of_html).unwrap_or_default(),
        body: with_files(
            full.or(short).map_or(Body::Empty, |html| Body::Html(html.to_owned())),
            &files,
        ),
        summary: full.and(short).map(text::of_html).filter(|summary| !summary.is_empty()),
        added: moment,
        addresses: address.map(str::to_owned).into_iter().collect(),
        authors: creators.into_iter().chain(authors).filter_map(author).collect(),
        image,
        terms: tags(item.all("category").map(|term| text::plain(&term.text))),
        ..Entry::default()
    }
    .dated(written, moment.map(day))
}

fn is_picture(file: &Element) -> bool {
    file.attribute("medium") == Some("image")
        || file.attribute("type").is_some_and(|kind| kind.starts_with("image/"))
}

/// An Atom entry of any program.
pub(super) fn atom_entry(entry: &Element) -> Entry {
    let address = entry
        .all("link")
        .find(|link| matches!(link.attribute("rel"), None | Some("alternate")))
        .and_then(|link| link.attribute("href"));
    let published = entry.value("published").or(entry.value("updated")).and_then(moment);
    let updated = entry.value("updated").and_then(moment);
    let is_later =
        |updated: &Date| published.is_some_and(|published| updated.day() > published.day());
    let summary = entry.child("summary");
    let is_elsewhere = |content: &&Element| content.attribute("src").is_some();
    let body = entry.child("content").filter(|content| !is_elsewhere(content)).or(summary);
    let names = entry.all("author").filter_map(|author| author.value("name"));
    Entry {
        id: entry.value("id").or(address).unwrap_or_default().to_owned(),
        title: entry.value("title").map(text::of_html).unwrap_or_default(),
        body: body.map_or(Body::Empty, written),
        date: published.map(day),
        added: published,
        updated: updated.filter(is_later).map(day),
        addresses: address.map(str::to_owned).into_iter().collect(),
        authors: names.map(text::plain).collect(),
        ..Entry::default()
    }
}

fn written(content: &Element) -> Body {
    match content.attribute("type") {
        Some("html" | "text/html" | "xhtml" | "application/xhtml+xml") => {
            Body::Html(content.text.clone())
        }
        _ => Body::Html(text::paragraphs(&content.text)),
    }
}

/// Addresses of an item's sounds and films.
fn files_of(item: &Json) -> Vec<String> {
    let files = item["attachments"].as_array().into_iter().flatten();
    files.filter_map(|file| file["url"].as_str()).map(str::to_owned).collect()
}

/// Appends links to an item's files, unless the text has them already.
fn with_files(body: Body, files: &[String]) -> Body {
    let mut html = match body {
        Body::Html(html) => html,
        Body::Empty => String::new(),
        other => return other,
    };
    for file in files.iter().filter(|file| file.starts_with("http")) {
        let address = html_escape::encode_quoted_attribute(file);
        if !html.contains(file.as_str()) && !html.contains(&*address) {
            let _ = write!(html, "<p><a href=\"{address}\">{address}</a></p>");
        }
    }
    if html.is_empty() { Body::Empty } else { Body::Html(html) }
}

/// `editor@paper.example (Ann Lee)`, without the mailbox.
fn author(written: &str) -> Option<String> {
    let name = match written.split_once('(') {
        Some((_, name)) => name.trim_end().trim_end_matches(')'),
        None => written,
    };
    Some(text::plain(name)).filter(|name| !name.is_empty() && !name.contains('@'))
}

fn json_feed(path: &Path, visit: &mut Visit<'_>) -> Result<(), SourceError> {
    let feed = super::json(path)?;
    let text_of = |value: &Json, key: &str| value[key].as_str().map(str::to_owned);
    visit(Item::Site(Site {
        address: text_of(&feed, "home_page_url"),
        language: text_of(&feed, "language"),
    }));
    for item in feed["items"].as_array().into_iter().flatten() {
        let moment = item["date_published"].as_str().and_then(moment);
        let html = item["content_html"].as_str().map(|html| Body::Html(html.to_owned()));
        let body = html.or_else(|| {
            item["content_text"].as_str().map(|plain| Body::Html(text::paragraphs(plain)))
        });
        let names = item["authors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|author| author["name"].as_str());
        let tags_of = item["tags"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let address = text_of(item, "url");
        visit(Item::Entry(Box::new(
            Entry {
                id: item["id"].as_str().or(address.as_deref()).unwrap_or_default().to_owned(),
                title: item["title"].as_str().map(text::plain).unwrap_or_default(),
                body: with_files(body.unwrap_or_default(), &files_of(item)),
                added: moment,
                addresses: address.into_iter().collect(),
                original_url: text_of(item, "external_url"),
                authors: names.map(text::plain).collect(),
                terms: tags(tags_of.map(text::plain)),
                summary: item["summary"].as_str().map(text::plain),
                language: text_of(item, "language"),
                image: item["image"].as_str().map(picture),
                ..Entry::default()
            }
            .dated(item["date_published"].as_str(), moment.map(day)),
        )));
    }
    Ok(())
}

/// A lead picture with only an address.
pub(super) fn picture(address: &str) -> Picture {
    Picture::Address { address: address.to_owned(), description: String::new(), caption: None }
}

pub(super) fn tags(names: impl Iterator<Item = String>) -> Vec<(String, Vec<String>)> {
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    if names.is_empty() { Vec::new() } else { vec![("tags".to_owned(), names)] }
}

/// A time in RFC 3339 or RFC 822; the day is that in its own offset.
pub(super) fn moment(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let moment = chrono::DateTime::parse_from_rfc2822(text).ok()?;
        moment.to_rfc3339().parse().ok()
    })
}

/// The day of a time, in its own offset.
pub(super) fn day(date: Date) -> Date {
    date.day().map_or(date, Date::Day)
}
