//! The Wayback Machine's availability API: finds the copy of a page closest to a day.
//!
//! Answers go to the ledger and from there onto pages. So they are untrusted: their length is
//! limited, and only web addresses are accepted.

use chrono::NaiveDate;
use reqwest::{Client, Response};
use serde::Deserialize;
use url::Url;

use crate::ledger::Address;

/// Longer answers are rejected.
const LONGEST: usize = 64 * 1024;

#[derive(Deserialize)]
struct Available {
    #[serde(default)]
    archived_snapshots: Snapshots,
}

#[derive(Default, Deserialize)]
struct Snapshots {
    closest: Option<Snapshot>,
}

#[derive(Deserialize)]
struct Snapshot {
    #[serde(default)]
    available: bool,
    url: String,
    /// The status of the page when it was copied.
    #[serde(default)]
    status: String,
}

/// The copy of an address closest to a day, or the latest.
pub(crate) async fn copy(
    client: &Client,
    api: &Url,
    address: &Address,
    near: Option<NaiveDate>,
) -> Result<Option<String>, String> {
    let mut url = api.clone();
    url.query_pairs_mut().append_pair("url", address.as_str());
    if let Some(day) = near {
        url.query_pairs_mut().append_pair("timestamp", &day.format("%Y%m%d").to_string());
    }
    let response = client.get(url).send().await.map_err(|error| error.to_string())?;
    if !response.status().is_success() {
        return Err(format!("it answered {}", response.status()));
    }
    read(&body(response).await?)
}

/// Whether the API answers at all: then this machine's connection works.
pub(crate) async fn answers(client: &Client, api: &Url) -> bool {
    client.get(api.clone()).send().await.is_ok()
}

async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST {
            return Err("its answer does not end".to_owned());
        }
    }
    Ok(bytes)
}

fn read(bytes: &[u8]) -> Result<Option<String>, String> {
    let available: Available = serde_json::from_slice(bytes)
        .map_err(|error| format!("its answer is not its own: {error}"))?;
    let closest = available.archived_snapshots.closest;
    // A copy of an error page is no copy.
    let useful = closest.filter(|copy| copy.available && copy.status.starts_with('2'));
    Ok(useful.and_then(|copy| secure(&copy.url)))
}

/// The copy's address with https: the API returns http.
fn secure(text: &str) -> Option<String> {
    let address = Address::parse(text)?.to_string();
    match address.strip_prefix("http://web.archive.org/") {
        Some(rest) => Some(format!("https://web.archive.org/{rest}")),
        None => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(copy: &str) -> Option<String> {
        read(format!("{{\"archived_snapshots\": {{\"closest\": {copy}}}}}").as_bytes()).unwrap()
    }

    #[test]
    fn only_a_copy_of_a_page_that_was_there_is_taken() {
        let copy = r#"{"available": true, "url": "http://web.archive.org/web/20170129183000/http://x.example/", "timestamp": "20170129183000", "status": "200"}"#;
        let url = "https://web.archive.org/web/20170129183000/http://x.example/";
        assert_eq!(found(copy).as_deref(), Some(url));
        assert_eq!(found(&copy.replace("\"200\"", "\"404\"")), None);
        assert_eq!(found(&copy.replace("true", "false")), None);
        assert_eq!(found(&copy.replace("http://web", "javascript:web")), None);
        assert_eq!(read(b"{\"archived_snapshots\": {}}"), Ok(None));
        assert!(read(b"<html>").is_err());
    }
}
