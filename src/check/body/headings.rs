//! Headings: the outline must be usable with a screen reader.

use pulldown_cmark::{Event, Tag};

use super::{Body, Flaw, Lint};

pub(super) fn out_of_order(body: &Body<'_>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    // The headline is the page's first heading.
    let mut last = 1;
    let mut has_first = false;
    for (event, range) in body.events {
        let Event::Start(Tag::Heading { level, .. }) = event else { continue };
        let level = *level as usize;
        let line = body.text[range.clone()].lines().next().unwrap_or_default().len();
        let mut flaw = |message: String, help: String| {
            let range = range.start..range.start + line;
            flaws.push(Flaw { lint: Lint::HeadingOrder, range, message, help });
        };
        if level == 1 && has_first {
            let help = "one is enough: make this one ##, and those below it one deeper";
            flaw("this is a second heading of the first level".to_owned(), help.to_owned());
        } else if level > last + 1 {
            let message = format!("this heading of level {level} follows one of level {last}");
            flaw(message, format!("write it with {}", "#".repeat(last + 1)));
        }
        has_first |= level == 1;
        last = level;
    }
    flaws
}
