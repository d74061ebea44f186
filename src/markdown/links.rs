//! Resolves links, and writes those without a target.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::LinkType;

use super::address::{self, Kind};
use super::anchors::FragmentLink;
use super::escape::{excerpt, push_address, push_number};
use super::link_state::Marked;
use super::shortcodes::Piece;
use super::tag_kind::TagKind;
use super::writer::{Close, Writer};
use super::{Link, LinkedFile};
use crate::base::choices::UnresolvedLinks;
use crate::base::diagnostic::Rule;
use crate::base::medium::Medium;

/// The resolved target of a link; its problems were reported.
pub(super) enum Target<'t> {
    /// An address, inside the archive or outside.
    Address { href: Cow<'t, str>, is_external: bool },
    /// An id on this page, by the link's number.
    Fragment(usize),
    /// None: the words are kept in a span of this class.
    Words(&'static str),
    /// With tags and marks of its own.
    Marked(Box<Marked>),
}

impl Writer<'_> {
    pub(super) fn start_link(
        &mut self,
        kind: LinkType,
        destination: &str,
        title: &str,
        range: &Range<usize>,
    ) {
        if self.raw.has_open_link() || self.open_links > 0 {
            return self.stack.push(Close::Nothing);
        }
        let destination = match kind {
            LinkType::Email => Cow::Owned(format!("mailto:{destination}")),
            _ => Cow::Borrowed(destination),
        };
        let file_kind = self.kind_of_lone_file(&destination, range);
        match self.target(&destination, range) {
            Target::Address { href, is_external } => {
                self.out.push_str(if file_kind.is_some() {
                    "<a class=\"media-file\" href=\""
                } else {
                    "<a href=\""
                });
                push_address(&mut self.out, &href);
                self.out.push_str(if is_external { "\" rel=\"external noopener\"" } else { "\"" });
                self.title_attribute(title);
                self.out.push('>');
                self.open_links += 1;
                self.stack.push(file_kind.map_or(Close::Link, Close::FileLink));
            }
            Target::Fragment(number) => {
                self.fragment_marker('o', number);
                self.open_links += 1;
                self.stack.push(Close::FragmentLink(number));
            }
            Target::Words(class) => {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
                self.stack.push(Close::With("</span>"));
            }
            Target::Marked(marked) => {
                self.out.push('<');
                self.out.push_str(marked.element);
                self.out.push_str(&marked.attributes);
                self.title_attribute(title);
                self.out.push('>');
                self.open_links += usize::from(marked.element == "a");
                self.stack.push(Close::Marked(marked));
            }
        }
    }

    /// What a file of the archive is and how large, if a link to it fills its paragraph, which
    /// becomes a card.
    fn kind_of_lone_file(&mut self, destination: &str, range: &Range<usize>) -> Option<String> {
        const CLASS: &str = " class=\"file\"";

        Medium::of(destination)?;
        let is_alone =
            matches!(self.stack.last(), Some(Close::Paragraph)) && self.fills_paragraph(range);
        let address = self.prepared.without_tags(destination);
        let file = is_alone.then(|| self.references.file(&address));
        let Some(LinkedFile::Local(file)) = file else { return None };
        self.out.insert_str(self.leaf.start + "<p".len(), CLASS);
        self.leaf.text += CLASS.len();
        Some(file.kind)
    }

    pub(super) fn end_link(&mut self, link: &Close) {
        match link {
            Close::FileLink(kind) => {
                self.open_links -= 1;
                self.out.push_str("</a>");
                self.file_kind(kind);
            }
            Close::Link => {
                self.open_links -= 1;
                self.out.push_str("</a>");
            }
            Close::FragmentLink(number) => {
                self.open_links -= 1;
                self.fragment_marker('c', *number);
            }
            Close::Marked(marked) => {
                self.open_links -= usize::from(marked.element == "a");
                self.end_marked(marked);
            }
            _ => {}
        }
    }

    /// Ends a link with marks.
    pub(super) fn end_marked(&mut self, marked: &Marked) {
        self.out.push_str(&marked.inside);
        self.out.push_str("</");
        self.out.push_str(marked.element);
        self.out.push('>');
        self.out.push_str(&marked.after);
    }

    /// A placeholder, filled when all ids are known: `o`pens or `c`loses a link, or is its
    /// `a`ttribute.
    pub(super) fn fragment_marker(&mut self, kind: char, number: usize) {
        self.out.push(self.prepared.sentinel);
        self.out.push(kind);
        push_number(&mut self.out, number);
        self.out.push(self.prepared.sentinel);
    }

    /// Resolves a link, and reports its problems.
    pub(super) fn target<'t>(&mut self, destination: &'t str, range: &Range<usize>) -> Target<'t> {
        let address = self.address(destination, range);
        self.references.link_stands_at(&self.prepared.original_range(range));
        match address::kind(&address) {
            Kind::Empty => self.empty_address(destination, range),
            // A lost address may have any scheme, since it is never linked.
            Kind::Refused if matches!(self.references.link(&address), Link::Lost) => self.lost(),
            Kind::Refused => {
                let message = format!("a link may not lead to `{}`", excerpt(&address));
                let help = "its words are kept; give it an address that begins with https:// or lies in the archive";
                self.report(Rule::UnsafeAddress, range, message, Some(help.to_owned()));
                Target::Words("refused-link")
            }
            Kind::Fragment(fragment) => {
                let link = FragmentLink { fragment: fragment.to_owned(), range: range.clone() };
                self.anchors.links.push(link);
                Target::Fragment(self.anchors.links.len() - 1)
            }
            kind => {
                let is_web = matches!(kind, Kind::Web | Kind::ProtocolRelative);
                self.judged(address, is_web, range)
            }
        }
    }

    fn judged<'t>(
        &mut self,
        address: Cow<'t, str>,
        is_web: bool,
        range: &Range<usize>,
    ) -> Target<'t> {
        match self.references.link(&address) {
            Link::Internal(href) => Target::Address { href: Cow::Owned(href), is_external: false },
            Link::External => Target::Address { href: address, is_external: is_web },
            Link::Robust(link) if is_web => {
                let marked = Marked::robust(&address, &link, &self.options.words);
                Target::Marked(Box::new(marked))
            }
            Link::Robust(_) => Target::Address { href: address, is_external: false },
            Link::Lost => self.lost(),
            // A browser would follow `//host`, whatever the archive has.
            Link::Unresolved(_) if is_web => Target::Address { href: address, is_external: true },
            Link::Unresolved(hint) => {
                let message = format!("nothing is at `{}`", excerpt(&address));
                self.report(Rule::UnresolvedLink, range, message, hint);
                match self.options.unresolved_links {
                    UnresolvedLinks::Mark => Target::Words("unresolved-link"),
                    UnresolvedLinks::Keep => Target::Address { href: address, is_external: false },
                }
            }
        }
    }

    fn lost(&self) -> Target<'static> {
        Target::Marked(Box::new(Marked::lost(&self.options.words)))
    }

    fn empty_address(&mut self, written: &str, range: &Range<usize>) -> Target<'static> {
        let message = if self.prepared.has_tags(written) {
            "this link's address is a tag of another generator"
        } else {
            "this link has no address"
        };
        let help = "give it an address, or declare it lost under links";
        self.report(Rule::UnresolvedLink, range, message.to_owned(), Some(help.to_owned()));
        Target::Words("unresolved-link")
    }

    /// An address without template tags. Tags that only name a file, such as Hugo's `ref`, are
    /// replaced by that name, which the archive can resolve.
    pub(super) fn address<'t>(&mut self, written: &'t str, range: &Range<usize>) -> Cow<'t, str> {
        if !self.prepared.has_tags(written) {
            return Cow::Borrowed(written);
        }
        let is_call = |index: usize| {
            self.prepared.tags.get(index).is_some_and(|tag| !matches!(tag.kind, TagKind::Foreign))
        };
        let has_call = self
            .prepared
            .pieces(written)
            .any(|piece| matches!(piece, Piece::Tag(index) if is_call(index)));
        if has_call {
            let message = "a shortcode does not run inside an address".to_owned();
            self.report(Rule::Shortcode, range, message, None);
        }
        let named =
            self.prepared.with_tags(written, |index| named_file(self.prepared.source(index)));
        Cow::Owned(named.into_owned())
    }
}

/// The file or address that a tag of another generator names: `{{< ref "a.md" >}}`,
/// `{% link a.md %}`, `{{ "/a/" | url }}`.
fn named_file(tag: &str) -> Cow<'_, str> {
    let inside = tag.trim_matches(['{', '}', '<', '>', '%', '-']).trim();
    // Jekyll names a report by its file, without the ending.
    if let Some(name) = inside.strip_prefix("post_url ") {
        return format!("{}.md", name.trim().trim_matches(['"', '\''])).into();
    }
    Cow::Borrowed(named_text(tag))
}

fn named_text(tag: &str) -> &str {
    let inside = tag.trim_matches(['{', '}', '<', '>', '%', '-']).trim();
    let (word, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    if let Some(quoted) = quoted(inside) {
        return quoted;
    }
    if !matches!(word, "ref" | "relref" | "link") {
        return "";
    }
    let rest = rest.trim();
    quoted(rest).unwrap_or_else(|| rest.split_whitespace().next().unwrap_or_default())
}

/// The quoted text at the start of another.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
    text[1..].split(quote).next()
}
