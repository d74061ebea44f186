//! Holes: a sentence that lost the link it was about. Whoever copies a report out of a page loses
//! links whose words were pictures, buttons or scripts, and the sentence closes over them:
//! “the agency has been  about”, “it was published in .”, “the report is available at :”.
//!
//! Two spaces alone are a typist's habit. What tells a hole is that the word before it can't stand
//! before what follows.

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

/// Two spaces between a word that opens and one that goes on, or the bracket that explains a name.
fn gaps<'t>(text: &'t str, words: &'t Function) -> impl Iterator<Item = Hole> + 't {
    text.match_indices("  ").filter_map(move |(at, _)| {
        let before = last_word(&text[..at])?;
        let rest = text.get(at + 2..)?;
        let is_bracket = rest.starts_with('(');
        let after = if is_bracket { "(" } else { first_word(rest)? };
        let goes_on = is_bracket && words.needs(before) || words.goes_on(after);
        let is_hole = words.opens(before) && goes_on;
        let start = at - before.len();
        is_hole.then(|| {
            (start, at + 2 + after.len(), format!("between “{before}” and “{after}” is a hole"))
        })
    })
}

/// A full stop, a comma or a bracket after a space, and before that a word that opens.
fn before_signs<'t>(text: &'t str, words: &'t Function) -> impl Iterator<Item = Hole> + 't {
    let signs = [" .", " ,", " )", " ،", " ؛"];
    let found = signs.into_iter().flat_map(move |sign| text.match_indices(sign));
    found.filter_map(move |(at, sign)| {
        let before = last_word(&text[..at])?;
        let rest = &text[at + sign.len()..];
        // “ .gov”, “ .5” and “ ...” are words of their own.
        let ends =
            rest.chars().next().is_none_or(|next| next.is_whitespace() || "”\")»".contains(next));
        let start = at - before.len();
        (ends && words.leads(before)).then(|| {
            let sign = sign.trim_start();
            (start, at + 1 + sign.len(), format!("between “{before}” and “{sign}” is a hole"))
        })
    })
}

/// “at :” and nothing that it points to.
fn at_no_address<'t>(
    text: &'t str,
    prose: &Prose,
    words: &'t Function,
) -> impl Iterator<Item = Hole> + 't {
    let next = prose.next;
    text.match_indices(" :").filter_map(move |(at, sign)| {
        let before = last_word(&text[..at])?;
        let rest = text[at + sign.len()..].trim_start();
        let points = rest.is_empty() && next == Next::Thing
            || ["http", "www."].iter().any(|beginning| rest.starts_with(beginning));
        let start = at - before.len();
        (words.points(before) && !points && !text[at + 2..].starts_with(':'))
            .then(|| (start, at + sign.len(), format!("after “{before} :” there is no address")))
    })
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '\'' | '’' | '-')
}

/// The word that a text ends with, if it ends with one.
fn last_word(text: &str) -> Option<&str> {
    let start = text.trim_end_matches(is_of_word).len();
    Some(&text[start..]).filter(|word| !word.is_empty())
}

/// The word that a text begins with, if it begins with one.
fn first_word(text: &str) -> Option<&str> {
    let end = text.len() - text.trim_start_matches(is_of_word).len();
    Some(&text[..end]).filter(|word| !word.is_empty())
}
