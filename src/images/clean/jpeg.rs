//! JPEG: a sequence of segments with markers. Keeps what a decoder needs and the colour profile, up
//! to the end mark, after which phones put films.

use std::borrow::Cow;

use super::{Dissected, Motion, Notes, Reading, exif};

const START: [u8; 2] = [0xFF, 0xD8];
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;

/// Cleans a JPEG.
pub(super) fn dissect(bytes: &[u8]) -> Dissected<'_> {
    let mut reading = Reading::new(bytes, START.len());
    let (mut notes, mut head, mut rest) = (Notes::default(), Vec::new(), Vec::new());
    let mut is_cut_short = true;
    while let Some(marker) = next_marker(&mut reading) {
        if marker == END {
            is_cut_short = false;
            rest.extend([0xFF, END]);
            break;
        }
        if matches!(marker, 0x00 | 0x01 | 0xD0..=0xD8) {
            continue;
        }
        let Some(length) = reading.array().map(u16::from_be_bytes) else { break };
        let data = reading.up_to(usize::from(length).saturating_sub(2));
        // A truncated segment keeps its declared length.
        let told = (data.len() + 2 < usize::from(length)).then_some(length);
        note(marker, data, &mut notes);
        let is_first = head.is_empty() && rest.is_empty();
        match kept(marker, data) {
            // JFIF precedes EXIF.
            Some(data) if marker == 0xE0 && is_first => write(&mut head, marker, told, &data),
            Some(data) if marker != 0xE0 => write(&mut rest, marker, told, &data),
            _ => {}
        }
        if marker == SCAN {
            rest.extend(scan(&mut reading));
        }
    }
    let orientation = notes.orientation();
    if orientation.number() != 1 {
        let tiff = exif::of_orientation(orientation);
        let data: Vec<u8> = EXIF.iter().chain(&tiff).copied().collect();
        write(&mut head, 0xE1, None, &data);
    }
    let kept = [&START, &*head, &*rest].concat();
    Dissected {
        kept: Cow::Owned(kept),
        orientation,
        has_place: notes.has_place,
        is_cut_short,
        motion: Motion::Still,
        is_lossless: false,
    }
}

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/";

/// Skips to the next marker.
fn next_marker(reading: &mut Reading<'_>) -> Option<u8> {
    while reading.byte()? != 0xFF {}
    while reading.peek()? == 0xFF {
        reading.byte();
    }
    reading.byte()
}

fn note(marker: u8, data: &[u8], notes: &mut Notes) {
    if marker != 0xE1 {
        return;
    }
    if let Some(tiff) = data.strip_prefix(EXIF) {
        notes.exif(tiff);
    } else if data.starts_with(XMP) {
        notes.xmp(data);
    }
}

/// The part of a segment that is kept.
fn kept(marker: u8, data: &[u8]) -> Option<Cow<'_, [u8]>> {
    match marker {
        // Frames, tables, scans.
        0xC0..=0xCF | 0xDA..=0xDF => Some(Cow::Borrowed(data)),
        // Without its thumbnail.
        0xE0 => data.starts_with(b"JFIF\0").then(|| match data.get(..14) {
            Some(head) => Cow::Owned([&head[..12], &[0, 0]].concat()),
            None => Cow::Borrowed(data),
        }),
        0xE2 => data.starts_with(b"ICC_PROFILE\0").then_some(Cow::Borrowed(data)),
        // How its colours are stored.
        0xEE => data.starts_with(b"Adobe").then(|| data.get(..12).unwrap_or(data).into()),
        _ => None,
    }
}

/// Writes a segment; `None` as length means its own.
fn write(out: &mut Vec<u8>, marker: u8, told: Option<u16>, data: &[u8]) {
    let length = u16::try_from(data.len() + 2).unwrap_or(u16::MAX);
    out.extend([0xFF, marker]);
    out.extend(told.unwrap_or(length).to_be_bytes());
    out.extend(data);
}

/// The bytes of a scan, up to the next marker other than a restart.
fn scan<'a>(reading: &mut Reading<'a>) -> &'a [u8] {
    let (start, bytes) = (reading.at, reading.bytes);
    let mut at = start;
    loop {
        let Some(found) = bytes[at..].iter().position(|&byte| byte == 0xFF) else {
            reading.at = bytes.len();
            return &bytes[start..];
        };
        at += found;
        match bytes.get(at + 1) {
            Some(0x00 | 0xD0..=0xD7) => at += 2,
            // Fill bytes before a marker.
            Some(0xFF) => at += 1,
            Some(_) => {
                reading.at = at;
                return &bytes[start..at];
            }
            None => {
                reading.at = bytes.len();
                return &bytes[start..];
            }
        }
    }
}
