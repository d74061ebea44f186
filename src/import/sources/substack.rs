//! Substack's export: `posts.csv` and `posts/*.html`, in a zip file or a folder.
//!
//! Lists of subscribers and statistics are ignored.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::bundle::{Bundle, file_name, has_ending};
use super::feed::{day, moment};
use super::{Source, SourceError, Visit};
use crate::import::entry::{Body, Entry, Item, Site, Status};
use crate::import::html::{NodeOf, Tree, attribute, element, has_class, inner_html};
use crate::import::page::charset::decode;
use crate::import::text;
use scraper::node::Element;

/// The export lacks the blog's host.
const UNKNOWN_HOST: &str = "https://blog.invalid";

/// An export of Substack.
#[derive(Debug)]
pub struct Substack {
    /// The zip file, or its folder.
    pub path: PathBuf,
}

impl Source for Substack {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        bundle.tell_refused(visit);
        visit(Item::Site(Site { address: Some(format!("{UNKNOWN_HOST}/")), language: None }));
        let list = bundle.names().find(|name| file_name(name) == "posts.csv");
        let list =
            list.ok_or_else(|| SourceError::broken(&self.path, "there is no posts.csv in it"))?;
        let folder = list.strip_suffix("posts.csv").unwrap_or_default();
        let table = decode(&bundle.bytes(list)?, None).text;
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(table.as_bytes());
        let names = rows.headers().map_err(|error| SourceError::broken(&self.path, error))?.clone();
        for row in rows.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    visit(Item::Broken(format!("posts.csv: {error}")));
                    continue;
                }
            };
            let post: BTreeMap<&str, &str> =
                names.iter().zip(row.iter()).map(|(name, value)| (name, value.trim())).collect();
            let kind = post.get("type").copied().unwrap_or_default();
            if matches!(kind, "thread" | "restack") {
                visit(Item::Other(kind.to_owned()));
                continue;
            }
            let file = format!("{folder}posts/{}.html", post.get("post_id").unwrap_or(&""));
            let html = if bundle.has(&file) {
                bundle.text(&file, visit)
            } else {
                visit(Item::Broken(format!("“{file}” is not in the export")));
                None
            };
            self::post(&post, html.as_deref(), visit);
        }
        let private = bundle.names().filter(|name| has_ending(name, ".csv") && *name != list);
        private.for_each(|_| visit(Item::Other("list of subscribers".to_owned())));
        Ok(())
    }
}

fn post(post: &BTreeMap<&str, &str>, html: Option<&str>, visit: &mut Visit<'_>) {
    let value = |key: &str| post.get(key).copied().filter(|value| !value.is_empty());
    let id = value("post_id").unwrap_or_default();
    let is_published = value("is_published").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let status = match (is_published, value("audience")) {
        (false, _) => Status::Draft,
        (true, None | Some("everyone")) => Status::Published,
        (true, _) => Status::Private,
    };
    let (_, slug) = id.split_once('.').unwrap_or((id, id));
    let published = value("post_date").and_then(moment);
    let (html, forms) = html.map(without_forms).unwrap_or_default();
    for _ in 0..forms {
        visit(Item::Other("subscription form".to_owned()));
    }
    let sound = value("podcast_url").filter(|address| address.starts_with("http"));
    let sound = sound.map(|address| {
        let address = html_escape::encode_quoted_attribute(address);
        format!("<p><a href=\"{address}\">{address}</a></p>")
    });
    visit(Item::Entry(Box::new(Entry {
        id: id.split('.').next().unwrap_or(id).to_owned(),
        status,
        title: value("title").map(text::plain).unwrap_or_default(),
        slug: Some(slug.to_owned()).filter(|slug| !slug.is_empty()),
        body: Body::Html(sound.unwrap_or_default() + &html),
        date: published.map(day),
        added: published,
        addresses: vec![format!("{UNKNOWN_HOST}/p/{slug}")],
        summary: value("subtitle").map(text::plain),
        ..Entry::default()
    })));
}

/// Classes of subscription forms.
const FORMS: [&str; 3] =
    ["subscription-widget-wrap", "subscription-widget-wrap-editor", "subscribe-widget"];

/// A text without subscription forms and share buttons, and how many were removed.
fn without_forms(html: &str) -> (String, usize) {
    let mut tree = Tree::fragment(html);
    let outer = tree.elements().filter(|(node, found)| {
        let is_inner = node.ancestors().filter_map(element).any(is_form);
        !is_inner && (is_form(found) || is_button(*node))
    });
    let forms: Vec<_> = outer.map(|(node, _)| node.id()).collect();
    if forms.is_empty() {
        return (html.to_owned(), 0);
    }
    tree.take_out(&forms);
    (tree.root().first_child().map(inner_html).unwrap_or_default(), forms.len())
}

fn is_form(found: &Element) -> bool {
    FORMS.iter().any(|class| has_class(found, class))
}

/// A button that only works on the old site.
fn is_button(node: NodeOf<'_>) -> bool {
    let leads_there = |inner: &Element| {
        let target = attribute(inner, "href");
        target.is_some_and(|target| target.contains("%%") || target.contains("action=share"))
    };
    element(node).is_some_and(|found| has_class(found, "button-wrapper"))
        && node.descendants().filter_map(element).any(leads_there)
}
