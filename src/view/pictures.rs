//! The sizes of the site's own pictures, so that a page does not jump while they load.
//!
//! Asked for by bodies and by the view of an article's lead picture; reads the head of the file only.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use imagesize::ImageError;

use crate::base::diagnostic::Diagnostic;
use crate::content::scan;

/// Files of the site, by path from the archive's root without the first `/`; and which of them the
/// system did not let be read when a page asked for their size.
#[derive(Debug, Default)]
pub struct Files {
    places: BTreeMap<String, PathBuf>,
    unread: Mutex<BTreeSet<(PathBuf, String)>>,
}

impl Files {
    /// Files by their path.
    pub fn new(places: BTreeMap<String, PathBuf>) -> Files {
        Files { places, unread: Mutex::default() }
    }

    /// A problem for each file that could not be read: a page that shows it is not what it should be.
    pub fn unread(&self) -> Vec<Diagnostic> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        let problem =
            |(path, why): &(PathBuf, String)| scan::unreadable(&path.display().to_string(), why);
        unread.iter().map(problem).collect()
    }
}

impl Deref for Files {
    type Target = BTreeMap<String, PathBuf>;

    fn deref(&self) -> &BTreeMap<String, PathBuf> {
        &self.places
    }
}

/// Width and height in pixels of a picture of the site; `None` where it is no file of ours, or of a
/// kind whose size is not known, such as SVG. The path may be encoded.
pub fn size(files: &Files, path: &str) -> Option<(u32, u32)> {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let place = files.get(decoded.trim_start_matches('/'))?;
    let size = match imagesize::size(place) {
        Ok(size) => size,
        // A picture that was cut short is the curator's, and published as it is.
        Err(ImageError::IoError(error)) if error.kind() != ErrorKind::UnexpectedEof => {
            let mut unread = files.unread.lock().unwrap_or_else(PoisonError::into_inner);
            unread.insert((place.clone(), error.to_string()));
            return None;
        }
        Err(_) => return None,
    };
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}
