//! Allowed addresses in `href` and `src`: schemes are parsed as browsers do.

/// Schemes that links may have. All others are refused: `javascript:`, `data:` and `vbscript:` run
/// code, and handlers of unknown schemes may do anything.
pub(super) const SCHEMES: [&str; 16] = [
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "geo", "magnet", "doi", "urn",
    "news", "xmpp", "irc", "ircs",
];

/// The kind of an address, before it is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Empty,
    /// `#place` on the same page.
    Fragment(&'a str),
    /// `//host/path`: outside the archive.
    ProtocolRelative,
    /// Without a scheme.
    Relative,
    /// `http` or `https`.
    Web,
    /// Another allowed scheme.
    Other,
    /// A scheme that is not allowed.
    Refused,
}

pub(super) fn kind(destination: &str) -> Kind<'_> {
    let bare = destination.trim_matches(|character: char| character <= ' ');
    if bare.is_empty() {
        return Kind::Empty;
    }
    if let Some(fragment) = bare.strip_prefix('#') {
        return Kind::Fragment(fragment);
    }
    // A fast path for the common case.
    if bare.starts_with("https://") || bare.starts_with("http://") {
        return Kind::Web;
    }
    match scheme(bare) {
        None if bare.starts_with("//") => Kind::ProtocolRelative,
        None => Kind::Relative,
        Some(scheme) if scheme == "http" || scheme == "https" => Kind::Web,
        Some(scheme) if SCHEMES.contains(&scheme.as_str()) => Kind::Other,
        Some(_) => Kind::Refused,
    }
}

/// The scheme of an address in lower case. Browsers ignore tabs and line ends anywhere and control
/// characters at the start; ignoring all of them everywhere is the safe choice.
fn scheme(address: &str) -> Option<String> {
    let end = address.find([':', '/', '?', '#'])?;
    if address.as_bytes().get(end) != Some(&b':') {
        return None;
    }
    let scheme: String = address[..end]
        .chars()
        .filter(|&character| character > ' ' && character != '\u{7f}')
        .map(|character| character.to_ascii_lowercase())
        .collect();
    let first_is_letter = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    let rest_is_scheme =
        scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte));
    (first_is_letter && rest_is_scheme).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_runs_under_no_disguise() {
        for disguise in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            " \tjavascript:alert(1)",
            "java\tscript\r\n:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "blob:x",
            "view-source:x",
            "file:///etc/passwd",
        ] {
            assert_eq!(kind(disguise), Kind::Refused, "{disguise:?}");
        }
    }

    #[test]
    fn honest_addresses_pass() {
        assert_eq!(kind("https://example.org/a:b"), Kind::Web);
        assert_eq!(kind("HTTP://example.org"), Kind::Web);
        assert_eq!(kind("mailto:a@example.org"), Kind::Other);
        assert_eq!(kind("//example.org/x"), Kind::ProtocolRelative);
        assert_eq!(kind("../2017/a.md"), Kind::Relative);
        assert_eq!(kind("./a:b.md"), Kind::Relative);
        assert_eq!(kind("?q=a:b"), Kind::Relative);
        assert_eq!(kind("новости:а"), Kind::Relative);
        assert_eq!(kind("#place"), Kind::Fragment("place"));
        assert_eq!(kind(" "), Kind::Empty);
    }
}
