//! Cleans truncated and changed pictures without a panic.

use super::dissect;

/// A minimal JPEG with EXIF that holds an orientation and a place.
fn jpeg() -> Vec<u8> {
    let tiff = b"MM\0\x2A\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\
        \0\0\0\0\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0";
    let exif = [&b"Exif\0\0"[..], tiff].concat();
    let length = u16::try_from(exif.len() + 2).unwrap_or_default().to_be_bytes();
    [
        &b"\xFF\xD8\xFF\xE1"[..],
        &length,
        &exif,
        b"\xFF\xFE\0\x06note\xFF\xDB\0\x04ab\xFF\xDA\0\x02scan\xFF\0scan\xFF\xD9tail",
    ]
    .concat()
}

#[test]
fn orientation_alone_is_kept() {
    let bytes = jpeg();
    let Some(dissected) = dissect(&bytes) else { panic!("it is a JPEG") };
    assert_eq!(dissected.orientation.number(), 6);
    assert!(dissected.has_place && !dissected.is_cut_short);
    let kept = dissected.kept.into_owned();
    assert!(!kept.windows(4).any(|found| found == b"note" || found == b"tail"));
    let Some(again) = dissect(&kept) else { panic!("it is a JPEG") };
    assert!(again.orientation.number() == 6 && !again.has_place);
    assert_eq!(*again.kept, *kept, "what is clean stays as it is");
}

#[test]
fn no_start_and_no_change_panics() {
    let png = b"\x89PNG\r\n\x1A\n\0\0\0\x04eXIfMM\0\x2Acrcc\0\0\0\0IENDcrcc".to_vec();
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0abcdef\x21\xFF\x0BXMP DataXMP\x02ab\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x01a\0\x3B".to_vec();
    let webp = b"RIFF\x1E\0\0\0WEBPVP8X\x0A\0\0\0\x0C\0\0\0\0\0\0\0\0\0EXIF\x01\0\0\0a\0".to_vec();
    for whole in [jpeg(), png, gif, webp] {
        for end in 0..=whole.len() {
            let _ = dissect(&whole[..end]);
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7F, 0xFF] {
                let mut changed = whole.clone();
                changed[at] = value;
                let Some(once) = dissect(&changed) else { continue };
                let once = once.kept.into_owned();
                let Some(twice) = dissect(&once) else { continue };
                assert_eq!(*twice.kept, *once, "{at} {value}");
            }
        }
    }
}
