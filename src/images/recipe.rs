//! The files made from a picture: widths, the card for other sites, limits, names.

use std::fmt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::content::article::Focus;

use super::facts::Facts;

/// The version of the recipe, including encoders. A new version changes the names of made files, so
/// that no cache serves an old file.
const RECIPE: &str = "1 fast_image_resize 6.1 webp 0.3.1 libwebp-sys 0.9.6 jpeg-encoder 0.7.1";

/// The widths of smaller copies, widest first.
pub(crate) const WIDTHS: [u32; 3] = [1600, 800, 400];

/// The width of copies in lists.
pub(crate) const THUMBNAIL: u32 = 400;

/// Width and height of a card.
pub(crate) const CARD: (u32, u32) = (1200, 630);

/// The minimum width of a card: other sites show narrower ones small.
const LEAST_CARD: u32 = 600;

/// The folder of made files, relative to the site's root.
pub(crate) const FOLDER: &str = "assets/img/";

/// The maximum number of pixels of a picture with smaller copies.
const MOST_PIXELS: u64 = 50_000_000;
/// The maximum length of its sides.
const LONGEST_SIDE: u32 = 16_384;
/// The maximum memory for decoding it, in bytes.
pub(crate) const MOST_BYTES: u64 = 256 << 20;

/// The key of made files: a hash of the picture and the recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Key(u128);

/// The files that are made together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    /// Smaller copies.
    Copies,
    /// The card, which other sites show with a link.
    Card(Focus),
}

impl Key {
    /// The key of files made from a picture.
    pub(crate) fn of(facts: &Facts, product: Product) -> Key {
        Key(xxh3_128(format!("{RECIPE} {:032x} {product:?}", facts.hash).as_bytes()))
    }

    /// The file name of a copy.
    pub(crate) fn copy(self, width: u32) -> String {
        format!("{:032x}-{width}.webp", self.0)
    }

    /// The file name of a card.
    pub(crate) fn card(self) -> String {
        format!("{:032x}-card.jpg", self.0)
    }
}

/// The files made from a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// The sizes of the files, widest first.
    pub sizes: Vec<(u32, u32)>,
    /// The reason if none could be made.
    pub problem: Option<Problem>,
}

/// Why a picture has no smaller copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Problem {
    /// It has too many pixels.
    Pixels(u64),
    /// A side is too long.
    Side(u32),
    /// It would need too much memory.
    Memory,
    /// It can't be read.
    Undecodable,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Pixels(pixels) => write!(
                formatter,
                "it has {} megapixels, and {} are the most",
                pixels.div_ceil(1_000_000),
                MOST_PIXELS / 1_000_000
            ),
            Problem::Side(side) => {
                write!(formatter, "a side has {side} pixels, and {LONGEST_SIDE} are the most")
            }
            Problem::Memory => {
                write!(formatter, "it would take more than {} MB of memory", MOST_BYTES >> 20)
            }
            Problem::Undecodable => formatter.write_str("its pixels can't be read"),
        }
    }
}

/// Whether a picture of this size gets smaller copies.
pub(crate) fn within_limits((width, height): (u32, u32)) -> Result<(), Problem> {
    let (pixels, side) = (u64::from(width) * u64::from(height), width.max(height));
    match () {
        () if side > LONGEST_SIDE => Err(Problem::Side(side)),
        () if pixels > MOST_PIXELS => Err(Problem::Pixels(pixels)),
        () => Ok(()),
    }
}

/// The sizes of the copies of a picture, widest first; all are clearly smaller than the picture.
pub(crate) fn copies((width, height): (u32, u32)) -> Vec<(u32, u32)> {
    let is_smaller = |copy: &u32| u64::from(*copy) * 100 < u64::from(width) * 85;
    let sized = |copy: u32| (copy, scaled(height, copy, width));
    WIDTHS.into_iter().filter(is_smaller).map(sized).collect()
}

/// `length × to ÷ from`, rounded, at least 1.
fn scaled(length: u32, to: u32, from: u32) -> u32 {
    let (length, to, from) = (u64::from(length), u64::from(to), u64::from(from.max(1)));
    u32::try_from((length * to + from / 2) / from).unwrap_or(u32::MAX).max(1)
}

/// The part of a picture on its card: position and size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crop {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

/// The part for the card; `None` if the picture is too small.
pub(crate) fn crop((width, height): (u32, u32), focus: Focus) -> Option<Crop> {
    let whole_width = (width, scaled(CARD.1, width, CARD.0));
    let (part_width, part_height) = if whole_width.1 <= height {
        whole_width
    } else {
        (scaled(CARD.0, height, CARD.1).min(width), height)
    };
    let start = |whole: u32, part: u32, percent: u8| {
        let middle = u64::from(whole) * u64::from(percent) / 100;
        let start = middle.saturating_sub(u64::from(part) / 2);
        u32::try_from(start).unwrap_or(0).min(whole - part)
    };
    (part_width >= LEAST_CARD).then(|| Crop {
        left: start(width, part_width, focus.x),
        top: start(height, part_height, focus.y),
        width: part_width,
        height: part_height,
    })
}

/// The size of the card made from a part of a picture.
pub(crate) fn card_size(crop: Crop) -> (u32, u32) {
    if crop.width >= CARD.0 { CARD } else { (crop.width, crop.height) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_copy_is_larger_or_nearly_as_large() {
        let widths =
            |width| -> Vec<u32> { copies((width, 300)).iter().map(|copy| copy.0).collect() };
        assert_eq!(widths(4032), [1600, 800, 400]);
        assert_eq!(widths(1882), [800, 400]);
        assert_eq!(widths(1883), [1600, 800, 400]);
        assert_eq!(widths(940), [400]);
        assert_eq!(widths(400), [0; 0]);
        assert_eq!(copies((4032, 3024))[1], (800, 600));
    }

    #[test]
    fn a_card_shows_what_matters() {
        let part = |size, x, y| crop(size, Focus { x, y });
        let middle = Crop { left: 0, top: 90, width: 1200, height: 630 };
        assert_eq!(part((1200, 810), 50, 50), Some(middle));
        assert_eq!(part((1200, 810), 50, 0).map(|crop| crop.top), Some(0));
        assert_eq!(part((1200, 810), 50, 100).map(|crop| crop.top), Some(180));
        assert_eq!(part((4000, 630), 100, 50).map(|crop| crop.left), Some(2800));
        assert_eq!(part((599, 600), 50, 50), None);
    }
}
