//! Where a body names pictures on other hosts, for putting copies in their place.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use super::address::{self, Kind};
use super::rebase::destination;
use super::tokens::{self, Token};
use super::{
    Link, LinkedFile, LocalFile, MarkdownOptions, Picture, References, ShortcodeCall,
    ShortcodeError, dialect, render,
};

/// A picture on another host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemotePicture {
    /// As written.
    pub(crate) address: String,
    /// Where the body names it, in order. None where it is written in a way that can't be changed
    /// byte by byte.
    pub(crate) places: Vec<Range<usize>>,
}

/// The addresses in a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    /// Pictures on other hosts, in order, each once.
    pub(crate) remote: Vec<RemotePicture>,
    /// Whether some address begins at the place of the file: it would mean another after a move.
    pub(crate) has_relative: bool,
}

/// The addresses in a body.
pub(crate) fn addresses(body: &str, options: &MarkdownOptions) -> Addresses {
    let listener = Listener::default();
    render(body, options, &listener);
    let written = places(body);
    let places_of = |address: &String| {
        let places = written.iter().filter(|(other, _)| other == address);
        let mut places: Vec<Range<usize>> = places.map(|(_, place)| place.clone()).collect();
        places.sort_by_key(|place| place.start);
        places.dedup();
        places
    };
    let mut seen = BTreeSet::new();
    let pictures = listener.pictures.into_inner().into_iter();
    let remote = pictures
        .filter(|address| seen.insert(address.clone()))
        .map(|address| RemotePicture { places: places_of(&address), address });
    Addresses { remote: remote.collect(), has_relative: listener.has_relative.get() }
}

#[derive(Default)]
struct Listener {
    pictures: RefCell<Vec<String>>,
    has_relative: Cell<bool>,
}

impl Listener {
    fn note(&self, address: &str) {
        if address::kind(address) == Kind::Relative && !address.trim().starts_with('/') {
            self.has_relative.set(true);
        }
    }
}

impl References for Listener {
    fn link(&self, destination: &str) -> Link {
        self.note(destination);
        Link::External
    }

    fn picture(&self, source: &str) -> Picture {
        self.note(source);
        if matches!(address::kind(source), Kind::Web | Kind::ProtocolRelative) {
            self.pictures.borrow_mut().push(source.to_owned());
        }
        Picture::Remote
    }

    fn file(&self, source: &str) -> LinkedFile {
        self.note(source);
        LinkedFile::Local(LocalFile::default())
    }

    fn shortcode(&self, _: &ShortcodeCall) -> Result<String, ShortcodeError> {
        Ok(String::new())
    }
}

/// The addresses of pictures in Markdown and raw HTML, with their bytes.
fn places(body: &str) -> Vec<(String, Range<usize>)> {
    let parser = Parser::new_ext(body, dialect(false));
    let definitions: Vec<(String, Range<usize>)> = parser
        .reference_definitions()
        .iter()
        .filter_map(|(_, found)| {
            let place = destination(body, &found.span, "]:", &found.dest)?;
            Some((found.dest.to_string(), place))
        })
        .collect();
    let (mut found, mut linked) = (Vec::new(), BTreeSet::new());
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Image { link_type: LinkType::Inline, dest_url, .. }) => {
                let place = destination(body, &range, "](", &dest_url);
                found.extend(place.map(|place| (dest_url.to_string(), place)));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                linked.insert(dest_url.to_string());
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                raw_places(body, range, &mut found);
            }
            _ => {}
        }
    }
    // A definition that a link has, too, must go on leading there.
    found.extend(definitions.into_iter().filter(|(address, _)| !linked.contains(address)));
    found
}

fn raw_places(body: &str, range: Range<usize>, found: &mut Vec<(String, Range<usize>)>) {
    let Some(html) = body.get(range.clone()) else { return };
    for token in tokens::tokenize(html).unwrap_or_default() {
        let Token::Start(tag) = token else { continue };
        let address = tag.attribute("src").filter(|_| tag.name == "img");
        let (Some(address), Some(text)) = (address, html.get(tag.range.clone())) else { continue };
        for written in [address.to_owned(), address.replace('&', "&amp;")] {
            let mut places = text.match_indices(&written).map(|(at, _)| at);
            if let Some(at) = places.find(|at| is_after_src(&text[..*at])) {
                let start = range.start + tag.range.start + at;
                found.push((address.to_owned(), start..start + written.len()));
                break;
            }
        }
    }
}

/// Whether the value of `src` begins here.
fn is_after_src(before: &str) -> bool {
    let name = before.trim_end_matches(['"', '\'']).trim_end().strip_suffix('=');
    let Some(name) = name.map(|name| name.trim_end().to_ascii_lowercase()) else { return false };
    name.strip_suffix("src").is_some_and(|rest| rest.ends_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    fn written(body: &str) -> Vec<(String, Vec<&str>)> {
        let found = addresses(body, &testing::options()).remote.into_iter();
        found
            .map(|picture| {
                let places = picture.places.into_iter();
                (picture.address, places.map(|place| &body[place]).collect())
            })
            .collect()
    }

    #[test]
    fn every_way_to_name_a_picture_is_found() {
        let body = "![a](https://x.example/a.png \"t\") ![b][b] <img data-src=\"https://x.example/c.png?d&amp;e\" \
            src='https://x.example/c.png?d&amp;e'>\n\n> [![a](<//x.example/d.png>)](https://x.example/a.png)\n\n\
            <p>\n<img alt=x src=https://x.example/f.png>\n</p>\n\n![own](a.png) `![a](https://x.example/g.png)`\n\n\
            ![c][c] [l][c]\n\n[b]: https://x.example/b.png\n[c]: https://x.example/h.png\n";
        let once = |address: &'static str| (address.to_owned(), vec![address]);
        assert_eq!(
            written(body),
            [
                once("https://x.example/a.png"),
                once("https://x.example/b.png"),
                ("https://x.example/c.png?d&e".to_owned(), vec!["https://x.example/c.png?d&amp;e"]),
                once("//x.example/d.png"),
                once("https://x.example/f.png"),
                ("https://x.example/h.png".to_owned(), vec![]),
            ]
        );
        assert_eq!(body.matches("https://x.example/a.png").count(), 2, "the link stays");
    }

    #[test]
    fn addresses_that_depend_on_the_file_s_place_are_seen() {
        let is_relative = |body: &str| addresses(body, &testing::options()).has_relative;
        assert!(
            is_relative("[a](../b.md)") && is_relative("![a](b.png)") && is_relative("![a](b.mp3)")
        );
        assert!(!is_relative(
            "[a](/b/) [c](#p1) <https://x.example/> ![d](https://x.example/d.png)"
        ));
    }
}
