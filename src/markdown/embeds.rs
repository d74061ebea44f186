//! Pictures in raw HTML, and the links that replace what other hosts would show in frames.

use std::ops::Range;

use super::address::{self, Kind};
use super::escape::{excerpt, push_text};
use super::link_state::Marked;
use super::media::{PlayerTag, Wanted};
use super::tokens::StartTag;
use super::writer::Writer;
use super::{Link, LinkedFile, services};
use crate::base::medium::{Medium, ending};

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

    /// A frame or another embedded object. A file of the archive is shown; what another host has is
    /// replaced by a link: it would load from there without the reader's consent.
    pub(super) fn embedded(&mut self, tag: &StartTag, range: &Range<usize>) {
        if matches!(tag.name.as_str(), "audio" | "video") {
            return self.begin_player(tag, range);
        }
        let written = ["src", "data", "data-src"].iter().find_map(|name| tag.attribute(name));
        let address = self.prepared.without_tags(written.unwrap_or_default()).into_owned();
        let title = self.words(tag.attribute("title").unwrap_or_default()).into_owned();
        let name = excerpt(&tag.name);
        let is_web = matches!(address::kind(&address), Kind::Web | Kind::ProtocolRelative);
        if self.is_own_file(&address) {
            if tag.name == "object" {
                return self.begin_player(tag, range);
            }
            let medium = Medium::of(&address).unwrap_or(Medium::Document);
            let (caption, player) = (String::new(), PlayerTag::default());
            let wanted = Wanted { source: address, medium, name: title, caption, player };
            return self.shown_here(&wanted, range);
        }
        if matches!(tag.name.as_str(), "embed" | "object") && is_own_picture(&address) {
            return self.picture(&address, &title, "", None, range);
        }
        if !is_web {
            return self
                .removed(range, &format!("<{name}> is not allowed in a body: it was taken out"));
        }
        if services::shown(&address).is_none() {
            self.removed(
                range,
                &format!("<{name}> is not allowed in a body: a link to its address took its place"),
            );
        }
        self.embed_link(&address, &title, &self.prepared.original_range(range));
    }

    /// Whether an address is that of a sound, a film or a document in the archive.
    fn is_own_file(&self, address: &str) -> bool {
        let may_be = !matches!(address::kind(address), Kind::Refused | Kind::Other | Kind::Empty);
        may_be
            && Medium::of(address).is_some()
            && !matches!(self.references.file(address), LinkedFile::Remote)
    }

    /// The link that takes an embedded page's place, which stands here in the body.
    pub(super) fn embed_link(&mut self, address: &str, title: &str, range: &Range<usize>) {
        if self.open_links > 0 || self.raw.has_open_link() {
            return;
        }
        if self.raw.has_open_phrase() || self.is_in_leaf() {
            self.embed_in_line(address, title, range);
        } else {
            self.embed_as_block(address, title, range);
        }
    }

    pub(super) fn embed_as_block(&mut self, address: &str, title: &str, range: &Range<usize>) {
        self.out.push_str("<p class=\"embedded\">");
        self.embed_words(address, title, range);
        self.out.push_str("</p>\n");
    }

    pub(super) fn embed_in_line(&mut self, address: &str, title: &str, range: &Range<usize>) {
        self.out.push_str("<span class=\"embedded\">");
        self.embed_words(address, title, range);
        self.out.push_str("</span>");
    }

    /// The service, the title and the address where readers see it.
    fn embed_words(&mut self, written: &str, title: &str, range: &Range<usize>) {
        let shown = services::shown(written);
        let address = shown.as_ref().map_or(written, |shown| shown.address.as_str());
        let place = match shown {
            Some(_) => excerpt(without_scheme(address)),
            None => host_and_path(address),
        };
        self.references.link_stands_at(range);
        let marked = match self.references.link(address) {
            Link::Robust(link) => Marked::robust(address, &link, &self.options.words),
            Link::Lost => Marked::lost(&self.options.words),
            _ => Marked::plain(address),
        };
        self.out.push('<');
        self.out.push_str(marked.element);
        self.out.push_str(&marked.attributes);
        self.out.push('>');
        match &shown {
            Some(shown) => self.out.push_str(shown.service),
            None => push_text(&mut self.out, &self.options.words.embedded),
        }
        self.out.push_str(": ");
        let has_title = !services::is_title_of_player(title);
        push_text(&mut self.out, &if has_title { excerpt(title.trim()) } else { place.clone() });
        self.end_marked(&marked);
        if has_title {
            self.out.push_str(" <span class=\"embedded-address\">");
            push_text(&mut self.out, &place);
            self.out.push_str("</span>");
        }
    }
}

fn is_own_picture(address: &str) -> bool {
    const PICTURES: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg"];
    let is_picture = ending(address)
        .is_some_and(|ending| PICTURES.iter().any(|known| known.eq_ignore_ascii_case(ending)));
    is_picture && address::kind(address) == Kind::Relative
}

/// An address without scheme and `www.`.
fn without_scheme(address: &str) -> &str {
    let bare = address.split_once("//").map_or(address, |(_, bare)| bare);
    bare.strip_prefix("www.").unwrap_or(bare)
}

/// An address without scheme and query, as text.
fn host_and_path(address: &str) -> String {
    let bare = address.split_once("//").map_or(address, |(_, bare)| bare);
    let bare = bare.split(['?', '#']).next().unwrap_or_default();
    excerpt(bare.trim_end_matches('/'))
}
