//! MDX as in Docusaurus: imports and comments are removed, components are replaced with their
//! content, and a component without content is treated like other generators' tags.

use std::ops::Range;

use super::{Edit, Survey, lines, near};
use crate::markdown::tag_kind::TagKind;

/// The maximum length of a tag, which limits the cost of an unclosed bracket.
const LONGEST: usize = 4 * 1024;

pub(super) fn edits(body: &str, survey: &Survey, edits: &mut Vec<Edit>) {
    imports(body, survey, edits);
    let mut at = 0;
    while let Some(found) = body[at..].find(['<', '{']) {
        let start = at + found;
        at = start + 1;
        if let Some(code) = survey.code_at(start) {
            at = code.end.max(at);
            continue;
        }
        let edit = if body.as_bytes()[start] == b'{' {
            expression(body, start)
        } else {
            component(body, start)
        };
        if let Some(edit) = edit {
            at = edit.source.end.max(at);
            edits.push(edit);
        }
    }
}

/// Blocks of lines with `import` and `export`.
fn imports(body: &str, survey: &Survey, edits: &mut Vec<Edit>) {
    let mut is_first = true;
    let mut open: Option<Range<usize>> = None;
    for (start, line) in lines(body) {
        let end = start + line.trim_end().len();
        if line.trim().is_empty() {
            edits.extend(open.take().map(Edit::gone));
            is_first = true;
            continue;
        }
        let is_import = is_import(line) && survey.code_at(start).is_none();
        match &mut open {
            Some(range) => range.end = end,
            None if is_first && is_import => open = Some(start..end),
            None => {}
        }
        is_first = false;
    }
    edits.extend(open.map(Edit::gone));
}

fn is_import(line: &str) -> bool {
    let quotes = line.contains(['\'', '"']);
    let exported =
        ["const ", "default ", "function ", "let ", "var ", "async ", "{", "*"].into_iter();
    line.strip_prefix("import ").is_some_and(|rest| quotes || rest.starts_with(['{', '*']))
        || line
            .strip_prefix("export ")
            .is_some_and(|rest| exported.into_iter().any(|word| rest.starts_with(word)))
}

/// The end of a braced expression, which may contain quotes and braces.
fn closed(body: &str, start: usize) -> Option<usize> {
    let (mut depth, mut quote) = (0usize, None);
    for (at, c) in body[start..].char_indices().take_while(|(at, _)| *at < LONGEST) {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '`', None) => quote = Some(c),
            ('{', None) => depth += 1,
            ('}', None) => {
                depth -= 1;
                if depth == 0 {
                    return Some(start + at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Removes `{/* a comment */}`, and replaces `{' '}` and `{"words"}` with the quoted text.
fn expression(body: &str, start: usize) -> Option<Edit> {
    if body[start..].starts_with("{/*") {
        let mut bound = (start + LONGEST).min(body.len());
        while !body.is_char_boundary(bound) {
            bound -= 1;
        }
        let end = body[start..bound].find("*/}")?;
        return Some(Edit::gone(start..start + end + 3));
    }
    let line = near(body, start + 1, 400);
    let inner = line.trim_start();
    let quote = inner.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let (words, after) = inner[1..].split_once(quote)?;
    let rest = after.trim_start().strip_prefix('}')?;
    let end = start + 1 + line.len() - rest.len();
    (!words.contains('$')).then(|| Edit::written(start..end, words))
}

/// A component's tag.
fn component(body: &str, start: usize) -> Option<Edit> {
    let rest = &body[start + 1..];
    let is_end = rest.starts_with('/');
    let name = rest.trim_start_matches('/');
    // `<>` only groups other elements.
    if name.starts_with('>') {
        let end = start + 1 + usize::from(is_end) + 1;
        return Some(Edit::gone(start..end));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = tag_end(body, start)?;
    let tag = &body[start..end];
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return tag.contains("={").then(|| plain_element(body, start, end));
    }
    let kind = if tag.ends_with("/>") { TagKind::Foreign } else { TagKind::Written(String::new()) };
    Some(Edit { kind, source: start..end })
}

/// The end of a tag, which may contain quotes and braces.
fn tag_end(body: &str, start: usize) -> Option<usize> {
    let mut at = start + 1;
    let mut quote = None;
    while at < body.len().min(start + LONGEST) {
        let c = body[at..].chars().next()?;
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('{', None) => {
                at = closed(body, at)?;
                continue;
            }
            ('>', None) => return Some(at + 1),
            ('<', None) => return None,
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}

/// An HTML element without attributes that are expressions; `className` becomes `class`.
fn plain_element(body: &str, start: usize, end: usize) -> Edit {
    let mut written = String::new();
    let mut at = start;
    while at < end {
        let Some(found) = body[at..end].find("={") else { break };
        let name_start = body[at..at + found].rfind(char::is_whitespace).unwrap_or(found);
        written.push_str(&body[at..at + name_start]);
        at = closed(body, at + found + 1).unwrap_or(end).min(end);
    }
    written.push_str(&body[at..end]);
    Edit::written(start..end, written.replace(" className=", " class="))
}
