//! The sizes of the site's own pictures, so that a page does not jump while they load.
//!
//! Asked for by bodies and by the view of an article's lead picture; reads the head of the file only.

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

/// Files of the site, by path from the archive's root without the first `/`; and which of them the
/// system did not let be read when a page asked for their size.
#[derive(Debug, Default)]
pub struct Files {
    places: BTreeMap<String, Publishable>,
    unread: Mutex<BTreeSet<(PathBuf, String)>>,
}

impl Files {
    /// Files by their path.
    pub fn new(places: BTreeMap<String, Publishable>) -> Files {
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
    type Target = BTreeMap<String, Publishable>;

    fn deref(&self) -> &BTreeMap<String, Publishable> {
        &self.places
    }
}

/// What the head and the end of a picture's file tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Width and height in pixels; `None` where it is no file of ours, or of a kind whose size is not
    /// known, such as SVG.
    pub size: Option<(u32, u32)>,
    /// Whether it can be shown whole.
    pub condition: Condition,
}

/// A format is known by so many bytes.
const LONGEST_HEAD: u64 = 4 << 10;

/// No file's end is looked for further back.
const LONGEST_END: u64 = 64 << 10;

/// Measures a picture of the site. The path is as published, not encoded.
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

/// A damaged picture is the curator's, and published as it is; an error is the system's alone.
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

/// Whether a file begins as a picture of a format whose size can be read. What does not is some other file
/// under a picture's name.
fn is_picture(file: &mut File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(LONGEST_HEAD).read_to_end(&mut head)?;
    // Nothing is known of less, and a file may be that short.
    head.resize(head.len().max(16), 0);
    Ok(imagesize::image_type(&head).is_ok())
}

/// Errors that a reader of a format makes of bytes, not the system of a file.
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

/// Whether the file ends before its picture does, for formats whose end has a mark.
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
