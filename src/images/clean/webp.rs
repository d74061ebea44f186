//! WebP: a RIFF file of chunks. Keeps pixels, transparency, frames and the colour profile.

use std::borrow::Cow;

use super::{Dissected, Motion, Notes, Reading, exif};

const HEAD: usize = 12;
/// The position of the flags in an extended file: after the name and length of the first chunk.
const FLAGS: usize = HEAD + 8;
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// Cleans a WebP file.
pub(super) fn dissect(bytes: &[u8]) -> Dissected<'_> {
    let told = bytes.get(4..8).and_then(|size| size.try_into().ok()).map_or(0, u32::from_le_bytes);
    let end = (told as usize).saturating_add(8);
    let mut found = Found::default();
    let mut out = bytes.get(..HEAD).unwrap_or_default().to_vec();
    let inner = &bytes[..end.min(bytes.len())];
    found.chunks(&mut Reading::new(inner, HEAD), &mut out, Depth::File);
    let orientation = found.notes.orientation();
    if out.get(HEAD..HEAD + 4) == Some(b"VP8X")
        && let Some(flags) = out.get_mut(FLAGS)
    {
        *flags &= !(HAS_EXIF | HAS_XMP);
        if orientation.number() != 1 && end <= bytes.len() {
            *flags |= HAS_EXIF;
            write(&mut out, *b"EXIF", &exif::of_orientation(orientation));
        }
    }
    // A truncated file keeps its declared length.
    let missing = end.saturating_sub(bytes.len());
    let size = u32::try_from(out.len().saturating_sub(8) + missing).unwrap_or(u32::MAX);
    if let Some(place) = out.get_mut(4..8) {
        place.copy_from_slice(&size.to_le_bytes());
    }
    Dissected {
        kept: Cow::Owned(out),
        orientation,
        has_place: found.notes.has_place,
        is_cut_short: end > bytes.len(),
        motion: Motion::of_animated(found.is_animated),
        is_lossless: found.is_lossless,
    }
}

#[derive(Debug, Default)]
struct Found {
    notes: Notes,
    is_animated: bool,
    is_lossless: bool,
}

/// Where chunks stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    File,
    Frame,
}

impl Found {
    /// Copies the chunks that are kept.
    fn chunks(&mut self, reading: &mut Reading<'_>, out: &mut Vec<u8>, depth: Depth) {
        while !reading.is_at_end() {
            let start = reading.at;
            let kind = reading.array::<4>();
            let Some((kind, length)) = kind.zip(reading.array().map(u32::from_le_bytes)) else {
                out.extend(&reading.bytes[start..]);
                return;
            };
            let data = reading.up_to(length as usize);
            let is_whole = data.len() == length as usize;
            reading.up_to(length as usize % 2);
            match &kind {
                b"EXIF" => self.notes.exif(data.strip_prefix(b"Exif\0\0").unwrap_or(data)),
                b"XMP " => self.notes.xmp(data),
                b"ANMF" if depth == Depth::File && is_whole => {
                    self.is_animated = true;
                    self.frame(data, out);
                }
                b"VP8 " | b"VP8L" | b"ALPH" => {
                    self.is_lossless |= &kind == b"VP8L";
                    copy(out, kind, length, data);
                }
                b"VP8X" | b"ICCP" | b"ANIM" | b"ANMF" if depth == Depth::File => {
                    copy(out, kind, length, data);
                }
                _ => {}
            }
        }
    }

    /// A frame: position and duration, then its own chunks.
    fn frame(&mut self, data: &[u8], out: &mut Vec<u8>) {
        const PLACE: usize = 16;
        let mut frame = data.get(..PLACE).unwrap_or(data).to_vec();
        self.chunks(&mut Reading::new(data, PLACE), &mut frame, Depth::Frame);
        write(out, *b"ANMF", &frame);
    }
}

fn write(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    copy(out, kind, u32::try_from(data.len()).unwrap_or(u32::MAX), data);
}

/// Writes a chunk with its declared length, which exceeds its data in a truncated file.
fn copy(out: &mut Vec<u8>, kind: [u8; 4], length: u32, data: &[u8]) {
    out.extend(kind);
    out.extend(length.to_le_bytes());
    out.extend(data);
    if data.len() == length as usize && length % 2 == 1 {
        out.push(0);
    }
}
