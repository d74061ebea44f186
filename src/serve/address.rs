//! Converts the path of a request to a safe path: the only place where an untrusted address becomes
//! a file name.

use percent_encoding::percent_decode_str;

use crate::base::permalink::encode_path;
use crate::output::is_good_path;

/// The only hidden name with a standard meaning (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

/// A path below some folder, decoded once: plain names between `/`, none of them hidden, `..` or
/// reserved by the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SitePath {
    /// Without `/` at either end; empty for the folder itself.
    names: String,
    /// Whether it ended with `/`.
    is_folder: bool,
}

impl SitePath {
    /// Parses the path of a request; `None` if it can't be valid.
    pub(super) fn parse(raw: &str) -> Option<SitePath> {
        let path = raw.strip_prefix('/')?;
        if path.is_empty() {
            return Some(SitePath { names: String::new(), is_folder: true });
        }
        let (path, is_folder) = match path.strip_suffix('/') {
            Some(folder) => (folder, true),
            None => (path, false),
        };
        let names: Option<Vec<String>> = path.split('/').map(name).collect();
        let names = names?.join("/");
        is_good_path(&names).then_some(SitePath { names, is_folder })
    }

    /// The path relative to a folder; `None` if it is not below it.
    pub(super) fn below(&self, folder: &SitePath) -> Option<SitePath> {
        if folder.names.is_empty() {
            return Some(self.clone());
        }
        let rest = self.names.strip_prefix(&folder.names)?;
        match rest.strip_prefix('/') {
            Some(names) => Some(SitePath { names: names.to_owned(), is_folder: self.is_folder }),
            None if rest.is_empty() && self.is_folder => {
                Some(SitePath { names: String::new(), is_folder: true })
            }
            None => None,
        }
    }

    /// Whether it is this folder, with or without `/`.
    pub(super) fn is(&self, folder: &SitePath) -> bool {
        self.names == folder.names
    }

    /// Whether it ended with `/`.
    pub(super) fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// The file for a response: a folder's is its `index.html`.
    pub(super) fn file(&self) -> String {
        match (self.is_folder, self.names.is_empty()) {
            (false, _) => self.names.clone(),
            (true, true) => "index.html".to_owned(),
            (true, false) => format!("{}/index.html", self.names),
        }
    }

    /// The same path as a folder.
    pub(super) fn folder(&self) -> SitePath {
        SitePath { names: self.names.clone(), is_folder: true }
    }

    /// The percent-encoded path.
    pub(super) fn encoded(&self) -> String {
        let end = if self.is_folder && !self.names.is_empty() { "/" } else { "" };
        format!("/{}{end}", encode_path(&self.names))
    }
}

/// Decodes one name; a name that is still encoded is invalid.
fn name(raw: &str) -> Option<String> {
    let name = percent_decode_str(raw).decode_utf8().ok()?.into_owned();
    let is_hidden = name.starts_with('.') && name != WELL_KNOWN;
    let is_foreign = name.is_empty() || name.contains(['/', '\\']);
    (!is_hidden && !is_foreign && !name.contains(char::is_control)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(raw: &str) -> Option<SitePath> {
        SitePath::parse(raw)
    }

    #[test]
    fn addresses_are_decoded_once() {
        assert_eq!(parse("/").unwrap().file(), "index.html");
        assert_eq!(parse("/2017/01/").unwrap().file(), "2017/01/index.html");
        assert_eq!(parse("/a%20b.txt").unwrap().file(), "a b.txt");
        assert_eq!(parse("/%252e%252e/x").unwrap().file(), "%2e%2e/x");
        assert_eq!(parse("/.well-known/x").unwrap().file(), ".well-known/x");
        assert_eq!(parse("/%D0%B0/").unwrap().encoded(), "/%D0%B0/");
    }

    #[test]
    fn nothing_outside_has_an_address() {
        for raw in [
            "",
            "a",
            "//",
            "//evil.example/",
            "/a//b",
            "/..",
            "/../x",
            "/a/../b",
            "/./a",
            "/%2e%2e/x",
            "/%2E./x",
            "/a/%2e%2e",
            "/a%2fb",
            "/a%5cb",
            "/a\\b",
            "/a%00b",
            "/%0a",
            "/.git/config",
            "/a/.hidden",
            "/.dateline-stage/x",
            "/%ff",
            "/..%2f..%2fetc/passwd",
            "/%c0%ae%c0%ae/x",
        ] {
            assert_eq!(parse(raw), None, "{raw}");
        }
    }

    #[test]
    fn a_site_may_lie_under_a_path() {
        let base = parse("/sub/path/").unwrap();
        let below = |raw| parse(raw).unwrap().below(&base).map(|path| path.file());
        assert_eq!(below("/sub/path/").as_deref(), Some("index.html"));
        assert_eq!(below("/sub/path/a/").as_deref(), Some("a/index.html"));
        assert_eq!(below("/sub/path"), None);
        assert_eq!(below("/sub/pathology/"), None);
        assert_eq!(below("/"), None);
        assert!(parse("/sub/path").unwrap().is(&base));
    }
}
