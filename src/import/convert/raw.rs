//! Clean HTML for what Markdown can't express, without blank lines, which would end the HTML block.

use std::fmt::Write as _;

use scraper::Node;
use scraper::node::Element;

use crate::import::html::{NodeOf, attribute, holds_block, is_embed, is_hidden, is_void};

use super::LossKind;
use super::escaping::{attribute_value, html_text};
use super::inlines::{embedded_address, is_pixel, is_script, one_line, with_scheme};
use super::reading::Reader;

impl Reader<'_> {
    /// A node as HTML.
    pub(super) fn raw(&mut self, node: NodeOf<'_>) -> String {
        let mut html = String::new();
        self.raw_node(node, &mut html);
        let lines = html.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    }

    fn raw_node(&mut self, node: NodeOf<'_>, html: &mut String) {
        match node.value() {
            Node::Text(text) => {
                let text = one_line(text);
                let text =
                    if html.ends_with([' ', '\n']) { text.trim_start_matches(' ') } else { &text };
                html_text(text, html);
            }
            Node::Element(found) => self.raw_element(node, found, html),
            _ => self.raw_children(node, html),
        }
    }

    fn raw_children(&mut self, node: NodeOf<'_>, html: &mut String) {
        for child in node.children() {
            self.raw_node(child, html);
        }
    }

    fn raw_element(&mut self, node: NodeOf<'_>, found: &Element, html: &mut String) {
        match found.name() {
            "script" => self.lose(LossKind::Script, attribute(found, "src").unwrap_or("script")),
            "col" | "colgroup" => {}
            hidden if is_hidden(hidden) => {}
            embed if is_embed(embed) => self.raw_embed(node, found, html),
            "pre" => raw_code(node, html),
            "span" | "font" | "center" | "label" | "form" | "fieldset" | "picture" | "big"
            | "nobr" => {
                self.raw_children(node, html);
            }
            "div" | "section" | "article" | "header" | "footer" | "p" if !holds_block(node) => {
                self.raw_line(node, found, html);
            }
            "svg" | "canvas" | "math" => {
                self.lose(LossKind::Drawing, found.name());
                self.raw_children(node, html);
            }
            "input" | "select" | "textarea" | "button" => {
                self.lose(LossKind::Form, found.name());
                self.raw_children(node, html);
            }
            "img" if is_pixel(found) => {
                self.lose(LossKind::TrackingPixel, attribute(found, "src").unwrap_or("img"));
            }
            _ => self.raw_kept(node, found, html),
        }
    }

    /// Inline content on a line of its own.
    fn raw_line(&mut self, node: NodeOf<'_>, found: &Element, html: &mut String) {
        if found.name() == "p" {
            return self.raw_kept(node, found, html);
        }
        self.raw_children(node, html);
        html.push_str("<br>");
    }

    fn raw_kept(&mut self, node: NodeOf<'_>, found: &Element, html: &mut String) {
        let name = found.name();
        html.push('<');
        html.push_str(name);
        for (attribute_name, value) in found.attrs() {
            if let Some(value) = self.raw_attribute(found, attribute_name, value) {
                let _ = write!(html, " {attribute_name}=\"{}\"", attribute_value(&value));
            }
        }
        html.push('>');
        if is_void(name) {
            return;
        }
        self.raw_children(node, html);
        let _ = write!(html, "</{name}>");
        if matches!(name, "tr" | "li" | "table" | "figcaption" | "dd" | "caption") {
            html.push('\n');
        }
    }

    /// The value of an attribute that is kept.
    fn raw_attribute(&self, found: &Element, name: &str, value: &str) -> Option<String> {
        match (found.name(), name) {
            ("a", "href") if is_script(value) => None,
            ("a", "href") if value.starts_with('#') => Some(value.to_owned()),
            ("a", "href") => Some(self.addresses.link(value.trim())),
            ("img", "src") => Some(self.addresses.picture(&with_scheme(value.trim()))),
            ("a" | "abbr", "title")
            | ("img", "alt" | "title")
            | ("td" | "th", "colspan" | "rowspan" | "scope")
            | ("ol", "start" | "type" | "reversed")
            | ("time" | "ins" | "del", "datetime")
            | (_, "dir" | "lang") => Some(value.to_owned()),
            (_, "id" | "name") => {
                self.target(found).filter(|target| *target == value.trim()).map(str::to_owned)
            }
            _ => None,
        }
    }

    fn raw_embed(&mut self, node: NodeOf<'_>, found: &Element, html: &mut String) {
        let Some(address) = embedded_address(node, found).map(with_scheme) else {
            return self.lose(LossKind::EmbedWithoutAddress, found.name());
        };
        self.lose(LossKind::Embed, address.as_str());
        let shown = attribute_value(&address);
        let target = attribute_value(&self.addresses.picture(&address));
        let _ = write!(html, "<a href=\"{target}\">{shown}</a> ");
    }
}

/// Line breaks in code become entities, since blank lines would end the HTML block.
fn raw_code(node: NodeOf<'_>, html: &mut String) {
    html.push_str("<pre>");
    for inner in node.descendants() {
        match inner.value() {
            Node::Text(text) => html_text(text, html),
            Node::Element(found) if found.name() == "br" => html.push_str("&#10;"),
            _ => {}
        }
    }
    html.push_str("</pre>");
}
