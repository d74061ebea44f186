//! The last steps: internal links, cleaning, shortcodes.
//!
//! Raw HTML was checked and rewritten before; ammonia then parses the whole body as a browser does,
//! repairs its structure, and is a second line of defence.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::base::choices::UnresolvedLinks;
use crate::base::diagnostic::Rule;
use crate::markdown::address::SCHEMES;
use crate::markdown::controls::{with_directions_closed, without_controls};
use crate::markdown::escape::{excerpt, push_address};
use crate::markdown::policy::KEPT;
use crate::markdown::writer::{RawMode, Writer};
use crate::markdown::{Rendered, link_state};

/// Elements that Markdown's own output holds beyond those that raw HTML may.
const OWN: [&str; 9] = ["a", "audio", "h1", "img", "input", "label", "section", "track", "video"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(cleaner);

fn cleaner() -> Builder<'static> {
    let attributes: [(&str, &[&str]); 17] = [
        (
            "a",
            &[
                "href",
                "hreflang",
                "rel",
                "tabindex",
                "aria-hidden",
                "data-originalurl",
                "data-versionurl",
                "data-versiondate",
            ],
        ),
        ("img", &["src", "alt", "srcset", "sizes", "width", "height", "loading", "decoding"]),
        ("audio", &["src", "controls", "preload"]),
        ("video", &["src", "controls", "preload", "width", "height", "poster"]),
        ("track", &["src", "kind", "srclang"]),
        ("input", &["type", "disabled", "checked"]),
        ("ol", &["start", "reversed", "type"]),
        ("li", &["value"]),
        ("td", &["colspan", "rowspan"]),
        ("th", &["colspan", "rowspan", "scope"]),
        ("col", &["span"]),
        ("colgroup", &["span"]),
        ("time", &["datetime"]),
        ("ins", &["datetime"]),
        ("del", &["datetime"]),
        ("details", &["open"]),
        ("div", &["tabindex"]),
    ];
    let attributes: HashMap<_, HashSet<_>> = attributes
        .into_iter()
        .map(|(element, names)| (element, names.iter().copied().collect()))
        .collect();
    let mut cleaner = Builder::empty();
    cleaner
        .tags(KEPT.into_iter().chain(OWN).collect())
        .clean_content_tags(["script", "style"].into())
        .tag_attributes(attributes)
        .generic_attributes(["id", "class", "title", "lang", "dir", "aria-label"].into())
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .attribute_filter(|element, name, value| {
            let is_sound = link_state::is_sound(name, value) && is_own_media(element, name, value);
            is_sound.then(|| value.into())
        })
        .url_schemes(SCHEMES.into())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    cleaner
}

/// Checks that a player loads only files of the site, in addition to the policy.
fn is_own_media(element: &str, name: &str, value: &str) -> bool {
    let is_address = matches!((element, name), ("audio" | "track" | "video", "src" | "poster"));
    !is_address || (value.starts_with('/') && !value[1..].starts_with(['/', '\\']))
}

/// Finishes the rendered body.
pub(crate) fn finish(mut writer: Writer<'_>) -> Rendered {
    let mut html = std::mem::take(&mut writer.out);
    if !writer.anchors.links.is_empty() {
        html = with_fragments(&html, &mut writer);
    }
    html = without_controls(html);
    if writer.mode == RawMode::Clean && writer.raw.is_seen {
        html = CLEANER.clean(&html).to_string();
        // Browsers turn `</p>` without an open paragraph into this.
        html = html.replace("<p></p>", "");
    }
    let is_trusted = writer.mode == RawMode::Trust && writer.raw.is_seen;
    if !is_trusted && let Cow::Owned(closed) = with_directions_closed(&html) {
        html = closed;
    }
    if !writer.inserts.is_empty() {
        html = with_shortcodes(&html, &writer);
    }
    let foreign_tags = writer.foreign_tags();
    let mut problems = writer.problems;
    problems.sort_by_key(|problem| problem.range.start);
    Rendered { html, problems, foreign_tags }
}

/// Replaces placeholders by the shortcodes' HTML.
fn with_shortcodes(html: &str, writer: &Writer<'_>) -> String {
    let inserts = |index: &str| {
        let index: usize = index.parse().ok()?;
        writer.inserts.get(index)?.as_deref()
    };
    html.split(writer.prepared.sentinel)
        .enumerate()
        .map(
            |(position, part)| {
                if position % 2 == 0 { part } else { inserts(part).unwrap_or_default() }
            },
        )
        .collect()
}

/// Fills in links within the page, now that all ids are known.
fn with_fragments(html: &str, writer: &mut Writer<'_>) -> String {
    let targets = fragment_targets(writer);
    let keeps = writer.options.unresolved_links == UnresolvedLinks::Keep;
    let sentinel = writer.prepared.sentinel;
    let mut out = String::with_capacity(html.len());
    for (position, part) in html.split(sentinel).enumerate() {
        let marker = if position % 2 == 1 { part.chars().next() } else { None };
        match marker.filter(char::is_ascii_alphabetic) {
            Some(kind) => {
                let number: usize = part[1..].parse().unwrap_or(usize::MAX);
                let fragment = writer.anchors.links.get(number).map(|link| link.fragment.as_str());
                let target = targets.get(number).and_then(Option::as_deref);
                push_fragment_link(&mut out, kind, target.or(fragment.filter(|_| keeps)));
            }
            // A shortcode's placeholder is replaced later.
            None if position % 2 == 1 => {
                out.push(sentinel);
                out.push_str(part);
                out.push(sentinel);
            }
            None => out.push_str(part),
        }
    }
    out
}

fn push_fragment_link(out: &mut String, kind: char, target: Option<&str>) {
    match (kind, target) {
        ('o' | 'a', Some(target)) => {
            out.push_str(if kind == 'o' { "<a href=\"#" } else { " href=\"#" });
            push_address(out, target);
            out.push_str(if kind == 'o' { "\">" } else { "\"" });
        }
        ('o', None) => out.push_str("<span class=\"unresolved-link\">"),
        ('a', None) => out.push_str(" class=\"unresolved-link\""),
        (_, Some(_)) => out.push_str("</a>"),
        (_, None) => out.push_str("</span>"),
    }
}

/// The id for each link within the page; unresolved ones are reported.
fn fragment_targets(writer: &mut Writer<'_>) -> Vec<Option<String>> {
    let trusted = writer.mode == RawMode::Trust;
    let counts = writer.counts();
    let links = std::mem::take(&mut writer.anchors.links);
    let mut targets = Vec::with_capacity(links.len());
    for link in &links {
        let target = writer.anchors.resolve(&link.fragment, counts, trusted);
        if target.is_none() {
            let message =
                format!("no heading or paragraph of this page is `#{}`", excerpt(&link.fragment));
            writer.report(Rule::UnresolvedLink, &link.range, message, None);
        }
        targets.push(target);
    }
    writer.anchors.links = links;
    targets
}
