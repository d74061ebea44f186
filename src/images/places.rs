//! Places that files tell, for `dateline check`: of pictures, and of recordings and documents that are
//! published as they are.

use std::io::Cursor;
use std::path::Path;

use exif::{Context, Reader, Tag};

use super::clean::{self, Format, contains};

/// A kind of file that may tell a place, by its name.
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

/// The kind of a file; `None` if it tells no place.
pub(crate) fn kind(path: &Path) -> Option<Kind> {
    let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
    let is_in = |list: &[&str]| list.contains(&&*ending);
    match () {
        () if is_in(&PICTURES) => Some(Kind::Picture),
        () if is_in(&OTHERS) => Some(Kind::Other),
        () => None,
    }
}

/// Whether a file tells a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Nothing,
    /// Yes, and it can be left out of the published file.
    Removable,
    /// Yes, and it is published with it.
    Published,
}

/// What a file tells.
pub(crate) fn told(kind: Kind, bytes: &[u8]) -> Told {
    if Format::of(bytes).is_some() {
        let has_place = clean::dissect(bytes).is_some_and(|dissected| dissected.has_place);
        return if has_place { Told::Removable } else { Told::Nothing };
    }
    // As QuickTime, Android, XMP and Vorbis comments write it.
    let names: [&[u8]; 5] =
        [b"\xA9xyz", b"location.ISO6709", b"GPSLatitude", b"LOCATION=", b"GEO_LOCATION"];
    let is_named = names.iter().any(|name| contains(bytes, name));
    let is_told = is_named || (kind.is_picture() && has_exif_place(bytes));
    if is_told { Told::Published } else { Told::Nothing }
}

/// Whether EXIF in a TIFF or HEIF file tells a place.
fn has_exif_place(bytes: &[u8]) -> bool {
    let read = Reader::new().read_from_container(&mut Cursor::new(bytes));
    read.is_ok_and(|read| {
        read.fields()
            .any(|field| field.tag.context() == Context::Gps && field.tag != Tag::GPSVersionID)
    })
}
