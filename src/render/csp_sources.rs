//! The sources that a finished page loads and runs, for a host's Content-Security-Policy.
//!
//! The default theme needs only its own style sheet; other themes or trusted bodies may need more.
//! The page is tokenised like in a browser.

mod sheet;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::markdown::tokens::{StartTag, Token, markup_of};

/// The use of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// A script, or an event attribute.
    Script,
    /// A style sheet, or a style attribute.
    Style,
    Picture,
    Font,
    /// Audio or video.
    Media,
    Frame,
    /// A plugin's object.
    Object,
    /// A web app manifest.
    Manifest,
    /// A form's target.
    Form,
}

impl Kind {
    /// Sources that every policy allows, enough for nearly all pages.
    pub(crate) fn always_allowed(self) -> &'static [&'static str] {
        match self {
            Kind::Picture => &["'self'", "data:"],
            Kind::Style | Kind::Font => &["'self'"],
            Kind::Media
            | Kind::Script
            | Kind::Frame
            | Kind::Object
            | Kind::Manifest
            | Kind::Form => &[],
        }
    }
}

/// Sources beyond those always allowed, in policy syntax.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Needs(BTreeSet<(Kind, String)>);

impl Needs {
    /// The sources of one page.
    pub(crate) fn of_page(html: &str) -> Needs {
        let mut needs = Needs::default();
        for token in markup_of(html) {
            match token {
                Token::Start(tag) => needs.tag(&tag),
                Token::Element(tag, range) => {
                    needs.tag(&tag);
                    let content = html.get(tag.range.end..range.end).unwrap_or_default();
                    let content = content.rfind("</").map_or(content, |end| &content[..end]);
                    needs.element(&tag, content);
                }
                _ => {}
            }
        }
        needs
    }

    /// Adds other sources.
    pub(crate) fn and(&mut self, other: Needs) {
        self.0.extend(other.0);
    }

    /// The sources for one use.
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| *known == kind).map(|(_, source)| source.as_str())
    }

    fn add(&mut self, kind: Kind, source: String) {
        if !kind.always_allowed().contains(&source.as_str()) {
            self.0.insert((kind, source));
        }
    }

    fn address(&mut self, kind: Kind, address: Option<&str>) {
        if let Some(address) = address.filter(|address| !address.is_empty()) {
            self.add(kind, source(address));
        }
    }

    fn tag(&mut self, tag: &StartTag) {
        let src = tag.attribute("src");
        match tag.name.as_str() {
            "script" => self.address(Kind::Script, src),
            "link" => self.link(tag),
            "img" => {
                self.address(Kind::Picture, src);
                self.candidates(tag.attribute("srcset"));
            }
            "input" if src.is_some() => self.address(Kind::Picture, src),
            "image" => self.address(Kind::Picture, tag.attribute("href")),
            "source" => {
                self.address(Kind::Media, src);
                self.candidates(tag.attribute("srcset"));
            }
            "video" => {
                self.address(Kind::Media, src);
                self.address(Kind::Picture, tag.attribute("poster"));
            }
            "audio" | "track" => self.address(Kind::Media, src),
            "iframe" | "frame" => self.address(Kind::Frame, src),
            "object" => self.object(tag.attribute("data")),
            "embed" => self.object(src),
            "form" => self.address(Kind::Form, Some(tag.attribute("action").unwrap_or("/"))),
            _ => {}
        }
        for (name, value) in &tag.attributes {
            if name == "style" {
                self.add(Kind::Style, "'unsafe-hashes'".to_owned());
                self.add(Kind::Style, hash(value));
                self.sheet(value);
            } else if name == "background" {
                self.address(Kind::Picture, Some(value));
            } else if name.starts_with("on") {
                self.add(Kind::Script, "'unsafe-hashes'".to_owned());
                self.add(Kind::Script, hash(value));
            }
        }
    }

    /// An `object` element, which a browser may show as a frame.
    fn object(&mut self, address: Option<&str>) {
        self.address(Kind::Object, address);
        self.address(Kind::Frame, address);
    }

    /// Sources in a style sheet of the page.
    fn sheet(&mut self, css: &str) {
        for (kind, address) in sheet::addresses(css) {
            self.address(kind, Some(&address));
        }
    }

    fn link(&mut self, tag: &StartTag) {
        let (rel, href) = (tag.attribute("rel").unwrap_or_default(), tag.attribute("href"));
        for word in rel.split_ascii_whitespace().map(str::to_ascii_lowercase) {
            match word.as_str() {
                "stylesheet" => self.address(Kind::Style, href),
                "icon" | "apple-touch-icon" => self.address(Kind::Picture, href),
                "manifest" => self.address(Kind::Manifest, href),
                "modulepreload" => self.address(Kind::Script, href),
                "preload" if tag.attribute("as") == Some("font") => self.address(Kind::Font, href),
                _ => {}
            }
        }
    }

    /// Candidates in a `srcset`.
    fn candidates(&mut self, srcset: Option<&str>) {
        let candidates = srcset.unwrap_or_default().split(',');
        for address in candidates.filter_map(|one| one.split_ascii_whitespace().next()) {
            self.address(Kind::Picture, Some(address));
        }
    }

    fn element(&mut self, tag: &StartTag, content: &str) {
        match tag.name.as_str() {
            "style" => {
                self.add(Kind::Style, hash(content));
                self.sheet(content);
            }
            "script" if tag.attribute("src").is_none() && is_run(tag) => {
                self.add(Kind::Script, hash(content));
            }
            _ => {}
        }
    }
}

