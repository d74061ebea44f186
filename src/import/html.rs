//! Parses HTML like browsers do, within limits.
//!
//! Takes any text, returns a [`Tree`] for [`super::convert`] and [`super::words`]. Nesting, nodes
//! and attributes are limited, so that no text can make the parser slow or exhaust memory; beyond a
//! limit tags are dropped and their text is kept.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use ego_tree::{NodeId, NodeRef, iter::Edge};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink, create_element};
use html5ever::{LocalName, QualName, local_name, ns};
use rustc_hash::FxHashMap;
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink, Node};

use super::amp;

/// The limit of open elements, without those closed implicitly.
const DEEPEST: usize = 100;

/// The limit of open formatting elements: each is repeated in every later paragraph.
const MOST_FORMATTING: usize = 16;

/// The limit of nodes in a tree.
const MOST_NODES: usize = 400_000;

/// The limit of attributes of a tag, which the parser compares in pairs.
const MOST_ATTRIBUTES: usize = 500;

/// A node of a tree.
pub(crate) type NodeOf<'a> = NodeRef<'a, Node>;

/// A parsed text.
pub(crate) struct Tree {
    html: Html,
    /// The number of tags dropped at a limit.
    pub(crate) left_out: usize,
}

impl Tree {
    /// Parses the content of a page's body.
    pub(crate) fn fragment(text: &str) -> Tree {
        let sink = HtmlTreeSink::new(Html::new_fragment());
        let name = QualName::new(None, ns!(html), local_name!("body"));
        let context = create_element(&sink, name, Vec::new());
        let builder = TreeBuilder::new_for_fragment(sink, context, None, builder_options());
        Tree::read(builder, text)
    }

    /// Parses a whole page, with its head.
    pub(crate) fn document(text: &str) -> Tree {
        let sink = HtmlTreeSink::new(Html::new_document());
        Tree::read(TreeBuilder::new(sink, builder_options()), text)
    }

    fn read(builder: Builder, text: &str) -> Tree {
        let bounded = Bounded {
            builder,
            open: RefCell::default(),
            depth: Cell::new(0),
            formatting: Cell::new(0),
            left_out: Cell::new(0),
        };
        let tokenizer = Tokenizer::new(bounded, TokenizerOpts::default());
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(&without_endless_tags(text)));
        // The tokenizer pauses after each script.
        while !queue.is_empty() {
            let _ = tokenizer.feed(&queue);
        }
        tokenizer.end();
        let Bounded { builder, left_out, .. } = tokenizer.sink;
        Tree { html: builder.sink.finish(), left_out: left_out.get() }
    }

    /// Removes nodes with their content.
    pub(crate) fn take_out(&mut self, ids: &[NodeId]) {
        for id in ids {
            if let Some(mut node) = self.html.tree.get_mut(*id) {
                node.detach();
            }
        }
    }

    /// The whole tree as HTML.
    pub(crate) fn html(&self) -> String {
        self.html.html()
    }

    /// The root node.
    pub(crate) fn root(&self) -> NodeOf<'_> {
        self.html.tree.root()
    }

    /// All elements in document order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = (NodeOf<'_>, &Element)> {
        self.root().descendants().filter_map(|node| Some((node, element(node)?)))
    }
}

type Builder = TreeBuilder<NodeId, HtmlTreeSink>;

/// With scripting enabled, so that `<noscript>`, which repeats content, is not parsed.
fn builder_options() -> TreeBuilderOpts {
    TreeBuilderOpts { scripting_enabled: true, ..TreeBuilderOpts::default() }
}

/// Filters tokens for the tree builder: drops tags beyond the limits.
struct Bounded {
    builder: Builder,
    open: RefCell<FxHashMap<LocalName, Open>>,
    depth: Cell<usize>,
    formatting: Cell<usize>,
    left_out: Cell<usize>,
}

/// By element name: the number of open elements, and of dropped start tags.
#[derive(Default)]
struct Open {
    kept: usize,
    dropped: usize,
}

impl TokenSink for Bounded {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let Token::TagToken(tag) = token else { return self.builder.process_token(token, line) };
        let Some(tag) = amp::as_html(tag) else { return TokenSinkResult::Continue };
        if !self.admits(&tag) {
            self.left_out.set(self.left_out.get() + 1);
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(Token::TagToken(tag), line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl Bounded {
    fn admits(&self, tag: &Tag) -> bool {
        let name = &*tag.name;
        if is_void(name) || ends_by_itself(name) {
            return tag.kind == TagKind::EndTag || self.has_room();
        }
        let formatting = usize::from(is_formatting(name));
        let mut all = self.open.borrow_mut();
        let open = all.entry(tag.name.clone()).or_default();
        if tag.kind == TagKind::StartTag {
            let is_deep = self.depth.get() >= DEEPEST
                || self.formatting.get() + formatting > MOST_FORMATTING
                || !self.has_room();
            if is_deep {
                open.dropped += 1;
                return false;
            }
            open.kept += 1;
            self.depth.set(self.depth.get() + 1);
            self.formatting.set(self.formatting.get() + formatting);
        } else if open.dropped > 0 {
            open.dropped -= 1;
            return false;
        } else if open.kept > 0 {
            open.kept -= 1;
            self.depth.set(self.depth.get() - 1);
            self.formatting.set(self.formatting.get() - formatting);
        }
        true
    }

    fn has_room(&self) -> bool {
        self.builder.sink.0.borrow().tree.nodes().len() < MOST_NODES
    }
}

/// Elements without content.
pub(crate) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Elements that a sibling closes implicitly.
fn ends_by_itself(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "td"
            | "th"
            | "tr"
            | "tbody"
            | "thead"
            | "tfoot"
            | "dt"
            | "dd"
            | "option"
            | "html"
            | "head"
            | "body"
    )
}

fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}

/// Escapes the bracket of each tag with too many attributes.
fn without_endless_tags(text: &str) -> Cow<'_, str> {
    let endless = endless_tags(text);
    if endless.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 3 * endless.len());
    let mut from = 0;
    for at in endless {
        safe.push_str(&text[from..at]);
        safe.push_str("&lt;");
        from = at + 1;
    }
    safe.push_str(&text[from..]);
    Cow::Owned(safe)
}

