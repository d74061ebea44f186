//! Removes metadata from pictures: places, devices, names, previews, edits.
//!
//! For each format a list says what to keep; everything unknown is removed. Only the orientation is
//! written back, since it affects display. Pixels are never changed, and a file without metadata
//! keeps its bytes.

mod exif;
mod gif;
mod jpeg;
mod png;
mod webp;

use std::borrow::Cow;

/// A format that can be cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Gif,
    WebP,
}

/// The number of bytes that [`Format::of`] needs.
pub(crate) const HEAD: usize = 12;

impl Format {
    /// The format of a file by its first bytes; its name is ignored.
    pub(crate) fn of(head: &[u8]) -> Option<Format> {
        match head {
            [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Format::Png),
            [b'G', b'I', b'F', b'8', ..] => Some(Format::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
            _ => None,
        }
    }
}

/// The result of cleaning a file.
#[derive(Debug, Default)]
pub(crate) struct Dissected<'a> {
    /// The file without metadata.
    pub kept: Cow<'a, [u8]>,
    /// The orientation as in EXIF; 1 means upright.
    pub orientation: Orientation,
    /// Whether its metadata contains a place.
    pub has_place: bool,
    /// Whether the file is truncated.
    pub is_cut_short: bool,
    pub motion: Motion,
    /// Whether its encoding is lossless.
    pub is_lossless: bool,
}

/// Whether a picture is animated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Motion {
    #[default]
    Still,
    /// It has more than one frame.
    Animated,
}

impl Motion {
    fn of_animated(is_animated: bool) -> Motion {
        if is_animated { Motion::Animated } else { Motion::Still }
    }
}

/// EXIF's orientation: 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Orientation(u8);

impl Default for Orientation {
    fn default() -> Orientation {
        Orientation(1)
    }
}

impl Orientation {
    fn new(number: u32) -> Option<Orientation> {
        u8::try_from(number).ok().filter(|number| (1..=8).contains(number)).map(Orientation)
    }

    /// The value in EXIF.
    pub(crate) fn number(self) -> u8 {
        self.0
    }

    /// The display size of a picture with this size in its file.
    pub(crate) fn turned(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.0 >= 5 { (height, width) } else { (width, height) }
    }
}

/// The metadata found.
#[derive(Debug, Default)]
struct Notes {
    orientation: Option<Orientation>,
    has_place: bool,
}

impl Notes {
    /// Reads EXIF from its TIFF header on.
    fn exif(&mut self, tiff: &[u8]) {
        let (orientation, has_place) = exif::read(tiff);
        self.orientation = self.orientation.or(orientation);
        self.has_place |= has_place;
    }

    /// Reads XMP.
    fn xmp(&mut self, text: &[u8]) {
        let names = [&b"GPSLatitude"[..], b"GPSLongitude"];
        self.has_place |= names.iter().any(|name| contains(text, name));
    }

    fn orientation(&self) -> Orientation {
        self.orientation.unwrap_or_default()
    }
}

pub(super) fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|found| found == wanted)
}

/// Cleans a file; `None` if its format is not supported.
pub(crate) fn dissect(bytes: &[u8]) -> Option<Dissected<'_>> {
    let mut dissected = match Format::of(bytes)? {
        Format::Jpeg => jpeg::dissect(bytes),
        Format::Png => png::dissect(bytes),
        Format::Gif => gif::dissect(bytes),
        Format::WebP => webp::dissect(bytes),
    };
    if *dissected.kept == *bytes {
        dissected.kept = Cow::Borrowed(bytes);
    }
    Some(dissected)
}

/// Reads a file from start to end, within its bounds.
#[derive(Clone, Copy, Debug)]
struct Reading<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reading<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Reading<'a> {
        Reading { bytes, at: at.min(bytes.len()) }
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// The next bytes; fewer at the end.
    fn up_to(&mut self, count: usize) -> &'a [u8] {
        let end = self.at.saturating_add(count).min(self.bytes.len());
        let taken = &self.bytes[self.at..end];
        self.at = end;
        taken
    }

    /// The next bytes; `None` if too few are left.
    fn exactly(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.exactly(N)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests;
