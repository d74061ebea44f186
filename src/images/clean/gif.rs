//! GIF: keeps screen, colours and frames up to the end mark, and the extensions that control the
//! animation.

use std::borrow::Cow;

use super::{Dissected, Motion, Notes, Reading};

/// Cleans a GIF.
pub(super) fn dissect(bytes: &[u8]) -> Dissected<'_> {
    let mut reading = Reading::new(bytes, 0);
    let (mut notes, mut out, mut frames) = (Notes::default(), Vec::new(), 0_usize);
    let mut is_cut_short = true;
    let screen = reading.up_to(13);
    out.extend(screen);
    out.extend(colours(screen.get(10).copied(), &mut reading));
    while let Some(kind) = reading.byte() {
        match kind {
            0x3B => {
                out.push(kind);
                is_cut_short = false;
                break;
            }
            0x2C => {
                frames += 1;
                out.push(kind);
                let frame = reading.up_to(9);
                out.extend(frame);
                out.extend(colours(frame.get(8).copied(), &mut reading));
                // The initial code size.
                out.extend(reading.up_to(1));
                out.extend(blocks(&mut reading));
            }
            0x21 => {
                let Some(label) = reading.byte() else { break };
                let data = blocks(&mut reading);
                if is_kept(label, data) {
                    out.extend([kind, label]);
                    out.extend(data);
                } else if label == 0xFF {
                    notes.xmp(data);
                }
            }
            // Bytes between blocks; decoders skip them.
            _ => {}
        }
    }
    Dissected {
        kept: Cow::Owned(out),
        has_place: notes.has_place,
        is_cut_short,
        motion: Motion::of_animated(frames > 1),
        is_lossless: true,
        ..Dissected::default()
    }
}

/// The colour table, if the flags announce one.
fn colours<'a>(flags: Option<u8>, reading: &mut Reading<'a>) -> &'a [u8] {
    let flags = flags.unwrap_or_default();
    if flags & 0x80 == 0 { &[] } else { reading.up_to(3 << ((flags & 7) + 1)) }
}

/// A sequence of blocks with their lengths, and the empty block that ends it.
fn blocks<'a>(reading: &mut Reading<'a>) -> &'a [u8] {
    let (start, bytes) = (reading.at, reading.bytes);
    while let Some(length) = reading.byte().filter(|&length| length != 0) {
        reading.up_to(usize::from(length));
    }
    &bytes[start..reading.at]
}

/// Whether an extension controls the animation.
fn is_kept(label: u8, data: &[u8]) -> bool {
    let names = [&b"\x0BNETSCAPE2.0"[..], b"\x0BANIMEXTS1.0"];
    label == 0xF9 || (label == 0xFF && names.iter().any(|name| data.starts_with(name)))
}
