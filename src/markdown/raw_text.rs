//! Raw HTML, tag by tag: checks elements and addresses, and writes them anew.

use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use super::escape::{excerpt, push_address, push_attribute, push_text};
use super::links::Target;
use super::policy::{self, AttributePolicy, Policy};
use super::shortcodes::Piece;
use super::tokens::{self, StartTag, Token};
use super::writer::{Events, RawMode, Writer};
use crate::base::diagnostic::Rule;

/// The source of a block or an inline tag, with the places of its lines in the body: a block in a
/// quote lacks the markers at the start of its lines.
pub(super) struct Source {
    pub(super) text: String,
    /// The start of each line in `text` and in the prepared text.
    lines: Vec<(usize, usize)>,
    pub(super) is_inline: bool,
}

impl Source {
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let line = self.lines.partition_point(|(start, _)| *start <= range.start).saturating_sub(1);
        let Some((start, placed)) = self.lines.get(line) else { return 0..0 };
        let from = placed + range.start - start;
        from..from + range.len()
    }
}

impl<'a> Writer<'a> {
    /// A block of raw HTML.
    pub(super) fn html_block(&mut self, events: &mut Events<'a>) {
        self.block_start();
        let mut source = Source { text: String::new(), lines: Vec::new(), is_inline: false };
        for (event, range) in events.by_ref() {
            match event {
                Event::End(TagEnd::HtmlBlock) => break,
                Event::Html(html) | Event::Text(html) | Event::InlineHtml(html) => {
                    source.lines.push((source.text.len(), range.start));
                    source.text.push_str(&html);
                }
                _ => {}
            }
        }
        self.raw.is_seen = true;
        match self.mode {
            RawMode::Clean => self.clean_block(&source),
            RawMode::Trust => self.trusted(&source),
            RawMode::Escape => self.escaped_block(&source.text),
        }
    }

    /// A tag of raw HTML inside a paragraph.
    pub(super) fn inline_html(&mut self, html: &str, range: &Range<usize>) {
        self.raw.is_seen = true;
        let text = html.to_owned();
        let source = Source { text, lines: vec![(0, range.start)], is_inline: true };
        match self.mode {
            RawMode::Clean => {
                if let Some(token) = tokens::single(html) {
                    self.token(token, &source);
                }
            }
            RawMode::Trust => self.trusted(&source),
            RawMode::Escape => self.raw_words(html),
        }
    }

    fn clean_block(&mut self, source: &Source) {
        match tokens::tokenize(&source.text) {
            Ok(tokens) => {
                for token in tokens {
                    self.token(token, source);
                }
                self.settle_raw_block();
            }
            Err(at) => {
                let end =
                    source.text[at..].find(['\n', '>']).map_or(source.text.len(), |end| at + end);
                let message =
                    "this raw HTML never ends, and would swallow what follows: it is shown as text";
                let help = "close the tag, quote, comment or element that begins here";
                self.report(
                    Rule::BrokenHtml,
                    &source.place(&(at..end)),
                    message.to_owned(),
                    Some(help.to_owned()),
                );
                self.escaped_block(&source.text);
            }
        }
    }

    fn escaped_block(&mut self, html: &str) {
        self.out.push_str("<p class=\"raw-html\">");
        self.raw_words(html.trim());
        self.out.push_str("</p>\n");
    }

    /// Writes raw HTML as text.
    fn raw_words(&mut self, html: &str) {
        push_text(&mut self.out, &self.prepared.restored(html));
    }

    fn token(&mut self, token: Token, source: &Source) {
        let range = source.place(&token.range());
        match token {
            Token::Text(text) => self.markup_text(&source.text[text]),
            Token::Comment(_) => self.count_raw_tag(&range),
            Token::Declaration(_) => {
                self.count_raw_tag(&range);
                self.removed(&range, "this declaration is not allowed in a body: it was taken out");
            }
            Token::Start(tag) if policy::element(&tag.name) == Policy::Text => {
                self.no_element(&source.text[tag.range], &range);
            }
            Token::Start(tag) => self.start_tag(&tag, &range, source.is_inline),
            Token::End(name, tag) if policy::element(&name) == Policy::Text => {
                self.raw_words(&source.text[tag]);
            }
            Token::End(name, _) => self.end_tag(&name, &range, source.is_inline),
            Token::Element(tag, element) => self.element(&tag, &source.text[element], &range),
        }
    }

