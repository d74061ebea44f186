//! Medium's export: `posts/*.html`, in a zip file or a folder.

use std::path::PathBuf;

use super::bundle::{Bundle, file_name, has_ending};
use super::feed::{day, moment};
use super::{Source, SourceError, Visit};
use crate::import::entry::{Body, Entry, Item, Status};
use crate::import::html::{NodeOf, Tree, attribute, element, has_class, inner_html, name, text_of};
use crate::import::text;

/// An export of Medium.
#[derive(Debug)]
pub struct Medium {
    /// The zip file, or its folder.
    pub path: PathBuf,
}

impl Source for Medium {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let bundle = Bundle::open(&self.path)?;
        bundle.tell_refused(visit);
        for file in bundle.names() {
            if !has_ending(file, ".html") {
                continue;
            }
            match folder(file) {
                // Lists of what the user read, liked and followed.
                Some(other) if other != "posts" => visit(Item::Other(other.to_owned())),
                _ if file_name(file) == "README.html" => {}
                _ => {
                    let Some(page) = bundle.text(file, visit) else { continue };
                    visit(match entry(file_name(file), &page) {
                        Some(entry) => Item::Entry(Box::new(entry)),
                        None => Item::Broken(format!("“{file}” is no post of Medium")),
                    });
                }
            }
        }
        Ok(())
    }
}

/// The folder of a file.
fn folder(file: &str) -> Option<&str> {
    file.rsplit('/').nth(1)
}

fn entry(file: &str, page: &str) -> Option<Entry> {
    let mut tree = Tree::document(page);
    let title = marked(&tree, "p-name").map(|node| text::one_line(&text_of(node)));
    let title = title.filter(|title| !title.is_empty()).or_else(|| page_title(&tree));
    let title = title.unwrap_or_default();
    let inner: Vec<_> = {
        let body = marked(&tree, "e-content")?;
        body.descendants().filter(|node| repeats(*node, &title)).map(|node| node.id()).collect()
    };
    tree.take_out(&inner);
    let body = marked(&tree, "e-content")?;
    let published = marked(&tree, "dt-published").and_then(element);
    let published = published.and_then(|time| moment(attribute(time, "datetime")?));
    let canonical = link(&tree, "p-canonical");
    let author = marked(&tree, "p-author").map(|node| text::one_line(&text_of(node)));
    let summary = marked(&tree, "p-summary").map(|node| text::one_line(&text_of(node)));
    let is_draft = file.starts_with("draft_");
    Some(Entry {
        id: number(file).to_owned(),
        status: if is_draft { Status::Draft } else { Status::Published },
        slug: canonical.as_deref().and_then(slug),
        title,
        body: Body::Html(inner_html(body)),
        date: published.map(day),
        added: published,
        addresses: canonical.into_iter().collect(),
        authors: author.filter(|name| !name.is_empty()).into_iter().collect(),
        summary: summary.filter(|text| !text.is_empty()),
        ..Entry::default()
    })
}

fn marked<'a>(tree: &'a Tree, class: &str) -> Option<NodeOf<'a>> {
    tree.elements().find(|(_, found)| has_class(found, class)).map(|(node, _)| node)
}

fn link(tree: &Tree, class: &str) -> Option<String> {
    let found = marked(tree, class).and_then(element)?;
    attribute(found, "href").filter(|address| address.starts_with("http")).map(str::to_owned)
}

fn page_title(tree: &Tree) -> Option<String> {
    let (node, _) = tree.elements().find(|(_, found)| found.name() == "title")?;
    let text: String =
        node.children().filter_map(|text| text.value().as_text()).map(|text| &**text).collect();
    Some(text::one_line(&text)).filter(|title| !title.is_empty())
}

/// The headline, which the text repeats, and rules before invisible parts.
fn repeats(node: NodeOf<'_>, title: &str) -> bool {
    let Some(found) = element(node) else { return false };
    let is_title = has_class(found, "graf--title") && text::one_line(&text_of(node)) == title;
    let is_first_line = has_class(found, "section-divider")
        && name(node) == "hr"
        && node.ancestors().filter_map(element).any(|above| has_class(above, "section--first"));
    is_title || is_first_line
}

/// The id at the end of `2017-01-29_Talks-begin-3f2a9c.html`.
fn number(file: &str) -> &str {
    let stem = file.strip_suffix(".html").unwrap_or(file);
    stem.rsplit(['-', '_']).next().filter(|end| !end.is_empty()).unwrap_or(stem)
}

/// The slug, without the id after it.
fn slug(address: &str) -> Option<String> {
    let end = address.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?;
    let end = text::decoded(end);
    let short = end.rsplit_once('-').filter(|(_, number)| {
        number.len() >= 10 && number.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    Some(short.map_or(end.clone(), |(short, _)| short.to_owned())).filter(|slug| !slug.is_empty())
}
