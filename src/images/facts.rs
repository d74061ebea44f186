//! Facts about pictures for pages: the display size, and whether the file is intact.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind};
use std::path::Path;

use imagesize::ImageError;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::base::files;

use super::clean::{self, Dissected, Motion};
use super::pdf;

/// The properties of a picture's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// A hash of its published bytes.
    pub hash: u128,
    /// The length of its published file.
    pub length: u64,
    /// Display width and height in pixels, after applying the orientation; `None` if the format's
    /// size can't be read, as in SVG.
    pub size: Option<(u32, u32)>,
    /// EXIF's orientation, 1 to 8; 0 for formats without smaller copies.
    pub orientation: u8,
    /// Whether it is truncated, or its size can't be read.
    pub is_damaged: bool,
    /// Whether it has more than one frame.
    pub is_animated: bool,
    /// Whether its encoding is lossless.
    pub is_lossless: bool,
    /// The number of pages, of a PDF.
    #[serde(default)]
    pub pages: Option<u32>,
}

/// Of a larger file only the head is read, and it is published unchanged.
pub(crate) const LARGEST: u64 = 256 << 20;

impl Facts {
    /// Reads a file. A damaged file is not an error.
    pub(crate) fn of_file(path: &Path) -> io::Result<Facts> {
        let file = files::open(path)?;
        if file.metadata()?.len() > LARGEST {
            return by_head(file);
        }
        Ok(Facts::of(&files::read(path)?))
    }

    /// From a file's bytes.
    pub(crate) fn of(bytes: &[u8]) -> Facts {
        let size = imagesize::blob_size(bytes)
            .ok()
            .and_then(|size| u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok()));
        let facts = Facts {
            hash: xxh3_128(bytes),
            length: bytes.len() as u64,
            size,
            pages: pdf::pages(bytes),
            ..Facts::default()
        };
        let Some(Dissected { kept, orientation, is_cut_short, motion, is_lossless, .. }) =
            clean::dissect(bytes)
        else {
            return Facts { is_damaged: size.is_none() && is_picture(bytes), ..facts };
        };
        Facts {
            hash: xxh3_128(&kept),
            length: kept.len() as u64,
            size: size.map(|size| orientation.turned(size)),
            orientation: orientation.number(),
            is_damaged: is_cut_short || size.is_none(),
            is_animated: motion == Motion::Animated,
            is_lossless,
            pages: None,
        }
    }
}

fn by_head(file: File) -> io::Result<Facts> {
    let size = match imagesize::reader_size(BufReader::new(file)) {
        Ok(size) => u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok()),
        Err(ImageError::IoError(error)) if !is_of_format(error.kind()) => return Err(error),
        Err(_) => None,
    };
    Ok(Facts { size, length: u64::MAX, ..Facts::default() })
}

/// Whether a file starts like a picture in a format with a known size; otherwise it is another kind
/// of file.
fn is_picture(bytes: &[u8]) -> bool {
    // The library needs at least this many bytes.
    let mut head = bytes.get(..64).unwrap_or(bytes).to_vec();
    head.resize(head.len().max(16), 0);
    imagesize::image_type(&head).is_ok()
}

/// Errors of the format's parser, not of the system.
fn is_of_format(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedEof
            | ErrorKind::InvalidData
            | ErrorKind::InvalidInput
            | ErrorKind::Other
            | ErrorKind::Unsupported
    )
}
