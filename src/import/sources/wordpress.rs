//! `WordPress`'s exports (WXR 1.0, 1.1, 1.2).

pub mod body;
mod dates;
mod shortcodes;

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::bundle::Bundle;
use super::{Source, SourceError, Visit};
use crate::import::entry::{
    Account, Attachment, Body, Comment, Entry, Item, Kind, Picture, Site, Status, TermSlug,
};
use crate::import::text;
use crate::import::xml::{self, Element, Next};
use dates::{day, moment};

/// An export of `WordPress`.
#[derive(Debug)]
pub struct WordPress {
    /// The file, or several in a zip file or a folder.
    pub path: PathBuf,
}

impl Source for WordPress {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        bundle.tell_refused(visit);
        let mut channel = Channel::default();
        bundle.each(&[".xml"], |file| {
            xml::parts(file, &is_part, &mut |part| {
                channel.take(&part, visit);
                Next::GoOn
            })
            .map_err(SourceError::xml(&self.path))
        })
    }
}

fn is_part(name: &str) -> bool {
    matches!(
        name,
        "item" | "wp:author" | "link" | "wp:base_site_url" | "wp:base_blog_url" | "language"
    )
}

/// The data at the file's start.
#[derive(Default)]
struct Channel {
    address: String,
    /// Display names by login.
    authors: FxHashMap<String, String>,
}

impl Channel {
    fn take(&mut self, part: &Element, visit: &mut Visit<'_>) {
        let own = part.text.trim();
        match part.name.as_str() {
            "wp:author" => {
                let login = part.value("wp:author_login").unwrap_or_default().to_owned();
                let name = part.value("wp:author_display_name").map(text::plain);
                if let Some(name) = name.filter(|name| *name != login) {
                    visit(Item::Account(Account { login: login.clone(), name: name.clone() }));
                    self.authors.insert(login, name);
                }
            }
            "item" => self.item(part, visit),
            "language" if !own.is_empty() => {
                visit(Item::Site(Site { address: None, language: Some(own.to_owned()) }));
            }
            "link" | "wp:base_site_url" | "wp:base_blog_url" if !own.is_empty() => {
                // The blog's address comes last; its posts are below it.
                own.trim_end_matches('/').clone_into(&mut self.address);
                visit(Item::Site(Site { address: Some(own.to_owned()), language: None }));
            }
            _ => {}
        }
    }

    fn item(&self, item: &Element, visit: &mut Visit<'_>) {
        match item.value("wp:post_type").unwrap_or("post") {
            "post" => visit(Item::Entry(Box::new(self.entry(item, Kind::Report)))),
            "page" => visit(Item::Entry(Box::new(self.entry(item, Kind::Page)))),
            "attachment" => {
                if let Some(attachment) = attachment(item) {
                    visit(Item::Attachment(attachment));
                }
            }
            other => visit(Item::Other(other.to_owned())),
        }
    }

    /// A globally unique id of an entry.
    fn id(&self, number: &str) -> String {
        format!("{}#{number}", self.address)
    }

    /// Addresses by number, used in old texts; `?p=` stands for `?page_id=`, too.
    fn short_addresses(&self, item: &Element) -> Vec<String> {
        let number = item.value("wp:post_id");
        let guid = item.value("guid").filter(|guid| guid.starts_with("http"));
        let numbered = number.map(|number| format!("{}/?p={number}", self.address));
        let guid =
            guid.filter(|guid| numbered.as_deref() != Some(&*guid.replace("?page_id=", "?p=")));
        numbered.into_iter().chain(guid.map(str::to_owned)).collect()
    }

