//! Parses an HTML tree to blocks.

use rustc_hash::FxHashSet;
use scraper::node::Element;

use crate::import::html::{
    NodeOf, Tree, attribute, element, holds_block, is_block, is_embed, is_hidden, name,
};

use super::document::{Block, Inline, List, Spacing, is_blank};
use super::{Addresses, Loss, LossKind};

/// The largest first number of Markdown lists.
const HIGHEST_NUMBER: u32 = 999_999_999;

/// Parses one text, and records losses.
pub(super) struct Reader<'a> {
    pub(super) addresses: &'a dyn Addresses,
    /// Ids that links in the text target.
    targets: FxHashSet<&'a str>,
    pub(super) losses: Vec<Loss>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(tree: &'a Tree, addresses: &'a dyn Addresses) -> Reader<'a> {
        let links = tree.elements().filter_map(|(_, found)| attribute(found, "href"));
        let targets = links.filter_map(|address| address.strip_prefix('#')).collect();
        Reader { addresses, targets, losses: Vec::new() }
    }

    pub(super) fn lose(&mut self, kind: LossKind, what: impl Into<String>) {
        self.losses.push(Loss { kind, what: what.into() });
    }

    /// The id of an element, if a link targets it.
    pub(super) fn target<'e>(&self, found: &'e Element) -> Option<&'e str> {
        let names = [attribute(found, "id"), attribute(found, "name")];
        names.into_iter().flatten().find(|name| self.targets.contains(name))
    }

    pub(super) fn document(&mut self, root: NodeOf<'_>) -> Vec<Block> {
        let mut blocks = Vec::new();
        self.blocks(root, &mut blocks);
        blocks
    }

    /// The content of a node as blocks.
    pub(super) fn blocks(&mut self, node: NodeOf<'_>, blocks: &mut Vec<Block>) {
        let mut words = Vec::new();
        for child in node.children() {
            if is_block(name(child)) {
                end_paragraph(&mut words, blocks);
                self.block(child, blocks);
            } else if name(child) != "a" && !is_hidden(name(child)) && holds_block(child) {
                end_paragraph(&mut words, blocks);
                self.formatted_blocks(child, blocks);
            } else {
                self.inline(child, &mut words);
            }
        }
        end_paragraph(&mut words, blocks);
    }

    /// Blocks inside an inline element: its formatting applies to each paragraph.
    fn formatted_blocks(&mut self, node: NodeOf<'_>, blocks: &mut Vec<Block>) {
        let start = blocks.len();
        self.blocks(node, blocks);
        let wrap: fn(Vec<Inline>) -> Inline = match name(node) {
            "b" | "strong" => Inline::Strong,
            "i" | "em" => Inline::Emphasis,
            _ => return,
        };
        blocks[start..].iter_mut().for_each(|block| block.map_words(&wrap));
    }

    fn block(&mut self, node: NodeOf<'_>, blocks: &mut Vec<Block>) {
        let Some(found) = element(node) else { return };
        match found.name() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, found, blocks),
            "hr" => blocks.push(Block::Rule),
            "pre" => blocks.extend(code(node)),
            "blockquote" => {
                let mut inner = Vec::new();
                self.blocks(node, &mut inner);
                if !inner.is_empty() {
                    blocks.push(Block::Quote(inner));
                }
            }
            "ul" | "ol" | "menu" => self.list(node, found, blocks),
            "table" => self.table(node, blocks),
            "figure" if has_captioned_picture(node) => blocks.push(Block::Html(self.raw(node))),
            "dl" => blocks.push(Block::Html(self.raw(node))),
            "details" => self.details(node, blocks),
            "form" | "fieldset" => {
                self.lose(LossKind::Form, found.name());
                self.directed(node, found, blocks);
            }
            name if is_embed(name) => match self.embed(node) {
                Some(link) => blocks.push(Block::Paragraph(vec![link])),
                None => self.lose(LossKind::EmbedWithoutAddress, name),
            },
            _ => match card(node, found) {
                Some(link) => blocks.push(Block::Paragraph(vec![link])),
                None => self.directed(node, found, blocks),
            },
        }
    }

    /// The content of a grouping element, with its text direction.
    fn directed(&mut self, node: NodeOf<'_>, found: &Element, blocks: &mut Vec<Block>) {
        let anchor = self.target(found).map(str::to_owned);
        let mut inner = Vec::new();
        self.blocks(node, &mut inner);
        if let Some(anchor) = anchor {
            anchor_first(&mut inner, anchor);
        }
        match direction(found) {
            Some(direction) if !inner.is_empty() => {
                blocks.push(Block::Wrapped(format!("<div dir=\"{direction}\">"), inner, "</div>"));
            }
            _ => blocks.append(&mut inner),
        }
    }

    fn heading(&mut self, node: NodeOf<'_>, found: &Element, blocks: &mut Vec<Block>) {
        let mut words: Vec<Inline> = self
            .target(found)
            .map(|target| Inline::Anchor(target.to_owned()))
            .into_iter()
            .collect();
        self.inlines(node, &mut words);
        let level = found.name()[1..].parse().unwrap_or(2);
        let mut words: Vec<Inline> = words.into_iter().map(without_breaks).collect();
        if !is_blank(&words) {
            trim(&mut words);
            blocks.push(Block::Heading(level, words));
        }
    }

    fn details(&mut self, node: NodeOf<'_>, blocks: &mut Vec<Block>) {
        let summary = node.children().find(|child| name(*child) == "summary");
        let summary = summary.map_or_else(String::new, |summary| self.raw(summary));
        let mut inner = Vec::new();
        for child in node.children().filter(|child| name(*child) != "summary") {
            if is_block(name(child)) {
                self.block(child, &mut inner);
            } else {
                let mut words = Vec::new();
                self.inline(child, &mut words);
                end_paragraph(&mut words, &mut inner);
            }
        }
        blocks.push(Block::Wrapped(format!("<details>{summary}"), inner, "</details>"));
    }

    fn list(&mut self, node: NodeOf<'_>, found: &Element, blocks: &mut Vec<Block>) {
        let mut items: Vec<Vec<Block>> = Vec::new();
        let mut spacing = Spacing::Tight;
        for child in node.children() {
            let mut inner = Vec::new();
            match name(child) {
                "li" => {
                    if child.children().any(|part| name(part) == "p") {
                        spacing = Spacing::Loose;
                    }
                    self.blocks(child, &mut inner);
                    items.push(inner);
                    continue;
                }
                other if is_block(other) => self.block(child, &mut inner),
                _ => {
                    let mut words = Vec::new();
                    self.inline(child, &mut words);
                    end_paragraph(&mut words, &mut inner);
                }
            }
            // A list directly inside a list belongs to the item before it.
            match items.last_mut() {
                Some(item) => item.append(&mut inner),
                None => items.push(inner),
            }
        }
        items.retain(|item| !item.is_empty());
        let start = match found.name() {
            "ol" => attribute(found, "start").map_or(Some(1), |start| start.parse().ok()),
            _ => None,
        };
        let start = match found.name() {
            "ol" => Some(start.unwrap_or(1).min(HIGHEST_NUMBER)),
            _ => None,
        };
        if !items.is_empty() {
            blocks.push(Block::List(List { start, spacing, items }));
        }
    }
}

