//! Addresses of originals: which of them lead to one page, and what they hold only to follow readers.

use url::Url;

/// An address without what tells no two pages apart: scheme, `www.`, fragment, the last slash, and
/// what newsletters and networks add to follow their readers.
pub fn page_key(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mut query: Vec<String> = url
        .query_pairs()
        .filter(|(key, _)| !is_tracking(key))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    query.sort();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{host}{port}{}?{}", url.path().trim_end_matches('/'), query.join("&")))
}

/// The address without its fragment and what follows readers; all else stays as it is written.
#[must_use]
pub fn without_tracking(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    let Some(query) = url.query() else { return url };
    let kept = query.split('&').filter(|pair| {
        let key = pair.split('=').next().unwrap_or_default();
        !is_tracking(&percent_encoding::percent_decode_str(key).decode_utf8_lossy())
    });
    let kept = kept.collect::<Vec<_>>().join("&");
    url.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
    url
}

fn is_tracking(key: &str) -> bool {
    key.starts_with("utm_")
        || matches!(
            key,
            "fbclid"
                | "gclid"
                | "dclid"
                | "msclkid"
                | "yclid"
                | "igshid"
                | "mc_cid"
                | "mc_eid"
                | "ref_src"
                | "_ga"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_page_is_one_address_however_it_is_written() {
        let page = page_key("https://www.rt.com/news/1/?b=2&a=1");
        assert_eq!(page, page_key("http://rt.com/news/1?a=1&utm_source=x&b=2#top"));
        assert_ne!(page, page_key("http://rt.com/news/2?a=1&b=2"));
        assert_ne!(page, page_key("http://rt.com/news/1?a=1"));
    }

    #[test]
    fn only_what_follows_readers_is_taken_away() {
        for (written, wanted) in [
            ("https://x.example/a?b=%20c&utm_source=d#e", "https://x.example/a?b=%20c"),
            ("https://x.example/a?fbclid=1", "https://x.example/a"),
            ("https://x.example/a?id=1&p", "https://x.example/a?id=1&p"),
        ] {
            assert_eq!(without_tracking(&Url::parse(written).unwrap()).as_str(), wanted);
        }
    }
}
