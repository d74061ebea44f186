//! Raw HTML of trusted authors: written unchanged, with numbered paragraphs.

use super::policy::start_ends;
use super::raw_text::Source;
use super::shortcodes::Piece;
use super::tokens::{self, Token};
use super::writer::Writer;
use super::writer::raw::is_aside;

impl Writer<'_> {
    /// Writes raw HTML unchanged; only its ids are collected for links, and template tags in its
    /// text are handled as elsewhere.
    pub(super) fn trusted(&mut self, source: &Source) {
        let tokens = if source.is_inline {
            tokens::single(&source.text).into_iter().collect()
        } else {
            tokens::tokenize(&source.text).unwrap_or_default()
        };
        if tokens.is_empty() {
            let text = self.prepared.restored(&source.text);
            self.out.push_str(&text);
            return;
        }
        for token in tokens {
            let range = token.range();
            match token {
                Token::Text(_) => self.trusted_text(&source.text[range]),
                token => {
                    self.note_ids(&token);
                    if !source.is_inline {
                        self.before_trusted_tag(&token);
                    }
                    let start = self.out.len();
                    let text = self.prepared.restored(&source.text[range]);
                    self.out.push_str(&text);
                    if !source.is_inline {
                        self.after_trusted_tag(&token, start);
                    }
                }
            }
        }
        if !source.is_inline {
            self.end_trusted_paragraph();
        }
    }

    /// Ends the paragraph that a tag ends, as browsers do.
    fn before_trusted_tag(&mut self, token: &Token) {
        let ends = match token {
            Token::Start(tag) | Token::Element(tag, _) => start_ends(&tag.name, "p"),
            Token::End(name, _) => name == "p" || is_aside(name),
            Token::Text(_) | Token::Comment(_) | Token::Declaration(_) => false,
        };
        if ends {
            self.end_trusted_paragraph();
        }
    }

    /// Pushes an open paragraph, whose start tag without an id is at `start`, with its container.
    fn after_trusted_tag(&mut self, token: &Token, start: usize) {
        match token {
            Token::Start(tag) if tag.name == "p" => {
                let is_numbered = tag.attribute("id").is_none()
                    && self.raw.trusted_asides == 0
                    && self.unnumbered == 0;
                self.raw.trusted_paragraph = is_numbered.then_some(start..self.out.len());
            }
            Token::Start(tag) if is_aside(&tag.name) => self.raw.trusted_asides += 1,
            Token::End(name, _) if is_aside(name) => {
                self.raw.trusted_asides = self.raw.trusted_asides.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn end_trusted_paragraph(&mut self) {
        if let Some(tag) = self.raw.trusted_paragraph.take() {
            self.number_raw_paragraph(&tag);
        }
    }

    fn note_ids(&mut self, token: &Token) {
        let (Token::Start(tag) | Token::Element(tag, _)) = token else { return };
        for name in ["id", "name"] {
            if let Some(id) = tag.attribute(name) {
                self.anchors.raw(id);
            }
        }
    }

    fn trusted_text(&mut self, text: &str) {
        if !self.prepared.has_tags(text) {
            return self.out.push_str(text);
        }
        for piece in self.prepared.pieces(text) {
            match piece {
                Piece::Text(text) => self.out.push_str(text),
                Piece::Tag(index) => self.tag(index),
            }
        }
    }
}
