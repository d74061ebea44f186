//! The raw HTML that bodies may contain.

use super::elements::is_element;

/// The treatment of a raw HTML element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// Written with this name; some obsolete elements have a successor.
    Keep(&'static str),
    /// A link; its address is checked.
    Link,
    /// A picture; its address is checked.
    Picture,
    /// It shows another page or file: a player or a card for a file of the archive, else a link.
    Embed,
    /// A part of a player, written with it.
    PlayerPart,
    /// Its tags are removed silently: they are only presentational.
    Drop,
    /// Its tags are removed, with a warning.
    Remove,
    /// No element: text in angle brackets, `<your name here>`.
    Text,
}

/// Elements that are kept.
pub(super) const KEPT: [&str; 59] = [
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// The treatment of an element, by its lower-case name.
pub(super) fn element(name: &str) -> Policy {
    match name {
        "a" => Policy::Link,
        "img" | "image" => Policy::Picture,
        "iframe" | "embed" | "video" | "audio" | "object" => Policy::Embed,
        "source" | "track" => Policy::PlayerPart,
        "font" | "big" | "picture" | "nobr" | "basefont" => Policy::Drop,
        _ => match successor(name).or_else(|| KEPT.into_iter().find(|kept| *kept == name)) {
            Some(kept) => Policy::Keep(kept),
            None if is_element(name) => Policy::Remove,
            None => Policy::Text,
        },
    }
}

/// The successor of an obsolete element. Landmarks belong to the page and become divisions.
fn successor(name: &str) -> Option<&'static str> {
    Some(match name {
        "section" | "article" | "aside" | "header" | "footer" | "main" | "nav" | "address"
        | "center" | "hgroup" => "div",
        "strike" => "s",
        "acronym" => "abbr",
        "tt" => "code",
        // The page has its own `h1`.
        "h1" => "h2",
        _ => return None,
    })
}

/// Whether an element has neither content nor end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "wbr" | "col")
}

/// Whether an element is a formatting element, which browsers continue in the next paragraph if it
/// is open. Here it ends with its paragraph.
pub(super) fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "cite"
            | "code"
            | "dfn"
            | "em"
            | "i"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "u"
            | "var"
    )
}

/// Whether the start tag `new` implies the end of the element `open`.
pub(super) fn start_ends(new: &str, open: &str) -> bool {
    match open {
        "p" => {
            !is_formatting(new)
                && !matches!(new, "br" | "wbr" | "img" | "del" | "ins" | "ruby" | "rt" | "rp")
        }
        "li" => new == "li",
        "dt" | "dd" => matches!(new, "dt" | "dd"),
        "td" | "th" => matches!(new, "td" | "th" | "tr" | "tbody" | "thead" | "tfoot"),
        "tr" => matches!(new, "tr" | "tbody" | "thead" | "tfoot"),
        "tbody" | "thead" | "tfoot" => matches!(new, "tbody" | "thead" | "tfoot"),
        "caption" | "colgroup" => matches!(new, "tr" | "tbody" | "thead" | "tfoot" | "colgroup"),
        "rt" | "rp" => matches!(new, "rt" | "rp"),
        _ => false,
    }
}

/// The treatment of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttributePolicy {
    /// Written with its value escaped.
    Keep,
    /// Written with the prefix of raw ids.
    Id,
    /// Written as a class: obsolete alignment.
    Align,
    /// An address, checked with its element.
    Address,
    /// Removed silently: presentation, or hints for scripts and browsers.
    Drop,
    /// Removed with a warning.
    Remove,
}

