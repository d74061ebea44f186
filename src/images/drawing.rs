//! SVG files, which may contain scripts or load from other hosts.

use super::clean::contains;

/// The risk of an SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Power {
    /// It contains scripts or HTML, or can't be analysed.
    Scripts,
    /// It loads something from another host.
    Loads,
}

/// The risk of an SVG; `None` if it is certainly harmless.
pub(crate) fn power(bytes: &[u8]) -> Option<Power> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some(Power::Scripts) };
    if contains(bytes, b"\0") {
        return Some(Power::Scripts);
    }
    let text = text.to_lowercase();
    if has_scripts(&text) {
        return Some(Power::Scripts);
    }
    (links_outside(&text) || styles_outside(&text)).then_some(Power::Loads)
}

fn has_scripts(text: &str) -> bool {
    const POWERS: [&str; 8] = [
        "<script",
        ":script",
        "javascript",
        "foreignobject",
        "<!entity",
        "xml-stylesheet",
        "&#",
        "<iframe",
    ];
    POWERS.iter().any(|power| text.contains(power))
        || text.match_indices("on").any(|(at, _)| is_handler(text, at))
}

/// Whether an event attribute such as `onload` starts here.
fn is_handler(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let starts = before.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_');
    let rest = text[at..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
    starts && rest.trim_start().starts_with('=')
}

/// Whether an element other than a link has an address on another host.
fn links_outside(text: &str) -> bool {
    ["href", "src"].iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            let rest = text[at + name.len()..].trim_start();
            let value = rest.strip_prefix('=').map(str::trim_start);
            let value = value.map(|value| value.trim_start_matches(['"', '\'']));
            value.is_some_and(is_outside) && !is_in_link(&text[..at])
        })
    })
}

/// Whether the last open element is a link, which loads nothing.
fn is_in_link(before: &str) -> bool {
    let element = before.rsplit('<').next().unwrap_or_default();
    let name = element.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
    name.rsplit(':').next() == Some("a")
}

fn styles_outside(text: &str) -> bool {
    let urls = text.match_indices("url(").map(|(at, name)| &text[at + name.len()..]);
    text.contains("@import")
        || urls.into_iter().any(|url| is_outside(url.trim_start().trim_start_matches(['"', '\''])))
}

fn is_outside(address: &str) -> bool {
    let address = address.trim_start();
    address.starts_with("//")
        || address.split_once(':').is_some_and(|(scheme, _)| {
            scheme != "data" && scheme.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::{Power, power};

    #[test]
    fn links_load_nothing_and_pictures_do() {
        for drawing in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"/>",
            "<svg><a href=\"https://x.example/\"><text>x</text></a></svg>",
            "<svg><use href='#a'/><image href=\"data:image/png;base64,AA\"/></svg>",
            "<svg><path fill=\"url(#gradient)\"/></svg>",
        ] {
            assert_eq!(power(drawing.as_bytes()), None, "{drawing}");
        }
        for loading in [
            "<svg><image href=\"https://x.example/a.png\"/></svg>",
            "<svg><image xlink:href = '//x.example/a.png'/></svg>",
            "<svg><use href=\" http://x.example/a.svg#b\"/></svg>",
            "<svg><style>@import 'a.css'</style></svg>",
            "<svg><path fill=\"url( 'https://x.example/#a')\"/></svg>",
            "<svg><path style='fill:url(\"//x.example/#a\")'/></svg>",
        ] {
            assert_eq!(power(loading.as_bytes()), Some(Power::Loads), "{loading}");
        }
        for script in ["<svg onload='x()'/>", "<svg><foreignObject/></svg>", "a\0b"] {
            assert_eq!(power(script.as_bytes()), Some(Power::Scripts), "{script}");
        }
    }
}
