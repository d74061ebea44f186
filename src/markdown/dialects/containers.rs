//! Boxes between lines of colons: `:::note … :::` as Docusaurus, v8 and `VuePress` write them
//! become the boxes of `> [!NOTE]`.

use super::{Edit, Survey, lines};

/// The maximum depth of nested boxes.
const DEEPEST: usize = 64;

/// Whether a body may contain boxes.
pub(super) fn has_signs(body: &str) -> bool {
    body.contains(":::")
}

/// A line that opens or closes a box.
struct Marker<'a> {
    /// The number of colons.
    colons: usize,
    /// The text after them.
    words: &'a str,
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let bare = line.trim_end();
    let inner = bare.trim_start_matches(' ');
    let colons = inner.len() - inner.trim_start_matches(':').len();
    (bare.len() - inner.len() <= 3 && colons >= 3)
        .then(|| Marker { colons, words: inner[colons..].trim() })
}

/// GitHub's name for a box; other names give no box.
fn kind(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "note" | "info" | "abstract" | "seealso" => Some("NOTE"),
        "tip" | "success" | "hint" => Some("TIP"),
        "important" => Some("IMPORTANT"),
        "warning" | "attention" => Some("WARNING"),
        "caution" | "danger" | "error" => Some("CAUTION"),
        _ => None,
    }
}

/// A name and a title: `note Title`, `note[Title]`, `{.note}`.
fn name_and_title(words: &str) -> (&str, &str) {
    let words = words.trim_start_matches(['{', '.']).trim_end_matches('}');
    let end = words.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(words.len());
    let (name, rest) = words.split_at(end);
    let rest = rest.trim();
    let title = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(rest);
    // Attributes are not a title.
    if title.starts_with('{') { (name, "") } else { (name, title.trim()) }
}

/// An open box, and the lines since its start.
struct Open<'a> {
    start: usize,
    line: &'a str,
    marker: Marker<'a>,
}

pub(super) fn edits(body: &str, survey: &Survey, edits: &mut Vec<Edit>) {
    if !has_signs(body) {
        return;
    }
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut boxes = Vec::new();
    for (start, line) in lines(body) {
        let Some(found) = marker(line).filter(|_| survey.code_at(start).is_none()) else {
            continue;
        };
        if !found.words.is_empty() {
            if open.len() == DEEPEST {
                open.clear();
            }
            open.push(Open { start, line, marker: found });
            continue;
        }
        let fits = |open: &Open<'_>| open.marker.colons <= found.colons;
        if let Some(at) = open.iter().rposition(fits) {
            let opened = open.swap_remove(at);
            open.truncate(at);
            boxes.push((opened, start..start + line.trim_end().len()));
        }
    }
    let mut depths: Vec<(usize, usize)> = Vec::new();
    for (opened, close) in boxes {
        let (name, title) = name_and_title(opened.marker.words);
        let first = opened.start..opened.start + opened.line.trim_end().len();
        edits.push(Edit::gone(close.clone()));
        let Some(kind) = kind(name) else {
            let title = if title.is_empty() { String::new() } else { format!("**{title}**\n") };
            edits.push(Edit::written(first, title));
            continue;
        };
        depths.push((opened.start, close.start));
        let title = if title.is_empty() { String::new() } else { format!("\n> **{title}**\n>") };
        edits.push(Edit::written(first, format!("[!{kind}]{title}")));
    }
    quote(body, depths, edits);
}

/// Inserts `>` before each line, once for each box around it.
fn quote(body: &str, mut boxes: Vec<(usize, usize)>, edits: &mut Vec<Edit>) {
    boxes.sort_unstable();
    let mut inside: Vec<usize> = Vec::new();
    let mut next = boxes.into_iter().peekable();
    for (start, _) in lines(body) {
        while let Some((_, end)) = next.next_if(|(first, _)| *first <= start) {
            inside.push(end);
        }
        inside.retain(|end| *end > start);
        if !inside.is_empty() {
            edits.push(Edit::written(start..start, "> ".repeat(inside.len().min(8))));
        }
    }
}
