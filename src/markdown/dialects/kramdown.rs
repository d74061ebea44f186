//! Extensions of kramdown and similar programs: attributes (`{: #id .class}`), tables of contents
//! (`{:toc}`), comments (`{::comment}`), and abbreviations (`*[EU]: European Union`).
//!
//! Ids are kept as targets of links; classes and other attributes belong to the old design and are
//! removed.

use std::ops::Range;

use super::{Edit, Survey, lines, near};
use crate::markdown::tag_kind::TagKind;

/// Whether a body may contain these extensions.
pub(super) fn has_signs(body: &str) -> bool {
    // Searching for one byte is much faster than for several.
    let braces = ["{:", "{#", "{.", "{ #", "{ ."];
    (body.contains('{') && braces.iter().any(|sign| body.contains(sign))) || body.contains("*[")
}

/// The content of braces.
struct Attributes<'a> {
    id: Option<&'a str>,
    length: usize,
}

/// The attributes at the start of a text.
fn attributes(text: &str) -> Option<Attributes<'_>> {
    let inner = text.strip_prefix('{')?;
    let has_colon = inner.starts_with(':');
    let inner = inner.strip_prefix(':').unwrap_or(inner);
    let end = closing(inner)?;
    let (mut id, mut plain, mut is_sure) = (None, 0, false);
    let words = words(&inner[..end]);
    for word in &words {
        if let Some(name) = word.strip_prefix('#') {
            id = Some(name);
        } else if !word.starts_with('.') && !is_pair(word) {
            // A single word refers to attributes defined elsewhere.
            plain += 1;
            if !word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
                return None;
            }
            continue;
        }
        is_sure = true;
    }
    let is_sure = if has_colon { is_sure || plain == 1 } else { is_sure && plain == 0 };
    let id = id.filter(|id| !id.is_empty());
    let length = text.len() - inner.len() + end + 1;
    (is_sure && !words.is_empty()).then_some(Attributes { id, length })
}

/// The position of the closing brace outside quotes.
fn closing(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in inner.char_indices() {
        match (c, quote) {
            ('}', None) => return Some(at),
            ('{' | '\n', None) => return None,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// The words of attributes; a quoted value belongs to its key.
fn words(inner: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quote) = (None, None);
    for (at, c) in inner.char_indices() {
        match (c, quote) {
            (c, None) if c.is_whitespace() => {
                words.extend(start.take().map(|start: usize| &inner[start..at]));
            }
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
        if !c.is_whitespace() && start.is_none() {
            start = Some(at);
        }
    }
    words.extend(start.map(|start| &inner[start..]));
    words
}

fn is_pair(word: &str) -> bool {
    word.split_once('=').is_some_and(|(key, value)| {
        !value.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_:".contains(c))
    })
}

pub(super) fn edits(body: &str, survey: &Survey, edits: &mut Vec<Edit>) {
    if !has_signs(body) {
        return;
    }
    comments(body, survey, edits);
    let mut before = Before::default();
    for (start, line) in lines(body) {
        let bare = line.trim_end();
        if survey.code_at(start).is_none() {
            line_edits(body, start, bare, &before, survey, edits);
        }
        before = Before { start, text: bare, place: Some(start..start + bare.len()) };
    }
}

/// The line before.
#[derive(Default)]
struct Before<'a> {
    start: usize,
    text: &'a str,
    place: Option<Range<usize>>,
}

fn line_edits(
    body: &str,
    start: usize,
    line: &str,
    before: &Before<'_>,
    survey: &Survey,
    edits: &mut Vec<Edit>,
) {
    let text = line.trim_start();
    let at = start + line.len() - text.len();
    let end = start + line.len();
    if abbreviation(line).is_some() {
        edits.push(Edit::gone(start..end));
    } else if text == "{:toc}" || text.starts_with("{:toc ") || text.starts_with("{:toc}") {
        edits.push(Edit::gone(start..end));
        let is_item = is_list_item(before.text);
        edits.extend(before.place.clone().filter(|_| is_item).map(Edit::gone));
    } else if let Some(found) = attributes(text).filter(|found| found.length == text.len()) {
        of_block(body, start..end, found.id, before, edits);
    } else if text.contains('{') {
        of_words(text, at, survey, edits);
    }
}

fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['*', '-', '+']) || (number.len() < line.len() && number.starts_with('.'))
}

