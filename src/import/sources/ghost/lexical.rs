//! Texts of Ghost's editor since version 5 as HTML: a tree of nodes as JSON (Lexical).

use std::fmt::Write as _;

use html_escape::{encode_quoted_attribute, encode_text};
use serde_json::Value as Json;

use super::cards::{card, text};
use super::{Converted, Editor};

/// The bits of a text's format, with the element for each.
const FORMATS: [(u64, &str); 8] = [
    (1, "strong"),
    (2, "em"),
    (4, "s"),
    (8, "u"),
    (16, "code"),
    (32, "sub"),
    (64, "sup"),
    (128, "mark"),
];

/// Lexical's editor.
pub(super) struct Lexical;

impl Editor for Lexical {
    fn html(&self, document: &Json) -> Option<Converted> {
        let nodes = document["root"]["children"].as_array()?;
        let mut converted = Converted::default();
        for node in nodes {
            add(node, &mut converted);
        }
        Some(converted)
    }
}

fn add(node: &Json, to: &mut Converted) {
    let kind = text(node, "type");
    match kind {
        "text" | "extended-text" => to.html.push_str(&words(node)),
        "linebreak" => to.html.push_str("<br>"),
        "paragraph" => inside(node, "p", to),
        "heading" | "extended-heading" => inside(node, heading(text(node, "tag")), to),
        "quote" | "extended-quote" | "aside" => inside(node, "blockquote", to),
        "list" => inside(node, if text(node, "listType") == "number" { "ol" } else { "ul" }, to),
        "listitem" => inside(node, "li", to),
        "link" | "autolink" => {
            let address = encode_quoted_attribute(text(node, "url")).into_owned();
            let _ = write!(to.html, "<a href=\"{address}\">");
            children(node, to);
            to.html.push_str("</a>");
        }
        _ => match card(kind, node) {
            Some(html) => to.html.push_str(&html),
            None if node["children"].is_array() => inside(node, "div", to),
            None => to.unknown.push(kind.to_owned()),
        },
    }
}

fn inside(node: &Json, element: &str, to: &mut Converted) {
    let _ = write!(to.html, "<{element}>");
    children(node, to);
    let _ = write!(to.html, "</{element}>");
}

fn children(node: &Json, to: &mut Converted) {
    for child in node["children"].as_array().into_iter().flatten() {
        add(child, to);
    }
}

fn heading(tag: &str) -> &'static str {
    ["h1", "h2", "h3", "h4", "h5", "h6"].into_iter().find(|known| *known == tag).unwrap_or("h2")
}

fn words(node: &Json) -> String {
    let format = node["format"].as_u64().unwrap_or_default();
    let mut html = encode_text(text(node, "text")).into_owned();
    for (_, element) in FORMATS.iter().filter(|(bit, _)| format & bit != 0) {
        html = format!("<{element}>{html}</{element}>");
    }
    html
}
