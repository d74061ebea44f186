//! Compressed copies of text files, for hosts that serve them. Equal input gives equal bytes on
//! every machine.

use std::io::Write as _;

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The compression of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Supported by all current browsers.
    Brotli,
    /// For all others.
    Gzip,
}

/// The size below which a response fits into the first packet anyway.
pub(crate) const LEAST: u64 = 1_024;

/// A level that is fast enough to compress every page of a large site; the highest levels are many
/// times slower for slightly smaller copies.
const BROTLI: i32 = 5;
const GZIP: u32 = 9;

/// Extensions of text files; others are compressed already or rarely requested.
const TEXTS: [&str; 18] = [
    "atom",
    "bib",
    "css",
    "csv",
    "geojson",
    "htm",
    "html",
    "js",
    "json",
    "jsonl",
    "map",
    "md",
    "mjs",
    "ris",
    "svg",
    "txt",
    "webmanifest",
    "xml",
];

/// Whether a file of this path is text.
pub(crate) fn is_text(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| TEXTS.contains(&ending))
}

impl Encoding {
    /// Both.
    pub(crate) const ALL: [Encoding; 2] = [Encoding::Brotli, Encoding::Gzip];

    /// The extension of a copy, appended to the original's name.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gz",
        }
    }

    /// Compresses; `None` if it would save less than a tenth.
    pub(crate) fn copy(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let copy = match self {
            Encoding::Brotli => brotli(bytes),
            Encoding::Gzip => gzip(bytes),
        };
        copy.ok().filter(|copy| copy.len() <= bytes.len() / 10 * 9)
    }
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: BROTLI,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut copy = Vec::with_capacity(bytes.len() / 3);
    brotli::BrotliCompress(&mut &*bytes, &mut copy, &parameters)?;
    Ok(copy)
}

/// Without name and time in its header.
fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(GZIP));
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use sha2::Digest as _;

    use super::*;

    #[test]
    fn a_copy_holds_no_time_and_is_there_only_where_it_pays() {
        let text = "All reports of one day. ".repeat(100);
        let copy = Encoding::Gzip.copy(text.as_bytes()).unwrap_or_default();
        assert_eq!(copy.get(4..8), Some(&[0, 0, 0, 0][..]));
        let noise: Vec<u8> =
            (0..100_u8).flat_map(|number| sha2::Sha256::digest([number])).collect();
        assert!(Encoding::ALL.iter().all(|encoding| encoding.copy(&noise).is_none()));
    }

    #[test]
    fn texts_are_known_by_their_endings() {
        assert!(is_text("a/index.html") && is_text("feed.json") && is_text("x.ris"));
        assert!(!is_text("a.png") && !is_text("CNAME") && !is_text("a.html.br"));
    }
}