    /// Text in angle brackets that only looks like a tag: written as text.
    fn no_element(&mut self, source: &str, range: &Range<usize>) {
        self.count_raw_tag(range);
        let message = format!("`{}` is no HTML element: it is shown as text", excerpt(source));
        let help = "if that is meant, write \\< for the bracket";
        self.report(Rule::BrokenHtml, range, message, Some(help.to_owned()));
        self.raw_words(source);
    }

    /// Text between raw tags: entities are kept, a `<` outside tags is escaped.
    fn markup_text(&mut self, text: &str) {
        for piece in self.prepared.pieces(text) {
            match piece {
                Piece::Text(text) => {
                    for (position, part) in text.split('<').enumerate() {
                        self.out.push_str(if position > 0 { "&lt;" } else { "" });
                        self.out.push_str(part);
                    }
                }
                Piece::Tag(index) => self.tag(index),
            }
        }
    }

    pub(super) fn removed(&mut self, range: &Range<usize>, message: &str) {
        let help = "write it in Markdown or as a shortcode; `raw_html = \"trust\"` under [markdown] keeps all raw HTML";
        self.report(Rule::RemovedHtml, range, message.to_owned(), Some(help.to_owned()));
    }

    fn start_tag(&mut self, tag: &StartTag, range: &Range<usize>, is_inline: bool) {
        self.count_raw_tag(range);
        match policy::element(&tag.name) {
            Policy::Keep("p") if !is_inline => self.raw_paragraph(tag, range),
            Policy::Keep(name) => self.kept(name, tag, range),
            Policy::Link => self.link(tag, range),
            Policy::Picture => self.raw_picture(tag, range),
            Policy::Embed => self.embedded(tag, range),
            Policy::PlayerPart => self.player_part(tag),
            Policy::Drop | Policy::Text => {}
            Policy::Remove => {
                self.removed(
                    range,
                    &format!("<{}> is not allowed in a body: it was taken out", excerpt(&tag.name)),
                );
                if is_inline && matches!(tag.name.as_str(), "script" | "style") {
                    self.begin_cut(&tag.name);
                }
            }
        }
    }

    fn end_tag(&mut self, name: &str, range: &Range<usize>, is_inline: bool) {
        self.count_raw_tag(range);
        match policy::element(name) {
            Policy::Keep(name) if !policy::is_void(name) => self.end_raw(name, is_inline),
            Policy::Link => self.end_raw("a", is_inline),
            Policy::Embed => self.end_player(name),
            Policy::Remove => self.end_cut(name),
            _ => {}
        }
    }

    /// A raw-text element: scripts and styles are removed, frames become links, other text is kept.
    fn element(&mut self, tag: &StartTag, element: &str, range: &Range<usize>) {
        self.count_raw_tag(range);
        if policy::element(&tag.name) == Policy::Embed {
            return self.embedded(tag, range);
        }
        self.removed(
            range,
            &format!("<{}> is not allowed in a body: it was taken out", excerpt(&tag.name)),
        );
        if !matches!(tag.name.as_str(), "script" | "style") {
            let content = element.get(tag.range.len()..).unwrap_or_default();
            let content = content.rfind("</").map_or(content, |end| &content[..end]);
            self.raw_words(content);
        }
    }

    fn raw_paragraph(&mut self, tag: &StartTag, range: &Range<usize>) {
        self.end_implied("p", 0);
        let attributes = self.attributes("p", tag, range);
        let start = self.out.len();
        self.out.push_str("<p");
        self.out.push_str(&attributes);
        self.out.push('>');
        if attributes.contains(" id=") {
            self.open_raw("p", "p");
        } else {
            self.open_raw_paragraph(start);
        }
    }

