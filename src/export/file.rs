//! Writes an export atomically.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::base::files::{Draft, Durability};

/// Lets `write` fill a draft of the file, then replaces the file.
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut draft = Draft::of(path)?;
    let mut writer = BufWriter::new(draft.file());
    write(&mut writer)?;
    writer.into_inner().map_err(io::IntoInnerError::into_error)?;
    draft.put(Durability::Lasting)?;
    Durability::Lasting.sync_folder_of(path)
}
