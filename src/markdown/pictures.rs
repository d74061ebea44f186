//! Pictures and figures.

use std::ops::Range;

use pulldown_cmark::Event;

use super::address::{self, Kind};
use super::escape::{excerpt, push_address, push_attribute, push_number, push_text};
use super::writer::{Close, Events, Writer};
use super::{Condition, Picture};
use crate::base::diagnostic::Rule;

impl Writer<'_> {
    /// A Markdown image. It is a figure if it has a title and is alone in its paragraph.
    pub(super) fn image(
        &mut self,
        source: &str,
        title: &str,
        range: &Range<usize>,
        events: &mut Events<'_>,
    ) {
        let alternative = alternative_text(events);
        let alternative = self.words(&alternative).into_owned();
        let is_alone =
            matches!(self.stack.last(), Some(Close::Paragraph)) && self.fills_paragraph(range);
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

    fn fills_paragraph(&self, range: &Range<usize>) -> bool {
        let paragraph = &self.leaf.source;
        let text = |range: Range<usize>| self.prepared.text().get(range).unwrap_or_default();
        let after = text(range.end..paragraph.end);
        // The parser's range of `![a][]` lacks the empty brackets.
        let after = after.strip_prefix("[]").unwrap_or(after);
        text(paragraph.start..range.start).trim().is_empty() && after.trim().is_empty()
    }

    /// Writes a picture; `written_size` is the size in raw HTML.
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
            Picture::Local { address, size, condition } => {
                if condition == Condition::Damaged {
                    let message = format!(
                        "the picture `{}` is damaged: it ends too early, or can't be measured",
                        excerpt(&source)
                    );
                    let hint = "put a sound copy in its place; it is published as it is".to_owned();
                    self.report(Rule::DamagedPicture, range, message, Some(hint));
                }
                self.picture_tag(&address, alternative, title, size);
            }
            Picture::Remote => self.picture_tag(&source, alternative, title, written_size),
            Picture::Missing(hint) => {
                let message = if source.is_empty() {
                    "this picture has no address".to_owned()
                } else {
                    format!("the picture `{}` does not exist", excerpt(&source))
                };
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

/// The text up to the end of an image.
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
