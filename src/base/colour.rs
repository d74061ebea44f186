//! Colours of the settings, and how well they can be read on paper (WCAG 2.2, contrast ratio).

use std::fmt;

/// A colour of the sRGB space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// The theme's paper in the light scheme.
    pub const LIGHT_PAPER: Colour = Colour([0xfd, 0xfc, 0xf8]);
    /// The theme's paper in the dark scheme.
    pub const DARK_PAPER: Colour = Colour([0x16, 0x15, 0x13]);

    /// Reads `#0a5c4a`, or `#abc`.
    pub fn read(text: &str) -> Option<Colour> {
        let digits = text.trim().strip_prefix('#')?;
        let of = |part: &str| u8::from_str_radix(part, 16).ok();
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        match digits.len() {
            3 => {
                let twice = |at: usize| of(&digits[at..=at]).map(|digit| digit * 17);
                Some(Colour([twice(0)?, twice(1)?, twice(2)?]))
            }
            6 => Some(Colour([of(&digits[..2])?, of(&digits[2..4])?, of(&digits[4..])?])),
            _ => None,
        }
    }

    /// The contrast of two colours, from 1 to 21.
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The nearest colour towards black or white that can be read on paper.
    #[must_use]
    pub fn readable_on(self, paper: Colour, least: f64) -> Colour {
        let end = if paper.luminance() > 0.18 { 0 } else { 255 };
        let steps = (0..=64).map(|step| self.towards(end, step));
        steps.clone().find(|colour| colour.contrast(paper) >= least).unwrap_or(Colour([end; 3]))
    }

    /// The colour a number of 64ths nearer to black or white.
    fn towards(self, end: u8, step: u32) -> Colour {
        let part = |from: u8| {
            let mixed = (u32::from(from) * (64 - step) + u32::from(end) * step) / 64;
            u8::try_from(mixed).unwrap_or(end)
        };
        Colour(self.0.map(part))
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let of = |text: &str| Colour::read(text).unwrap_or_else(|| panic!("{text}"));
        assert!((of("#000").contrast(of("#ffffff")) - 21.0).abs() < 0.001);
        assert!((of("#777777").contrast(of("#fff")) - 4.48).abs() < 0.01);
        let dark = of("#8a1c14").readable_on(Colour::DARK_PAPER, 4.5);
        assert!(dark.contrast(Colour::DARK_PAPER) >= 4.5, "{dark}");
        assert_eq!(of("#8a1c14").readable_on(Colour::LIGHT_PAPER, 4.5).to_string(), "#8a1c14");
        assert_eq!(Colour::read("red"), None);
        assert_eq!(Colour::read("#ééé"), None);
    }
}
