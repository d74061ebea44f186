//! Which requests are let in: by the exact name of the host, by where they come from, and by the
//! cookie. Pure functions of a request's head.

use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};

/// Which part of the server a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Desk,
    Preview,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("This server does not answer to that name.")]
    Host,
    #[error("Service workers are refused.")]
    ServiceWorker,
    #[error("This request comes from another place.")]
    Elsewhere,
    #[error("Only JSON is read.")]
    NoJson,
}

/// A request's head.
pub(super) struct Head<'a> {
    pub(super) port: u16,
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
}

/// The only value of a header; `None` if it is missing or repeated.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    value.to_str().ok()
}

impl Head<'_> {
    /// The part that a request is for, by the exact name of the host.
    pub(super) fn part(&self) -> Result<Part, Refused> {
        let host = only(self.headers, HOST.as_str()).ok_or(Refused::Host)?;
        if self.uri.authority().is_some_and(|authority| authority.as_str() != host) {
            return Err(Refused::Host);
        }
        if self.headers.contains_key("service-worker") {
            return Err(Refused::ServiceWorker);
        }
        match host.strip_suffix(&format!(":{}", self.port)) {
            Some("127.0.0.1") => Ok(Part::Desk),
            Some("localhost") => Ok(Part::Preview),
            _ => Err(Refused::Host),
        }
    }

    /// Whether a request for the desk comes from the desk itself.
    pub(super) fn is_from_here(&self) -> Result<(), Refused> {
        let site = self.headers.contains_key("sec-fetch-site");
        let site = site.then(|| only(self.headers, "sec-fetch-site").unwrap_or_default());
        let path = self.uri.path();
        if self.method == Method::GET || self.method == Method::HEAD {
            let is_bare = matches!(path, "/_desk/open" | "/_desk/clip");
            let is_ours = matches!(site, None | Some("same-origin" | "none"));
            return if is_ours || is_bare { Ok(()) } else { Err(Refused::Elsewhere) };
        }
        let ours = format!("http://127.0.0.1:{}", self.port);
        let has_origin = self.headers.contains_key(ORIGIN);
        let is_ours = only(self.headers, ORIGIN.as_str()) == Some(&ours);
        let is_from_here = match site {
            Some(site) => site == "same-origin" && (is_ours || !has_origin),
            None => is_ours,
        };
        if !is_from_here {
            return Err(Refused::Elsewhere);
        }
        let kind = only(self.headers, CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Refused::NoJson) }
    }

    /// Whether another start of the program asks: browsers send one of these headers with every post.
    pub(super) fn is_no_browser(&self) -> bool {
        !["origin", "sec-fetch-site", "referer"].iter().any(|name| self.headers.contains_key(*name))
    }

    /// All values of the desk's cookie.
    pub(super) fn cookies(&self) -> impl Iterator<Item = &str> {
        let name = cookie_name(self.port);
        let cookies = self.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        cookies.flat_map(|line| line.split(';')).filter_map(move |cookie| {
            let (key, value) = cookie.trim().split_once('=')?;
            (key == name).then_some(value)
        })
    }
}

/// The cookie's name: cookies ignore ports.
pub(super) fn cookie_name(port: u16) -> String {
    format!("dateline-desk-{port}")
}

/// The policy of the desk's pages.
pub(super) fn policy(port: u16) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-src http://localhost:{port}; frame-ancestors 'none'"
    )
}
