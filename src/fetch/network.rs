//! The HTTP client: its user agent, and which addresses it must not request.
//!
//! A report may link `http://192.168.0.1/` or a name with a private address, and so may a redirect.
//! The check often runs on a server, and must not make requests to its internal network: private
//! addresses are refused, literal or resolved.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use url::{Host, Url};

use crate::settings::Config;

use super::tls;

/// The purpose of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To check whether pages exist.
    LinkCheck,
    /// To clip a page as a report.
    Clip,
    /// To import a feed or an old site's pictures.
    Import,
}

/// A client that names Dateline and the archive, follows no redirects, and connects to public
/// addresses only, unless the settings allow others.
pub(crate) fn client(config: &Config, purpose: Purpose) -> reqwest::Result<Client> {
    tls::use_ring();
    let external = &config.check.external;
    let builder = Client::builder()
        .user_agent(user_agent(config, purpose))
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .http1_only()
        .retry(reqwest::retry::never())
        // Browsers accept such responses, too.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .connect_timeout(external.timeout)
        .timeout(external.timeout);
    // Each clip has its own async runtime, which its connections don't survive.
    let builder = match purpose {
        Purpose::LinkCheck | Purpose::Import => builder,
        Purpose::Clip => builder.pool_max_idle_per_host(0),
    };
    if external.private { builder } else { only_public(builder) }.build()
}

/// Names that lead into private networks are not found.
pub(super) fn only_public(builder: ClientBuilder) -> ClientBuilder {
    builder.dns_resolver(PublicNames)
}

/// The user agent: the program and the archive's address.
pub(crate) fn user_agent(config: &Config, purpose: Purpose) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let what = match purpose {
        Purpose::LinkCheck => "link check",
        Purpose::Clip => "one page for a curator",
        Purpose::Import => "an archive that moves in",
    };
    format!("Dateline/{version} ({what}; +{})", config.base_url)
}

/// Whether an address has a literal private IP.
pub(crate) fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => !is_public(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => !is_public(IpAddr::V6(address)),
        Some(Host::Domain(_)) => false,
        None => true,
    }
}

/// Resolves names with the system resolver, and removes private addresses.
struct PublicNames;

/// A name has only private addresses.
#[derive(Debug)]
pub(crate) struct PrivateAddress;

impl fmt::Display for PrivateAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("its name leads into a private network")
    }
}

impl Error for PrivateAddress {}

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> =
                found.iter().copied().filter(|address| is_public(address.ip())).collect();
            if public.is_empty() && !found.is_empty() {
                return Err(PrivateAddress.into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an IP address is public (the special-purpose registries of RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b) {
        (0 | 127 | 224..=255, _) => true,
        (100, 64..=127) => true,
        (192, 0) => c == 0,
        (198, 18..=19) => true,
        _ => false,
    };
    !is_special && !address.is_private() && !address.is_link_local() && !address.is_documentation()
}

/// Global unicast is `2000::/3`; of it, `2001::/23` is for protocols, and `2001:db8::/32` and
/// `3fff::/20` are for documentation.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0x2001, second, ..] => second > 0x01ff && second != 0x0db8,
        [0x3fff, second, ..] => second > 0x0fff,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

/// The IPv4 address in an IPv6 address: mapped and compatible ones, NAT64 (RFC 6052), 6to4 (RFC
/// 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let joined = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => joined(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => joined(high, low),
        [0x2002, high, low, ..] => joined(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_asked() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "64:ff9b::808:808"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn numbers_are_seen_however_they_are_written() {
        for private in ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::1]/"] {
            assert!(is_private(&Url::parse(private).unwrap()), "{private}");
        }
        assert!(!is_private(&Url::parse("http://x.example/").unwrap()));
    }
}
