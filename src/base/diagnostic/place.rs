//! Where in a user's file something is wrong: a file, a line, a column and the line's text.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The bytes of a line shown around a place.
const LINE_WINDOW: usize = 160;

/// A place in a file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The path from the archive's root, with `/`.
    pub file: String,
    /// The exact spot; `None` if the problem concerns the whole file.
    pub spot: Option<Spot>,
}

/// A range within one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// The line, or the part of a very long line around the spot.
    pub(super) text: String,
    /// The byte range of the spot in `text`, on character boundaries.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Place {
        Place { file: file.into(), spot: None }
    }

    /// The bytes `range` of `text`, the content of `file`. A range out of bounds is clamped, and
    /// one over several lines ends with its first line.
    pub fn at(file: impl Into<String>, text: &str, range: Range<usize>) -> Place {
        Pointed::new(&file.into(), text).place(range)
    }
}

impl Spot {
    /// The line, or the part of a very long line around the spot.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The spot of a range that starts at this position.
    fn at(position: Position, text: &str, range: Range<usize>) -> Spot {
        let Position { at: start, line, line_start, column } = position;
        // Look at no more of the line than is shown: it may be as long as the file.
        let shown = floor_boundary(text, start.saturating_add(2 * LINE_WINDOW));
        let line_end = text[start..shown].find('\n').map_or(shown, |at| start + at);
        let end = floor_boundary(text, range.end.clamp(start, line_end));
        let from = floor_boundary(text, start.saturating_sub(LINE_WINDOW).max(line_start));
        let to = floor_boundary(text, end.min(start + LINE_WINDOW) + LINE_WINDOW).min(line_end);
        let end = end.min(to);
        Spot {
            line: line + 1,
            column: column + 1,
            text: text[from..to].trim_end_matches('\r').to_owned(),
            start: start - from,
            end: end - from,
        }
    }
}

/// A text with places to point at, mostly in order. It counts lines and columns from the last
/// place, so that a file with ten thousand problems is scanned once.
#[derive(Debug)]
pub struct Pointed<'a> {
    file: &'a str,
    text: &'a str,
    last: Cell<Position>,
    /// Positions about every [`MARK_EVERY`] bytes, computed at the first query that goes back.
    marks: OnceCell<Vec<Position>>,
}

/// The distance in bytes between the positions kept for queries out of order.
const MARK_EVERY: usize = 1024;

/// The position of a byte; line and column count from 0.
#[derive(Clone, Copy, Debug, Default)]
struct Position {
    at: usize,
    line: usize,
    line_start: usize,
    column: usize,
}

impl<'a> Pointed<'a> {
    /// `text` is the content of `file`.
    pub fn new(file: &'a str, text: &'a str) -> Pointed<'a> {
        Pointed { file, text, last: Cell::default(), marks: OnceCell::new() }
    }

    /// The place of a range, as [`Place::at`] makes it.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = floor_boundary(self.text, range.start);
        let last = self.last.get();
        let from = if last.at <= start { last } else { self.mark_before(start) };
        let position = from.moved(self.text, start);
        self.last.set(position);
        let spot = Some(Spot::at(position, self.text, range));
        Place { file: self.file.to_owned(), spot }
    }

    /// The last known position at or before this byte.
    fn mark_before(&self, at: usize) -> Position {
        let marks = self.marks.get_or_init(|| {
            let mut marks = vec![Position::default()];
            let mut position = Position::default();
            for at in (MARK_EVERY..self.text.len()).step_by(MARK_EVERY) {
                position = position.moved(self.text, floor_boundary(self.text, at));
                marks.push(position);
            }
            marks
        });
        let behind = marks.partition_point(|mark| mark.at <= at);
        marks[behind.saturating_sub(1)]
    }
}

impl Position {
    /// Advances to a byte of the text.
    fn moved(self, text: &str, to: usize) -> Position {
        let between = &text[self.at..to];
        let lines = between.bytes().filter(|&byte| byte == b'\n').count();
        let Some(last) = between.rfind('\n') else {
            return Position { at: to, column: self.column + between.chars().count(), ..self };
        };
        let line_start = self.at + last + 1;
        let column = text[line_start..to].chars().count();
        Position { at: to, line: self.line + lines, line_start, column }
    }
}

/// The greatest character boundary of `text` at or below `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
