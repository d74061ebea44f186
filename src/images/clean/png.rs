//! PNG: a sequence of chunks. Keeps chunks for display up to the end mark, after which cropped
//! screenshots may still hold what was cut off.

use std::borrow::Cow;

use super::{Dissected, Motion, Notes, Reading, exif};

const START: usize = 8;

/// Chunks for display: pixels, colours, sizes, frames.
const KEPT: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL",
];

/// Cleans a PNG.
pub(super) fn dissect(bytes: &[u8]) -> Dissected<'_> {
    let mut reading = Reading::new(bytes, START);
    let mut notes = Notes::default();
    let mut out = bytes.get(..START).unwrap_or_default().to_vec();
    let (mut is_cut_short, mut is_animated) = (true, false);
    // The position for the orientation: after the header.
    let mut after_header = out.len();
    while !reading.is_at_end() {
        let start = reading.at;
        let length = reading.array().map(u32::from_be_bytes);
        let Some((length, kind)) = length.zip(reading.array::<4>()) else {
            out.extend(&bytes[start..]);
            break;
        };
        let data = reading.up_to(length as usize);
        let is_whole = reading.exactly(4).is_some();
        match &kind {
            b"eXIf" => notes.exif(data),
            b"iTXt" => notes.xmp(data),
            b"acTL" => is_animated = true,
            _ => {}
        }
        if KEPT.contains(&&kind) || &kind == b"fdAT" {
            out.extend(&bytes[start..reading.at]);
        }
        if &kind == b"IHDR" {
            after_header = out.len();
        }
        if &kind == b"IEND" {
            is_cut_short = !is_whole;
            break;
        }
    }
    let orientation = notes.orientation();
    if orientation.number() != 1 {
        let chunk = chunk(*b"eXIf", &exif::of_orientation(orientation));
        out.splice(after_header..after_header, chunk);
    }
    Dissected {
        kept: Cow::Owned(out),
        orientation,
        has_place: notes.has_place,
        is_cut_short,
        motion: Motion::of_animated(is_animated),
        is_lossless: true,
    }
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut checksum = flate2::Crc::new();
    checksum.update(&kind);
    checksum.update(data);
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &kind, data, &checksum.sum().to_be_bytes()].concat()
}
