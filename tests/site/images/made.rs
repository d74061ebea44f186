//! Pictures made for tests, with what cameras and programs write into them.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
#[cfg(feature = "images")]
use image::{Rgba, RgbaImage};

/// Words that no published file may hold.
pub(crate) const SECRETS: [&str; 6] =
    ["SECRETCAMERA", "SECRETNAME", "secretxmp", "secretiptc", "secretcomment", "secrettail"];

/// A photograph: smooth, with some noise, red at the top left, blue at the bottom right.
pub(crate) fn photograph(width: u32, height: u32) -> DynamicImage {
    let share = |at: u32, of: u32| u8::try_from(at * 255 / of.max(1)).unwrap();
    RgbImage::from_fn(width, height, |x, y| {
        let noise = u8::try_from((x * 7919 + y * 104_729) % 23).unwrap();
        let across = share(x, width);
        Rgb([255 - across, share(y, height).saturating_add(noise), across])
    })
    .into()
}

/// A chart: few colours, a transparent ground.
#[cfg(feature = "images")]
pub(crate) fn chart(width: u32, height: u32) -> DynamicImage {
    RgbaImage::from_fn(width, height, |x, y| {
        if y > height / 2 + (x / 40 * 13) % (height / 3) {
            Rgba([20, 60, 160, 255])
        } else {
            Rgba([0, 0, 0, 0])
        }
    })
    .into()
}

pub(crate) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(&photograph(width, height), ImageFormat::Jpeg)
}

/// EXIF from its TIFF header on: maker, orientation, artist, and a place.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let (camera, artist) = (b"SECRETCAMERA\0\0", b"SECRETNAME\0\0");
    let mut tiff = b"MM\0\x2A\0\0\0\x08\0\x04".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()]
            .concat()
    };
    let data = 8 + 2 + 4 * 12 + 4;
    tiff.extend(entry(0x010F, 2, 13, data));
    tiff.extend(entry(0x0112, 3, 1, u32::from(orientation) << 16));
    tiff.extend(entry(0x013B, 2, 11, data + 14));
    tiff.extend(entry(0x8825, 4, 1, data + 26));
    tiff.extend([0; 4]);
    tiff.extend(camera);
    tiff.extend(artist);
    // 55° 45′ 21″ N, 37° 37′ 4″ E
    let place = data + 26 + 2 + 4 * 12 + 4;
    tiff.extend([0, 4]);
    tiff.extend(entry(1, 2, 2, u32::from(b'N') << 24));
    tiff.extend(entry(2, 5, 3, place));
    tiff.extend(entry(3, 2, 2, u32::from(b'E') << 24));
    tiff.extend(entry(4, 5, 3, place + 24));
    tiff.extend([0; 4]);
    for number in [55_u32, 45, 21, 37, 37, 4] {
        tiff.extend(number.to_be_bytes());
        tiff.extend(1_u32.to_be_bytes());
    }
    tiff
}

fn xmp() -> Vec<u8> {
    b"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
      <rdf:Description rdf:about=\"\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" exif:GPSLatitude=\"55,45.3N\" \
      xmlns:dc=\"http://purl.org/dc/elements/1.1/\" dc:source=\"secretxmp\"/></rdf:RDF></x:xmpmeta>"
        .to_vec()
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap();
    [&[0xFF, marker], &length.to_be_bytes()[..], data].concat()
}

/// A JPEG with all that cameras and programs put before, between and behind its pixels.
pub(crate) fn telling_jpeg(bytes: &[u8], orientation: u8) -> Vec<u8> {
    let iptc = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x0F\x1C\x02\x50\0\x0Asecretiptc\0";
    let head = [
        segment(0xE1, &[b"Exif\0\0", &*exif(orientation)].concat()),
        segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", &*xmp()].concat()),
        segment(0xE2, b"MPF\0MM\0\x2A secrettail"),
        segment(0xEB, b"JP secrettail"),
        segment(0xED, iptc),
        segment(0xFE, b"secretcomment"),
    ]
    .concat();
    // Behind the start and the first segment.
    let first = 4 + usize::from(u16::from_be_bytes([bytes[4], bytes[5]])) - 2 + 2;
    let (start, rest) = bytes.split_at(if bytes[3] == 0xE0 { first } else { 2 });
    [start, &head, rest, b"secrettail", bytes].concat()
}

fn png_chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut checksum = flate2::Crc::new();
    checksum.update(&kind);
    checksum.update(data);
    let length = u32::try_from(data.len()).unwrap();
    [&length.to_be_bytes()[..], &kind, data, &checksum.sum().to_be_bytes()].concat()
}

pub(crate) fn telling_png(bytes: &[u8], orientation: u8) -> Vec<u8> {
    // Behind the header.
    let (start, rest) = bytes.split_at(8 + 25);
    let chunks = [
        png_chunk(*b"eXIf", &exif(orientation)),
        png_chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", &*xmp()].concat()),
        png_chunk(*b"tEXt", b"Comment\0secretcomment"),
        png_chunk(*b"caBX", b"secrettail"),
    ];
    [start, &chunks.concat(), rest, b"secrettail"].concat()
}

pub(crate) fn telling_webp(bytes: &[u8], size: (u32, u32), orientation: u8) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap();
        let padding = vec![0; data.len() % 2];
        [kind, &length.to_le_bytes()[..], data, &padding].concat()
    };
    let dimension = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
    let flags = [&[0x0C, 0, 0, 0][..], &dimension(size.0), &dimension(size.1)].concat();
    let pixels = &bytes[12..];
    let inner = [
        b"WEBP",
        &*chunk(b"VP8X", &flags),
        pixels,
        &chunk(b"EXIF", &exif(orientation)),
        &chunk(b"XMP ", &xmp()),
    ]
    .concat();
    let length = u32::try_from(inner.len()).unwrap();
    [b"RIFF", &length.to_le_bytes()[..], &inner, b"secrettail"].concat()
}

pub(crate) fn telling_gif(bytes: &[u8]) -> Vec<u8> {
    let colours = if bytes[10] & 0x80 == 0 { 0 } else { 3 << ((bytes[10] & 7) + 1) };
    let (start, rest) = bytes.split_at(13 + colours);
    let xmp = xmp();
    let mut tail: Vec<u8> = vec![1];
    tail.extend((0..=255).rev());
    tail.extend([0]);
    let comment = b"\x21\xFE\x0Dsecretcomment\0";
    [start, comment, b"\x21\xFF\x0BXMP DataXMP", &*xmp, &tail, rest, b"secrettail"].concat()
}
