//! A body's Markdown for those who look at it and write nothing: its events, with the places where
//! they stand in the body as written.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Parser, Tag};

use super::dialect;
use super::shortcodes::Prepared;

/// Reads a body and hands its events to a function. Words are as written: quotes stay straight, and
/// tags of shortcodes and of other generators stand in their texts.
pub fn read<T>(body: &str, look: impl FnOnce(&[(Event<'_>, Range<usize>)]) -> T) -> T {
    let prepared = Prepared::new(body);
    let events: Vec<(Event<'_>, Range<usize>)> = Parser::new_ext(prepared.text(), dialect(false))
        .into_offset_iter()
        .map(|(event, range)| (restored(event, &prepared), prepared.original_range(&range)))
        .collect();
    look(&events)
}

fn restored<'t>(event: Event<'t>, prepared: &Prepared<'_>) -> Event<'t> {
    match event {
        Event::Text(text) => Event::Text(with_tags(text, prepared)),
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