/// The treatment of an attribute; both names are in lower case.
pub(super) fn attribute(element: &str, name: &str, value: &str) -> AttributePolicy {
    match (element, name) {
        (_, "id") | ("a", "name") => AttributePolicy::Id,
        (_, "align") => AttributePolicy::Align,
        ("a", "href") | ("img" | "audio" | "video", "src") | ("video", "poster") => {
            AttributePolicy::Address
        }
        // A player has its own controls, and begins when it is asked to.
        (
            "audio" | "video",
            "controls"
            | "preload"
            | "autoplay"
            | "loop"
            | "muted"
            | "playsinline"
            | "crossorigin"
            | "controlslist"
            | "disablepictureinpicture"
            | "disableremoteplayback"
            | "webkit-playsinline",
        ) => AttributePolicy::Drop,
        (_, "dir") => keep_if(matches!(value, "ltr" | "rtl" | "auto")),
        (_, "title") | ("img", "alt") | ("ol", "reversed") | ("details", "open") => {
            AttributePolicy::Keep
        }
        (_, "lang") | ("a", "hreflang") => keep_if(is_language(value)),
        ("td" | "th", "colspan" | "rowspan") | ("col" | "colgroup", "span") => {
            keep_if(is_count(value))
        }
        ("th", "scope") => keep_if(matches!(value, "row" | "col" | "rowgroup" | "colgroup")),
        ("ol", "start") | ("li", "value") => keep_if(value.parse::<i32>().is_ok()),
        ("ol", "type") => keep_if(matches!(value, "1" | "a" | "A" | "i" | "I")),
        ("time" | "ins" | "del", "datetime") => {
            keep_if(value.starts_with(|first: char| first.is_ascii_digit()))
        }
        _ if is_harmless(name) => AttributePolicy::Drop,
        _ => AttributePolicy::Remove,
    }
}

fn keep_if(valid: bool) -> AttributePolicy {
    if valid { AttributePolicy::Keep } else { AttributePolicy::Drop }
}

fn is_language(value: &str) -> bool {
    !value.is_empty()
        && value.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

fn is_count(value: &str) -> bool {
    value.parse::<u16>().is_ok_and(|count| (1..=1000).contains(&count))
}

/// Attributes without effect on content: warnings about them would hide the important ones.
fn is_harmless(name: &str) -> bool {
    const HARMLESS: [&str; 40] = [
        "alt",
        "caption",
        "class",
        "name",
        "width",
        "height",
        "border",
        "cellpadding",
        "cellspacing",
        "bgcolor",
        "valign",
        "nowrap",
        "color",
        "face",
        "size",
        "target",
        "rel",
        "hspace",
        "vspace",
        "clear",
        "noshade",
        "summary",
        "scope",
        "loading",
        "decoding",
        "srcset",
        "sizes",
        "role",
        "cite",
        "start",
        "value",
        "type",
        "tabindex",
        "charset",
        "compact",
        "headers",
        "axis",
        "frame",
        "rules",
        "itemprop",
    ];
    HARMLESS.contains(&name)
        || name.starts_with("data-")
        || name.starts_with("aria-")
        || name.starts_with("xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_that_run_or_reach_out_are_not_kept() {
        for name in [
            "script", "style", "svg", "math", "form", "input", "base", "link", "meta", "param",
            "map", "area", "template", "o:p",
        ] {
            assert_eq!(element(name), Policy::Remove, "{name}");
        }
        assert_eq!(element("https:"), Policy::Text);
        assert_eq!(element("amp-video"), Policy::Remove);
        assert_eq!(element("osd-id"), Policy::Text);
        for name in ["iframe", "embed", "object", "audio", "video"] {
            assert_eq!(element(name), Policy::Embed, "{name}");
        }
        assert_eq!(element("center"), Policy::Keep("div"));
        assert_eq!(element("h1"), Policy::Keep("h2"));
        assert_eq!(element("nav"), Policy::Keep("div"));
    }

    #[test]
    fn attributes_that_run_are_reported() {
        for name in ["onclick", "style", "formaction", "srcdoc", "background"] {
            assert_eq!(attribute("p", name, "x"), AttributePolicy::Remove, "{name}");
        }
        assert_eq!(attribute("p", "data-x", "x"), AttributePolicy::Drop);
        assert_eq!(attribute("td", "colspan", "2"), AttributePolicy::Keep);
        assert_eq!(attribute("td", "colspan", "99999"), AttributePolicy::Drop);
        assert_eq!(attribute("p", "lang", "pt-BR"), AttributePolicy::Keep);
        assert_eq!(attribute("p", "lang", "\" onclick"), AttributePolicy::Drop);
    }
}
