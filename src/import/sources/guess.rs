//! Detects the kind of source of a file or folder by its content.

use std::io::Read;
use std::path::Path;

use serde_json::Value as Json;

use super::SourceError;
use super::bundle::{Bundle, file_name, has_ending};
use super::kind::SourceKind;
use super::warc::is_warc;
use crate::import::entry::Item;

/// How many bytes of a file are examined.
const HEAD: u64 = 64 * 1024;

/// The kind of source at a path, if it is recognised.
pub fn guess(path: &Path) -> Result<Option<SourceKind>, SourceError> {
    let bundle = Bundle::open(path)?;
    let names: Vec<&str> = bundle.names().collect();
    let is = |wanted: &str| names.iter().any(|name| file_name(name) == wanted);
    let is_folder = names.len() > 1 || path.is_dir();
    if is("bagit.txt") {
        return Ok(Some(SourceKind::Bagit));
    }
    if is("posts.csv") {
        return Ok(Some(SourceKind::Substack));
    }
    if names.iter().any(|name| is_warc(name)) {
        return Ok(Some(SourceKind::Warc));
    }
    if is_folder && let Some(post) = names.iter().find(|name| is_post(name)) {
        let page = bundle.text(post, &mut |_: Item| {}).unwrap_or_default();
        if page.contains("e-content") && page.contains("p-name") {
            return Ok(Some(SourceKind::Medium));
        }
    }
    // The most frequent kind counts; of several, the first.
    let readable = names.iter().filter(|name| !is_of_no_kind(name)).take(50);
    for name in readable {
        let mut head = Vec::new();
        bundle.stream(name, |file| {
            file.take(HEAD).read_to_end(&mut head).map_err(SourceError::io(path))
        })?;
        if let Some(kind) = of_head(name, &head) {
            return Ok(Some(kind));
        }
    }
    Ok(None)
}

fn is_post(name: &str) -> bool {
    has_ending(name, ".html") && name.rsplit('/').nth(1) == Some("posts")
}

fn is_of_no_kind(name: &str) -> bool {
    [".png", ".jpg", ".jpeg", ".gif", ".webp", ".css", ".js", ".md", ".toml", ".yml", ".yaml"]
        .iter()
        .any(|ending| has_ending(name, ending))
}

/// The kind of a file by its beginning, else by its name.
fn of_head(name: &str, head: &[u8]) -> Option<SourceKind> {
    if head.starts_with(b"WARC/") {
        return Some(SourceKind::Warc);
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let has = |part: &str| text.contains(part);
    if text.starts_with(['{', '[']) {
        return of_json(name, text);
    }
    if has("<rss") || has("<wp:") {
        let is_export = has("wordpress.org/export") || has("<wp:");
        return Some(if is_export { SourceKind::WordPress } else { SourceKind::Feed });
    }
    if has("<feed") {
        let is_export =
            has("blogger.com") || has("blogger:type") || has("schemas.google.com/blogger");
        return Some(if is_export { SourceKind::Blogger } else { SourceKind::Feed });
    }
    if has("<rdf:RDF") {
        let is_library = has("zotero.org") || has("<z:itemType");
        return Some(if is_library { SourceKind::Zotero } else { SourceKind::Feed });
    }
    let lines = || text.lines().take(200);
    if lines().any(|line| line.starts_with("TY  -") || line.starts_with("TY -")) {
        return Some(SourceKind::Ris);
    }
    let is_entry = |line: &str| line.starts_with("TITLE: ") || line.starts_with("AUTHOR: ");
    if lines().any(is_entry) && lines().any(|line| line == "-----") {
        return Some(SourceKind::MovableType);
    }
    let is_named = |endings: &[&str]| endings.iter().any(|ending| has_ending(name, ending));
    if is_named(&[".html", ".htm", ".xhtml", ".mhtml", ".mht"])
        || text.to_ascii_lowercase().starts_with("<!doctype html")
    {
        return Some(SourceKind::Html);
    }
    if is_named(&[".csv", ".tsv"]) {
        return Some(SourceKind::Csv);
    }
    None
}

fn of_json(name: &str, text: &str) -> Option<SourceKind> {
    let first = text.lines().next().unwrap_or_default();
    if let Ok(Json::Object(_)) = serde_json::from_str::<Json>(first)
        && (text.lines().count() > 1 || has_ending(name, ".jsonl") || has_ending(name, ".ndjson"))
    {
        return Some(SourceKind::JsonLines);
    }
    let has = |part: &str| text.contains(part);
    if has("jsonfeed.org/version") {
        return Some(SourceKind::Feed);
    }
    if has("\"db\"") || (has("\"data\"") && has("\"posts\"")) || has("__GHOST_URL__") {
        return Some(SourceKind::Ghost);
    }
    let is_bibliography = has("\"issued\"") || has("\"container-title\"") || has("\"date-parts\"");
    if is_bibliography && has("\"title\"") {
        return Some(SourceKind::Csl);
    }
    has_ending(name, ".jsonl").then_some(SourceKind::JsonLines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_beginning() {
        for (name, head, kind) in [
            (
                "a",
                "<?xml version='1.0'?><rss xmlns:wp='http://wordpress.org/export/1.2/'>",
                Some(SourceKind::WordPress),
            ),
            ("a", "<rss><channel>", Some(SourceKind::Feed)),
            ("a", "<feed xmlns='http://www.w3.org/2005/Atom'>", Some(SourceKind::Feed)),
            ("a", "<feed><id>tag:blogger.com,1999:blog-1", Some(SourceKind::Blogger)),
            (
                "a",
                "<rdf:RDF xmlns:z='http://www.zotero.org/namespaces/export#'>",
                Some(SourceKind::Zotero),
            ),
            ("a", "<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", Some(SourceKind::Feed)),
            ("a", "\u{feff}TY  - NEWS\n", Some(SourceKind::Ris)),
            ("a", "AUTHOR: Ann\nTITLE: Talks\n-----\nBODY:\n", Some(SourceKind::MovableType)),
            ("a", "{\"db\":[{\"data\":{\"posts\":[", Some(SourceKind::Ghost)),
            ("a", "{\"version\":\"https://jsonfeed.org/version/1.1\"", Some(SourceKind::Feed)),
            (
                "a",
                "[{\"title\":\"A\",\"issued\":{\"date-parts\":[[2017]]}}]",
                Some(SourceKind::Csl),
            ),
            ("a", "{\"title\":\"A\"}\n{\"title\":\"B\"}\n", Some(SourceKind::JsonLines)),
            ("a.csv", "title;date\n", Some(SourceKind::Csv)),
            ("a", "<!doctype HTML><html>", Some(SourceKind::Html)),
            ("a.htm", "<html>", Some(SourceKind::Html)),
            ("a.mhtml", "From: <Saved by Blink>", Some(SourceKind::Html)),
            ("a", "WARC/1.1\r\n", Some(SourceKind::Warc)),
            ("a", "nothing", None),
        ] {
            assert_eq!(of_head(name, head.as_bytes()), kind, "{head}");
        }
    }
}
