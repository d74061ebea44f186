//! HTML to Markdown that Dateline reads back as the same words.
//!
//! Two steps: [`reading`] understands a [`Tree`](super::html::Tree) as a [`document`] of blocks and words,
//! [`writing`] writes that document as Markdown. Addresses are asked of [`Addresses`] on the way. What can't be
//! kept is a [`Loss`].

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

/// What the addresses of a text become.
pub trait Addresses {
    /// The address to write for a link's.
    fn link(&self, address: &str) -> String {
        address.to_owned()
    }

    /// The address to write for a picture's.
    fn picture(&self, address: &str) -> String {
        address.to_owned()
    }
}

/// All addresses stay as they are.
#[derive(Clone, Copy, Debug)]
pub struct Unchanged;

impl Addresses for Unchanged {}

/// A text in Markdown, and what it lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// Without a line break at its end.
    pub markdown: String,
    /// In the order of the text.
    pub losses: Vec<Loss>,
}

/// Something that Markdown or the site can't hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// What kind of thing.
    pub kind: LossKind,
    /// Its address or its element's name.
    pub what: String,
}

/// What kind of thing was lost or became something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossKind {
    /// A frame, film, sound or object became a link.
    Embed,
    /// One without an address was left out.
    EmbedWithoutAddress,
    /// A script was left out.
    Script,
    /// A form's fields were left out; their words stay.
    Form,
    /// A drawing inside of the page was left out.
    Drawing,
    /// A picture that only counts readers was left out.
    TrackingPixel,
    /// A picture that lies inside of its address was left out.
    InlinePicture,
    /// Tags beyond the limits of nesting were left out; their words stay.
    Nesting,
}

impl LossKind {
    /// What happened, in words.
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

/// Converts the inside of a page's body.
pub fn convert(html: &str, addresses: &dyn Addresses) -> Converted {
    convert_tree(&Tree::fragment(html), addresses)
}

/// Converts a text that was parsed already.
pub(crate) fn convert_tree(tree: &Tree, addresses: &dyn Addresses) -> Converted {
    let mut reader = reading::Reader::new(tree, addresses);
    let blocks = reader.document(tree.root());
    let mut losses = reader.losses;
    if tree.left_out > 0 {
        losses.push(Loss { kind: LossKind::Nesting, what: format!("{} tags", tree.left_out) });
    }
    Converted { markdown: writing::document(&blocks), losses }
}
