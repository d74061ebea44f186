//! The site's own pictures for pages: sizes, so that pages don't shift while loading, smaller copies,
//! and cards for other sites.
//!
//! For bodies, lead pictures and lists. What is known of pictures comes from the shelf.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::base::diagnostic::Diagnostic;
use crate::content::article::Focus;
use crate::content::publishable::Publishable;
use crate::content::scan;
use crate::images::facts::Facts;
use crate::images::recipe::{self, CARD};
use crate::images::shelf::{MadeFile, Shelf};
use crate::markdown::{Condition, PictureCopy};
use crate::settings::Config;

/// Copied files, by path from the archive's root without the first `/`, what is known of pictures
/// among them, and those that could not be read when a page needed them.
#[derive(Debug, Default)]
pub struct Files {
    places: BTreeMap<String, Publishable>,
    pub(crate) shelf: Shelf,
    unread: Mutex<BTreeSet<(PathBuf, String)>>,
}

impl Files {
    /// Indexes files by path.
    pub(crate) fn new(places: BTreeMap<String, Publishable>, shelf: Shelf) -> Files {
        Files { places, shelf, unread: Mutex::default() }
    }

    /// A problem for each file that could not be read: a page with it would be wrong.
    pub fn unread(&self) -> Vec<Diagnostic> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = self.shelf.failures();
        let problem =
            |(path, why): &(PathBuf, String)| scan::unreadable(&path.display().to_string(), why);
        unread.iter().chain(&failures).map(problem).collect()
    }

    /// A picture among them. The path is as published, not encoded.
    pub(crate) fn picture(&self, path: &str) -> Option<FilePicture<'_>> {
        let file = self.places.get(path.trim_start_matches('/'))?;
        let facts = self.shelf.facts(file).unwrap_or_else(|why| {
            self.note_unread(file, why);
            Facts::default()
        });
        Some(FilePicture { shelf: &self.shelf, file, facts })
    }

    /// Notes a file that could not be read.
    pub(crate) fn note_unread(&self, file: &Publishable, why: String) {
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        unread.insert((file.to_path_buf(), why));
    }
}

impl Deref for Files {
    type Target = BTreeMap<String, Publishable>;

    fn deref(&self) -> &BTreeMap<String, Publishable> {
        &self.places
    }
}

/// A picture among the site's files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FilePicture<'a> {
    shelf: &'a Shelf,
    file: &'a Publishable,
    facts: Facts,
}

/// A file that is shown in place of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// From the archive's root; `None` for the picture's own file.
    pub path: Option<String>,
    pub size: Option<(u32, u32)>,
}

/// A picture whose own file is not larger may stand in a list.
const LIGHT: u64 = 48 << 10;

impl FilePicture<'_> {
    /// Width and height as shown; `None` for formats with unknown sizes, such as SVG.
    pub(crate) fn size(&self) -> Option<(u32, u32)> {
        self.facts.size
    }

    /// The number of pages, of a PDF.
    pub(crate) fn pages(&self) -> Option<u32> {
        self.facts.pages
    }

    /// Whether its file is intact, and can be made smaller.
    pub(crate) fn condition(&self) -> Condition {
        if self.facts.is_damaged {
            return Condition::Damaged;
        }
        let (_, problem) = self.shelf.copies(self.file, &self.facts);
        problem.map_or(Condition::Sound, |problem| Condition::Unscaled(problem.to_string()))
    }

    /// The files from which a browser chooses, from the narrowest; `address` is its own file's.
    pub(crate) fn copies(&self, address: &str, config: &Config) -> Vec<PictureCopy> {
        // An animation goes on moving.
        let Some((width, _)) = self.facts.size.filter(|_| !self.facts.is_animated) else {
            return Vec::new();
        };
        let (made, _) = self.shelf.copies(self.file, &self.facts);
        let copy = |made: &MadeFile| PictureCopy {
            address: config.address(&made_path(made)),
            width: made.size.0,
        };
        let mut copies: Vec<PictureCopy> = made.iter().rev().map(copy).collect();
        // Where the widest copy would be nearly as large, the picture itself is.
        let has_widest = recipe::copies((width, 1)).len() == recipe::WIDTHS.len();
        if !copies.is_empty() && !has_widest {
            copies.push(PictureCopy { address: address.to_owned(), width });
        }
        copies
    }

    /// What stands in a list.
    pub(crate) fn thumbnail(&self) -> Option<Shown> {
        if self.facts.is_damaged {
            return None;
        }
        if let Some(made) = self.shelf.thumbnail(self.file, &self.facts) {
            return Some(Shown::made(&made));
        }
        let is_light = self.facts.length <= LIGHT && self.facts.size.is_some();
        is_light.then_some(Shown { path: None, size: self.facts.size })
    }

    /// What other sites show with a link.
    pub(crate) fn card(&self, focus: Focus) -> Shown {
        let size = self.facts.size;
        // It has the right form already.
        let is_card = size == Some(CARD);
        let made = (!is_card).then(|| self.shelf.card(self.file, &self.facts, focus)).flatten();
        made.map_or(Shown { path: None, size }, |made| Shown::made(&made))
    }
}

impl Shown {
    fn made(made: &MadeFile) -> Shown {
        Shown { path: Some(made_path(made)), size: Some(made.size) }
    }
}

fn made_path(made: &MadeFile) -> String {
    format!("/{}{}", recipe::FOLDER, made.name)
}
