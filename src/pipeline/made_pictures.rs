//! Smaller copies of pictures in the site: those that a page shows, and no others.
//!
//! What a page shows is read from its bytes, so that it does not matter which template shows it.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_128;

use crate::base::file_kind::FileKind;
use crate::images::recipe::FOLDER;
use crate::images::shelf::Shelf;
use crate::output::{OutputError, SiteFile};
use crate::pipeline::memory::page_records::{
    NewRecords, PageRecord, PageRecords, Remarks, page_key,
};
use crate::view::pictures::Files;

use super::storing::Store;

/// The names of made pictures in a page that this build knows to be of its own pictures.
pub(super) fn shown(page: &[u8], shelf: &Shelf) -> Vec<String> {
    if !shelf.was_asked() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(page);
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let names = text.split(FOLDER).skip(1).map(|after| {
        let end = after.find(|c| !is_of_name(c)).unwrap_or(after.len());
        &after[..end]
    });
    let names: BTreeSet<&str> = names.filter(|name| shelf.was_asked_for(name)).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// What made pictures are staged with.
pub(super) struct Staging<'a> {
    pub(super) files: &'a Files,
    pub(super) store: &'a Store<'a>,
    pub(super) remembered: &'a PageRecords,
    pub(super) new: &'a NewRecords,
}

impl Staging<'_> {
    /// Stages the made pictures that pages show.
    pub(super) fn stage(&self, names: &BTreeSet<String>) -> Result<(), OutputError> {
        names.iter().try_for_each(|name| self.stage_one(name))
    }

    fn stage_one(&self, name: &str) -> Result<(), OutputError> {
        let path = format!("{FOLDER}{name}");
        if self.files.contains_key(&path) {
            return Ok(());
        }
        let (key, file) =
            (page_key(&format!("made {name}")), SiteFile::new(&path, FileKind::Asset));
        // A name stands for its bytes.
        let fingerprint = xxh3_128(name.as_bytes());
        let known = self.remembered.get(key).filter(|known| known.fingerprint == fingerprint);
        if let Some(known) = known
            && self.store.keep(file, known.tag)?
        {
            self.new.keep(key);
            return Ok(());
        }
        let Some(from) = self.files.shelf.stored(name) else { return Ok(()) };
        let tag = self.store.copy_made(file, &from)?;
        if let Some(record) = PageRecord::new(fingerprint, tag, &Remarks::default()) {
            self.new.add(key, record);
        }
        Ok(())
    }
}
