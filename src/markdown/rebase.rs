//! Markdown for use outside the site: links into the archive become absolute.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use super::{Link, Picture, References, dialect};

/// The body with absolute addresses for links and pictures of the archive: `origin`
/// (`https://host`) plus the resolved address.
pub(crate) fn rebase(body: &str, references: &dyn References, origin: &str) -> String {
    let parser = Parser::new_ext(body, dialect(false));
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (_, definition) in parser.reference_definitions().iter() {
        let at = destination(body, &definition.span, "]:", &definition.dest);
        edits.extend(at.zip(link(&definition.dest, references)));
    }
    for (event, range) in parser.into_offset_iter() {
        let (found, written) = match &event {
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) => {
                (link(dest_url, references), dest_url)
            }
            Event::Start(Tag::Image { link_type: LinkType::Inline, dest_url, .. }) => {
                (picture(dest_url, references), dest_url)
            }
            _ => continue,
        };
        edits.extend(destination(body, &range, "](", written).zip(found));
    }
    edits.sort_by_key(|(range, _)| range.start);
    edits.dedup_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(body.len() + edits.len() * origin.len());
    let mut done = 0;
    for (range, address) in edits {
        out.push_str(&body[done..range.start]);
        out.push_str(origin);
        out.push_str(&address.replace('(', "%28").replace(')', "%29"));
        done = range.end;
    }
    out.push_str(&body[done..]);
    out
}

fn link(written: &str, references: &dyn References) -> Option<String> {
    if written.is_empty() || written.starts_with('#') {
        return None;
    }
    match references.link(written) {
        Link::Internal(address) => Some(address),
        _ => None,
    }
}

fn picture(written: &str, references: &dyn References) -> Option<String> {
    match references.picture(written) {
        Picture::Local { address, .. } => Some(address),
        _ => None,
    }
}

/// The place of a target: its last occurrence after `mark`. A target with escapes is not found, and
/// stays.
pub(super) fn destination(
    body: &str,
    range: &Range<usize>,
    mark: &str,
    written: &str,
) -> Option<Range<usize>> {
    let text = body.get(range.clone())?;
    text.rmatch_indices(mark).find_map(|(at, _)| {
        let after = at + mark.len();
        let rest = text[after..].trim_start();
        let rest = rest.strip_prefix('<').unwrap_or(rest);
        let start = range.start + text.len() - rest.len();
        let ends = |end: &str| end.is_empty() || end.starts_with([')', '>', ' ', '\n', '\t']);
        rest.strip_prefix(written).filter(|end| ends(end)).map(|_| start..start + written.len())
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Archive;
    use super::*;

    #[test]
    fn links_into_the_archive_become_absolute_and_nothing_else_changes() {
        let body = "A [b](known.md \"t\") *c* [d](<known.md>) ![e](a.png) [![f](a.png)](known.md)\n\n\
            [g][r] [h](https://x.example/) [i](#p1) [j](nowhere.md) `[k](known.md)`\n\n[r]: known.md 'u'\n";
        let wanted = "A [b](https://h/base/known/ \"t\") *c* [d](<https://h/base/known/>) \
            ![e](https://h/base/a.png) [![f](https://h/base/a.png)](https://h/base/known/)\n\n\
            [g][r] [h](https://x.example/) [i](#p1) [j](nowhere.md) `[k](known.md)`\n\n[r]: https://h/base/known/ 'u'\n";
        assert_eq!(rebase(body, &Archive, "https://h"), wanted);
    }
}