    fn entry(&self, item: &Element, kind: Kind) -> Entry {
        let status = status(item);
        let local = item.value("wp:post_date").and_then(moment);
        let updated = item.value("wp:post_modified").and_then(moment);
        let id = item.value("wp:post_id").or(item.value("guid")).or(item.value("link"));
        let login = item.value("dc:creator").unwrap_or_default();
        Entry {
            id: self.id(id.unwrap_or_default()),
            kind,
            status,
            title: item.value("title").map(text::of_html).unwrap_or_default(),
            body: Body::WordPress(
                item.child("content:encoded").map(|body| body.text.clone()).unwrap_or_default(),
            ),
            date: local.map(day),
            added: local,
            updated: updated
                .filter(|updated| local.is_none_or(|local| updated.day() > local.day()))
                .map(day),
            slug: item.value("wp:post_name").map(text::decoded),
            parent: item
                .value("wp:post_parent")
                .filter(|parent| *parent != "0")
                .map(|parent| self.id(parent)),
            addresses: addresses(item),
            short_addresses: self.short_addresses(item),
            posted_by: self.authors.get(login).cloned(),
            terms: terms(item),
            term_slugs: term_slugs(item),
            summary: item
                .value("excerpt:encoded")
                .map(text::of_html)
                .filter(|text| !text.is_empty()),
            image: meta(item, "_thumbnail_id").map(|id| Picture::Attachment(id.to_owned())),
            comments: item.all("wp:comment").filter_map(comment).collect(),
            ..Entry::default()
        }
    }
}

fn status(item: &Element) -> Status {
    if item.value("wp:post_password").is_some() {
        return Status::Password;
    }
    match item.value("wp:status") {
        Some("draft" | "pending" | "future" | "auto-draft") => Status::Draft,
        Some("private") => Status::Private,
        Some("trash") => Status::Trash,
        _ => Status::Published,
    }
}

/// The published address. Drafts have none; an address with a number is used only if it is the only
/// one.
fn addresses(item: &Element) -> Vec<String> {
    let link = item.value("link").or(item.value("guid"));
    link.filter(|link| link.starts_with("http")).map(str::to_owned).into_iter().collect()
}

/// Tags and categories, without `WordPress`'s default category.
fn terms(item: &Element) -> Vec<(String, Vec<String>)> {
    let of = |domains: &[&str]| -> Vec<String> {
        let found = item.all("category").filter(|term| {
            let domain = term.attribute("domain").unwrap_or("category");
            domains.contains(&domain) && term.attribute("nicename") != Some("uncategorized")
        });
        let mut names: Vec<String> =
            found.map(|term| text::plain(&term.text)).filter(|name| !name.is_empty()).collect();
        let mut known = rustc_hash::FxHashSet::default();
        names.retain(|name| known.insert(name.clone()));
        names
    };
    let all = [("categories", of(&["category"])), ("tags", of(&["post_tag", "tag"]))];
    let all = all.into_iter().filter(|(_, names)| !names.is_empty());
    all.map(|(taxonomy, names)| (taxonomy.to_owned(), names)).collect()
}

/// The terms' last segments on the old site.
fn term_slugs(item: &Element) -> Vec<TermSlug> {
    let slugs = item.all("category").filter_map(|term| {
        let taxonomy = match term.attribute("domain").unwrap_or("category") {
            "category" => "categories",
            "post_tag" | "tag" => "tags",
            _ => return None,
        };
        let slug = text::decoded(term.attribute("nicename")?);
        Some(TermSlug { taxonomy, name: text::plain(&term.text), slug })
    });
    slugs.collect()
}

fn meta<'a>(item: &'a Element, key: &str) -> Option<&'a str> {
    let found = item.all("wp:postmeta").find(|meta| meta.value("wp:meta_key") == Some(key))?;
    found.value("wp:meta_value")
}

fn attachment(item: &Element) -> Option<Attachment> {
    let address = item.value("wp:attachment_url").or(item.value("guid"))?;
    Some(Attachment {
        id: item.value("wp:post_id")?.to_owned(),
        parent: item.value("wp:post_parent").filter(|parent| *parent != "0").map(str::to_owned),
        address: address.to_owned(),
        description: meta(item, "_wp_attachment_image_alt").map(text::plain).unwrap_or_default(),
        caption: item.value("excerpt:encoded").map(text::of_html).unwrap_or_default(),
    })
}

/// An approved comment; pingbacks are skipped.
fn comment(comment: &Element) -> Option<Comment> {
    let is_shown = comment.value("wp:comment_approved") == Some("1");
    let is_written = matches!(comment.value("wp:comment_type"), None | Some("comment"));
    let text = text::of_html(comment.value("wp:comment_content")?);
    (is_shown && is_written && !text.is_empty()).then(|| Comment {
        author: comment.value("wp:comment_author").map(text::plain).unwrap_or_default(),
        date: comment.value("wp:comment_date").unwrap_or_default().to_owned(),
        text,
    })
}
