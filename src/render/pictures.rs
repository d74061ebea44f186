//! The sizes of the site's own pictures, so that a page does not jump while they load.
//!
//! Asked for by bodies and by the view of an article's lead picture; reads the head of the file only.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Files of the site, by path from the archive's root without the first `/`.
pub type Files = BTreeMap<String, PathBuf>;

/// Width and height in pixels of a picture of the site; `None` where it is no file of ours, or of a
/// kind whose size is not known, such as SVG. The path may be encoded.
pub fn size(files: &Files, path: &str) -> Option<(u32, u32)> {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let size = imagesize::size(files.get(decoded.trim_start_matches('/'))?).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}
