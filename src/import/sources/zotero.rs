//! Zotero's RDF export: metadata with notes, attachments and collections.

use std::fs::File;
use std::path::PathBuf;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value as Json, json};

use super::{Source, SourceError, Visit};
use crate::base::date::Date;
use crate::import::entry::{Entry, Item, Status};
use crate::import::page::date_of;
use crate::import::text;
use crate::import::xml::{self, Element, Next};

/// The limit of resources in a file: they refer to each other, so all are read before the first is
/// passed on.
const MOST_THINGS: usize = 1_000_000;

/// The maximum depth of collections.
const DEEPEST: usize = 12;

/// A library in RDF.
#[derive(Debug)]
pub struct Zotero {
    /// The file.
    pub path: PathBuf,
}

impl Source for Zotero {
    fn read(&self, visit: &mut Visit<'_>) -> Result<(), SourceError> {
        let file = File::open(&self.path).map_err(SourceError::io(&self.path))?;
        let mut library = Library::default();
        let is_thing = |name: &str| name != "rdf:RDF";
        xml::parts(file, &is_thing, &mut |part| {
            if library.things == MOST_THINGS {
                return Next::Stop;
            }
            library.add(part);
            Next::GoOn
        })
        .map_err(SourceError::xml(&self.path))?;
        library.tell(visit);
        Ok(())
    }
}

#[derive(Default)]
struct Library {
    things: usize,
    items: Vec<Element>,
    /// Notes, attachments and journals by the ids that refer to them.
    notes: FxHashMap<String, String>,
    attachments: FxHashMap<String, String>,
    papers: FxHashMap<String, String>,
    /// Names of collections by their members.
    collections: FxHashMap<String, Vec<String>>,
    names: FxHashMap<String, String>,
    /// Notes and attachments that belong to an item.
    used: FxHashSet<String>,
}

impl Library {
    fn add(&mut self, thing: Element) {
        self.things += 1;
        let about = thing.attribute("rdf:about").unwrap_or_default().to_owned();
        match thing.name.as_str() {
            "bib:Memo" => {
                let note = thing.value("rdf:value").map(text::of_html).unwrap_or_default();
                self.notes.insert(about, note);
            }
            "z:Attachment" => {
                self.attachments.insert(about, attachment(&thing));
            }
            "z:Collection" => {
                let name = thing.value("dc:title").map(text::plain).unwrap_or_default();
                for part in thing.all("dcterms:hasPart").filter_map(resource) {
                    self.collections.entry(part.to_owned()).or_default().push(about.clone());
                }
                self.names.insert(about, name);
            }
            // A journal that several items refer to.
            _ if thing.child("z:itemType").is_none() => {
                if let Some(title) = thing.value("dc:title") {
                    self.papers.insert(about, text::plain(title));
                }
            }
            _ => {
                let parts = ["dcterms:isReferencedBy", "link:link"];
                let parts = parts.iter().flat_map(|name| thing.all(name)).filter_map(resource);
                self.used.extend(parts.map(str::to_owned));
                self.items.push(thing);
            }
        }
    }

    fn tell(&self, visit: &mut Visit<'_>) {
        for item in &self.items {
            match item.value("z:itemType") {
                Some("note" | "attachment") => visit(Item::Other("note or file alone".to_owned())),
                _ => visit(Item::Entry(Box::new(self.entry(item)))),
            }
        }
        let alone = |names: &FxHashMap<String, String>| {
            names.keys().filter(|name| !self.used.contains(*name)).count()
        };
        for _ in 0..alone(&self.notes) + alone(&self.attachments) {
            visit(Item::Other("note or file alone".to_owned()));
        }
    }

