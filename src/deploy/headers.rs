//! What a host should say of a file: its type, and for how long it may be kept.

use xxhash_rust::xxh3::xxh3_64;

use crate::config::targets::TargetConfig;
use crate::output::{Entry, FileKind};

use super::plan::is_fingerprinted;

/// Headers that go with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Headers {
    pub(super) content_type: String,
    pub(super) content_encoding: Option<&'static str>,
    pub(super) cache_control: String,
}

impl Headers {
    /// Those of a file of the site.
    pub(super) fn of(path: &str, entry: &Entry, target: &TargetConfig) -> Headers {
        let (plain, content_encoding) = uncompressed(path, entry);
        let max_age = match entry.kind {
            FileKind::Asset => target.files_max_age,
            _ => target.pages_max_age,
        };
        let cache_control = if is_fingerprinted(plain) {
            "public, max-age=31536000, immutable".to_owned()
        } else {
            format!("public, max-age={max_age}")
        };
        Headers { content_type: content_type(plain), content_encoding, cache_control }
    }

    /// By which other headers are known.
    pub(super) fn hash(&self) -> u64 {
        let Headers { content_type, content_encoding, cache_control } = self;
        let encoding = content_encoding.unwrap_or_default();
        xxh3_64([content_type.as_str(), encoding, cache_control].join("\n").as_bytes())
    }
}

/// The file that a compressed copy was made of, and how it is compressed. What curators compressed
/// themselves is a file of its own: readers who save it want it as it is.
fn uncompressed<'a>(path: &'a str, entry: &Entry) -> (&'a str, Option<&'static str>) {
    let copies = [(".br", "br"), (".gz", "gzip")];
    let copy = copies
        .iter()
        .filter(|_| entry.is_copy)
        .find_map(|(ending, encoding)| Some((path.strip_suffix(ending)?, Some(*encoding))));
    copy.unwrap_or((path, None))
}

/// A file's type by its name; texts are UTF-8, and hosts must say so.
fn content_type(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "atom.xml"
        || path.starts_with("feeds/") && name.ends_with(".xml")
        || name == "updated.xml"
    {
        return "application/atom+xml; charset=utf-8".to_owned();
    }
    let known = match name.rsplit('.').next().unwrap_or_default() {
        "json" if name == "feed.json" => "application/feed+json",
        "bib" => "application/x-bibtex",
        "ris" => "application/x-research-info-systems",
        "jsonl" => "application/jsonl",
        "md" => "text/markdown",
        "webmanifest" => "application/manifest+json",
        _ => {
            let guess = mime_guess::from_path(name).first_raw();
            guess.unwrap_or(if name.contains('.') {
                "application/octet-stream"
            } else {
                "text/plain"
            })
        }
    };
    let is_text = known.starts_with("text/")
        || known.ends_with("json")
        || known.ends_with("jsonl")
        || known.ends_with("xml")
        || [
            "application/javascript",
            "application/x-bibtex",
            "application/x-research-info-systems",
        ]
        .contains(&known);
    if is_text { format!("{known}; charset=utf-8") } else { known.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::content_type;

    #[test]
    fn every_text_says_that_it_is_utf_8() {
        for (path, expected) in [
            ("2017/01/29/a/index.html", "text/html; charset=utf-8"),
            ("assets/gazette.0123456789abcdef.css", "text/css; charset=utf-8"),
            ("atom.xml", "application/atom+xml; charset=utf-8"),
            ("tags/russia/atom.xml", "application/atom+xml; charset=utf-8"),
            ("sitemap.xml", "text/xml; charset=utf-8"),
            ("feed.json", "application/feed+json; charset=utf-8"),
            ("data/2017/01.json", "application/json; charset=utf-8"),
            ("data/2017/01.bib", "application/x-bibtex; charset=utf-8"),
            ("2017/01/29/a/photo.jpg", "image/jpeg"),
            ("_redirects", "text/plain; charset=utf-8"),
            ("a.svg", "image/svg+xml; charset=utf-8"),
            ("a.woff2", "font/woff2"),
            ("a.unknown", "application/octet-stream"),
        ] {
            assert_eq!(content_type(path), expected, "{path}");
        }
    }
}
