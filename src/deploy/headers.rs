//! What a host should say of a file: its type, and for how long it may be kept.

use crate::config::targets::TargetConfig;
use crate::media_type::media_type;
use crate::output::{FileKind, Files};

use super::plan::is_fingerprinted;

/// Headers that go with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Headers {
    pub(super) content_type: String,
    pub(super) content_encoding: Option<&'static str>,
    pub(super) cache_control: String,
}

impl Headers {
    /// Those of a file of the site.
    pub(super) fn of(path: &str, kind: FileKind, files: &Files, target: &TargetConfig) -> Headers {
        let (plain, content_encoding) = uncompressed(path, files);
        let max_age = match kind {
            FileKind::Asset => target.files_max_age,
            _ => target.pages_max_age,
        };
        let cache_control = if is_fingerprinted(plain) {
            "public, max-age=31536000, immutable".to_owned()
        } else {
            format!("public, max-age={max_age}")
        };
        Headers { content_type: media_type(plain), content_encoding, cache_control }
    }
}

/// The file that a compressed one is a copy of, and how it is compressed.
fn uncompressed<'a>(path: &'a str, files: &Files) -> (&'a str, Option<&'static str>) {
    let copies = [(".br", "br"), (".gz", "gzip")];
    let copy = copies.iter().find_map(|(ending, encoding)| {
        let plain = path.strip_suffix(ending).filter(|plain| files.contains(plain))?;
        Some((plain, Some(*encoding)))
    });
    copy.unwrap_or((path, None))
}
