//! Markdown events of a body with their places in the source, for code that only analyses it.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Parser, Tag};

use super::shortcodes::{Piece, Prepared};
use super::tag_kind::TagKind;
use super::{MarkdownOptions, dialect};

/// Calls a function with the body's events. Quotes stay straight. Shortcodes and template tags are
/// separate events, as raw HTML.
pub(crate) fn read<T>(
    body: &str,
    options: &MarkdownOptions,
    look: impl FnOnce(&[(Event<'_>, Range<usize>)]) -> T,
) -> T {
    let prepared = Prepared::new(body, options);
    let mut events = Vec::new();
    for (event, range) in Parser::new_ext(prepared.text(), dialect(false)).into_offset_iter() {
        match event {
            Event::Text(text) if prepared.has_tags(&text) => {
                push_pieces(&text, &range, &prepared, &mut events);
            }
            event => events.push((restored(event, &prepared), prepared.original_range(&range))),
        }
    }
    look(&events)
}

/// The text and the tags of a text event. A text with tags is taken from the source.
fn push_pieces(
    text: &str,
    range: &Range<usize>,
    prepared: &Prepared<'_>,
    events: &mut Vec<(Event<'_>, Range<usize>)>,
) {
    let mut at = range.start;
    for piece in prepared.pieces(text) {
        match piece {
            Piece::Text(words) => {
                let place = prepared.original_range(&(at..at + words.len()));
                events.push((Event::Text(words.to_owned().into()), place));
                at += words.len();
            }
            Piece::Tag(index) => {
                let Some(tag) = prepared.tags.get(index) else { continue };
                at += index.to_string().len() + 2 * prepared.sentinel.len_utf8();
                if matches!(tag.kind, TagKind::Joint | TagKind::Id(_)) {
                    continue;
                }
                let source = prepared.source(index).to_owned();
                events.push((Event::InlineHtml(source.into()), tag.source.clone()));
            }
        }
    }
}

fn restored<'t>(event: Event<'t>, prepared: &Prepared<'_>) -> Event<'t> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = with_tags(dest_url, prepared);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let dest_url = with_tags(dest_url, prepared);
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        event => event,
    }
}

fn with_tags<'t>(text: CowStr<'t>, prepared: &Prepared<'_>) -> CowStr<'t> {
    if prepared.has_tags(&text) { prepared.restored(&text).into_owned().into() } else { text }
}
