//! Finds places in metadata for `dateline check`: in pictures, and in recordings and documents,
//! which are published unchanged.

use std::io::Cursor;
use std::path::Path;

use exif::{Context, Reader, Tag};

use super::clean::{self, Format, contains};

/// A kind of file that may contain a place, by its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Picture,
    /// Film, sound, PDF.
    Other,
}

impl Kind {
    pub(crate) fn is_picture(self) -> bool {
        self == Kind::Picture
    }
}

const PICTURES: [&str; 14] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "avif", "heic", "heif", "tif",
    "tiff", "bmp",
];
const OTHERS: [&str; 13] =
    ["mp4", "m4v", "mov", "m4a", "3gp", "mp3", "ogg", "oga", "opus", "wav", "flac", "webm", "pdf"];

/// The kind of a file; `None` if it can't contain a place.
pub(crate) fn kind(path: &Path) -> Option<Kind> {
    let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
    let is_in = |list: &[&str]| list.contains(&&*ending);
    match () {
        () if is_in(&PICTURES) => Some(Kind::Picture),
        () if is_in(&OTHERS) => Some(Kind::Other),
        () => None,
    }
}

/// Whether a file contains a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Nothing,
    /// It does, and the published file does not.
    Removable,
    /// It does, and the published file does, too.
    Published,
}

/// Looks for a place in a file.
pub(crate) fn told(kind: Kind, bytes: &[u8]) -> Told {
    if Format::of(bytes).is_some() {
        let has_place = clean::dissect(bytes).is_some_and(|dissected| dissected.has_place);
        return if has_place { Told::Removable } else { Told::Nothing };
    }
    // The forms in QuickTime, Android, XMP and Vorbis comments.
    let names: [&[u8]; 5] =
        [b"\xA9xyz", b"location.ISO6709", b"GPSLatitude", b"LOCATION=", b"GEO_LOCATION"];
    let is_named = names.iter().any(|name| contains(bytes, name));
    let is_told = is_named || (kind.is_picture() && has_exif_place(bytes));
    if is_told { Told::Published } else { Told::Nothing }
}

/// Whether EXIF in a TIFF or HEIF file contains a place.
fn has_exif_place(bytes: &[u8]) -> bool {
    let read = Reader::new().read_from_container(&mut Cursor::new(bytes));
    read.is_ok_and(|read| {
        read.fields()
            .any(|field| field.tag.context() == Context::Gps && field.tag != Tag::GPSVersionID)
    })
}
