//! `WordPress`'s shortcodes: `[name key="value"]`, `[name]content[/name]`.

use std::ops::Range;

/// A shortcode in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shortcode<'a> {
    pub(super) name: &'a str,
    pub(super) range: Range<usize>,
    /// The text after the name.
    arguments: &'a str,
    /// The text before its end tag, if it has one.
    pub(super) content: Option<&'a str>,
}

impl<'a> Shortcode<'a> {
    pub(super) fn argument(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.arguments;
        while let Some(at) = rest.find(name) {
            let starts_word =
                at == 0 || rest[..at].ends_with(|before: char| before.is_whitespace());
            let value = rest[at + name.len()..].trim_start();
            rest = &rest[at + name.len()..];
            if let Some(value) = value.strip_prefix('=').filter(|_| starts_word) {
                return Some(quoted(value.trim_start())).filter(|value| !value.is_empty());
            }
        }
        None
    }

    /// The first word after the name, as in `[youtube https://…]`.
    pub(super) fn first_word(&self) -> Option<&'a str> {
        self.arguments.split_whitespace().next()
    }
}

/// A value without its quotes.
fn quoted(value: &str) -> &str {
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\'' | '”' | '“'));
    match quote {
        Some(quote) => {
            let inner = &value[quote.len_utf8()..];
            inner.find(['"', '\'', '”'].as_slice()).map_or(inner, |end| {
                // It ends at the matching quote.
                let same = inner.find(if quote == '“' { '”' } else { quote });
                &inner[..same.unwrap_or(end)]
            })
        }
        None => value.split(|letter: char| letter.is_whitespace()).next().unwrap_or_default(),
    }
}

/// The shortcodes of a text in order: those with arguments, an end tag, or a known name. `[[name]]`
/// is text.
pub(super) fn shortcodes(text: &str) -> impl Iterator<Item = Shortcode<'_>> {
    let mut at = 0;
    let mut ends = EndTags::default();
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find('[')?;
            at = start + 1;
            if let Some(found) = shortcode_at(text, start, &mut ends) {
                at = found.range.end;
                return Some(found);
            }
        }
    })
}

/// Names without further end tags, so that each is searched only once.
#[derive(Default)]
struct EndTags(rustc_hash::FxHashSet<String>);

impl EndTags {
    fn find(&mut self, text: &str, from: usize, name: &str) -> Option<usize> {
        if self.0.contains(name) {
            return None;
        }
        let found = text[from..].find(&format!("[/{name}]")).map(|at| from + at);
        if found.is_none() {
            self.0.insert(name.to_owned());
        }
        found
    }
}

fn shortcode_at<'a>(text: &'a str, start: usize, ends: &mut EndTags) -> Option<Shortcode<'a>> {
    if text[..start].ends_with('[') {
        return None;
    }
    let rest = &text[start + 1..];
    let name_end = rest
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')))
        .unwrap_or(rest.len());
    let name = &rest[..name_end];
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) || name.len() > 40 {
        return None;
    }
    let close =
        rest[name_end..].find([']', '[']).filter(|at| rest[name_end + at..].starts_with(']'))?;
    let arguments = rest[name_end..name_end + close].trim().trim_end_matches('/').trim();
    if !rest[name_end..].starts_with([']', ' ', '\t', '\n', '/', '=']) {
        return None;
    }
    let after = start + 1 + name_end + close + 1;
    let end = ends.find(text, after, name);
    let stands_alone = matches!(name, "gallery" | "audio" | "video" | "playlist");
    // `[vimeo 12345]`: a film by its id.
    let is_film = matches!(name, "youtube" | "vimeo")
        && !arguments.is_empty()
        && !arguments.contains(char::is_whitespace);
    let is_named = stands_alone || is_film || starts_with_address(arguments);
    if end.is_none() && !arguments.contains('=') && !is_named {
        return None;
    }
    let (content, end) = match end {
        Some(end) => (Some(&text[after..end]), end + name.len() + 3),
        None => (None, after),
    };
    Some(Shortcode { name, range: start..end, arguments, content })
}

fn starts_with_address(arguments: &str) -> bool {
    arguments.trim_start_matches('=').starts_with("http")
}
