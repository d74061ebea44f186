//! Replaces elements of AMP pages with HTML.
//!
//! [`super::html`] calls this before it builds the tree, so that no later stage knows AMP.

use html5ever::tokenizer::{Tag, TagKind};
use html5ever::{Attribute, LocalName, QualName, ns};

/// Prefixes of services' addresses, each with the attribute that holds the rest.
const SERVICES: [(&str, &str, &str); 10] = [
    ("amp-youtube", "data-videoid", "https://www.youtube.com/watch?v="),
    ("amp-vimeo", "data-videoid", "https://vimeo.com/"),
    ("amp-dailymotion", "data-videoid", "https://www.dailymotion.com/video/"),
    ("amp-twitter", "data-tweetid", "https://x.com/i/status/"),
    ("amp-instagram", "data-shortcode", "https://www.instagram.com/p/"),
    ("amp-tiktok", "data-src", ""),
    ("amp-facebook", "data-href", ""),
    ("amp-reddit", "data-src", ""),
    ("amp-soundcloud", "data-trackid", "https://api.soundcloud.com/tracks/"),
    ("amp-pinterest", "data-url", ""),
];

/// The HTML tag for a tag of AMP; `None` for the end tag of an element that is empty in HTML.
pub(super) fn as_html(tag: Tag) -> Option<Tag> {
    let Some(plain) = plain_name(&tag.name) else { return Some(tag) };
    if tag.kind == TagKind::EndTag && matches!(plain, "img" | "embed") {
        return None;
    }
    let address = address(&tag);
    let mut tag = Tag { name: LocalName::from(plain), ..tag };
    if let Some(address) = address {
        tag.attrs.push(attribute("src", &address));
    }
    Some(tag)
}

fn plain_name(name: &str) -> Option<&'static str> {
    match name.strip_prefix("amp-")? {
        "img" | "anim" => Some("img"),
        "video" => Some("video"),
        "audio" => Some("audio"),
        // Not an `iframe`: its content would be text up to `</iframe>`.
        "iframe" => Some("embed"),
        _ => SERVICES.iter().any(|(known, ..)| *known == name).then_some("embed"),
    }
}

/// The address of a service's content.
fn address(tag: &Tag) -> Option<String> {
    let (_, key, start) = SERVICES.iter().find(|(known, ..)| *known == &*tag.name)?;
    let found = tag.attrs.iter().find(|found| &*found.name.local == *key)?;
    let last = found.value.trim();
    (!last.is_empty()).then(|| format!("{start}{last}"))
}

fn attribute(name: &str, value: &str) -> Attribute {
    Attribute { name: QualName::new(None, ns!(), LocalName::from(name)), value: value.into() }
}
