//! Makes smaller copies of a picture, and the card that other sites show.
//!
//! A picture is decoded once, turned upright, converted to sRGB, and scaled down step by step. The
//! same picture always gives the same bytes.

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::content::article::Focus;

use super::facts::Facts;
use super::recipe::{self, Crop, Made, Problem, THUMBNAIL};

/// The quality of lossy copies.
const QUALITY: f32 = 80.0;
/// The quality of cards, which other sites scale down again.
const CARD_QUALITY: u8 = 82;

/// Encoded files, with their sizes.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) files: Vec<((u32, u32), Vec<u8>)>,
    pub(super) problem: Option<Problem>,
}

impl Files {
    /// Nothing, with the reason.
    fn failed(problem: &Problem) -> Files {
        Files { problem: Some(problem.clone()), ..Files::default() }
    }

    pub(super) fn made(&self) -> Made {
        let sizes = self.files.iter().map(|(size, _)| *size).collect();
        Made { sizes, problem: self.problem.clone() }
    }
}

/// The requested files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) copies: bool,
    pub(super) card: Option<Focus>,
}

/// Makes copies and card of a picture; a failure applies to both.
pub(super) fn make(bytes: &[u8], facts: &Facts, wanted: Wanted) -> (Files, Files) {
    // Decoders are fuzzed, but may still panic.
    let done = std::panic::catch_unwind(|| try_make(bytes, facts, wanted));
    match done.unwrap_or(Err(Problem::Undecodable)) {
        Ok(files) => files,
        Err(problem) => (Files::failed(&problem), Files::failed(&problem)),
    }
}

fn try_make(bytes: &[u8], facts: &Facts, wanted: Wanted) -> Result<(Files, Files), Problem> {
    let size = facts.size.ok_or(Problem::Undecodable)?;
    recipe::within_limits(size)?;
    let crop = wanted.card.and_then(|focus| recipe::crop(size, focus));
    let mut sizes = recipe::copies(size);
    if facts.is_animated {
        sizes.retain(|&(width, _)| width == THUMBNAIL);
    }
    if (sizes.is_empty() || !wanted.copies) && crop.is_none() {
        return Ok(<(Files, Files)>::default());
    }
    let mut resizer = Resizer::new();
    let widest = recipe::copies(size).into_iter().find(|&(width, _)| width >= recipe::CARD.0);
    let upright = decode(bytes, facts, widest, &mut resizer)?;
    let copies = if wanted.copies {
        copies(&upright, facts, &sizes, &mut resizer)?
    } else {
        Files::default()
    };
    let card = match wanted.card.filter(|_| crop.is_some()) {
        Some(focus) => card(&upright, focus, &mut resizer)?,
        None => Files::default(),
    };
    Ok((copies, card))
}

/// Pixels row by row, three or four bytes each.
#[derive(Debug)]
struct Pixels {
    size: (u32, u32),
    data: Vec<u8>,
    kind: PixelType,
}

impl Pixels {
    fn of(image: DynamicImage) -> Pixels {
        let size = (image.width(), image.height());
        if image.color().has_alpha() {
            let data = image.into_rgba8().into_raw();
            return Pixels { size, data, kind: PixelType::U8x4 };
        }
        Pixels { size, data: image.into_rgb8().into_raw(), kind: PixelType::U8x3 }
    }

    fn into_image(self) -> Option<DynamicImage> {
        let (width, height) = self.size;
        match self.kind {
            PixelType::U8x4 => RgbaImage::from_raw(width, height, self.data).map(Into::into),
            _ => RgbImage::from_raw(width, height, self.data).map(Into::into),
        }
    }

    /// Scales to another size; crops if a part is given.
    fn resized(
        &self,
        size: (u32, u32),
        part: Option<Crop>,
        resizer: &mut Resizer,
    ) -> Result<Pixels, Problem> {
        let failed = |_| Problem::Undecodable;
        let from = ImageRef::new(self.size.0, self.size.1, &self.data, self.kind);
        let mut to = Image::new(size.0, size.1, self.kind);
        let mut options = ResizeOptions::new();
        if let Some(Crop { left, top, width, height }) = part {
            options = options.crop(left.into(), top.into(), width.into(), height.into());
        }
        resizer
            .resize(&from.map_err(|_| Problem::Undecodable)?, &mut to, &options)
            .map_err(failed)?;
        Ok(Pixels { size, data: to.into_vec(), kind: self.kind })
    }

