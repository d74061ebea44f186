//! Footnotes: numbered by their first references, collected at the body's end.

use std::collections::HashMap;
use std::mem;

use pulldown_cmark::CowStr;

use crate::markdown::escape::{push_attribute, push_number, push_text};
use crate::markdown::writer::{Close, Writer};

/// The footnotes so far.
#[derive(Default)]
pub(crate) struct Footnotes<'a> {
    /// The number of each note by name, assigned at its first reference.
    numbers: HashMap<CowStr<'a>, usize>,
    /// The number of references to each note, by its number less one.
    marks: Vec<usize>,
    /// The notes' HTML by name, and the order of definitions.
    notes: HashMap<String, String>,
    order: Vec<String>,
    /// Output suspended while a note is written.
    suspended: Vec<String>,
}

impl Footnotes<'_> {
    /// The number of notes with a number.
    pub(crate) fn count(&self) -> usize {
        self.marks.len()
    }

    /// The number of references written: text that is cut later must contain none.
    pub(crate) fn marks_written(&self) -> usize {
        self.marks.iter().sum()
    }
}

impl<'a> Writer<'a> {
    /// Writes a reference. Inside a link it is only a number, as links can't nest.
    pub(crate) fn footnote_reference(&mut self, name: CowStr<'a>) {
        let next = self.footnotes.numbers.len() + 1;
        let number = *self.footnotes.numbers.entry(name).or_insert(next);
        if number > self.footnotes.marks.len() {
            self.footnotes.marks.push(0);
        }
        self.out.push_str("<sup class=\"footnote-ref\">");
        if self.open_links > 0 || self.raw.has_open_link() {
            push_number(&mut self.out, number);
            self.out.push_str("</sup>");
            return;
        }
        self.footnotes.marks[number - 1] += 1;
        self.out.push_str("<a id=\"");
        push_mark_id(&mut self.out, number, self.footnotes.marks[number - 1]);
        self.out.push_str("\" href=\"#fn-");
        push_number(&mut self.out, number);
        self.out.push_str("\" aria-label=\"");
        let label = self.options.words.footnote.replace("{n}", &number.to_string());
        push_attribute(&mut self.out, &label);
        self.out.push_str("\">");
        push_number(&mut self.out, number);
        self.out.push_str("</a></sup>");
    }

    /// Suspends the output until the note ends.
    pub(crate) fn start_footnote(&mut self, name: &str) {
        self.block_start();
        self.enter_container();
        self.unnumbered += 1;
        self.footnotes.suspended.push(mem::take(&mut self.out));
        self.stack.push(Close::Footnote(name.to_owned()));
    }

    /// Stores the note, and resumes the output.
    pub(crate) fn end_footnote(&mut self, name: String) {
        self.leave_container();
        self.unnumbered -= 1;
        let text = self.footnotes.suspended.pop().unwrap_or_default();
        let note = mem::replace(&mut self.out, text);
        // Of two notes with one name the first is used; the second gets a name that no reference
        // can have.
        let name = if self.footnotes.notes.contains_key(&name) {
            format!("[{}", self.footnotes.order.len())
        } else {
            name
        };
        self.footnotes.order.push(name.clone());
        self.footnotes.notes.insert(name, note);
    }

    /// Writes the notes at the body's end: referenced ones by number, then the others.
    pub(crate) fn write_footnotes(&mut self) {
        if self.footnotes.order.is_empty() && self.footnotes.marks.is_empty() {
            return;
        }
        let mut notes: Vec<(usize, String)> = Vec::with_capacity(self.footnotes.order.len());
        for (name, number) in mem::take(&mut self.footnotes.numbers) {
            let note = self.footnotes.notes.remove(name.as_ref()).unwrap_or_default();
            notes.push((number, note));
        }
        notes.sort_unstable_by_key(|(number, _)| *number);
        for name in mem::take(&mut self.footnotes.order) {
            if let Some(note) = self.footnotes.notes.remove(&name) {
                self.footnotes.marks.push(0);
                notes.push((self.footnotes.marks.len(), note));
            }
        }
        self.block_start();
        self.out.push_str("<section class=\"footnotes\" aria-label=\"");
        push_attribute(&mut self.out, &self.options.words.footnotes);
        self.out.push_str("\">\n<ol>\n");
        for (number, note) in notes {
            self.write_note(number, &note);
        }
        self.out.push_str("</ol>\n</section>\n");
    }

    fn write_note(&mut self, number: usize, note: &str) {
        self.out.push_str("<li id=\"fn-");
        push_number(&mut self.out, number);
        self.out.push_str("\">");
        let (body, end) = match note.strip_suffix("</p>\n") {
            Some(body) => (body, "</p>\n"),
            None => (note, ""),
        };
        self.out.push_str(body);
        for mark in 1..=self.footnotes.marks[number - 1] {
            self.way_back(number, mark);
        }
        self.out.push_str(end);
        self.out.push_str("</li>\n");
    }

    fn way_back(&mut self, number: usize, mark: usize) {
        self.out.push_str(" <a class=\"footnote-back\" href=\"#");
        push_mark_id(&mut self.out, number, mark);
        self.out.push_str("\" aria-label=\"");
        push_attribute(&mut self.out, &self.options.words.footnote_back);
        if mark > 1 {
            self.out.push_str(" (");
            push_number(&mut self.out, mark);
            self.out.push(')');
        }
        self.out.push_str("\">↩");
        if mark > 1 {
            push_text(&mut self.out, &mark.to_string());
        }
        self.out.push_str("</a>");
    }
}

fn push_mark_id(out: &mut String, number: usize, mark: usize) {
    out.push_str("fnref-");
    push_number(out, number);
    if mark > 1 {
        out.push('-');
        push_number(out, mark);
    }
}
