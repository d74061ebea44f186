//! The host names that the server accepts.
//!
//! Any web page may use a host name that resolves to 127.0.0.1 (DNS rebinding) to read drafts. Such
//! a request contains that name, so unknown names are rejected. IP addresses can't be rebound.
//! Ports are ignored, as they may be forwarded.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::Uri;
use axum::http::header::HOST;
use axum::http::uri::Authority;

/// The accepted names.
#[derive(Clone, Debug)]
pub(super) struct KnownHosts {
    bound: IpAddr,
    /// In lower case.
    named: Vec<String>,
}

impl KnownHosts {
    /// The names for a server at an address; `named`: other names given by the user.
    pub(super) fn new(bound: IpAddr, named: &[String]) -> KnownHosts {
        KnownHosts { bound, named: named.iter().map(|name| name.to_lowercase()).collect() }
    }

    /// The host and port of a request, if accepted.
    pub(super) fn asked(&self, uri: &Uri, headers: &HeaderMap) -> Option<String> {
        let mut hosts = headers.get_all(HOST).iter();
        let (host, None) = (hosts.next()?, hosts.next()) else { return None };
        let authority: Authority = host.to_str().ok()?.parse().ok()?;
        let is_known = !authority.as_str().contains('@')
            && self.knows(authority.host())
            && uri.authority().is_none_or(|other| self.knows(other.host()));
        is_known.then(|| authority.as_str().to_owned())
    }

    fn knows(&self, host: &str) -> bool {
        let digits = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        if let Ok(address) = digits.unwrap_or(host).parse::<IpAddr>() {
            return address.is_loopback() || address == self.bound || self.bound.is_unspecified();
        }
        let name = host.to_lowercase();
        name == "localhost" || name.ends_with(".localhost") || self.named.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(bound: &str, host: &str) -> Option<String> {
        let known = KnownHosts::new(bound.parse().unwrap(), &["Desk.example".to_owned()]);
        let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
        known.asked(&Uri::from_static("/"), &headers)
    }

    #[test]
    fn only_names_of_this_machine_are_known() {
        for host in
            ["127.0.0.1:1111", "localhost:8080", "LOCALHOST", "[::1]:1111", "desk.example:1"]
        {
            assert_eq!(asked("127.0.0.1", host).as_deref(), Some(host));
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example:1111",
            "localhost.evil.example",
            "",
            "a@localhost",
        ] {
            assert_eq!(asked("127.0.0.1", host), None, "{host}");
        }
    }

    #[test]
    fn another_machine_s_address_is_known_only_where_it_was_asked_for() {
        assert_eq!(asked("127.0.0.1", "192.0.2.7:1111"), None);
        assert!(asked("192.0.2.7", "192.0.2.7:1111").is_some());
        assert!(asked("0.0.0.0", "192.0.2.7:1111").is_some());
        assert_eq!(asked("0.0.0.0", "evil.example:1111"), None);
    }
}
