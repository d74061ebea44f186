//! Pictures in raw HTML, and the links that replace frames, videos and sounds.

use std::ops::Range;

use super::Link;
use super::address::{self, Kind};
use super::escape::{excerpt, push_text};
use super::link_state::Marked;
use super::tokens::StartTag;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn raw_picture(&mut self, tag: &StartTag, range: &Range<usize>) {
        let attributes = self.attributes("img", tag, range);
        if let Some(id) =
            attributes.split_once(" id=\"").and_then(|(_, rest)| rest.split('"').next())
        {
            self.out.push_str("<span id=\"");
            self.out.push_str(id);
            self.out.push_str("\"></span>");
        }
        let text = |name: &str| self.words(tag.attribute(name).unwrap_or_default()).into_owned();
        let (alternative, title) = (text("alt"), text("title"));
        let pixels = |name: &str| tag.attribute(name)?.trim_end_matches("px").parse::<u32>().ok();
        let size = pixels("width").zip(pixels("height"));
        self.picture(tag.attribute("src").unwrap_or_default(), &alternative, &title, size, range);
    }

    /// Replaces a frame, a video or a sound by a link: it would load from another host without the
    /// reader's consent.
    pub(super) fn embedded(&mut self, tag: &StartTag, range: &Range<usize>) {
        let written =
            tag.attribute("src").or_else(|| tag.attribute("data-src")).unwrap_or_default();
        let address = self.prepared.without_tags(written).into_owned();
        let name = excerpt(&tag.name);
        if !matches!(address::kind(&address), Kind::Web | Kind::ProtocolRelative) {
            return self
                .removed(range, &format!("<{name}> is not allowed in a body: it was taken out"));
        }
        self.removed(
            range,
            &format!("<{name}> is not allowed in a body: a link to its address took its place"),
        );
        self.embed_link(&address, &self.prepared.original_range(range));
    }

    /// The link that takes an embedded page's place, which stands here in the body.
    pub(super) fn embed_link(&mut self, address: &str, range: &Range<usize>) {
        if self.open_links > 0 || self.raw.has_open_link() {
            return;
        }
        let is_block = !self.raw.has_open_phrase() && !self.is_in_leaf();
        let (open, close) = if is_block { ("<p", "</p>\n") } else { ("<span", "</span>") };
        self.out.push_str(open);
        self.out.push_str(" class=\"embedded\">");
        self.references.link_stands_at(range);
        let marked = match self.references.link(address) {
            Link::Robust(link) => Marked::robust(address, &link, &self.options.words),
            _ => Marked::plain(address),
        };
        self.out.push('<');
        self.out.push_str(marked.element);
        self.out.push_str(&marked.attributes);
        self.out.push('>');
        push_text(&mut self.out, &self.options.words.embedded);
        self.out.push_str(": ");
        push_text(&mut self.out, &host_and_path(address));
        self.end_marked(&marked);
        self.out.push_str(close);
    }
}

/// An address without scheme and query, as text.
fn host_and_path(address: &str) -> String {
    let bare = address.split_once("//").map_or(address, |(_, bare)| bare);
    let bare = bare.split(['?', '#']).next().unwrap_or_default();
    excerpt(bare.trim_end_matches('/'))
}
