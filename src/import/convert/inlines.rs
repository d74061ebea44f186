//! Converts HTML to inlines.

use scraper::Node;
use scraper::node::Element;

use crate::import::html::{NodeOf, attribute, element, is_block, is_embed, is_hidden, name};

use super::LossKind;
use super::document::{Inline, is_blank};
use super::escaping::attribute_value;
use super::reading::{Reader, trim};

/// Attributes with addresses of lazily loaded pictures.
const LATE_SOURCES: [&str; 5] =
    ["data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file"];

impl Reader<'_> {
    /// The content of a node as inlines.
    pub(super) fn inlines(&mut self, node: NodeOf<'_>, words: &mut Vec<Inline>) {
        for child in node.children() {
            self.inline(child, words);
        }
    }

    fn inner(&mut self, node: NodeOf<'_>) -> Vec<Inline> {
        let mut words = Vec::new();
        self.inlines(node, &mut words);
        words
    }

    pub(super) fn inline(&mut self, node: NodeOf<'_>, words: &mut Vec<Inline>) {
        match node.value() {
            Node::Text(text) => words.push(Inline::Text(one_line(text))),
            Node::Element(found) => self.inline_element(node, found, words),
            _ => {}
        }
    }

    fn inline_element(&mut self, node: NodeOf<'_>, found: &Element, words: &mut Vec<Inline>) {
        match found.name() {
            "script" => self.lose(LossKind::Script, attribute(found, "src").unwrap_or("script")),
            hidden if is_hidden(hidden) => {}
            "strong" | "b" => words.push(Inline::Strong(self.inner(node))),
            "em" | "i" => words.push(Inline::Emphasis(self.inner(node))),
            "br" => words.push(Inline::Break),
            "code" | "tt" | "samp" | "kbd"
                if node.children().all(|child| child.value().is_text()) =>
            {
                words.extend(code_words(node, found.name()));
            }
            "a" => self.link(node, found, words),
            "img" => words.extend(self.picture(found)),
            "svg" | "canvas" | "math" => {
                self.lose(LossKind::Drawing, found.name());
                self.inlines(node, words);
            }
            embed if is_embed(embed) => match self.embed(node) {
                Some(link) => parted(words, vec![link]),
                None => self.lose(LossKind::EmbedWithoutAddress, embed),
            },
            other => {
                if matches!(other, "input" | "select" | "textarea" | "button") {
                    self.lose(LossKind::Form, other);
                }
                self.other_element(node, found, words);
            }
        }
    }

    /// Other elements: kept if bodies may contain them, else only their content.
    fn other_element(&mut self, node: NodeOf<'_>, found: &Element, words: &mut Vec<Inline>) {
        let inner = self.inner(node);
        if is_block(found.name()) {
            return parted(words, inner);
        }
        if let Some(target) = self.target(found) {
            words.push(Inline::Anchor(target.to_owned()));
        }
        match kept(found).filter(|_| !is_blank(&inner)) {
            Some((start, end)) => words.push(Inline::Element(start, inner, end)),
            None => words.extend(inner),
        }
    }

    fn link(&mut self, node: NodeOf<'_>, found: &Element, words: &mut Vec<Inline>) {
        let mut content = self.inner(node);
        let target = self.target(found).map(str::to_owned);
        let address = attribute(found, "href").filter(|address| !is_script(address));
        let address = address.map(|address| {
            if address.starts_with('#') { address.to_owned() } else { self.addresses.link(address) }
        });
        if let Some(target) = target {
            words.push(Inline::Anchor(target));
        }
        match address {
            Some(address) if !is_blank(&content) => {
                // White space at the ends goes outside the link.
                let starts = starts_with_space(&content);
                let ends = ends_with_space(&content);
                trim(&mut content);
                words.extend(starts.then(|| Inline::Text(" ".into())));
                let title = attribute(found, "title").map(one_line);
                words.push(Inline::Link { address, title, content });
                words.extend(ends.then(|| Inline::Text(" ".into())));
            }
            _ => words.append(&mut content),
        }
    }

    fn picture(&mut self, found: &Element) -> Option<Inline> {
        let late = || LATE_SOURCES.iter().find_map(|name| attribute(found, name));
        let written = attribute(found, "src");
        let outside = written.filter(|source| !source.starts_with("data:"));
        let Some(source) = outside.or_else(late) else {
            if let Some(source) = written {
                let kind = source.split([';', ',']).next().unwrap_or_default();
                self.lose(LossKind::InlinePicture, kind);
            }
            return None;
        };
        if is_pixel(found) {
            self.lose(LossKind::TrackingPixel, source);
            return None;
        }
        let description = one_line(attribute(found, "alt").unwrap_or_default());
        let title = attribute(found, "title").map(one_line).filter(|title| *title != description);
        let source = self.addresses.picture(&with_scheme(source));
        Some(Inline::Picture { source, description, title })
    }

    /// A link to an embedded resource.
    pub(super) fn embed(&mut self, node: NodeOf<'_>) -> Option<Inline> {
        let found = element(node)?;
        let address = with_scheme(embedded_address(node, found)?);
        self.lose(LossKind::Embed, address.as_str());
        let words = attribute(found, "title").map_or_else(|| address.clone(), one_line);
        let address = self.addresses.picture(&address);
        Some(Inline::Link { address, title: None, content: vec![Inline::Text(words)] })
    }
}

