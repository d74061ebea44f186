//! Several pictures in one paragraph, with nothing else: a gallery, in which each leads to its file.

use std::ops::Range;

use super::escape::{push_address, push_text};

/// How wide a picture is shown: as wide as a column of text at most.
pub(super) const SHOWN_WIDTH: &str = "(min-width: 42rem) 39rem, 100vw";

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

/// The gallery that a paragraph is, from where its text starts in the output; `None` if it is none.
pub(super) fn gallery(out: &str, text: usize, pictures: &[LeafPicture]) -> Option<String> {
    if pictures.len() < 2 || !holds_only(out, text, pictures) {
        return None;
    }
    let figures: String = pictures.iter().map(|picture| figure(out, picture)).collect();
    Some(format!("<div class=\"gallery\">\n{figures}</div>\n"))
}

/// Whether nothing but spaces and line breaks stands between the pictures.
fn holds_only(out: &str, text: usize, pictures: &[LeafPicture]) -> bool {
    let starts = std::iter::once(text).chain(pictures.iter().map(|picture| picture.tag.end));
    let ends = pictures.iter().map(|picture| picture.tag.start).chain([out.len()]);
    starts.zip(ends).all(|(start, end)| {
        let between = out.get(start..end).unwrap_or("?");
        between.replace("<br>", "").trim().is_empty()
    })
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
