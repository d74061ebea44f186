//! `[images]`: how pictures are published.

use crate::base::diagnostic::Rule;
use crate::tree::fields::{Fields, Reading};

use super::addresses::{self, ConfigLink};
use super::publishing::choice;

/// `[images]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImagesConfig {
    /// What pictures' files tell beside their pixels.
    pub metadata: PictureMetadata,
    /// SVG beside reports.
    pub svg: Drawings,
    /// Pictures on other hosts.
    pub remote: RemotePictures,
    /// The picture of pages without one, in previews on other sites: a path of the archive, or a web
    /// address.
    pub card: Option<String>,
}

/// What happens to EXIF, XMP, IPTC, comments and previews in pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PictureMetadata {
    /// Removed, except how the picture is turned.
    #[default]
    Remove,
    /// Files are copied as they are.
    Keep,
}

/// How pictures on other hosts are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemotePictures {
    /// Readers load them from there.
    #[default]
    Load,
    /// As links: nothing is loaded before a reader follows one.
    Link,
}

/// Which SVG files beside reports are published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawings {
    /// Those without scripts and without references to other hosts.
    #[default]
    Safe,
    /// All.
    Raw,
}

pub(super) fn images(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    links: &mut Vec<ConfigLink>,
) -> ImagesConfig {
    let default = ImagesConfig::default();
    let Some(mut table) = fields.table("images", reading) else { return default };
    let metadata = [("remove", PictureMetadata::Remove), ("keep", PictureMetadata::Keep)];
    let remote = [("load", RemotePictures::Load), ("link", RemotePictures::Link)];
    let drawings = [("safe", Drawings::Safe), ("raw", Drawings::Raw)];
    let images = ImagesConfig {
        metadata: choice(&mut table, "metadata", reading, &metadata).unwrap_or_default(),
        svg: choice(&mut table, "svg", reading, &drawings).unwrap_or_default(),
        remote: choice(&mut table, "remote", reading, &remote).unwrap_or_default(),
        card: addresses::link(&mut table, "card", reading, links),
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    images
}