/// Adds content separated from the text around it.
fn parted(words: &mut Vec<Inline>, inner: Vec<Inline>) {
    if is_blank(&inner) {
        words.push(Inline::Text(" ".into()));
        return;
    }
    words.push(Inline::Text(" ".into()));
    words.extend(inner);
    words.push(Inline::Text(" ".into()));
}

/// The address of an embed: its own or that of its first source.
pub(super) fn embedded_address<'a>(node: NodeOf<'a>, found: &'a Element) -> Option<&'a str> {
    let own = ["src", "data", "data-src", "data-lazy-src"];
    let of_part = |part: &'a Element| match part.name() {
        "source" | "embed" | "iframe" => attribute(part, "src"),
        "param" if matches!(part.attr("name"), Some("movie" | "src" | "url")) => {
            attribute(part, "value")
        }
        "a" => attribute(part, "href"),
        _ => None,
    };
    own.iter()
        .find_map(|name| attribute(found, name))
        .or_else(|| node.descendants().skip(1).filter_map(element).find_map(of_part))
        .filter(|address| !is_script(address) && !address.starts_with("about:"))
}

pub(super) fn with_scheme(address: &str) -> String {
    if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() }
}

pub(super) fn is_script(address: &str) -> bool {
    let start: String = address.chars().filter(|letter| !letter.is_whitespace()).take(11).collect();
    start.eq_ignore_ascii_case("javascript:")
}

/// Whether a picture is a tracking pixel.
pub(super) fn is_pixel(found: &Element) -> bool {
    let is_point = |name| {
        let side = styled(found, name).or_else(|| attribute(found, name));
        side.is_some_and(|side| matches!(side.trim_end_matches("px").trim(), "0" | "1"))
    };
    is_point("width") && is_point("height")
}

/// The value of a property in an element's `style`.
fn styled<'a>(found: &'a Element, name: &str) -> Option<&'a str> {
    let lines = attribute(found, "style")?.split(';').filter_map(|line| line.split_once(':'));
    let mut values = lines.filter(|(known, _)| known.trim().eq_ignore_ascii_case(name));
    values.next().map(|(_, value)| value.trim())
}

/// The start and end tag of an element that bodies may contain.
fn kept(found: &Element) -> Option<(String, &'static str)> {
    let plain = |start: &str, end| Some((start.to_owned(), end));
    match found.name() {
        "del" | "s" | "strike" => plain("<del>", "</del>"),
        "sup" => plain("<sup>", "</sup>"),
        "sub" => plain("<sub>", "</sub>"),
        "u" => plain("<u>", "</u>"),
        "ins" => plain("<ins>", "</ins>"),
        "mark" => plain("<mark>", "</mark>"),
        "small" => plain("<small>", "</small>"),
        "cite" => plain("<cite>", "</cite>"),
        "kbd" => plain("<kbd>", "</kbd>"),
        "q" => plain("<q>", "</q>"),
        "abbr" | "acronym" => {
            let title = attribute(found, "title")?;
            Some((format!("<abbr title=\"{}\">", attribute_value(title)), "</abbr>"))
        }
        "bdo" | "bdi" | "span" | "font" => {
            let direction = super::reading::direction(found)?;
            Some((format!("<span dir=\"{direction}\">"), "</span>"))
        }
        _ => None,
    }
}

fn code_words(node: NodeOf<'_>, name: &str) -> Option<Inline> {
    let text: String =
        node.children().filter_map(|child| child.value().as_text().map(|text| &**text)).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match name {
        _ if text.is_empty() => None,
        "kbd" => Some(Inline::Element("<kbd>".into(), vec![Inline::Text(text)], "</kbd>")),
        _ => Some(Inline::Code(text)),
    }
}

fn starts_with_space(words: &[Inline]) -> bool {
    matches!(words.first(), Some(Inline::Text(text)) if text.starts_with(' '))
}

fn ends_with_space(words: &[Inline]) -> bool {
    matches!(words.last(), Some(Inline::Text(text)) if text.ends_with(' '))
}

/// Collapses white space like HTML. Two typed spaces stay two: they may be all that is left of a
/// lost link.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_whitespace()).unwrap_or(rest.len());
        let (space, after) = rest.split_at(end);
        let is_typed = space.len() > 1 && space.bytes().all(|byte| byte == b' ');
        line.push_str(match space.len() {
            0 => "",
            _ if is_typed => "  ",
            _ => " ",
        });
        let end = after.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(after.len());
        line.extend(after[..end].chars().filter(|letter| !letter.is_control()));
        rest = &after[end..];
    }
    line
}

/// Whether a node is one of these elements.
pub(super) fn is_named(node: NodeOf<'_>, names: &[&str]) -> bool {
    names.contains(&name(node))
}
