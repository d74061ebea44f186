//! Lines of a Markdown body, and their visible text.

use super::Words;

/// A line with text.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    /// The source.
    pub(super) text: &'a str,
    /// The visible text, without emphasis and escapes.
    pub(super) shown: String,
    /// For each byte of `shown` its position in `text`, and the end.
    places: Vec<usize>,
}

impl Line<'_> {
    /// The place of a range of the visible text.
    pub(super) fn words(&self, from: usize, to: usize) -> Words {
        let at = |shown: usize| self.places.get(shown).copied().unwrap_or(self.text.len());
        Words { line: self.number, from: if from == 0 { 0 } else { at(from) }, to: at(to) }
    }

    pub(super) fn whole(&self) -> Words {
        Words { line: self.number, from: 0, to: self.text.len() }
    }
}

/// The lines of a body outside code.
pub(super) fn of(body: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut fence = false;
    for (at, text) in body.lines().enumerate() {
        if text.trim_start().starts_with("```") {
            fence = !fence;
            continue;
        }
        let text = text.trim_end();
        if fence || text.trim().is_empty() {
            continue;
        }
        let (shown, places) = shown(text);
        lines.push(Line { number: at + 1, text, shown, places });
    }
    lines
}

/// The visible text of a line: without asterisks, escapes and a final break; links are kept as
/// written.
fn shown(text: &str) -> (String, Vec<usize>) {
    let mut shown = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let (at, character) = match (character, characters.peek()) {
            ('*', _) => continue,
            ('\\', None) => continue,
            ('\\', Some(&(_, next))) if next.is_ascii_punctuation() => {
                characters.next();
                (at, next)
            }
            _ => (at, character),
        };
        shown.push(if character == '\u{a0}' { ' ' } else { character });
        while places.len() < shown.len() {
            places.push(at);
        }
    }
    places.push(text.len());
    (shown, places)
}
