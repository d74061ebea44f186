//! Lints on published pictures and recordings: places that they tell, and sizes that no reader needs.
//!
//! Reads every published file of a kind that may tell a place.

use std::path::Path;

use rayon::prelude::*;

use crate::base::diagnostic::Place;
use crate::base::files;
use crate::base::lint::Lint;
use crate::content::publishable::Publishable;
use crate::content::scan;
use crate::images::places::{self, Told};
use crate::pipeline::Site;
use crate::settings::images::PictureMetadata;

use super::finding::Finding;

/// A larger picture is reported.
const HUGE: u64 = 10_000_000;

/// A larger file is not read for places.
const LARGEST: u64 = 512 << 20;

/// What is to be said of the site's pictures and recordings.
pub(super) fn lints(site: &Site) -> Vec<Finding> {
    let files: Vec<&Publishable> = site.files.values().collect();
    files.par_iter().flat_map_iter(|file| of_file(site, file)).collect()
}

fn of_file(site: &Site, file: &Path) -> Vec<Finding> {
    let Some(kind) = places::kind(file) else { return Vec::new() };
    let at = || Place::file(scan::relative(&site.root, file));
    // A file that can't be read is reported elsewhere.
    let length = file.metadata().map_or(0, |data| data.len());
    let mut found = Vec::new();
    if kind.is_picture() && length > HUGE {
        let message = format!(
            "this picture has {} MB: readers who open it load all of that",
            length.div_ceil(1_000_000)
        );
        let help = "put a smaller copy in its place, unless readers need every pixel";
        found.push(Finding::new(Lint::HugePicture, message).at(at()).help(help));
    }
    let bytes = (length <= LARGEST).then(|| files::read(file).ok()).flatten();
    let told = bytes.map_or(Told::Nothing, |bytes| places::told(kind, &bytes));
    let keeps = site.config.images.metadata == PictureMetadata::Keep;
    let (message, help) = match told {
        Told::Nothing => return found,
        Told::Removable if !keeps => (
            "this picture's file tells where it was taken: readers don't get that, but those who get \
             the sources or a bag do",
            "take it out of the file, if it must stay unknown",
        ),
        Told::Removable => (
            "this picture's file tells where it was taken, and is published so",
            "take it out of the file, or take metadata = \"keep\" out of [images]",
        ),
        Told::Published => (
            "this file tells where it was made, and is published so",
            "take it out of the file: Dateline cleans JPEG, PNG, GIF and WebP only",
        ),
    };
    found.push(Finding::new(Lint::PlaceInPicture, message).at(at()).help(help));
    found
}
