//! Several pictures in one paragraph, with nothing else: a gallery, in which each leads to its file.

use std::ops::Range;

use super::escape::{push_address, push_text};
use super::pictures::SHOWN_WIDTH;
use super::writer::Writer;

/// How wide a picture of a gallery is shown.
const GALLERY_WIDTH: &str = "(min-width: 42rem) 19rem, 50vw";

/// A picture of the current paragraph, as it stands in the output.
#[derive(Clone, Debug)]
pub(super) struct LeafPicture {
    /// Its tag.
    pub(super) tag: Range<usize>,
    /// The attribute with its title in the tag.
    pub(super) title: Range<usize>,
    pub(super) caption: String,
    /// Where a local file is; others are not linked.
    pub(super) address: Option<String>,
}

impl Writer<'_> {
    /// Turns the paragraph that ends here into a gallery if it is one; returns whether it was.
    pub(super) fn end_gallery(&mut self) -> bool {
        let pictures = std::mem::take(&mut self.leaf.pictures);
        if pictures.len() < 2 || !self.holds_only(&pictures) {
            return false;
        }
        let figures: Vec<String> =
            pictures.iter().map(|picture| figure(&self.out, picture)).collect();
        self.out.truncate(self.leaf.start);
        self.paragraphs -= usize::from(self.leaf.is_numbered);
        self.out.push_str("<div class=\"gallery\">\n");
        self.out.push_str(&figures.concat());
        self.out.push_str("</div>\n");
        true
    }

    /// Whether nothing but spaces and line breaks stands between the pictures.
    fn holds_only(&self, pictures: &[LeafPicture]) -> bool {
        let starts =
            std::iter::once(self.leaf.text).chain(pictures.iter().map(|picture| picture.tag.end));
        let ends = pictures.iter().map(|picture| picture.tag.start).chain([self.out.len()]);
        starts.zip(ends).all(|(start, end)| {
            let between = self.out.get(start..end).unwrap_or("?");
            between.replace("<br>", "").trim().is_empty()
        })
    }
}

fn figure(out: &str, picture: &LeafPicture) -> String {
    let part = |range: Range<usize>| out.get(range).unwrap_or_default();
    let tag =
        [part(picture.tag.start..picture.title.start), part(picture.title.end..picture.tag.end)];
    let tag = tag.concat().replace(SHOWN_WIDTH, GALLERY_WIDTH);
    let mut figure = "<figure>".to_owned();
    match &picture.address {
        Some(address) => {
            figure.push_str("<a href=\"");
            push_address(&mut figure, address);
            figure.push_str("\">");
            figure.push_str(&tag);
            figure.push_str("</a>");
        }
        None => figure.push_str(&tag),
    }
    if !picture.caption.is_empty() {
        figure.push_str("<figcaption>");
        push_text(&mut figure, &picture.caption);
        figure.push_str("</figcaption>");
    }
    figure.push_str("</figure>\n");
    figure
}
