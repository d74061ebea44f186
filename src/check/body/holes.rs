//! Holes: sentences that lost a link. When a report is copied from a web page, links that were
//! pictures, buttons or scripts vanish without a trace: “the agency has been  about”, “it was
//! published in .”, “the report is available at :”.
//!
//! Two spaces alone are a habit of typing. A hole needs a word that can't stand before what follows
//! it.

use std::ops::Range;

use super::words::{Function, function_words};
use super::{Body, Flaw, Lint, Next, Prose};

pub(super) fn of_lost_links(body: &Body<'_>) -> Vec<Flaw> {
    let Some(words) = function_words(body.language) else { return Vec::new() };
    let mut flaws = Vec::new();
    for prose in body.prose() {
        let text = &body.text[prose.range.clone()];
        let flaw = |lint: Lint, (start, end, message): Hole| Flaw {
            lint,
            range: prose.range.start + start..prose.range.start + end,
            message,
            help: "something is missing here, often a link: look at the original".to_owned(),
        };
        let holes = gaps(text, words).chain(before_signs(text, words));
        flaws.extend(holes.map(|hole| flaw(Lint::SentenceHole, hole)));
        let announced = at_no_address(text, &prose, words);
        flaws.extend(announced.map(|hole| flaw(Lint::MissingAddress, hole)));
    }
    flaws
}

type Hole = (usize, usize, String);

/// Spaces and no-break spaces, as characters and entities.
const SPACES: [&str; 6] = [" ", "\u{a0}", "&nbsp;", "&#160;", "&#xa0;", "&#xA0;"];

/// The length of the space at the start of a text.
fn space(text: &str) -> Option<usize> {
    SPACES.into_iter().find(|space| text.starts_with(space)).map(str::len)
}

/// Runs of two or more spaces of any kind.
fn wide_gaps(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(offset) = text[at..].find([' ', '\u{a0}', '&']) {
            let start = at + offset;
            let (mut end, mut count) = (start, 0);
            while let Some(length) = space(&text[end..]) {
                end += length;
                count += 1;
            }
            at = end.max(start + 1);
            if count > 1 {
                return Some(start..end);
            }
            while !text.is_char_boundary(at) {
                at += 1;
            }
        }
        None
    })
}

/// Two spaces between an opening word and one that continues a sentence, or a bracket.
fn gaps<'t>(text: &'t str, words: &'t Function) -> impl Iterator<Item = Hole> + 't {
    wide_gaps(text).filter_map(move |gap| {
        let before = last_word(&text[..gap.start])?;
        let rest = &text[gap.end..];
        let is_bracket = rest.starts_with('(');
        let after = if is_bracket { "(" } else { first_word(rest)? };
        let goes_on = is_bracket && words.needs(before) || words.goes_on(after);
        let is_hole = words.opens(before) && goes_on;
        let start = gap.start - before.len();
        is_hole.then(|| {
            (start, gap.end + after.len(), format!("between “{before}” and “{after}” is a hole"))
        })
    })
}

/// Whether the author always sets a space before this sign: also after words that open no hole.
fn is_habit(text: &str, sign: &str, tells: impl Fn(&str) -> bool) -> bool {
    text.match_indices(sign).any(|(at, _)| last_word(&text[..at]).is_some_and(|word| !tells(word)))
}

/// An opening word, a space, and then a full stop, a comma or a bracket.
fn before_signs<'t>(text: &'t str, words: &'t Function) -> impl Iterator<Item = Hole> + 't {
    let signs = [" .", " ,", " )", " ،", " ؛"];
    let is_told = move |sign: &&str| !is_habit(text, sign, |word| words.leads(word));
    let found = signs.into_iter().filter(is_told).flat_map(move |sign| text.match_indices(sign));
    found.filter_map(move |(at, sign)| {
        let before = last_word(&text[..at])?;
        let rest = &text[at + sign.len()..];
        // “ .gov”, “ .5” and “ ...” are no full stops.
        let ends =
            rest.chars().next().is_none_or(|next| next.is_whitespace() || "”\")»".contains(next));
        let start = at - before.len();
        (ends && words.leads(before)).then(|| {
            let sign = sign.trim_start();
            (start, at + 1 + sign.len(), format!("between “{before}” and “{sign}” is a hole"))
        })
    })
}

/// “at :” without an address.
fn at_no_address<'t>(
    text: &'t str,
    prose: &Prose,
    words: &'t Function,
) -> impl Iterator<Item = Hole> + 't {
    let next = prose.next;
    let is_habit = is_habit(text, " :", |word| words.points(word));
    text.match_indices(" :").filter(move |_| !is_habit).filter_map(move |(at, sign)| {
        let before = last_word(&text[..at])?;
        let behind = &text[at + sign.len()..];
        // “on :7000” is a port, “here :)” a smiley.
        let stands_alone = behind.is_empty() || behind.starts_with(char::is_whitespace);
        let rest = behind.trim_start();
        let points = rest.is_empty() && next == Next::Thing
            || ["http", "www."].iter().any(|beginning| rest.starts_with(beginning));
        let start = at - before.len();
        (words.points(before) && !points && stands_alone && !words.sets_space_before_colons())
            .then(|| (start, at + sign.len(), format!("after “{before} :” there is no address")))
    })
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '\'' | '’' | '-')
}

/// The word at the end of a text.
fn last_word(text: &str) -> Option<&str> {
    let start = text.trim_end_matches(is_of_word).len();
    Some(&text[start..]).filter(|word| !word.is_empty())
}

/// The word at the start of a text.
fn first_word(text: &str) -> Option<&str> {
    let end = text.len() - text.trim_start_matches(is_of_word).len();
    Some(&text[..end]).filter(|word| !word.is_empty())
}
