//! HTTP headers of a file: type and caching.

use xxhash_rust::xxh3::xxh3_64;

use crate::base::file_kind::FileKind;
use crate::base::media_type::media_type;
use crate::output::Entry;
use crate::settings::targets::TargetConfig;

/// The headers of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Headers {
    pub(super) content_type: String,
    pub(super) content_encoding: Option<&'static str>,
    pub(super) cache_control: String,
}

impl Headers {
    /// The headers for a file of the site.
    pub(super) fn of(path: &str, entry: &Entry, target: &TargetConfig) -> Headers {
        let (plain, content_encoding) = uncompressed(path, entry);
        let max_age = match entry.kind {
            FileKind::Asset => target.files_max_age,
            _ => target.pages_max_age,
        };
        let cache_control = match entry.kind {
            FileKind::Theme => "public, max-age=31536000, immutable".to_owned(),
            // Its files belong together: one that a browser kept from before would not fit the others.
            FileKind::Index => "public, no-cache".to_owned(),
            _ => format!("public, max-age={max_age}"),
        };
        Headers { content_type: media_type(plain), content_encoding, cache_control }
    }

    /// A hash that changes with the headers.
    pub(super) fn hash(&self) -> u64 {
        let Headers { content_type, content_encoding, cache_control } = self;
        let encoding = content_encoding.unwrap_or_default();
        xxh3_64([content_type.as_str(), encoding, cache_control].join("\n").as_bytes())
    }
}

/// The original of a compressed copy, and its encoding. Files that curators compressed themselves
/// are served as they are.
fn uncompressed<'a>(path: &'a str, entry: &Entry) -> (&'a str, Option<&'static str>) {
    let copies = [(".br", "br"), (".gz", "gzip")];
    let copy = copies
        .iter()
        .filter(|_| entry.is_copy)
        .find_map(|(ending, encoding)| Some((path.strip_suffix(ending)?, Some(*encoding))));
    copy.unwrap_or((path, None))
}