    fn kept(&mut self, name: &'static str, tag: &StartTag, range: &Range<usize>) {
        self.end_implied(name, 0);
        let attributes = self.attributes(name, tag, range);
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(&attributes);
        self.out.push('>');
        if name == "br" {
            self.note_heading_text(" ");
        }
        if !policy::is_void(name) {
            self.open_raw(name, name);
        }
    }

    /// The allowed attributes, each preceded by a space. Others are reported.
    pub(super) fn attributes(
        &mut self,
        element: &str,
        tag: &StartTag,
        range: &Range<usize>,
    ) -> String {
        let mut written = String::new();
        let mut refused = Vec::new();
        let mut alignment = if tag.name == "center" { "center" } else { "" };
        for (name, value) in &tag.attributes {
            match policy::attribute(element, name, value) {
                AttributePolicy::Keep => push_pair(&mut written, name, &self.words(value)),
                AttributePolicy::Id => self.raw_id(&mut written, element, value),
                AttributePolicy::Align => alignment = known_alignment(value).unwrap_or(alignment),
                AttributePolicy::Address | AttributePolicy::Drop => {}
                AttributePolicy::Remove => refused.push(excerpt(name)),
            }
        }
        if !alignment.is_empty() && element != "img" && element != "a" {
            push_pair(&mut written, "class", &format!("align-{alignment}"));
        }
        // Text from word processors has a style on every tag: report it once.
        let is_style = refused.iter().all(|name| name == "style");
        let is_said = is_style
            && (refused.is_empty() || std::mem::replace(&mut self.raw.style_is_reported, true));
        if !is_said {
            let names = refused.join("`, `");
            let more = if is_style { ", here and wherever else it stands" } else { "" };
            let message = format!(
                "`{names}` of <{}> is not allowed: it was taken out{more}",
                excerpt(&tag.name)
            );
            self.removed(range, &message);
        }
        written
    }

    /// An id in raw HTML, with prefix. Browsers duplicate badly nested formatting elements with
    /// their ids, so the id goes to a separate element before.
    fn raw_id(&mut self, written: &mut String, element: &str, id: &str) {
        let id = self.prepared.without_tags(id);
        if !self.anchors.raw(&id) {
            return;
        }
        let id = format!("c-{id}");
        if policy::is_formatting(element) {
            self.out.push_str("<span");
            push_pair(&mut self.out, "id", &id);
            self.out.push_str("></span>");
        } else {
            push_pair(written, "id", &id);
        }
    }

    fn link(&mut self, tag: &StartTag, range: &Range<usize>) {
        let attributes = self.attributes("a", tag, range);
        // Links can't nest: a new one ends the one before, except inside a Markdown link.
        self.end_raw("a", false);
        let Some(href) = tag.attribute("href").filter(|_| self.open_links == 0) else {
            return self.open_written("span", "", "");
        };
        match self.target(href, range) {
            Target::Address { href, is_external } => {
                let mut address = String::from(" href=\"");
                push_address(&mut address, &href);
                address.push_str(if is_external { "\" rel=\"external noopener\"" } else { "\"" });
                self.open_written("a", &address, &attributes);
            }
            Target::Fragment(number) => {
                self.out.push_str("<a");
                self.fragment_marker('a', number);
                self.out.push_str(&attributes);
                self.out.push('>');
                self.open_raw("a", "a");
            }
            Target::Words(class) => {
                let class = format!(" class=\"{class}\"");
                self.open_written("span", &class, "");
            }
            Target::Marked(marked) => {
                self.out.push('<');
                self.out.push_str(marked.element);
                self.out.push_str(&marked.attributes);
                if marked.element == "a" {
                    self.out.push_str(&attributes);
                }
                self.out.push('>');
                self.open_marked(marked);
            }
        }
    }

    fn open_written(&mut self, name: &'static str, first: &str, attributes: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(first);
        self.out.push_str(attributes);
        self.out.push('>');
        self.open_raw("a", name);
    }
}

fn known_alignment(value: &str) -> Option<&'static str> {
    ["left", "center", "right", "justify"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(value.trim()))
}

fn push_pair(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_attribute(out, value);
    out.push('"');
}
