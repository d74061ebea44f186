//! Bare addresses (`https://x.example/`, `www.x.example`, `a@x.example`) become links by the rules
//! of GitHub's Markdown.

use super::{Edit, Survey};

/// Whether a body may contain bare addresses.
pub(super) fn has_signs(body: &str) -> bool {
    let is_bare = |start: &str, at: usize| {
        let (before, rest) = (&body[..at], &body[at..]);
        before.chars().next_back().is_none_or(may_stand_before)
            && !is_target(before, rest)
            && address(rest, start).is_some()
    };
    let has_addresses = body.contains("://") || body.contains("www.");
    let mut starts = STARTS.iter().filter(|_| has_addresses);
    starts.any(|start| body.match_indices(start).any(|(at, _)| is_bare(start, at)))
        || body.match_indices('@').any(|(at, _)| mailbox(body, at).is_some())
}

/// Whether an address is certainly a link's target. Most bodies have no other addresses, and need
/// not be parsed.
fn is_target(before: &str, rest: &str) -> bool {
    let Some(words) = before.strip_suffix("](") else { return false };
    let line = words.rsplit('\n').next().unwrap_or_default();
    let opens = line.rfind('[').is_some_and(|at| !line[..at].ends_with('\\'));
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ')' | '(' | '<'));
    opens && !line.contains('`') && end.is_some_and(|at| rest[at..].starts_with(')'))
}

/// The start of an address.
const STARTS: [&str; 4] = ["https://", "http://", "ftp://", "www."];

pub(super) fn edits(body: &str, survey: &Survey, edits: &mut Vec<Edit>) {
    if !has_signs(body) {
        return;
    }
    let mut done = 0;
    for start in STARTS {
        for (at, _) in body.match_indices(start) {
            let before = body[..at].chars().next_back();
            let is_free = before.is_none_or(may_stand_before);
            if !is_free || !survey.is_in_words(at) {
                continue;
            }
            let Some(length) = address(&body[at..], start) else { continue };
            let address = &body[at..at + length];
            if start == "www." {
                let words: String = address.chars().flat_map(escaped).collect();
                let link = format!("[{words}](<http://{address}>)");
                edits.push(Edit::written(at..at + length, link));
            } else {
                edits.push(Edit::written(at..at, "<"));
                edits.push(Edit::written(at + length..at + length, ">"));
            }
        }
    }
    for (at, _) in body.match_indices('@') {
        if at < done {
            continue;
        }
        let Some((start, end)) = mailbox(body, at) else { continue };
        done = end;
        if survey.is_in_words(start) && survey.is_in_words(at) {
            edits.push(Edit::written(start..start, "<"));
            edits.push(Edit::written(end..end, ">"));
        }
    }
}

fn may_stand_before(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '~' | '(' | '（' | '「' | '：' | '，' | '。')
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])
}

/// The length of the address at the start of a text.
fn address(text: &str, start: &str) -> Option<usize> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '`') || c.is_control();
    let whole = &text[..text.find(ends).unwrap_or(text.len())];
    // Braces of shortcodes, and punctuation of scripts without spaces, end an address.
    let whole = &whole[..["{{", "{%", "。", "，", "）", "」", "、", "；"]
        .iter()
        .filter_map(|mark| whole.find(mark))
        .min()
        .unwrap_or(whole.len())];
    let whole = trimmed(whole);
    let host_start = if start == "www." { 0 } else { start.len() };
    let host = whole.get(host_start..)?.split(['/', '?', '#', ':']).next()?;
    is_domain(host, start == "www.").then_some(whole.len())
}

/// Removes punctuation that ends the sentence.
fn trimmed(mut text: &str) -> &str {
    let mut opened = text.matches('(').count();
    let mut closed = text.matches(')').count();
    loop {
        let Some(last) = text.chars().next_back() else { return text };
        let is_entity = last == ';'
            && text.rfind('&').is_some_and(|at| {
                let name = &text[at + 1..text.len() - 1];
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric())
            });
        if is_entity {
            text = &text[..text.rfind('&').unwrap_or(0)];
            opened = text.matches('(').count();
            closed = text.matches(')').count();
            continue;
        }
        let is_mark = matches!(
            last,
            '?' | '!'
                | '.'
                | ','
                | ':'
                | '*'
                | '_'
                | '~'
                | '\''
                | '"'
                | ';'
                | '”'
                | '’'
                | '»'
                | '…'
        );
        match last {
            ')' if closed > opened => closed -= 1,
            _ if is_mark => {}
            _ => return text,
        }
        text = &text[..text.len() - last.len_utf8()];
    }
}

/// Letters, digits and hyphens between dots; the last two parts have no underscore.
fn is_domain(host: &str, needs_dot: bool) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let last = parts.iter().rev().take(2);
    let dots = if needs_dot { 2 } else { 1 };
    parts.iter().all(|part| is_part(part))
        && !last.clone().any(|part| part.contains('_'))
        && (parts.len() > dots || (!needs_dot && parts.len() > 1))
}

/// The mailbox around an `@`.
fn mailbox(body: &str, at: usize) -> Option<(usize, usize)> {
    /// The maximum length of a mailbox.
    const MOST: usize = 320;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte);
    let before = body.as_bytes()[..at].iter().rev().take(MOST);
    let length = before.take_while(|&&byte| is_name(byte)).count();
    let start = at - length;
    let free = body[..start].chars().next_back();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let after = body.as_bytes()[at + 1..].iter().take(MOST);
    let host = after.take_while(|&&byte| is_host(byte)).count();
    let host = body[at + 1..at + 1 + host].trim_end_matches('.');
    let is_good = length > 0
        && host.contains('.')
        && !host.ends_with(['-', '_'])
        && host.split('.').all(|part| !part.is_empty())
        && !host.contains('_')
        && !body[start..].starts_with(['.', '-', '+'])
        && free.is_none_or(|c| may_stand_before(c) || matches!(c, ',' | ';' | ':' | '['))
        && !body[at + 1 + host.len()..].starts_with(['@', '/']);
    is_good.then_some((start, at + 1 + host.len()))
}
