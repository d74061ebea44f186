//! Text, code, shortcodes and other generators' tags.

use std::borrow::Cow;

use super::BodyProblem;
use super::escape::{push_attribute, push_text};
use super::shortcodes::{Piece, TagKind, push_placeholder};
use super::writer::Writer;
use crate::base::choices::ForeignTags;
use crate::base::diagnostic::Rule;

impl Writer<'_> {
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

    /// The placeholder of a shortcode or template tag.
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

    /// Runs a shortcode. Its HTML is the theme's and not cleaned, so only its placeholder is
    /// written here. False if it failed; the error is reported.
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
        self.problems.push(BodyProblem { rule: Rule::Shortcode, range, message, help });
        false
    }

    /// A paragraph of tags only: shortcodes are blocks; other tags are in an unnumbered paragraph,
    /// so that showing or dropping them does not renumber others.
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
                if is_foreign {
                    self.foreign_tag(index);
                } else {
                    push_text(&mut self.out, self.prepared.source(index));
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

    pub(super) fn title_attribute(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            let title = self.words(title);
            push_attribute(&mut self.out, &title);
            self.out.push('"');
        }
    }

    /// A text without elements, with its tags shown or dropped.
    pub(super) fn words<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.options.foreign_tags {
            ForeignTags::Show => self.prepared.restored(text),
            ForeignTags::Drop => self.prepared.without_tags(text),
        }
    }
}
