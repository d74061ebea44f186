//! Headers for every response, with the Content-Security-Policy: as strict as the site's pages
//! allow.

use std::fmt::Write as _;

use crate::render::csp_sources::{Kind, Needs};

/// For files with hashed names: cached for a year without revalidation.
pub(super) const LASTING: &str = "public, max-age=31536000, immutable";

/// The header with the policy.
pub(super) const CSP: &str = "Content-Security-Policy";

/// For other files: revalidated at each use, so that corrections and withdrawals take effect at
/// once.
pub(super) const ASKED_AGAIN: &str = "public, max-age=0, must-revalidate";

/// The headers of all responses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// Names and values; no value contains a quote or a line break.
    pub everywhere: Vec<(&'static str, String)>,
    /// Paths of files with hashed names.
    pub lasting: Vec<String>,
    /// Paths of active files, with the policy that disables their scripts.
    pub sandboxed: Vec<(String, &'static str)>,
}

/// A Content-Security-Policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The header's value.
    pub value: String,
    /// Directives that are looser than the pages need, as the sources were too many.
    pub loosened: Vec<&'static str>,
}

/// The longest list of sources of a directive: hosts limit headers to 2,000 characters.
const LONGEST: usize = 300;

impl Headers {
    /// The headers of a site.
    pub fn new(
        policy: &Policy,
        lasting: Vec<String>,
        sandboxed: Vec<(String, &'static str)>,
    ) -> Headers {
        let everywhere = vec![
            (CSP, policy.value.clone()),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()".to_owned()),
            ("Referrer-Policy", "strict-origin-when-cross-origin".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
        ];
        Headers { everywhere, lasting, sandboxed }
    }
}

/// The policy for pages with these needs.
pub(crate) fn policy(needs: &Needs) -> Policy {
    let mut policy = Policy {
        value: "default-src 'none'; base-uri 'none'; frame-ancestors 'self'".to_owned(),
        loosened: Vec::new(),
    };
    let others_style = needs.of(Kind::Style).any(|source| source.starts_with("http"));
    let runs = needs.of(Kind::Script).next().is_some();
    policy.allow("style-src", needs, Kind::Style, "'unsafe-inline' https:");
    policy.allow("img-src", needs, Kind::Picture, "http: https:");
    policy.allow("font-src", needs, Kind::Font, "https:");
    if others_style {
        // Only the other host knows which fonts its style sheets load.
        policy.value.push_str(" https:");
    }
    policy.allow("script-src", needs, Kind::Script, "'self' 'unsafe-inline' https:");
    if runs {
        policy.value.push_str("; connect-src 'self'");
    }
    policy.allow("media-src", needs, Kind::Media, "http: https:");
    policy.allow("frame-src", needs, Kind::Frame, "'self' https:");
    policy.allow("object-src", needs, Kind::Object, "'self' https:");
    policy.allow("manifest-src", needs, Kind::Manifest, "'self' https:");
    policy.allow("form-action", needs, Kind::Form, "'self' https:");
    if needs.of(Kind::Form).next().is_none() {
        policy.value.push_str("; form-action 'none'");
    }
    policy
}

impl Policy {
    /// Adds a directive with the sources that are always allowed and those that pages need. Without
    /// sources it is left out, and `default-src` applies.
    fn allow(&mut self, directive: &'static str, needs: &Needs, kind: Kind, anything: &str) {
        let needed: Vec<&str> = needs.of(kind).collect();
        let mut sources = needed.join(" ");
        if sources.len() > LONGEST {
            self.loosened.push(directive);
            anything.clone_into(&mut sources);
        }
        let always = kind.always_allowed().join(" ");
        if !always.is_empty() || !sources.is_empty() {
            let all = format!("{always} {sources}");
            let _ = write!(self.value, "; {directive} {}", all.trim());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_site_may_load_its_own_and_run_nothing() {
        let policy = policy(&Needs::default());
        assert!(policy.value.contains("style-src 'self';") && !policy.value.contains("script"));
        assert!(policy.value.ends_with("form-action 'none'") && policy.loosened.is_empty());
    }

    #[test]
    fn too_many_sources_are_told_and_keep_the_header_short() {
        let hosts: Vec<String> = (0..200)
            .map(|number| format!("<img src='https://host{number}.example/a.png'>"))
            .collect();
        let policy = policy(&Needs::of_page(&hosts.concat()));
        assert_eq!(policy.loosened, ["img-src"]);
        assert!(policy.value.contains("img-src 'self' data: http: https:;"));
    }
}
