//! Smaller copies of pictures in the site: those that a page shows, and no others.
//!
//! What a page shows is read from its bytes, so that it does not matter which template shows it.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_128;

use crate::base::file_kind::FileKind;
use crate::images::recipe::FOLDER;
use crate::images::shelf::Shelf;
use crate::output::{OutputError, SiteFile};
use crate::pipeline::memory::page_records::{PageRecord, Remarks, page_key};

use super::rendering::Rendering;

/// The names of made pictures in a page that this build knows to be of its own pictures.
pub(super) fn shown(page: &[u8], shelf: &Shelf) -> Vec<String> {
    let text = String::from_utf8_lossy(page);
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let names = text.split(FOLDER).skip(1).map(|after| {
        let end = after.find(|c| !is_of_name(c)).unwrap_or(after.len());
        &after[..end]
    });
    let names: BTreeSet<&str> = names.filter(|name| shelf.was_asked_for(name)).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// Stages the made pictures that pages show.
pub(super) fn stage(
    names: &BTreeSet<String>,
    rendering: &Rendering<'_>,
) -> Result<(), OutputError> {
    for name in names {
        let path = format!("{FOLDER}{name}");
        if rendering.site.files.contains_key(&path) {
            continue;
        }
        let (key, file) =
            (page_key(&format!("made {name}")), SiteFile::new(&path, FileKind::Asset));
        // A name stands for its bytes.
        let fingerprint = xxh3_128(name.as_bytes());
        if rendering.keeps(file, key, fingerprint)? {
            rendering.new.keep(key);
            continue;
        }
        let Some(from) = rendering.site.files.shelf.stored(name) else { continue };
        let tag = rendering.store.copy_made(file, &from)?;
        if let Some(record) = PageRecord::new(fingerprint, tag, &Remarks::default()) {
            rendering.new.add(key, record);
        }
    }
    Ok(())
}
