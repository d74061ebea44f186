//! What a host must answer besides serving files, independent of its syntax.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::Pattern;
use super::policy::Headers;

/// All answers. Paths include the base path, and are not encoded.
#[derive(Clone, Debug)]
pub struct Answers {
    pub home: Url,
    /// The base path, not encoded.
    pub base: String,
    /// Redirects.
    pub moved: Vec<Moved>,
    /// Withdrawn addresses.
    pub gone: Vec<Gone>,
    pub headers: Headers,
    /// Whether compressed copies exist beside the files.
    pub compressed: bool,
}

/// A redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub from: OldAddress,
    /// The target: an encoded path or address without characters that any host treats specially.
    pub to: String,
    /// 301, 302, 307 or 308.
    pub status: u16,
    /// Whether a page with the redirect exists, for hosts without redirects.
    pub has_page: bool,
}

impl Moved {
    /// Whether browsers may cache it.
    pub fn is_permanent(&self) -> bool {
        matches!(self.status, 301 | 308)
    }
}

/// The old address of a redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OldAddress {
    /// A path, not encoded.
    Exact(String),
    /// A path with a query.
    Query {
        path: String,
        /// Names and values as in the address.
        pairs: Vec<(String, String)>,
    },
    /// All paths that match a pattern.
    Pattern(Pattern),
}

/// A withdrawn address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The path, with slashes at both ends, not encoded.
    pub path: String,
    /// 410 or 451.
    pub status: u16,
    /// The addresses it covers.
    pub reach: Reach,
}

/// The addresses that a withdrawal covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The page and everything below, where its pictures were.
    Folder,
    /// Only the page: other reports are below it.
    Page,
}

/// Why a text is no valid old address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It contains a control character.
    #[error("it holds a control character")]
    Control,
    /// It has both a pattern and a query.
    #[error("no host knows `*` together with `?`")]
    PatternWithQuery,
}

impl OldAddress {
    /// Parses an address in the settings; `base` is the base path.
    pub fn read(base: &str, written: &str) -> Result<OldAddress, AddressError> {
        let (path, query) = written.split_once('?').map_or((written, ""), |(path, query)| {
            (path, query.split('#').next().unwrap_or_default())
        });
        let path = path.split('#').next().unwrap_or_default().trim_start_matches('/');
        let path = percent_decode_str(path).decode_utf8_lossy();
        let path = format!("{base}{path}");
        if path.chars().chain(query.chars()).any(char::is_control) {
            return Err(AddressError::Control);
        }
        match (path.contains('*'), query.is_empty()) {
            (true, false) => Err(AddressError::PatternWithQuery),
            (true, true) => Ok(OldAddress::Pattern(Pattern::new(path))),
            (false, true) => Ok(OldAddress::Exact(path)),
            (false, false) => Ok(OldAddress::Query { path, pairs: pairs(query) }),
        }
    }

    /// For messages.
    pub fn shown(&self) -> String {
        match self {
            OldAddress::Exact(path) => path.clone(),
            OldAddress::Pattern(pattern) => pattern.as_str().to_owned(),
            OldAddress::Query { path, pairs } => format!("{path}?{}", query(pairs)),
        }
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A query string, not encoded.
fn query(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A query as browsers send it (the URL Standard's query percent-encode set): some hosts compare
/// encoded addresses.
pub(super) fn asked_query(pairs: &[(String, String)]) -> String {
    const ENCODED: &AsciiSet =
        &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'\'').add(b'<').add(b'>');
    utf8_percent_encode(&query(pairs), ENCODED).to_string()
}

/// Decodes a name or a value of a query, as hosts do.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Characters that some host treats specially; encoding them is always allowed.
const RISKY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'$')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Encodes the characters of an encoded address that a host could treat specially.
pub(crate) fn harmless(address: &str) -> String {
    utf8_percent_encode(address, RISKY).to_string()
}

/// A path as browsers send it (the URL Standard's path percent-encode set): some hosts compare
/// encoded addresses.
pub(crate) fn asked_path(path: &str) -> String {
    const ENCODED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'}');
    utf8_percent_encode(path, ENCODED).to_string()
}

impl Answers {
    /// The path of the page for error 404, not encoded.
    pub fn not_found(&self) -> String {
        format!("{}404.html", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> Result<OldAddress, AddressError> {
        OldAddress::read("/news/", written)
    }

    #[test]
    fn old_addresses_are_read_as_they_are_written() {
        assert_eq!(read("/caf%C3%A9/"), Ok(OldAddress::Exact("/news/café/".to_owned())));
        assert_eq!(
            read("/?p=12&x"),
            Ok(OldAddress::Query {
                path: "/news/".to_owned(),
                pairs: vec![("p".into(), "12".into()), ("x".into(), String::new())],
            })
        );
        assert!(matches!(read("/tag/*/page/*"), Ok(OldAddress::Pattern(_))));
        assert_eq!(read("/a*?b=1"), Err(AddressError::PatternWithQuery));
        for injected in ["/a\n/b", "/a%0A/b", "/?a=1\r\nX: y"] {
            assert_eq!(read(injected), Err(AddressError::Control));
        }
    }

    #[test]
    fn a_target_holds_nothing_that_a_host_reads() {
        assert_eq!(harmless("/a$1 {b}\"'/%D8%AA?x=1#y"), "/a%241%20%7Bb%7D%22%27/%D8%AA?x=1#y");
        assert_eq!(asked_path("/a%1/ت '{}"), "/a%251/%D8%AA%20'%7B%7D");
    }
}
