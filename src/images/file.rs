//! The published bytes of a picture's file.

use std::io::{self, Read as _};
use std::path::Path;

use crate::base::files;

use super::clean::{self, Format, HEAD};

/// The bytes of a picture without metadata; `None` for other formats, which are not read.
pub(crate) fn cleaned(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(HEAD);
    let mut file = files::open(path)?;
    file.by_ref().take(HEAD as u64).read_to_end(&mut bytes)?;
    if Format::of(&bytes).is_none() {
        return Ok(None);
    }
    file.read_to_end(&mut bytes)?;
    Ok(clean::dissect(&bytes).map(|dissected| dissected.kept.into_owned()))
}
