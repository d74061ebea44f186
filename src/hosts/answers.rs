//! What a host is to answer besides the files, in no host's language.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::Pattern;
use super::policy::Headers;

/// What a host is to answer. Paths begin with the path of the home page, and are not encoded.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The home page's address.
    pub home: Url,
    /// Its path, not encoded.
    pub base: String,
    /// Old addresses.
    pub moved: Vec<Moved>,
    /// Addresses of what was withdrawn.
    pub gone: Vec<Gone>,
    /// What goes with every answer.
    pub headers: Headers,
    /// Whether compressed copies lie beside the files.
    pub compressed: bool,
}

/// An old address, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What readers ask for.
    pub from: OldAddress,
    /// Where they are led: a path or a whole address, of letters that mean nothing to any host.
    pub to: String,
    /// 301, 302, 307 or 308.
    pub status: u16,
    /// Whether a page stands there that leads on, for hosts that know no redirects.
    pub has_page: bool,
}

impl Moved {
    /// Whether readers may remember it.
    pub fn is_permanent(&self) -> bool {
        matches!(self.status, 301 | 308)
    }
}

/// What readers ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OldAddress {
    /// One path, not encoded.
    Exact(String),
    /// One path, and what follows `?`.
    Query {
        /// The path, not encoded.
        path: String,
        /// Names and values, as they stand in the address.
        pairs: Vec<(String, String)>,
    },
    /// Any path that a pattern fits.
    Pattern(Pattern),
}

/// What was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its address, which begins and ends with `/`, not encoded.
    pub path: String,
    /// 410 or 451.
    pub status: u16,
    /// Which addresses answer so.
    pub reach: Reach,
}

/// Which addresses answer that something was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All at and below its own, where its pictures were.
    Folder,
    /// Its own: others that are there lie below it.
    Page,
}

/// Why a text is no old address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A line break and the like.
    #[error("it holds a control character")]
    Control,
    /// A pattern and a query at once.
    #[error("no host knows `*` together with `?`")]
    PatternWithQuery,
}

impl OldAddress {
    /// Reads an address as it is written in the settings; `base` is the path of the home page.
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

    /// As a curator reads it.
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

/// A query as it stands in an address.
fn query(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A query as browsers ask for it (the URL Standard's query percent-encode set): hosts that compare
/// encoded addresses want the very same.
pub(super) fn asked_query(pairs: &[(String, String)]) -> String {
    const ENCODED: &AsciiSet =
        &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'\'').add(b'<').add(b'>');
    utf8_percent_encode(&query(pairs), ENCODED).to_string()
}

/// A name or a value of a query, as hosts see it that decode it.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// What means something to one host or another, and may stand encoded in every address.
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

/// An address, encoded already, without a letter that a host could take for its own.
pub fn harmless(address: &str) -> String {
    utf8_percent_encode(address, RISKY).to_string()
}

/// A path as browsers ask for it (the URL Standard's path percent-encode set): hosts that compare encoded addresses want the very same.
pub fn asked_path(path: &str) -> String {
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
    /// The path of the page that stands where nothing is, not encoded.
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