/// Ends a paragraph, if there is text; two consecutive breaks start another.
pub(super) fn end_paragraph(words: &mut Vec<Inline>, blocks: &mut Vec<Block>) {
    let mut paragraph = Vec::new();
    for inline in std::mem::take(words) {
        let ends = matches!(inline, Inline::Break) && ends_with_break(&paragraph);
        paragraph.push(inline);
        if ends {
            push_paragraph(std::mem::take(&mut paragraph), blocks);
        }
    }
    push_paragraph(paragraph, blocks);
}

fn push_paragraph(mut words: Vec<Inline>, blocks: &mut Vec<Block>) {
    if !is_blank(&words) {
        trim(&mut words);
        blocks.push(Block::Paragraph(words));
    }
}

fn ends_with_break(words: &[Inline]) -> bool {
    let is_space = |inline: &&Inline| matches!(inline, Inline::Text(text) if text.trim_matches(' ').is_empty());
    let last = words.iter().rev().find(|inline| !is_space(inline));
    matches!(last, Some(Inline::Break))
}

/// Removes breaks and white space at the ends.
pub(super) fn trim(words: &mut Vec<Inline>) {
    let is_nothing = |inline: &Inline| match inline {
        Inline::Break => true,
        Inline::Text(text) => text.trim_matches([' ', '\n']).is_empty(),
        _ => false,
    };
    while words.last().is_some_and(is_nothing) {
        words.pop();
    }
    let start = words.iter().take_while(|inline| is_nothing(inline)).count();
    words.drain(..start);
}

