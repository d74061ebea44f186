//! Sound, film and documents: players and cards for files of the archive. What other hosts have
//! becomes a link, see [`super::embeds`].

use std::ops::Range;

use super::address::{self, Kind};
use super::escape::{excerpt, push_address, push_attribute, push_number, push_text};
use super::tokens::StartTag;
use super::writer::{Close, Writer};
use super::{LinkedFile, LocalFile, Picture};
use crate::base::diagnostic::Rule;
use crate::base::medium::{Medium, file_name};
use crate::base::name_key::decoded;

/// A file that a body asks to show.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Its address, as written.
    pub(super) source: String,
    pub(super) medium: Medium,
    /// What it is, in words; may be empty.
    pub(super) name: String,
    /// Stands below it; may be empty.
    pub(super) caption: String,
    /// What raw HTML says of its player.
    pub(super) player: PlayerTag,
}

/// What raw HTML says of a player.
#[derive(Clone, Debug, Default)]
pub(super) struct PlayerTag {
    /// Allowed attributes, each after a space.
    attributes: String,
    poster: Option<String>,
    /// In pixels.
    size: Option<(u32, u32)>,
    /// Addresses of captions.
    captions: Vec<String>,
}

/// An `<audio>`, `<video>` or `<object>` of raw HTML that has not ended yet.
#[derive(Clone, Debug)]
pub(super) struct OpenPlayer {
    element: &'static str,
    /// Addresses to choose from, in the author's order.
    sources: Vec<String>,
    name: String,
    tag: PlayerTag,
    /// The place of its start tag.
    range: Range<usize>,
}

/// How much room there is for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// Between blocks.
    Block,
    /// Within a line.
    Line,
    /// Within a link, where nothing else can be followed.
    Words,
}

