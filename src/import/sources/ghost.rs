//! Ghost's exports: one JSON file. Texts without HTML are converted from the editor's own form.

mod cards;
mod lexical;
mod mobiledoc;

use std::path::PathBuf;

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use lexical::Lexical;
use mobiledoc::Mobiledoc;

use super::feed::{day, moment, picture, tags};
use super::{Source, SourceError, Visit};
use crate::base::date::Date;
use crate::import::entry::{Body, Entry, Item, Kind, Status};
use crate::import::text;

/// The placeholder for the blog's address in texts.
const OWN: &str = "__GHOST_URL__";

/// An export of Ghost.
#[derive(Debug)]
pub struct Ghost {
    /// The file.
    pub path: PathBuf,
}

impl Source for Ghost {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let export = super::json(&self.path)?;
        let data = if export["db"].is_array() { &export["db"][0]["data"] } else { &export["data"] };
        let tags_of = Joined::new(data, ("posts_tags", "tag_id"), ("tags", "name"));
        let authors_of = Joined::new(data, ("posts_authors", "author_id"), ("users", "name"));
        for post in data["posts"].as_array().into_iter().flatten() {
            let id = id(&post["id"]);
            let body = body(post, visit);
            visit(Item::Entry(Box::new(Entry {
                terms: tags(tags_of.names(&id).filter(|name| !name.starts_with('#'))),
                authors: authors_of.names(&id).collect(),
                body,
                ..entry(post, id)
            })));
        }
        Ok(())
    }
}

/// A storage format of Ghost's editors.
trait Editor {
    /// The text of a document; `None` if it has another format.
    fn html(&self, document: &Json) -> Option<Converted>;
}

/// A text as HTML.
#[derive(Default)]
struct Converted {
    html: String,
    /// The names of unknown parts, which are left out.
    unknown: Vec<String>,
}

/// Both formats by their keys; each post has one of them.
const EDITORS: [(&str, &dyn Editor); 2] = [("lexical", &Lexical), ("mobiledoc", &Mobiledoc)];

/// A post's text: its HTML, else the editor's document, else its plain text.
fn body(post: &Json, visit: &mut Visit<'_>) -> Body {
    if let Some(html) = post["html"].as_str() {
        return Body::Html(html.replace(OWN, ""));
    }
    let title = post["title"].as_str().unwrap_or_default();
    let is_stored = |key: &str| post[key].as_str().is_some_and(|text| !text.trim().is_empty());
    let of_editor = |(key, editor): &(&str, &dyn Editor)| {
        let document = serde_json::from_str(post[*key].as_str()?).ok()?;
        editor.html(&document)
    };
    if let Some(converted) = EDITORS.iter().find_map(of_editor) {
        for name in converted.unknown {
            visit(Item::Doubt(format!("“{title}”: its part “{name}” is unknown, and left out")));
        }
        return Body::Html(converted.html.replace(OWN, ""));
    }
    let plain = plain(post).map(|plain| Body::Html(text::paragraphs(plain)));
    if EDITORS.iter().any(|(key, _)| is_stored(key)) {
        let taken = match plain {
            Some(_) => "its plain text was taken, without links and pictures",
            None => "export it from a newer Ghost",
        };
        visit(Item::Broken(format!("“{title}” has no readable text: {taken}")));
    }
    plain.unwrap_or_default()
}

fn plain(post: &Json) -> Option<&str> {
    post["plaintext"].as_str().filter(|text| !text.trim().is_empty())
}

fn entry(post: &Json, id: String) -> Entry {
    let text_of = |key: &str| post[key].as_str().map(str::trim).filter(|text| !text.is_empty());
    let is_page = post["type"] == "page" || post["page"] == true || post["page"] == 1;
    let published = time(&post["published_at"]).or_else(|| time(&post["created_at"]));
    let status = match (text_of("status"), text_of("visibility")) {
        (Some("published" | "sent"), None | Some("public")) => Status::Published,
        (Some("published" | "sent"), _) => Status::Private,
        _ => Status::Draft,
    };
    Entry {
        id,
        kind: if is_page { Kind::Page } else { Kind::Report },
        status,
        title: text_of("title").map(text::plain).unwrap_or_default(),
        slug: text_of("slug").map(str::to_owned),
        date: published.map(day),
        added: published,
        summary: text_of("custom_excerpt").map(text::plain),
        image: text_of("feature_image").map(|address| picture(&address.replace(OWN, ""))),
        original_url: text_of("canonical_url").map(str::to_owned),
        ..Entry::default()
    }
}

/// Old exports have numeric ids.
fn id(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A time as text, or in milliseconds in old exports.
fn time(value: &Json) -> Option<Date> {
    let of_number = || {
        let moment = chrono::DateTime::from_timestamp_millis(value.as_i64()?)?;
        moment.to_rfc3339().parse().ok()
    };
    value.as_str().and_then(|text| moment(&text.replacen(' ', "T", 1))).or_else(of_number)
}

/// Names related to posts by a join table.
struct Joined<'a> {
    pairs: FxHashMap<String, Vec<String>>,
    names: FxHashMap<String, &'a str>,
}

impl<'a> Joined<'a> {
    fn new(data: &'a Json, (pairs, key): (&str, &str), (things, name): (&str, &str)) -> Joined<'a> {
        let all = |table: &str| data[table].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut joined = Joined { pairs: FxHashMap::default(), names: FxHashMap::default() };
        for pair in all(pairs) {
            joined.pairs.entry(id(&pair["post_id"])).or_default().push(id(&pair[key]));
        }
        for thing in all(things) {
            joined.names.extend(thing[name].as_str().map(|name| (id(&thing["id"]), name)));
        }
        joined
    }

    fn names<'b>(&'b self, post: &str) -> impl Iterator<Item = String> + use<'a, 'b> {
        let ids = self.pairs.get(post).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.names.get(id)).map(|name| text::plain(name))
    }
}