    /// Replaces transparency with white.
    fn opaque(self) -> Pixels {
        if self.kind != PixelType::U8x4 {
            return self;
        }
        let blend = |colour: u8, alpha: u8| {
            let (colour, alpha) = (u32::from(colour), u32::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        let pixels = self.data.chunks_exact(4);
        let data = pixels.flat_map(|p| [0, 1, 2].map(|at| blend(p[at], p[3]))).collect();
        Pixels { size: self.size, data, kind: PixelType::U8x3 }
    }
}

/// Decodes the picture, upright and in sRGB, at most `widest` pixels wide as displayed.
fn decode(
    bytes: &[u8],
    facts: &Facts,
    widest: Option<(u32, u32)>,
    resizer: &mut Resizer,
) -> Result<Pixels, Problem> {
    let failed = |_| Problem::Undecodable;
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut decoder = reader.map_err(|_| Problem::Undecodable)?.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    recipe::within_limits((width, height))?;
    if decoder.total_bytes() > recipe::MOST_BYTES {
        return Err(Problem::Memory);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(recipe::MOST_BYTES);
    decoder.set_limits(limits).map_err(|_| Problem::Memory)?;
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    let mut pixels = Pixels::of(image);
    let is_turned = facts.orientation >= 5;
    let flipped = |(width, height)| if is_turned { (height, width) } else { (width, height) };
    if let Some(size) = widest.map(flipped) {
        pixels = pixels.resized(size, None, resizer)?;
    }
    if let Some(profile) = profile {
        pixels = to_srgb(pixels, &profile);
    }
    let Some(orientation) = Orientation::from_exif(facts.orientation) else { return Ok(pixels) };
    if orientation == Orientation::NoTransforms {
        return Ok(pixels);
    }
    let mut image = pixels.into_image().ok_or(Problem::Undecodable)?;
    image.apply_orientation(orientation);
    Ok(Pixels::of(image))
}

/// Converts colours from a profile; leaves them unchanged if the profile is unusable.
fn to_srgb(pixels: Pixels, profile: &[u8]) -> Pixels {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return pixels };
    if profile.color_space != DataColorSpace::Rgb {
        return pixels;
    }
    let layout = if pixels.kind == PixelType::U8x4 { Layout::Rgba } else { Layout::Rgb };
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, options) else {
        return pixels;
    };
    let mut data = vec![0; pixels.data.len()];
    match transform.transform(&pixels.data, &mut data) {
        Ok(()) => Pixels { data, ..pixels },
        Err(_) => pixels,
    }
}

/// Smaller copies, widest first; only those whose file is smaller than the original's.
fn copies(
    upright: &Pixels,
    facts: &Facts,
    sizes: &[(u32, u32)],
    resizer: &mut Resizer,
) -> Result<Files, Problem> {
    let mut files = Files::default();
    let mut last: Option<Pixels> = None;
    for &size in sizes {
        let from = last.as_ref().unwrap_or(upright);
        let is_there = from.size == size;
        let pixels = if is_there { None } else { Some(from.resized(size, None, resizer)?) };
        let file = encode(pixels.as_ref().unwrap_or(from), facts.is_lossless)?;
        if (file.len() as u64) < facts.length {
            files.files.push((size, file));
        }
        last = pixels.or(last);
    }
    Ok(files)
}

/// A picture whose lossless file is this many times larger than its lossy one is a photograph.
const PHOTOGRAPH: usize = 3;

/// Encodes as WebP. A drawing from a lossless file stays lossless; a photograph never is.
fn encode(pixels: &Pixels, is_lossless: bool) -> Result<Vec<u8>, Problem> {
    let (width, height) = pixels.size;
    let encoder = match pixels.kind {
        PixelType::U8x4 => webp::Encoder::from_rgba(&pixels.data, width, height),
        _ => webp::Encoder::from_rgb(&pixels.data, width, height),
    };
    let lossy = encoder.encode_simple(false, QUALITY).map_err(|_| Problem::Undecodable)?;
    if !is_lossless {
        return Ok(lossy.to_vec());
    }
    let exact = encoder.encode_simple(true, 75.0).map_err(|_| Problem::Undecodable)?;
    let is_photograph = lossy.len() * PHOTOGRAPH < exact.len();
    Ok(if is_photograph { lossy.to_vec() } else { exact.to_vec() })
}

/// The card, as JPEG.
fn card(upright: &Pixels, focus: Focus, resizer: &mut Resizer) -> Result<Files, Problem> {
    let Some(crop) = recipe::crop(upright.size, focus) else { return Ok(Files::default()) };
    let size = recipe::card_size(crop);
    let pixels = upright.resized(size, Some(crop), resizer)?.opaque();
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, CARD_QUALITY);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    let [width, height] = [size.0, size.1].map(|side| u16::try_from(side).unwrap_or(u16::MAX));
    let done = encoder.encode(&pixels.data, width, height, jpeg_encoder::ColorType::Rgb);
    done.map_err(|_| Problem::Undecodable)?;
    Ok(Files { files: vec![(size, file)], problem: None })
}