/// Attributes on their own line, which apply to the block before or after it.
fn of_block(
    body: &str,
    line: Range<usize>,
    id: Option<&str>,
    before: &Before<'_>,
    edits: &mut Vec<Edit>,
) {
    let follows = !before.text.trim().is_empty();
    // Remove the line break before, too: an empty line would split a list.
    let start = if follows { before.start + before.text.len() } else { line.start };
    let whole = start..line.end;
    let ends_words = before.text.ends_with(|c: char| !matches!(c, '|' | '`' | '~' | '=' | '-'));
    match id.filter(|_| follows && ends_words) {
        Some(id) => edits.push(Edit { kind: TagKind::Id(id.to_owned()), source: whole }),
        None => edits.push(Edit::gone(whole)),
    }
    debug_assert!(line.end <= body.len());
}

/// Attributes after words of a line, or at the end of a heading.
fn of_words(text: &str, at: usize, survey: &Survey, edits: &mut Vec<Edit>) {
    let is_heading = text.starts_with('#');
    for (brace, _) in text.match_indices('{') {
        if survey.code_at(at + brace).is_some() {
            continue;
        }
        let Some(found) = attributes(near(text, brace, 400)) else { continue };
        let end = brace + found.length;
        let has_colon = text[brace + 1..].starts_with(':');
        let before = text[..brace].chars().next_back();
        let is_glued = before.is_some_and(|c| matches!(c, ')' | '*' | '_' | '`' | ']' | '>' | '"'));
        let ends_heading = is_heading && text[end..].trim().is_empty() && brace > 0;
        if !(ends_heading || (has_colon && is_glued) || text[..brace].ends_with(')')) {
            continue;
        }
        let spaces = if ends_heading { brace - text[..brace].trim_end().len() } else { 0 };
        let source = at + brace - spaces..at + end;
        edits.push(match found.id {
            Some(id) => Edit { kind: TagKind::Id(id.to_owned()), source },
            None => Edit::gone(source),
        });
    }
}

/// Removes `{::comment} … {:/comment}` with its content, and tags of other extensions without
/// theirs.
fn comments(body: &str, survey: &Survey, edits: &mut Vec<Edit>) {
    if !body.contains("{:") {
        return;
    }
    let mut done = 0;
    for (at, _) in body.match_indices("{:") {
        let is_mark = body[at..].starts_with("{::") || body[at..].starts_with("{:/");
        if at < done || !is_mark || survey.code_at(at).is_some() {
            continue;
        }
        let tag = near(body, at, 200);
        let Some(end) = tag.find('}').map(|end| at + end + 1) else { continue };
        let is_comment = tag.starts_with("{::comment") && !body[at..end].ends_with("/}");
        let close = body[end..].find("{:/").filter(|_| is_comment).map(|close| end + close);
        let close = close.and_then(|close| Some(close + near(body, close, 200).find('}')? + 1));
        done = close.unwrap_or(end);
        edits.push(Edit::gone(at..done));
    }
}

/// An abbreviation and its expansion, from its line.
fn abbreviation(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix("*[")?;
    let (short, long) = inner.split_once("]:")?;
    // A backslash escapes a bracket in a link's text.
    let is_name = !short.trim().is_empty() && !short.contains(['[', ']', '\\']);
    is_name.then(|| (short.trim(), long.trim()))
}

/// The abbreviations defined in a body, with their expansions.
pub(in crate::markdown) fn abbreviations(body: &str) -> Vec<(String, String)> {
    /// The maximum number of abbreviations; the whole text is searched for each.
    const MOST: usize = 64;
    if !body.contains("*[") {
        return Vec::new();
    }
    let defined = body.lines().filter_map(abbreviation).filter(|(_, long)| !long.is_empty());
    let mut all: Vec<(String, String)> =
        defined.map(|(short, long)| (short.to_owned(), long.to_owned())).take(MOST).collect();
    // Longest first: one may be a prefix of another.
    all.sort_by_key(|(short, _)| std::cmp::Reverse(short.len()));
    all
}