/// The positions of tags with too many attributes.
fn endless_tags(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut endless = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        at = start + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let mut parts = 0;
        let mut quote = None;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'>') => break,
                (None, b' ' | b'\n' | b'\t' | b'=' | b'/') => parts += 1,
                (None, _) => {}
            }
            if parts > MOST_ATTRIBUTES * 2 {
                endless.push(start);
                break;
            }
        }
    }
    endless
}

/// The content of a node as HTML.
pub(crate) fn inner_html(node: NodeOf<'_>) -> String {
    scraper::ElementRef::wrap(node).map(|inner| inner.inner_html()).unwrap_or_default()
}

/// Whether an element has a class.
pub(crate) fn has_class(element: &Element, class: &str) -> bool {
    element.attr("class").is_some_and(|all| all.split_ascii_whitespace().any(|one| one == class))
}

/// The element of a node.
pub(crate) fn element(node: NodeOf<'_>) -> Option<&Element> {
    node.value().as_element()
}

/// The element name of a node; empty for other nodes.
pub(crate) fn name(node: NodeOf<'_>) -> &str {
    element(node).map_or("", Element::name)
}

/// An attribute's trimmed value, if not empty.
pub(crate) fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attr(name).map(str::trim).filter(|value| !value.is_empty())
}

/// Whether an element has no visible content: code, or a fallback.
pub(crate) fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "noscript" | "template" | "head" | "title" | "noembed" | "noframes"
    )
}

/// Whether an element embeds a resource; its content is only a fallback.
pub(crate) fn is_embed(name: &str) -> bool {
    matches!(name, "iframe" | "video" | "audio" | "object" | "embed")
}

/// Whether an element is a block.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "iframe"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "object"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "video"
            | "audio"
            | "embed"
    )
}

/// Whether a node contains a block.
pub(crate) fn holds_block(node: NodeOf<'_>) -> bool {
    node.descendants().skip(1).any(|inner| is_block(name(inner)))
}

/// The visible text of a node; blocks and line breaks are separated by white space.
pub(crate) fn text_of(node: NodeOf<'_>) -> String {
    let mut text = String::new();
    let mut hidden = 0usize;
    for edge in node.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(piece) if hidden == 0 => text.push_str(piece),
                Node::Element(found) => {
                    hidden += usize::from(is_unread(found.name()));
                    if is_block(found.name()) || found.name() == "br" {
                        text.push('\n');
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                let found = name(node);
                hidden -= usize::from(is_unread(found));
                if is_block(found) {
                    text.push('\n');
                }
            }
        }
    }
    text
}

fn is_unread(name: &str) -> bool {
    is_hidden(name) || is_embed(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_beyond_the_deepest_element_stays() {
        let text = format!("{}deep{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
        let tree = Tree::fragment(&text);
        assert_eq!(text_of(tree.root()).trim(), "deep");
        assert!(tree.left_out > 0);
    }

    #[test]
    fn formatting_that_is_never_closed_does_not_multiply() {
        let open = (0..2_000).map(|n| format!("<font color={n}>")).collect::<Vec<_>>().concat();
        let text = format!("{open}{}", "<p>word".repeat(20_000));
        let tree = Tree::fragment(&text);
        assert_eq!(text_of(tree.root()).split_whitespace().count(), 20_000);
        assert!(tree.root().descendants().count() <= MOST_NODES + 50_000);
    }

    #[test]
    fn a_tag_of_endless_attributes_is_text() {
        let attributes = (0..200_000).map(|n| format!(" a{n}")).collect::<Vec<_>>().concat();
        let tree = Tree::fragment(&format!("<p>before</p><b{attributes}>after"));
        assert!(text_of(tree.root()).contains("before"));
        assert!(text_of(tree.root()).contains("a199999"));
    }

    #[test]
    fn quotes_inside_of_attributes_do_not_end_a_tag() {
        let tree = Tree::fragment("<a title=\"a > b\" href='x'>y</a>");
        let (_, link) = tree.elements().find(|(_, found)| found.name() == "a").unwrap();
        assert_eq!(attribute(link, "title"), Some("a > b"));
    }
}