/// Whether browsers execute it: a data block is only text.
fn is_run(tag: &StartTag) -> bool {
    let kind = tag.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "module" | "importmap" | "speculationrules")
        || kind.ends_with("javascript")
        || kind.ends_with("ecmascript")
}

/// The hash of an inline script or style.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// The source of an address, in policy syntax.
fn source(address: &str) -> String {
    let absolute = address.trim();
    let absolute = match absolute.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => absolute.to_owned(),
    };
    match Url::parse(&absolute) {
        Ok(url) if url.scheme() == "data" => "data:".to_owned(),
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let origin = url.origin().ascii_serialization();
            // Other characters could start a new directive.
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:/[]_".contains(&byte);
            if origin.bytes().all(is_plain) { origin } else { "'self'".to_owned() }
        }
        _ => "'self'".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(html: &str, kind: Kind) -> Vec<String> {
        Needs::of_page(html).of(kind).map(str::to_owned).collect()
    }

    #[test]
    fn what_runs_in_the_page_is_named_by_its_hash() {
        // The hash that browsers print.
        let alert = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
        assert_eq!(needs("<script>alert(1)</script>", Kind::Script), [alert]);
        assert_eq!(needs("<a onclick='alert(1)'>", Kind::Script), [alert, "'unsafe-hashes'"]);
        assert_eq!(needs("<script type=application/ld+json>{}</script>", Kind::Script), [""; 0]);
        assert_eq!(needs("<style>a{}</style><p style=b>", Kind::Style).len(), 3);
    }

    #[test]
    fn what_comes_from_elsewhere_is_named_by_its_origin() {
        let html = "<img src=https://a.example/b.png srcset='/c.png 1x, //d.example:8/e.png 2x'>\
                    <script src=/f.js></script><iframe src='https://g.example/h'></iframe>\
                    <img src='data:image/png;base64,AA'>";
        assert_eq!(needs(html, Kind::Picture), ["https://a.example", "https://d.example:8"]);
        assert_eq!(needs(html, Kind::Script), ["'self'"]);
        assert_eq!(needs(html, Kind::Frame), ["https://g.example"]);
    }

    #[test]
    fn what_styles_in_the_page_load_and_what_objects_show_is_named() {
        let html = "<p style=\"background: url('https://a.example/a.png')\">\
                    <style>@font-face { src: url(https://b.example/b.woff2) }\
                    p { background: url(https://c.example/c.png) }</style>\
                    <table background=https://d.example/d.png></table>\
                    <object data=/scan.pdf></object><embed src=https://e.example/e.pdf>";
        let pictures = ["https://a.example", "https://c.example", "https://d.example"];
        assert_eq!(needs(html, Kind::Picture), pictures);
        assert_eq!(needs(html, Kind::Font), ["https://b.example"]);
        for kind in [Kind::Object, Kind::Frame] {
            assert_eq!(needs(html, kind), ["'self'", "https://e.example"]);
        }
    }

    #[test]
    fn no_address_can_say_more_than_its_origin() {
        for address in ["https://a.example;script-src *", "https://a b/", "https://a.example/; x"] {
            let html = format!("<img src=\"{address}\">");
            let found = needs(&html, Kind::Picture);
            assert!(found.iter().all(|source| !source.contains([';', ' ', ','])), "{found:?}");
        }
    }
}
