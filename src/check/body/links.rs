//! Links and pictures: missing or vague words, and addresses that are not links.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::words::{is_vague, plain};
use super::{Body, Flaw, Lint};

/// A link or a picture with its content.
struct Linked<'a> {
    kind: LinkType,
    destination: &'a str,
    range: Range<usize>,
    words: String,
    /// It contains raw HTML, whose visible text is unknown here.
    is_opaque: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sought {
    Link,
    Picture,
}

fn linked<'a>(body: &'a Body<'_>, sought: Sought) -> Vec<Linked<'a>> {
    let mut open: Vec<Linked<'a>> = Vec::new();
    let mut found = Vec::new();
    for (event, range) in body.events {
        let start = match (event, sought) {
            (Event::Start(Tag::Link { link_type, dest_url, .. }), Sought::Link)
            | (Event::Start(Tag::Image { link_type, dest_url, .. }), Sought::Picture) => {
                Some((*link_type, dest_url))
            }
            _ => None,
        };
        if let Some((kind, destination)) = start {
            let (range, words) = (range.clone(), String::new());
            open.push(Linked { kind, destination, range, words, is_opaque: false });
            continue;
        }
        let ends = matches!(
            (event, sought),
            (Event::End(TagEnd::Link), Sought::Link) | (Event::End(TagEnd::Image), Sought::Picture)
        );
        if ends {
            found.extend(open.pop());
            continue;
        }
        let Some(last) = open.last_mut() else { continue };
        match event {
            Event::Text(text) | Event::Code(text) => last.words.push_str(text),
            Event::SoftBreak | Event::HardBreak => last.words.push(' '),
            Event::InlineHtml(_) => last.is_opaque = true,
            _ => {}
        }
    }
    found
}

pub(super) fn without_words(body: &Body<'_>) -> Vec<Flaw> {
    let empty = linked(body, Sought::Link)
        .into_iter()
        .filter(|link| plain(&link.words).is_empty() && !link.is_opaque);
    let flaw = |link: Linked<'_>| Flaw {
        lint: Lint::EmptyLinkText,
        range: link.range,
        message: format!("the link to `{}` has no words", link.destination),
        help: "write between [ and ] what it leads to; a picture in a link needs words of its own"
            .to_owned(),
    };
    empty.map(flaw).collect()
}

pub(super) fn of_vague_words(body: &Body<'_>) -> Vec<Flaw> {
    let vague = linked(body, Sought::Link).into_iter().filter(|link| is_vague(&link.words));
    let flaw = |link: Linked<'_>| Flaw {
        lint: Lint::VagueLinkText,
        range: link.range,
        message: format!("“{}” does not say where the link leads", link.words.trim()),
        help: "put the link on words that name its target: whoever hears links read out hears \
               nothing else"
            .to_owned(),
    };
    vague.map(flaw).collect()
}

pub(super) fn pictures_without_alt(body: &Body<'_>) -> Vec<Flaw> {
    let silent = linked(body, Sought::Picture)
        .into_iter()
        .filter(|picture| plain(&picture.words).is_empty());
    let flaw = |picture: Linked<'_>| Flaw {
        lint: Lint::MissingAlt,
        range: picture.range,
        message: format!("the picture `{}` has no words", picture.destination),
        help: "say between ![ and ] what it shows, for those who can't see it".to_owned(),
    };
    silent.filter(|picture| picture.kind != LinkType::ReferenceUnknown).map(flaw).collect()
}

/// Beginnings of addresses in running text.
const BEGINNINGS: [&str; 3] = ["https://", "http://", "www."];

pub(super) fn bare_urls(body: &Body<'_>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for prose in body.prose() {
        let text = &body.text[prose.range.clone()];
        for address in addresses(text) {
            let written = &text[address.clone()];
            flaws.push(Flaw {
                lint: Lint::BareUrl,
                range: prose.range.start + address.start..prose.range.start + address.end,
                message: format!("`{written}` is no link"),
                help: if written.starts_with("www.") {
                    format!("write it as [words](https://{written})")
                } else {
                    format!("write it as <{written}>, or as [words]({written})")
                },
            });
        }
    }
    flaws
}

/// Punctuation after an address that belongs to the sentence.
const CLOSING: [char; 12] = ['.', ',', ';', ':', ')', '!', '?', '\'', '’', '*', '_', ']'];

/// An address without closing punctuation; a bracket opened inside it is kept, as in
/// `…/Talks_(2017)`.
fn without_closing(address: &str) -> &str {
    let open = address.matches('(').count();
    let mut closed = address.matches(')').count();
    let mut rest = address;
    while let Some(last) = rest.chars().next_back().filter(|last| CLOSING.contains(last)) {
        if last == ')' && closed <= open {
            break;
        }
        closed -= usize::from(last == ')');
        rest = &rest[..rest.len() - last.len_utf8()];
    }
    rest
}

/// The addresses in a text, without the punctuation around them.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let begins = BEGINNINGS.iter().flat_map(|beginning| text.match_indices(beginning));
    let mut begins: Vec<(usize, &str)> = begins.collect();
    begins.sort_unstable();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut passed = 0;
    for (start, beginning) in begins {
        if start < passed {
            continue;
        }
        let end = start + without_closing(written(&text[start..])).len();
        let before = text[..start].chars().next_back();
        // “[youtube=https://…]” and quoted addresses are syntax of other programs.
        let is_inside = before
            .is_some_and(|before| before.is_alphanumeric() || matches!(before, '=' | '"' | '/'));
        let host = text.get(start + beginning.len()..end).and_then(|rest| rest.chars().next());
        if !is_inside && host.is_some_and(char::is_alphanumeric) {
            found.push(start..end);
            passed = end;
        }
    }
    found
}

/// The part of a text before the first character that no address contains.
fn written(text: &str) -> &str {
    let is_stop = |character: char| character.is_whitespace() || "<>\"”»`".contains(character);
    let limit = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let text = &text[..limit];
    let text = &text[..text.find(is_stop).unwrap_or(text.len())];
    // A quotation mark may be an HTML entity.
    text.split("&#").next().unwrap_or(text)
}

/// Longer addresses are not real.
const LONGEST: usize = 2_000;
