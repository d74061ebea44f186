//! Pictures and figures.

use std::ops::Range;

use pulldown_cmark::Event;

use super::address::{self, Kind};
use super::escape::{excerpt, push_address, push_attribute, push_number, push_text};
use super::gallery::{LeafPicture, SHOWN_WIDTH, gallery};
use super::media::{PlayerTag, Wanted};
use super::writer::{Close, Events, Writer};
use super::{Condition, Picture, PictureCopy};
use crate::base::diagnostic::Rule;
use crate::base::medium::Medium;

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
        if let Some(medium) = Medium::of(source) {
            let (source, caption) = (source.to_owned(), title.to_owned());
            let player = PlayerTag::default();
            let wanted = Wanted { source, medium, name: alternative, caption, player };
            return self.shown_file(&wanted, is_alone, range);
        }
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

    /// Turns the paragraph that ends here into a gallery if it is one; returns whether it was.
    pub(super) fn end_gallery(&mut self) -> bool {
        let pictures = std::mem::take(&mut self.leaf.pictures);
        let Some(gallery) = gallery(&self.out, self.leaf.text, &pictures) else { return false };
        self.out.truncate(self.leaf.start);
        self.paragraphs -= usize::from(self.leaf.is_numbered);
        self.out.push_str(&gallery);
        true
    }

    pub(super) fn fills_paragraph(&self, range: &Range<usize>) -> bool {
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
            Picture::Local { address, size, condition, copies } => {
                self.report_condition(&source, condition, range);
                let file = PictureFile { address: &address, is_own: true, size, copies: &copies };
                self.picture_tag(file, alternative, title);
            }
            Picture::Remote => {
                let file = PictureFile {
                    address: &source,
                    is_own: false,
                    size: written_size,
                    copies: &[],
                };
                self.picture_tag(file, alternative, title);
            }
            Picture::Linked => self.remote_link(&source, alternative, title),
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

    /// The smaller copies that a browser may choose from.
    fn srcset(&mut self, copies: &[PictureCopy]) {
        if copies.is_empty() {
            return;
        }
        self.out.push_str(" srcset=\"");
        for (at, copy) in copies.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            push_address(&mut self.out, &copy.address);
            self.out.push(' ');
            push_number(&mut self.out, copy.width as usize);
            self.out.push('w');
        }
        self.out.push_str("\" sizes=\"");
        self.out.push_str(SHOWN_WIDTH);
        self.out.push('"');
    }

    /// A picture on another host as a link, unless it stands in one.
    fn remote_link(&mut self, source: &str, alternative: &str, title: &str) {
        let words = if alternative.is_empty() { title } else { alternative };
        let rest = source.split_once("//").map_or(source, |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let words = if words.is_empty() { host.to_owned() } else { format!("{words} ({host})") };
        if self.open_links > 0 {
            return self.words_in_place("remote-picture", &words);
        }
        self.out.push_str("<a class=\"remote-picture\" href=\"");
        push_address(&mut self.out, source);
        self.out.push_str("\" rel=\"external noopener\">");
        push_text(&mut self.out, &words);
        self.out.push_str("</a>");
    }

    pub(super) fn words_in_place(&mut self, class: &str, words: &str) {
        self.out.push_str("<span class=\"");
        self.out.push_str(class);
        self.out.push_str("\">");
        push_text(&mut self.out, words);
        self.out.push_str("</span>");
    }

    /// Reports a picture that is published as it is.
    fn report_condition(&mut self, source: &str, condition: Condition, range: &Range<usize>) {
        let (rule, message, hint) = match condition {
            Condition::Sound => return,
            Condition::Damaged => (
                Rule::DamagedPicture,
                format!(
                    "the picture `{}` is damaged: it ends too early, or can't be measured",
                    excerpt(source)
                ),
                "put a sound copy in its place; it is published as it is",
            ),
            Condition::Unscaled(why) => (
                Rule::UnscaledPicture,
                format!("the picture `{}` is not made smaller: {why}", excerpt(source)),
                "put a smaller copy in its place; readers load it whole",
            ),
        };
        self.report(rule, range, message, Some(hint.to_owned()));
    }

    fn picture_tag(&mut self, file: PictureFile<'_>, alternative: &str, title: &str) {
        let start = self.out.len();
        self.out.push_str("<img src=\"");
        push_address(&mut self.out, file.address);
        self.out.push_str("\" alt=\"");
        push_attribute(&mut self.out, alternative);
        self.out.push('"');
        let title_start = self.out.len();
        self.title_attribute(title);
        let title_end = self.out.len();
        self.srcset(file.copies);
        if let Some((width, height)) = file.size {
            self.out.push_str(" width=\"");
            push_number(&mut self.out, width as usize);
            self.out.push_str("\" height=\"");
            push_number(&mut self.out, height as usize);
            self.out.push('"');
        }
        self.out.push_str(" loading=\"lazy\" decoding=\"async\">");
        if matches!(self.stack.last(), Some(Close::Paragraph)) {
            self.leaf.pictures.push(LeafPicture {
                tag: start..self.out.len(),
                title: title_start..title_end,
                caption: self.words(title).into_owned(),
                address: file.is_own.then(|| file.address.to_owned()),
            });
        }
    }
}

/// The files of a picture.
#[derive(Clone, Copy)]
struct PictureFile<'a> {
    address: &'a str,
    /// Whether it is a file of the archive.
    is_own: bool,
    size: Option<(u32, u32)>,
    /// From the narrowest.
    copies: &'a [PictureCopy],
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
