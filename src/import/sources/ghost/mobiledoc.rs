//! Texts of Ghost's editor before version 5 as HTML: sections, markers and cards (Mobiledoc 0.3).

use std::fmt::Write as _;

use html_escape::{encode_quoted_attribute, encode_text};
use serde_json::Value as Json;

use super::cards::card;
use super::{Converted, Editor};

/// The kinds of sections.
const MARKUP: u64 = 1;
const PICTURE: u64 = 2;
const LIST: u64 = 3;
const CARD: u64 = 10;

/// The elements that a text may name.
const ELEMENTS: [&str; 23] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "aside",
    "ul",
    "ol",
    "a",
    "b",
    "code",
    "em",
    "i",
    "s",
    "strong",
    "sub",
    "sup",
    "u",
    "mark",
    "strike",
];

/// Mobiledoc's editor.
pub(super) struct Mobiledoc;

impl Editor for Mobiledoc {
    fn html(&self, document: &Json) -> Option<Converted> {
        let mut converted = Converted::default();
        for section in document["sections"].as_array()? {
            Document(document).section(section, &mut converted);
        }
        Some(converted)
    }
}

struct Document<'a>(&'a Json);

impl Document<'_> {
    fn section(&self, section: &Json, to: &mut Converted) {
        let element = || section[1].as_str().map_or("p", known);
        match section[0].as_u64() {
            Some(MARKUP) => to.html.push_str(&self.element(element(), &section[2])),
            Some(LIST) => {
                let items = section[2].as_array().into_iter().flatten();
                let items: String = items.map(|item| self.element("li", item)).collect();
                let _ = write!(to.html, "<{0}>{items}</{0}>", element());
            }
            Some(PICTURE) => {
                let address = section[1].as_str().unwrap_or_default();
                let address = encode_quoted_attribute(address);
                let _ = write!(to.html, "<p><img src=\"{address}\" alt=\"\"></p>");
            }
            Some(CARD) => {
                let found = &self.0["cards"][index(&section[1])];
                let name = found[0].as_str().unwrap_or_default();
                match card(name, &found[1]) {
                    Some(html) => to.html.push_str(&html),
                    None => to.unknown.push(name.to_owned()),
                }
            }
            _ => {}
        }
    }

    fn element(&self, name: &str, markers: &Json) -> String {
        format!("<{name}>{}</{name}>", self.markers(markers))
    }

    fn markers(&self, markers: &Json) -> String {
        let mut html = String::new();
        let mut open: Vec<&str> = Vec::new();
        for marker in markers.as_array().into_iter().flatten() {
            for number in marker[1].as_array().into_iter().flatten() {
                let (start, name) = self.start(number);
                html.push_str(&start);
                open.push(name);
            }
            html.push_str(&self.words(marker));
            let closed = marker[2].as_u64().unwrap_or_default();
            for _ in 0..closed.min(open.len() as u64) {
                close(&mut html, open.pop());
            }
        }
        while !open.is_empty() {
            close(&mut html, open.pop());
        }
        html
    }

    /// The start tag of a markup, and its name.
    fn start(&self, number: &Json) -> (String, &'static str) {
        let markup = &self.0["markups"][index(number)];
        let name = markup[0].as_str().map_or("", known);
        let attributes = markup[1].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut pairs = attributes.chunks_exact(2);
        let address = pairs.find(|pair| pair[0] == "href").and_then(|pair| pair[1].as_str());
        let start = match address.filter(|_| name == "a") {
            Some(address) => format!("<a href=\"{}\">", encode_quoted_attribute(address)),
            None if name.is_empty() => String::new(),
            None => format!("<{name}>"),
        };
        (start, name)
    }

    /// A text, or an atom's: `soft-return` is a break.
    fn words(&self, marker: &Json) -> String {
        if marker[0] != 1 {
            return encode_text(marker[3].as_str().unwrap_or_default()).into_owned();
        }
        let atom = &self.0["atoms"][index(&marker[3])];
        match atom[0].as_str() {
            Some("soft-return") => "<br>".to_owned(),
            _ => encode_text(atom[1].as_str().unwrap_or_default()).into_owned(),
        }
    }
}

fn close(html: &mut String, name: Option<&str>) {
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        let _ = write!(html, "</{name}>");
    }
}

fn known(name: &str) -> &'static str {
    ELEMENTS.into_iter().find(|known| *known == name).unwrap_or("p")
}

/// An index; one that is no number finds nothing.
fn index(number: &Json) -> usize {
    number.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(usize::MAX)
}