fn without_breaks(inline: Inline) -> Inline {
    let all = |inner: Vec<Inline>| inner.into_iter().map(without_breaks).collect();
    match inline {
        Inline::Break => Inline::Text(" ".into()),
        Inline::Strong(inner) => Inline::Strong(all(inner)),
        Inline::Emphasis(inner) => Inline::Emphasis(all(inner)),
        Inline::Element(start, inner, end) => Inline::Element(start, all(inner), end),
        Inline::Link { address, title, content } => {
            Inline::Link { address, title, content: all(content) }
        }
        other => other,
    }
}

/// Moves the anchor of a group before its first text.
fn anchor_first(blocks: &mut Vec<Block>, anchor: String) {
    match blocks.first_mut() {
        Some(Block::Paragraph(words) | Block::Heading(_, words)) => {
            words.insert(0, Inline::Anchor(anchor));
        }
        _ => blocks.insert(0, Block::Paragraph(vec![Inline::Anchor(anchor)])),
    }
}

/// A card that a script of the old site fills from data, such as Substack's links to posts of other
/// sites.
fn card(node: NodeOf<'_>, found: &Element) -> Option<Inline> {
    let data: serde_json::Value = serde_json::from_str(attribute(found, "data-attrs")?).ok()?;
    let text_of = |key: &str| data[key].as_str().map(str::trim).filter(|text| !text.is_empty());
    let address = text_of("url").filter(|address| address.starts_with("http"))?;
    let mut inside = node.descendants().skip(1).map(name);
    if !crate::import::html::text_of(node).trim().is_empty()
        || inside.any(|inner| inner == "img" || is_embed(inner))
    {
        return None;
    }
    let words = ["full_text", "title", "caption"].iter().find_map(|key| text_of(key));
    let words = words.unwrap_or(address).split_whitespace().collect::<Vec<_>>().join(" ");
    let content = vec![Inline::Text(words)];
    Some(Inline::Link { address: address.to_owned(), title: None, content })
}

/// The text direction, by attribute or style.
pub(super) fn direction(found: &Element) -> Option<&'static str> {
    let style: String = attribute(found, "style")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .split_ascii_whitespace()
        .collect();
    let written = attribute(found, "dir").unwrap_or_default();
    if written.eq_ignore_ascii_case("rtl") || style.contains("direction:rtl") {
        Some("rtl")
    } else if written.eq_ignore_ascii_case("ltr") && found.name() != "html" {
        Some("ltr")
    } else {
        None
    }
}

fn has_captioned_picture(node: NodeOf<'_>) -> bool {
    let holds = |wanted: &str| node.descendants().any(|inner| name(inner) == wanted);
    holds("img") && holds("figcaption")
}

/// Preformatted text, with `<br>` as a line break.
fn code(node: NodeOf<'_>) -> Option<Block> {
    let mut text = String::new();
    for inner in node.descendants() {
        match inner.value() {
            scraper::Node::Text(piece) => text.push_str(piece),
            scraper::Node::Element(found) if found.name() == "br" => text.push('\n'),
            _ => {}
        }
    }
    let classes = node.descendants().filter_map(element).filter_map(|found| found.attr("class"));
    let language = classes
        .flat_map(str::split_whitespace)
        .find_map(|class| class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-")));
    let language = language.unwrap_or_default().chars();
    let language = language.filter(|letter| letter.is_alphanumeric() || "+-#".contains(*letter));
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_matches('\n').to_owned();
    (!text.trim().is_empty()).then(|| Block::Code { language: language.collect(), text })
}