impl Writer<'_> {
    /// A Markdown image whose source is a sound, a film or a document.
    pub(super) fn shown_file(&mut self, wanted: &Wanted, is_alone: bool, range: &Range<usize>) {
        if is_alone && self.open_links == 0 && !self.raw.has_open_link() {
            self.out.truncate(self.leaf.start);
            self.paragraphs -= usize::from(self.leaf.is_numbered);
            self.stack.pop();
            self.stack.push(Close::With(""));
            return self.show(wanted, Room::Block, range);
        }
        let room = self.room();
        self.show(wanted, room, range);
    }

    /// A file that raw HTML shows.
    pub(super) fn shown_here(&mut self, wanted: &Wanted, range: &Range<usize>) {
        let room = self.room();
        self.show(wanted, room, range);
    }

    fn room(&self) -> Room {
        if self.open_links > 0 || self.raw.has_open_link() {
            Room::Words
        } else if self.raw.has_open_phrase() || self.is_in_leaf() || self.raw.has_open("figure") {
            Room::Line
        } else {
            Room::Block
        }
    }

    fn show(&mut self, wanted: &Wanted, room: Room, range: &Range<usize>) {
        let source = self.address(&wanted.source, range).into_owned();
        let kind = address::kind(&source);
        let is_web = matches!(kind, Kind::Web | Kind::ProtocolRelative);
        let file = match kind {
            Kind::Refused | Kind::Other => {
                let message = format!("a file may not come from `{}`", excerpt(&source));
                self.report(Rule::UnsafeAddress, range, message, None);
                return self.name_alone("refused-picture", wanted, room);
            }
            Kind::Empty | Kind::Fragment(_) => {
                LinkedFile::Missing(Some("give it an address".to_owned()))
            }
            _ => self.references.file(&source),
        };
        match file {
            LinkedFile::Local(file) => match room {
                Room::Words => self.name_alone("", wanted, room),
                Room::Line => self.file_in_line(&file, wanted),
                Room::Block => self.file_as_block(&file, wanted),
            },
            LinkedFile::Remote if is_web => {
                let title = if wanted.name.is_empty() { &wanted.caption } else { &wanted.name };
                let title = self.words(title).into_owned();
                let place = self.prepared.original_range(range);
                match room {
                    Room::Words => self.name_alone("", wanted, room),
                    Room::Line => self.embed_in_line(&source, &title, &place),
                    Room::Block => self.embed_as_block(&source, &title, &place),
                }
            }
            LinkedFile::Remote => self.name_alone("missing-picture", wanted, room),
            LinkedFile::Missing(hint) => {
                let message = if source.is_empty() {
                    "this file has no address".to_owned()
                } else {
                    format!("the file `{}` does not exist", excerpt(&source))
                };
                self.report(Rule::MissingAsset, range, message, hint);
                self.name_alone("missing-picture", wanted, room);
            }
        }
    }

    /// The name in the place of a file that is not shown. The page's own text is the same as with
    /// the file: see [`super::page_text`].
    fn name_alone(&mut self, class: &str, wanted: &Wanted, room: Room) {
        let (open, close) = match room {
            Room::Block => ("<p class=\"media\">", "</p>\n"),
            Room::Line | Room::Words => ("<span class=\"media\">", "</span>"),
        };
        self.out.push_str(open);
        if class.is_empty() {
            let name = self.words(&name_of(wanted)).into_owned();
            push_text(&mut self.out, &name);
        } else {
            self.words_in_place(class, &name_of(wanted));
        }
        self.out.push_str(close);
    }

    fn file_as_block(&mut self, file: &LocalFile, wanted: &Wanted) {
        if !wanted.medium.is_played() && wanted.caption.is_empty() {
            self.out.push_str("<p class=\"media\">");
            self.file_link(file, wanted);
            self.out.push_str("</p>\n");
            return;
        }
        self.out.push_str("<figure class=\"media\">");
        if wanted.medium.is_played() {
            self.player(file, wanted);
        }
        self.out.push_str("<figcaption>");
        if !wanted.caption.is_empty() && !wanted.name.is_empty() {
            self.out.push_str("<span class=\"media-caption\">");
            let caption = self.words(&wanted.caption).into_owned();
            push_text(&mut self.out, &caption);
            self.out.push_str("</span> ");
        }
        self.file_link(file, wanted);
        self.out.push_str("</figcaption></figure>\n");
    }

    fn file_in_line(&mut self, file: &LocalFile, wanted: &Wanted) {
        self.out.push_str("<span class=\"media\">");
        if wanted.medium.is_played() {
            self.player(file, wanted);
            self.out.push(' ');
        }
        self.file_link(file, wanted);
        self.out.push_str("</span>");
    }

    /// The link to a file, with what it is and how large, and with its transcript.
    fn file_link(&mut self, file: &LocalFile, wanted: &Wanted) {
        self.out.push_str("<a class=\"media-file\" href=\"");
        push_address(&mut self.out, &file.address);
        self.out.push_str("\">");
        let name = self.words(&name_of(wanted)).into_owned();
        push_text(&mut self.out, &name);
        self.out.push_str("</a>");
        self.file_kind(&file.kind);
        if let Some(transcript) = file.transcript.as_ref().filter(|_| wanted.medium.is_played()) {
            self.out.push_str(" <a class=\"transcript\" href=\"");
            push_address(&mut self.out, &transcript.address);
            self.out.push_str("\">");
            push_text(&mut self.out, &transcript.words);
            self.out.push_str("</a>");
        }
    }

    /// What a file is and how large, after the link to it.
    pub(super) fn file_kind(&mut self, kind: &str) {
        if !kind.is_empty() {
            self.out.push_str(" <span class=\"media-kind\">(");
            push_text(&mut self.out, kind);
            self.out.push_str(")</span>");
        }
    }

    /// A player that loads nothing before it is used.
    fn player(&mut self, file: &LocalFile, wanted: &Wanted) {
        let element = if wanted.medium == Medium::Film { "video" } else { "audio" };
        self.out.push('<');
        self.out.push_str(element);
        self.out.push_str(" controls preload=\"none\" src=\"");
        push_address(&mut self.out, &file.address);
        self.out.push('"');
        if element == "video" {
            self.film_attributes(file, &wanted.player);
        }
        self.out.push_str(" aria-label=\"");
        let name = self.words(&name_of(wanted)).into_owned();
        push_attribute(&mut self.out, &name);
        self.out.push('"');
        self.out.push_str(&wanted.player.attributes);
        self.out.push('>');
        if element == "video" {
            self.captions(file, &wanted.player);
        }
        self.out.push_str("</");
        self.out.push_str(element);
        self.out.push('>');
    }

    fn film_attributes(&mut self, file: &LocalFile, tag: &PlayerTag) {
        if let Some((width, height)) = tag.size {
            self.out.push_str(" width=\"");
            push_number(&mut self.out, width as usize);
            self.out.push_str("\" height=\"");
            push_number(&mut self.out, height as usize);
            self.out.push('"');
        }
        let written =
            tag.poster.as_deref().and_then(|poster| match self.references.picture(poster) {
                Picture::Local { address, .. } => Some(address),
                _ => None,
            });
        if let Some(poster) = written.or_else(|| file.poster.clone()) {
            self.out.push_str(" poster=\"");
            push_address(&mut self.out, &poster);
            self.out.push('"');
        }
    }

    fn captions(&mut self, file: &LocalFile, tag: &PlayerTag) {
        let written = tag.captions.iter().find_map(|source| match self.references.file(source) {
            LinkedFile::Local(file) => Some(file.address),
            _ => None,
        });
        let Some(address) = written.or_else(|| file.captions.clone()) else { return };
        self.out.push_str("<track kind=\"captions\" src=\"");
        push_address(&mut self.out, &address);
        self.out.push_str("\" srclang=\"");
        push_attribute(&mut self.out, &self.options.language);
        self.out.push_str("\">");
    }

    /// Begins an `<audio>`, a `<video>`, or an `<object>` with an address. What stands in it for
    /// browsers that can't show it is left out with its end.
    pub(super) fn begin_player(&mut self, tag: &StartTag, range: &Range<usize>) {
        self.finish_player();
        let element = match tag.name.as_str() {
            "audio" => "audio",
            "video" => "video",
            _ => "object",
        };
        let attributes =
            if element == "object" { String::new() } else { self.attributes(element, tag, range) };
        let source = tag.attribute("src").or_else(|| tag.attribute("data"));
        let text = |name: &str| self.words(tag.attribute(name).unwrap_or_default()).into_owned();
        let name = [text("aria-label"), text("title")].into_iter().find(|name| !name.is_empty());
        self.raw.player = Some(Box::new(OpenPlayer {
            element,
            sources: source.into_iter().map(str::to_owned).collect(),
            name: name.unwrap_or_default(),
            tag: PlayerTag {
                attributes,
                poster: tag.attribute("poster").map(str::to_owned),
                size: size_of(tag),
                captions: Vec::new(),
            },
            range: range.clone(),
        }));
        self.begin_cut(&tag.name);
    }

    /// A `<source>` or a `<track>`.
    pub(super) fn player_part(&mut self, tag: &StartTag) {
        /// More are not looked at.
        const MOST: usize = 16;

        let Some(player) = &mut self.raw.player else { return };
        let Some(source) = tag.attribute("src") else { return };
        if tag.name == "track" {
            let is_caption = matches!(tag.attribute("kind"), Some("captions" | "subtitles") | None);
            if is_caption && player.tag.captions.len() < MOST {
                player.tag.captions.push(source.to_owned());
            }
        } else if player.sources.len() < MOST {
            player.sources.push(source.to_owned());
        }
    }

    /// Ends a player by its end tag.
    pub(super) fn end_player(&mut self, name: &str) {
        if self.raw.player.as_ref().is_some_and(|player| player.element == name) {
            self.end_cut(name);
            self.finish_player();
        }
    }

    /// Writes the player that is open.
    pub(super) fn finish_player(&mut self) {
        let Some(player) = self.raw.player.take() else { return };
        let OpenPlayer { element, sources, name, tag, range } = *player;
        let is_own =
            |source: &&String| matches!(self.references.file(source), LinkedFile::Local(_));
        let Some(source) = sources.iter().find(is_own).or(sources.first()) else {
            let message = format!("<{element}> has no address: it was taken out");
            return self.removed(&range, &message);
        };
        let by_name = Medium::of(source);
        let medium = match (element, by_name) {
            (_, Some(Medium::Document)) => Medium::Document,
            ("video", _) => Medium::Film,
            ("audio", _) => Medium::Sound,
            (_, medium) => medium.unwrap_or(Medium::Document),
        };
        let (source, caption) = (source.clone(), String::new());
        self.shown_here(&Wanted { source, medium, name, caption, player: tag }, &range);
    }
}

/// A file's name in words: what its author wrote, else the name of the file.
fn name_of(wanted: &Wanted) -> String {
    let written = [&wanted.name, &wanted.caption].into_iter().find(|name| !name.trim().is_empty());
    written.cloned().unwrap_or_else(|| excerpt(&decoded(file_name(&wanted.source))))
}

/// The size that raw HTML gives a player, in pixels.
fn size_of(tag: &StartTag) -> Option<(u32, u32)> {
    let pixels = |name: &str| {
        let written = tag.attribute(name)?.trim_end_matches("px").parse::<u32>().ok()?;
        (1..=10_000).contains(&written).then_some(written)
    };
    pixels("width").zip(pixels("height"))
}
