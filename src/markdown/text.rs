//! Text, code, shortcodes and other generators' tags.

use std::borrow::Cow;

use super::BodyProblem;
use super::dialects::embeds;
use super::escape::{push_attribute, push_text};
use super::shortcodes::{Piece, push_placeholder};
use super::tag_kind::TagKind;
use super::writer::{RawMode, Writer};
use crate::base::choices::ForeignTags;
use crate::base::diagnostic::Rule;

impl Writer<'_> {
    pub(super) fn text(&mut self, text: &str) {
        if !self.prepared.has_tags(text) {
            self.note_heading_text(text);
            return self.explained(text);
        }
        for piece in self.prepared.pieces(text) {
            match piece {
                Piece::Text(text) => {
                    self.note_heading_text(text);
                    self.explained(text);
                }
                Piece::Tag(index) => self.tag(index),
            }
        }
    }

    /// Words, with what the abbreviations among them stand for.
    fn explained(&mut self, text: &str) {
        let mut done = 0;
        for (at, short, long) in abbreviated(text, &self.prepared.abbreviations) {
            if at < done {
                continue;
            }
            push_text(&mut self.out, &text[done..at]);
            self.out.push_str("<abbr title=\"");
            push_attribute(&mut self.out, long);
            self.out.push_str("\">");
            push_text(&mut self.out, short);
            self.out.push_str("</abbr>");
            done = at + short.len();
        }
        push_text(&mut self.out, &text[done..]);
    }

    /// The placeholder of a shortcode or template tag.
    pub(super) fn tag(&mut self, index: usize) {
        let Some(tag) = self.prepared.tags.get(index) else { return };
        match &tag.kind {
            TagKind::Foreign => self.foreign_tag(index),
            TagKind::Embed(address) => {
                let range = tag.source.clone();
                self.embed_link(address, "", &range);
            }
            TagKind::Id(id) => self.own_id(id),
            TagKind::Joint | TagKind::Written(_) => {}
            TagKind::Call(_) | TagKind::Malformed(_) => {
                if !self.shortcode(index) {
                    push_text(&mut self.out, self.prepared.source(index));
                }
            }
        }
    }

    /// An id that the author gave: a heading's own, else a place in the text.
    fn own_id(&mut self, id: &str) {
        if self.give_heading_id(id) || !self.anchors.raw(id) {
            return;
        }
        let id = if self.mode == RawMode::Trust { id.to_owned() } else { format!("c-{id}") };
        self.out.push_str("<span id=\"");
        push_attribute(&mut self.out, &id);
        self.out.push_str("\"></span>");
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
                Err(error) => {
                    // Zola's own, for which the archive has no template.
                    if let Some(address) = embeds::address_of_call(call) {
                        let range = tag.source.clone();
                        self.embed_link(&address, "", &range);
                        return true;
                    }
                    (error.message, error.help)
                }
            },
            _ => return false,
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
            if let Some(TagKind::Id(_) | TagKind::Joint | TagKind::Embed(_)) =
                self.prepared.tags.get(index).map(|tag| &tag.kind)
            {
                self.tag(index);
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

/// Where these abbreviations stand in a text as words of their own, each with what it stands for; of two at one
/// place the longer comes first.
fn abbreviated<'t>(
    text: &str,
    abbreviations: &'t [(String, String)],
) -> Vec<(usize, &'t str, &'t str)> {
    let is_word = |place: Option<char>| place.is_some_and(char::is_alphanumeric);
    let mut places: Vec<(usize, &str, &str)> = Vec::new();
    for (short, long) in abbreviations {
        places.extend(text.match_indices(short.as_str()).filter_map(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + short.len()..].chars().next();
            (!is_word(before) && !is_word(after)).then_some((at, short.as_str(), long.as_str()))
        }));
    }
    places.sort_by_key(|(at, short, _)| (*at, std::cmp::Reverse(short.len())));
    places
}
