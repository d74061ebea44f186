//! Text, code, links and pictures.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, TagEnd};

use super::address::{self, Kind};
use super::anchors::FragmentLink;
use super::escape::{excerpt, push_address, push_attribute, push_number, push_text};
use super::shortcodes::{Piece, TagKind, push_placeholder};
use super::writer::{Close, Events, Writer};
use super::{ForeignTags, Link, Picture, UnresolvedLinks};
use crate::diagnostic::Rule;

/// Where a link leads, decided; what was wrong with it is reported.
pub(super) enum Target<'t> {
    /// To an address; out of the archive or not.
    Address { href: Cow<'t, str>, is_external: bool },
    /// To a place on this page, by the link's number.
    Fragment(usize),
    /// Nowhere: its words are kept, in a span of this class.
    Words(&'static str),
    /// To an address that is gone.
    Lost,
}

impl<'a> Writer<'a> {
    /// Text between tags.
    pub(super) fn text(&mut self, text: &str) {
        if !self.prepared.has_tags(text) {
            self.note_heading_text(text);
            return push_text(&mut self.out, text);
        }
        for piece in self.prepared.pieces(text) {
            match piece {
                Piece::Text(text) => {
                    self.note_heading_text(text);
                    push_text(&mut self.out, text);
                }
                Piece::Tag(index) => self.tag(index),
            }
        }
    }

    /// A shortcode's or foreign tag's place in text.
    pub(super) fn tag(&mut self, index: usize) {
        let Some(tag) = self.prepared.tags.get(index) else { return };
        match &tag.kind {
            TagKind::Foreign => self.foreign_tag(index),
            TagKind::Call(_) | TagKind::Malformed(_) => {
                if !self.shortcode(index) {
                    push_text(&mut self.out, self.prepared.source(index));
                }
            }
        }
    }

    fn foreign_tag(&mut self, index: usize) {
        if self.options.foreign_tags == ForeignTags::Show {
            self.out.push_str("<span class=\"foreign-tag\">");
            push_text(&mut self.out, self.prepared.source(index));
            self.out.push_str("</span>");
        }
    }

    /// Runs a shortcode. Its HTML is the theme's and is not cleaned: only its placeholder is
    /// written here. False if there is no HTML; why is reported.
    fn shortcode(&mut self, index: usize) -> bool {
        let Some(tag) = self.prepared.tags.get(index) else { return false };
        let (message, help) = match &tag.kind {
            TagKind::Foreign => return false,
            TagKind::Malformed(message) => {
                let help = "a shortcode is written {{ name(key=\"value\", number=3) }}";
                (format!("this shortcode can't be read: {message}"), Some(help.to_owned()))
            }
            TagKind::Call(call) => match self.references.shortcode(call) {
                Ok(html) => {
                    self.inserts.resize(self.prepared.tags.len(), None);
                    self.inserts[index] = Some(html);
                    push_placeholder(&mut self.out, self.prepared.sentinel, index);
                    return true;
                }
                Err(error) => (error.message, error.help),
            },
        };
        let range = tag.source.clone();
        self.problems.push(super::BodyProblem { rule: Rule::Shortcode, range, message, help });
        false
    }

    /// A paragraph of tags alone: shortcodes stand as blocks, other tags in a paragraph without
    /// a number, so that showing or dropping them renumbers nothing.
    pub(super) fn paragraph_of_tags(&mut self, tags: &[usize]) {
        for &index in tags {
            let is_foreign = self
                .prepared
                .tags
                .get(index)
                .is_some_and(|tag| matches!(tag.kind, TagKind::Foreign));
            if is_foreign && self.options.foreign_tags == ForeignTags::Drop {
                continue;
            }
            if is_foreign || !self.shortcode(index) {
                self.out.push_str("<p>");
                match is_foreign {
                    true => self.foreign_tag(index),
                    false => push_text(&mut self.out, self.prepared.source(index)),
                }
                self.out.push_str("</p>");
            }
            self.out.push('\n');
        }
    }

    pub(super) fn code(&mut self, code: &str) {
        let code = self.prepared.restored(code);
        self.note_heading_text(&code);
        self.out.push_str("<code>");
        push_text(&mut self.out, &code);
        self.out.push_str("</code>");
    }

    pub(super) fn line_break(&mut self, html: &str) {
        self.note_heading_text(" ");
        self.out.push_str(html);
    }

    pub(super) fn start_link(
        &mut self,
        kind: LinkType,
        destination: &str,
        title: &str,
        range: &Range<usize>,
    ) {
        if self.raw.has_open_link() || self.open_links > 0 {
            return self.stack.push(Close::Nothing);
        }
        let destination = match kind {
            LinkType::Email => Cow::Owned(format!("mailto:{destination}")),
            _ => Cow::Borrowed(destination),
        };
        match self.target(&destination, range) {
            Target::Address { href, is_external } => {
                self.out.push_str("<a href=\"");
                push_address(&mut self.out, &href);
                self.out.push_str(if is_external { "\" rel=\"external noopener\"" } else { "\"" });
                self.title_attribute(title);
                self.out.push('>');
                self.open_links += 1;
                self.stack.push(Close::Link);
            }
            Target::Fragment(number) => {
                self.fragment_marker('o', number);
                self.open_links += 1;
                self.stack.push(Close::FragmentLink(number));
            }
            Target::Words(class) => {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
                self.stack.push(Close::With("</span>"));
            }
            Target::Lost => {
                self.out.push_str("<span class=\"lost-link\">");
                self.stack.push(Close::LostLink);
            }
        }
    }

    pub(super) fn end_link(&mut self, link: &Close) {
        match link {
            Close::Link => {
                self.open_links -= 1;
                self.out.push_str("</a>");
            }
            Close::FragmentLink(number) => {
                self.open_links -= 1;
                self.fragment_marker('c', *number);
            }
            Close::LostLink => {
                self.lost_mark();
                self.out.push_str("</span>");
            }
            _ => {}
        }
    }

    /// Says that the link before is gone.
    pub(super) fn lost_mark(&mut self) {
        self.out.push_str(" <span class=\"lost-mark\">");
        push_text(&mut self.out, &self.options.words.lost_link);
        self.out.push_str("</span>");
    }

    /// A place to be filled when all ids are known: `o`pens or `c`loses a link, or is the
    /// `a`ttribute of one.
    pub(super) fn fragment_marker(&mut self, kind: char, number: usize) {
        self.out.push(self.prepared.sentinel);
        self.out.push(kind);
        push_number(&mut self.out, number);
        self.out.push(self.prepared.sentinel);
    }

    /// Decides where a link leads, and reports what is wrong with it.
    pub(super) fn target<'t>(&mut self, destination: &'t str, range: &Range<usize>) -> Target<'t> {
        let address = self.address(destination, range);
        match address::kind(&address) {
            Kind::Empty => self.empty_address(destination, range),
            Kind::Refused => {
                let message = format!("a link may not lead to `{}`", excerpt(&address));
                let help = "its words are kept; give it an address that begins with https:// or lies in the archive";
                self.report(Rule::UnsafeAddress, range, message, Some(help.to_owned()));
                Target::Words("refused-link")
            }
            Kind::Fragment(fragment) => {
                let link = FragmentLink { fragment: fragment.to_owned(), range: range.clone() };
                self.anchors.links.push(link);
                Target::Fragment(self.anchors.links.len() - 1)
            }
            kind => {
                let is_web = matches!(kind, Kind::Web | Kind::ProtocolRelative);
                self.judged(address, is_web, range)
            }
        }
    }

    fn judged<'t>(
        &mut self,
        address: Cow<'t, str>,
        is_web: bool,
        range: &Range<usize>,
    ) -> Target<'t> {
        match self.references.link(&address) {
            Link::Internal(href) => Target::Address { href: Cow::Owned(href), is_external: false },
            Link::External => Target::Address { href: address, is_external: is_web },
            Link::Lost => Target::Lost,
            // Whatever the archive makes of `//host`, a browser goes there.
            Link::Unresolved(_) if is_web => Target::Address { href: address, is_external: true },
            Link::Unresolved(hint) => {
                let message = format!("nothing is at `{}`", excerpt(&address));
                self.report(Rule::UnresolvedLink, range, message, hint);
                match self.options.unresolved_links {
                    UnresolvedLinks::Mark => Target::Words("unresolved-link"),
                    UnresolvedLinks::Keep => Target::Address { href: address, is_external: false },
                }
            }
        }
    }

    fn empty_address(&mut self, written: &str, range: &Range<usize>) -> Target<'static> {
        let (message, class) = match self.prepared.has_tags(written) {
            true => ("this link's address is a tag of another generator", "unresolved-link"),
            false => ("this link has no address", "unresolved-link"),
        };
        let help = "give it an address, or declare it lost under links";
        self.report(Rule::UnresolvedLink, range, message.to_owned(), Some(help.to_owned()));
        Target::Words(class)
    }

    /// An address without the tags in it. Tags that only name a file, such as Hugo's `ref`,
    /// give that name: where it leads, the archive knows.
    pub(super) fn address<'t>(&mut self, written: &'t str, range: &Range<usize>) -> Cow<'t, str> {
        if !self.prepared.has_tags(written) {
            return Cow::Borrowed(written);
        }
        let is_call = |index: usize| {
            self.prepared.tags.get(index).is_some_and(|tag| !matches!(tag.kind, TagKind::Foreign))
        };
        let has_call = self
            .prepared
            .pieces(written)
            .any(|piece| matches!(piece, Piece::Tag(index) if is_call(index)));
        if has_call {
            let message = "a shortcode does not run inside an address".to_owned();
            self.report(Rule::Shortcode, range, message, None);
        }
        let named =
            self.prepared.with_tags(written, |index| named_file(self.prepared.source(index)));
        Cow::Owned(named.into_owned())
    }

    fn title_attribute(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            let title = self.words(title);
            push_attribute(&mut self.out, &title);
            self.out.push('"');
        }
    }

    /// A text that cannot hold elements, with its tags shown or dropped.
    pub(super) fn words<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.options.foreign_tags {
            ForeignTags::Show => self.prepared.restored(text),
            ForeignTags::Drop => self.prepared.without_tags(text),
        }
    }

    /// A Markdown image. Alone in its paragraph and with a title, it is a figure.
    pub(super) fn image(
        &mut self,
        source: &str,
        title: &str,
        range: &Range<usize>,
        events: &mut Events<'a>,
    ) {
        let alternative = alternative_text(events);
        let alternative = self.words(&alternative).into_owned();
        let is_alone = self.leaf.events == 1
            && matches!(self.stack.last(), Some(Close::Paragraph))
            && matches!(events.peek(), Some((Event::End(TagEnd::Paragraph), _)));
        if title.is_empty() || !is_alone {
            return self.picture(source, &alternative, title, None, range);
        }
        self.out.truncate(self.leaf.start);
        self.paragraphs -= usize::from(self.leaf.is_numbered);
        self.out.push_str("<figure>");
        self.picture(source, &alternative, "", None, range);
        self.out.push_str("<figcaption>");
        let title = self.words(title);
        push_text(&mut self.out, &title);
        self.out.push_str("</figcaption>");
        self.stack.pop();
        self.stack.push(Close::With("</figure>\n"));
    }

    /// Writes a picture; `written_size` is what raw HTML says of its size.
    pub(super) fn picture(
        &mut self,
        source: &str,
        alternative: &str,
        title: &str,
        written_size: Option<(u32, u32)>,
        range: &Range<usize>,
    ) {
        let source = self.address(source, range);
        let kind = address::kind(&source);
        if matches!(kind, Kind::Refused | Kind::Other) {
            let message = format!("a picture may not come from `{}`", excerpt(&source));
            self.report(Rule::UnsafeAddress, range, message, None);
            return self.words_in_place("refused-picture", alternative);
        }
        let picture = match kind {
            Kind::Empty => Picture::Missing(Some("give it an address".to_owned())),
            _ => self.references.picture(&source),
        };
        match picture {
            Picture::Local { address, size } => {
                self.picture_tag(&address, alternative, title, size)
            }
            Picture::Remote => self.picture_tag(&source, alternative, title, written_size),
            Picture::Missing(hint) => {
                let message = format!("the picture `{}` does not exist", excerpt(&source));
                self.report(Rule::MissingAsset, range, message, hint);
                let missing = format!("{}: {alternative}", self.options.words.missing_picture);
                self.words_in_place("missing-picture", &missing);
            }
        }
    }

    fn words_in_place(&mut self, class: &str, words: &str) {
        self.out.push_str("<span class=\"");
        self.out.push_str(class);
        self.out.push_str("\">");
        push_text(&mut self.out, words);
        self.out.push_str("</span>");
    }

    fn picture_tag(
        &mut self,
        address: &str,
        alternative: &str,
        title: &str,
        size: Option<(u32, u32)>,
    ) {
        self.out.push_str("<img src=\"");
        push_address(&mut self.out, address);
        self.out.push_str("\" alt=\"");
        push_attribute(&mut self.out, alternative);
        self.out.push('"');
        self.title_attribute(title);
        if let Some((width, height)) = size {
            self.out.push_str(" width=\"");
            push_number(&mut self.out, width as usize);
            self.out.push_str("\" height=\"");
            push_number(&mut self.out, height as usize);
            self.out.push('"');
        }
        self.out.push_str(" loading=\"lazy\" decoding=\"async\">");
    }
}

/// The words up to the end of an image.
fn alternative_text(events: &mut Events<'_>) -> String {
    let mut words = String::new();
    let mut depth = 0_usize;
    for (event, _) in events.by_ref() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => break,
            Event::End(_) => depth -= 1,
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

/// The file that a tag of another generator names: `{{< ref "a.md" >}}`, `{% link a.md %}`.
fn named_file(tag: &str) -> &str {
    let inside = tag.trim_matches(['{', '}', '<', '>', '%', '-']).trim();
    let (word, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    if !matches!(word, "ref" | "relref" | "link") {
        return "";
    }
    let rest = rest.trim();
    match rest.chars().next() {
        Some(quote @ ('"' | '\'' | '`')) => rest[1..].split(quote).next().unwrap_or_default(),
        _ => rest.split_whitespace().next().unwrap_or_default(),
    }
}