    /// A report without text is a draft.
    fn entry(&self, item: &Element) -> Entry {
        let about = item.attribute("rdf:about").unwrap_or_default();
        let value =
            |name: &str| item.value(name).map(text::of_html).filter(|text| !text.is_empty());
        let address = address(item).or_else(|| Some(about).filter(|id| id.starts_with("http")));
        let rights = value("dc:rights").map(Json::from);
        let mut extra = Map::new();
        extra.extend(rights.map(|rights| ("rights".to_owned(), rights)));
        for (key, name, known) in [
            ("notes", "dcterms:isReferencedBy", &self.notes),
            ("attachments", "link:link", &self.attachments),
        ] {
            let found = item.all(name).filter_map(resource).filter_map(|id| known.get(id));
            let found: Vec<&String> = found.filter(|text| !text.is_empty()).collect();
            if !found.is_empty() {
                extra.insert(key.to_owned(), json!(found));
            }
        }
        Entry {
            id: about.to_owned(),
            status: Status::Draft,
            title: value("dc:title").unwrap_or_default(),
            added: item.value("dcterms:dateSubmitted").and_then(date_of),
            outlet: self.outlet(item),
            original_url: address.map(str::to_owned),
            authors: people(item, "bib:authors"),
            summary: value("dcterms:abstract"),
            language: value("z:language"),
            terms: self.terms(item, about),
            extra,
            ..Entry::default()
        }
        .dated(item.value("dc:date"), item.value("dc:date").and_then(date))
    }

    /// The journal, inside the item or referred to by id.
    fn outlet(&self, item: &Element) -> Option<String> {
        let inner = |part: &Element| {
            part.children.iter().find_map(|paper| paper.value("dc:title")).map(text::plain)
        };
        let named = |part: &Element| self.papers.get(resource(part)?).cloned();
        let paper =
            item.all("dcterms:isPartOf").find_map(|part| inner(part).or_else(|| named(part)));
        let publisher = || {
            let publisher = item.child("dc:publisher")?;
            publisher.children.iter().find_map(|name| name.value("foaf:name")).map(text::plain)
        };
        paper.or_else(publisher).filter(|name| !name.is_empty())
    }

    /// Tags, automatic ones too, and the names of all the item's collections.
    fn terms(&self, item: &Element, about: &str) -> Vec<(String, Vec<String>)> {
        let mut names: Vec<String> = Vec::new();
        let mut add = |name: String| {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        };
        for subject in item.all("dc:subject") {
            let inner = subject.children.iter().find_map(|tag| tag.value("rdf:value"));
            add(text::plain(inner.unwrap_or(&subject.text)));
        }
        let mut inside: Vec<&str> = vec![about];
        for _ in 0..DEEPEST {
            let above: Vec<&String> =
                inside.iter().filter_map(|id| self.collections.get(*id)).flatten().collect();
            above.iter().filter_map(|id| self.names.get(*id)).cloned().for_each(&mut add);
            inside = above.into_iter().map(String::as_str).take(1_000).collect();
        }
        super::feed::tags(names.into_iter())
    }
}

fn resource(element: &Element) -> Option<&str> {
    element.attribute("rdf:resource")
}

/// The path of an attachment, or the address that it links.
fn attachment(thing: &Element) -> String {
    let file =
        thing.children.iter().find(|child| child.name == "rdf:resource" || child.name == "z:path");
    let file = file.and_then(|file| resource(file).or(Some(file.text.trim())));
    let written = file.filter(|path| !path.is_empty()).or_else(|| address(thing));
    text::one_line(written.or_else(|| thing.value("dc:title")).unwrap_or_default())
}

fn address(item: &Element) -> Option<&str> {
    let mut ids = item.all("dc:identifier");
    ids.find_map(|id| id.child("dcterms:URI")?.value("rdf:value"))
        .filter(|id| id.starts_with("http"))
}

fn people(item: &Element, role: &str) -> Vec<String> {
    let lists = item.child(role).into_iter().flat_map(|role| &role.children);
    let persons = lists.flat_map(|list| &list.children).flat_map(|entry| &entry.children);
    let name = |person: &Element| {
        let part = |key: &str| person.value(key).map(text::plain);
        let given = part("foaf:givenName").or_else(|| part("foaf:givenname"));
        match (given, part("foaf:surname").or_else(|| part("foaf:name"))) {
            (Some(given), Some(family)) => Some(format!("{given} {family}")),
            (one, other) => one.or(other),
        }
    };
    persons.filter_map(name).filter(|name| !name.is_empty()).collect()
}

/// With the given precision; `2017-01-00` is a month, of `2017-01-29 10:00` only the day is used.
fn date(written: &str) -> Option<Date> {
    let written = written.trim().trim_end_matches("-00").trim_end_matches("-00");
    date_of(written).map(super::feed::day)
}
