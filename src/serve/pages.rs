//! Prepares files for a browser: pages get the reload script, and texts the requested host instead
//! of the one they were built for. Files on disk contain neither.

use std::borrow::Cow;
use std::path::Path;

use crate::pipeline::PREVIEW_ORIGIN;

/// The script's address.
pub(super) const SCRIPT: &str = "/.dateline/serve.js";

/// The address of status events.
pub(super) const STATUS: &str = "/.dateline/news";

/// Extensions of text files that may contain the site's address.
const TEXTS: [&str; 10] =
    ["html", "xml", "json", "jsonl", "txt", "md", "csv", "bib", "ris", "webmanifest"];

/// The preparation of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    Page,
    /// A text that may contain the site's address.
    Text,
    /// Sent unchanged.
    Plain,
}

/// The preparation of a file for a host.
pub(super) fn passage(file: &Path, host: &str) -> Passage {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let is_where_it_was_built_for = PREVIEW_ORIGIN.strip_prefix("http://") == Some(host);
    match extension {
        "html" => Passage::Page,
        _ if is_where_it_was_built_for || !TEXTS.contains(&extension) => Passage::Plain,
        _ => Passage::Text,
    }
}

/// Replaces the site's address in a text.
pub(super) fn at_host(bytes: Vec<u8>, host: &str) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return bytes };
    let (from, to) = (format!("{PREVIEW_ORIGIN}/"), format!("http://{host}/"));
    let encoded = |url: &str| url.replace(':', "%3A").replace('/', "%2F");
    let plain = replaced(text, &from, &to);
    match replaced(&plain, &encoded(&from), &encoded(&to)) {
        Cow::Borrowed(same) if same.len() == bytes.len() && from == to => bytes,
        other => other.into_owned().into_bytes(),
    }
}

fn replaced<'a>(text: &'a str, from: &str, to: &str) -> Cow<'a, str> {
    if from == to || !text.contains(from) { text.into() } else { text.replace(from, to).into() }
}

/// Inserts the script at a page's end.
pub(super) fn with_script(mut page: Vec<u8>, version: &str) -> Vec<u8> {
    let script = format!(
        "<script src=\"{SCRIPT}\" data-news=\"{STATUS}\" data-version=\"{version}\"></script>"
    );
    let end = page.windows(7).rposition(|bytes| bytes.eq_ignore_ascii_case(b"</body>"));
    let at = end.unwrap_or(page.len());
    page.splice(at..at, script.bytes());
    page
}

/// Shown while there is no page.
pub(super) const EMPTY: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Dateline</title><body><p>There is no site to show yet.</p></body></html>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_the_host_also_within_others() {
        let text =
            "http://127.0.0.1:1111/a http://127.0.0.1:11110/ ?u=http%3A%2F%2F127.0.0.1%3A1111%2Fa";
        let moved = String::from_utf8(at_host(text.into(), "localhost:8080")).unwrap();
        let encoded = "?u=http%3A%2F%2Flocalhost%3A8080%2Fa";
        assert_eq!(moved, format!("http://localhost:8080/a http://127.0.0.1:11110/ {encoded}"));
        assert_eq!(
            at_host(b"\xff http://127.0.0.1:1111/".into(), "x"),
            b"\xff http://127.0.0.1:1111/"
        );
    }

    #[test]
    fn the_script_stands_at_the_end_of_the_body() {
        let page = |text: &str| String::from_utf8(with_script(text.into(), "7")).unwrap();
        let end = "data-version=\"7\"></script></body></html>";
        assert!(
            page("<body></body><p></BODY></html>").ends_with(&end.replace("</body>", "</BODY>"))
        );
        assert!(page("<p>no body").ends_with("</script>"));
    }
}
