//! EXIF: orientation and place are read, and orientation alone is written.

use exif::{Context, In, Reader, Tag};

use super::Orientation;

/// The orientation, and whether the metadata contains a place. `tiff` starts with the TIFF header.
pub(super) fn read(tiff: &[u8]) -> (Option<Orientation>, bool) {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let read = reader.read_raw(tiff.to_vec()).or_else(|error| {
        error.distill_partial_result(|_| {
            // Unreadable metadata is removed from the published file in any case.
        })
    });
    let Ok(read) = read else { return (None, false) };
    let orientation = read.get_field(Tag::Orientation, In::PRIMARY);
    let number = orientation.and_then(|field| field.value.get_uint(0));
    let is_place =
        |field: &exif::Field| field.tag.context() == Context::Gps && field.tag != Tag::GPSVersionID;
    (number.and_then(Orientation::new), read.fields().any(is_place))
}

/// EXIF with the orientation only, starting with the TIFF header.
pub(super) fn of_orientation(orientation: Orientation) -> [u8; 26] {
    let mut tiff = *b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    tiff[19] = orientation.number();
    tiff
}
