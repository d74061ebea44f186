//! A content file as lints see it: read again, one at a time on each thread, then dropped.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::base::diagnostic::{Place, Pointed};
use crate::content::article::{Article, PlainPage};
use crate::content::front_matter::{self, Fence, keys};
use crate::ledger::OwnLinks;
use crate::markdown::MarkdownOptions;
use crate::pipeline::Site;
use crate::render::bodies::Surroundings;
use crate::tree::{Entry, Node, Table, Value};

use super::Look;
use super::finding::Finding;
use crate::base::lint::Lint;

/// The content of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    Article(&'a Article),
    Page(&'a PlainPage),
}

#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub look: &'a Look<'a>,
    /// The parsed content.
    pub kind: Kind<'a>,
    /// Path from the archive's root.
    pub source: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// The offset of the body in bytes.
    pub body_start: usize,
    /// Resolves addresses in the body.
    pub surroundings: Surroundings<'a>,
    /// How bodies are parsed.
    pub options: &'a MarkdownOptions,
    pointed: Pointed<'a>,
    front_matter: OnceCell<Table>,
    items: RefCell<FxHashMap<String, ItemPlaces>>,
}

/// The first place of each text of a key.
type ItemPlaces = FxHashMap<String, Range<usize>>;

impl Document<'_> {
    pub(crate) fn body(&self) -> &str {
        self.text.get(self.body_start..).unwrap_or_default()
    }

    /// A place in the file.
    pub(crate) fn place(&self, range: Range<usize>) -> Place {
        self.pointed.place(range)
    }

    /// A place in the body; `range` counts from the body's start.
    pub(crate) fn place_in_body(&self, range: Range<usize>) -> Place {
        self.place(range.start + self.body_start..range.end + self.body_start)
    }

    /// The front matter's format, and so the syntax of lines to add.
    pub(crate) fn fence(&self) -> Fence {
        let layout = front_matter::layout(self.text).ok();
        layout.and_then(|layout| layout.front_matter).map_or(Fence::Toml, |(fence, _)| fence)
    }

    /// A line of front matter with a string value, in this file's format.
    pub(crate) fn line(&self, key: &str, text: &str) -> String {
        let is_date = key == "added";
        let value = if is_date { text.to_owned() } else { format!("\"{text}\"") };
        self.bare_line(key, &value)
    }

    /// A line of front matter with a value that is the same in both formats.
    pub(crate) fn bare_line(&self, key: &str, value: &str) -> String {
        self.fence().line(key, value)
    }

    /// The front matter with the places of its keys; parsed at first use.
    pub(crate) fn front_matter(&self) -> &Table {
        self.front_matter.get_or_init(|| self.read_front_matter())
    }

    fn read_front_matter(&self) -> Table {
        let layout = front_matter::layout(self.text).ok();
        let Some((fence, inner)) = layout.and_then(|layout| layout.front_matter) else {
            return Table::default();
        };
        let text = &self.text[inner.clone()];
        front_matter::parse(fence, text, inner.start).unwrap_or_default()
    }

    /// The place of a key, under any of its names; the top of the file if it is missing.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        let table = self.front_matter();
        let names: Vec<&str> = keys::names_of(key, &self.look.site.config.keys).collect();
        match find(table, &names) {
            Some(entry) => self.place(entry.node.range.clone()),
            None => self.place(0..0),
        }
    }

    /// The place of this text in a key's value; the key's place if the text is missing.
    pub(crate) fn place_of_text(&self, key: &str, text: &str) -> Place {
        let mut items = self.items.borrow_mut();
        let places = items.entry(key.to_owned()).or_insert_with(|| self.item_places(key));
        match places.get(text) {
            Some(range) => self.place(range.clone()),
            None => self.place_of(key),
        }
    }

    /// The place of each text in a key's list.
    fn item_places(&self, key: &str) -> ItemPlaces {
        let names: Vec<&str> = keys::names_of(key, &self.look.site.config.keys).collect();
        let mut places = ItemPlaces::default();
        let entry = find(self.front_matter(), &names);
        if let Some(Node { value: Value::List(list), .. }) = entry.map(|entry| &entry.node) {
            for item in list {
                if let Some(text) = item.text() {
                    places.entry(text.trim().to_owned()).or_insert_with(|| item.range.clone());
                }
            }
        }
        places
    }

    /// A finding at a key.
    pub(crate) fn finding(&self, lint: Lint, key: &str, message: impl Into<String>) -> Finding {
        Finding::new(lint, message).at(self.place_of(key))
    }
}

/// The entry of the first of these names, in lifted tables too.
fn find<'a>(table: &'a Table, names: &[&str]) -> Option<&'a Entry> {
    let own = table.entries.iter().find(|entry| names.contains(&entry.key.as_str()));
    own.or_else(|| {
        table.entries.iter().find_map(|entry| match &entry.node.value {
            Value::Table(inner) if keys::LIFTED.contains(&entry.key.as_str()) => find(inner, names),
            _ => None,
        })
    })
}

pub(super) fn source(kind: Kind<'_>) -> &str {
    match kind {
        Kind::Article(article) => &article.source,
        Kind::Page(page) => &page.source,
    }
}

pub(super) fn document<'a>(
    look: &'a Look<'a>,
    options: &'a MarkdownOptions,
    kind: Kind<'a>,
    text: &'a str,
) -> Document<'a> {
    let source = source(kind);
    let (body_start, permalink, links) = match kind {
        Kind::Article(article) => {
            (article.body_start, article.permalink.as_str(), article.links.as_slice())
        }
        Kind::Page(page) => (page.body_start, page.permalink.as_str(), &[][..]),
    };
    let (title, date) = match kind {
        Kind::Article(article) => (article.title.as_str(), Some(article.date)),
        Kind::Page(page) => (page.title.as_str(), None),
    };
    let files_at = match kind {
        Kind::Article(article) => article.files_at().as_str(),
        Kind::Page(_) => permalink,
    };
    let pointed = Pointed::new(source, text);
    let links = OwnLinks::new(links);
    let Site { config, engine, ledger, language, files, .. } = look.site;
    let routes = &look.routes;
    let surroundings = Surroundings {
        config,
        routes,
        engine,
        source,
        permalink,
        files_at,
        links,
        ledger,
        language,
        files,
        site: &look.shown,
        page: crate::view::around_shortcodes(config, permalink, title, date),
    };
    Document {
        look,
        kind,
        source,
        text,
        body_start,
        surroundings,
        options,
        pointed,
        front_matter: OnceCell::new(),
        items: RefCell::default(),
    }
}
