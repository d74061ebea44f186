//! Converts HTML to Markdown that Dateline renders to the same words.
//!
//! Two steps: [`reading`] parses a [`Tree`](super::html::Tree) to a [`document`] of blocks and
//! inlines, [`writing`] writes it as Markdown. [`Addresses`] maps addresses. What can't be kept is
//! a [`Loss`].

mod document;
mod escaping;
mod inlines;
mod raw;
mod reading;
mod spans;
mod tables;
mod writing;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::html::Tree;

/// Maps the addresses of a text.
pub trait Addresses {
    /// The new address of a link.
    fn link(&self, address: &str) -> String {
        address.to_owned()
    }

    /// The new address of a picture.
    fn picture(&self, address: &str) -> String {
        address.to_owned()
    }
}

/// Keeps all addresses.
#[derive(Clone, Copy, Debug)]
pub struct Unchanged;

impl Addresses for Unchanged {}

/// The Markdown of a text, and what was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// Without a final line break.
    pub markdown: String,
    /// In the order of the text.
    pub losses: Vec<Loss>,
}

/// Something that can't be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The kind of loss.
    pub kind: LossKind,
    /// Its address or element name.
    pub what: String,
}

/// The kind of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossKind {
    /// A frame, video, sound or object became a link.
    Embed,
    /// An embed without an address was removed.
    EmbedWithoutAddress,
    /// A script was removed.
    Script,
    /// A form's fields were removed; its text is kept.
    Form,
    /// An inline drawing was removed.
    Drawing,
    /// A tracking pixel was removed.
    TrackingPixel,
    /// A picture in a `data:` address was removed.
    InlinePicture,
    /// Tags nested too deeply were removed; their text is kept.
    Nesting,
}

impl LossKind {
    /// A description.
    pub fn words(self) -> &'static str {
        match self {
            LossKind::Embed => "embedded frames, films and sounds became links",
            LossKind::EmbedWithoutAddress => "embedded objects without an address were left out",
            LossKind::Script => "scripts were left out",
            LossKind::Form => "form fields were left out, their words kept",
            LossKind::Drawing => "drawings inside of the text were left out",
            LossKind::TrackingPixel => "pictures that only count readers were left out",
            LossKind::InlinePicture => "pictures written into the text itself were left out",
            LossKind::Nesting => "tags nested too deeply were left out, their words kept",
        }
    }
}

/// Converts the content of an HTML body.
pub fn convert(html: &str, addresses: &dyn Addresses) -> Converted {
    convert_tree(&Tree::fragment(html), addresses)
}

/// Converts a parsed text.
pub(crate) fn convert_tree(tree: &Tree, addresses: &dyn Addresses) -> Converted {
    let mut reader = reading::Reader::new(tree, addresses);
    let blocks = reader.document(tree.root());
    let mut losses = reader.losses;
    if tree.left_out > 0 {
        losses.push(Loss { kind: LossKind::Nesting, what: format!("{} tags", tree.left_out) });
    }
    Converted { markdown: writing::document(&blocks), losses }
}
