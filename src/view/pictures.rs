//! Sizes of the site's own pictures, so that pages don't shift while loading.
//!
//! For bodies and lead pictures; reads only a file's head.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use imagesize::ImageError;

use crate::base::diagnostic::Diagnostic;
use crate::content::publishable::Publishable;
use crate::content::scan;
use crate::markdown::Condition;

/// Copied files, by path from the archive's root without the first `/`, and those that could not be
/// read when a page needed their size.
#[derive(Debug, Default)]
pub struct Files {
    places: BTreeMap<String, Publishable>,
    unread: Mutex<BTreeSet<(PathBuf, String)>>,
}

impl Files {
    /// Indexes files by path.
    pub fn new(places: BTreeMap<String, Publishable>) -> Files {
        Files { places, unread: Mutex::default() }
    }

    /// A problem for each file that could not be read: a page with it would be wrong.
    pub fn unread(&self) -> Vec<Diagnostic> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        let problem =
            |(path, why): &(PathBuf, String)| scan::unreadable(&path.display().to_string(), why);
        unread.iter().map(problem).collect()
    }
}

impl Deref for Files {
    type Target = BTreeMap<String, Publishable>;

    fn deref(&self) -> &BTreeMap<String, Publishable> {
        &self.places
    }
}

/// The properties of a picture's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Width and height in pixels; `None` for other sites' files, and for formats with unknown
    /// sizes, such as SVG.
    pub size: Option<(u32, u32)>,
    /// Whether the file is intact.
    pub condition: Condition,
}

/// The bytes needed to identify a format.
const LONGEST_HEAD: u64 = 4 << 10;

/// How far back the end mark is searched.
const LONGEST_END: u64 = 64 << 10;

/// Measures a picture. The path is as published, not encoded.
pub fn measure(files: &Files, path: &str) -> Measured {
    let Some(place) = files.get(path.trim_start_matches('/')) else {
        return Measured::default();
    };
    measure_file(place).unwrap_or_else(|error| {
        let mut unread = files.unread.lock().unwrap_or_else(PoisonError::into_inner);
        unread.insert((place.to_path_buf(), error.to_string()));
        Measured::default()
    })
}

/// A damaged picture is published unchanged; only system errors are errors.
fn measure_file(place: &Path) -> io::Result<Measured> {
    let mut file = File::open(place)?;
    let size = match imagesize::reader_size(BufReader::new(&mut file)) {
        Ok(size) => u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok()),
        Err(ImageError::IoError(error)) if !is_of_format(error.kind()) => return Err(error),
        Err(_) => None,
    };
    let is_damaged = is_picture(&mut file)? && (size.is_none() || is_cut_short(&mut file)?);
    let condition = if is_damaged { Condition::Damaged } else { Condition::Sound };
    Ok(Measured { size, condition })
}

/// Whether a file starts like a picture in a format with a known size; otherwise it is another kind
/// of file.
fn is_picture(file: &mut File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(LONGEST_HEAD).read_to_end(&mut head)?;
    // The library needs at least this many bytes.
    head.resize(head.len().max(16), 0);
    Ok(imagesize::image_type(&head).is_ok())
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

/// Whether the file is truncated, for formats with an end mark.
fn is_cut_short(file: &mut File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    let mut head = [0; 12];
    file.seek(SeekFrom::Start(0))?;
    if file.read(&mut head)? < head.len() {
        return Ok(true);
    }
    let mark: &[u8] = match &head {
        [0xFF, 0xD8, ..] => b"\xFF\xD9",
        [0x89, b'P', b'N', b'G', ..] => b"IEND",
        [b'G', b'I', b'F', b'8', ..] => b"\x3B",
        [b'R', b'I', b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P'] => {
            return Ok(u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + 8 > length);
        }
        _ => return Ok(false),
    };
    let mut end = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_END).max(2)))?;
    file.take(LONGEST_END).read_to_end(&mut end)?;
    Ok(!end.windows(mark.len()).any(|found| found == mark))
}
