//! Purges a cache of changed addresses: a POST of `{"files": ["https://…", …]}` in batches, the API
//! of Cloudflare. The token comes from the environment.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::json;
use url::Url;

use super::DeployError;
use crate::deploy::without_secrets::redacted;
use crate::fetch::tls;

/// Addresses per request: Cloudflare's limit on every plan.
const BATCH: usize = 30;

const ATTEMPTS: u32 = 5;

/// The environment variable with the token.
const TOKEN: &str = "DATELINE_PURGE_TOKEN";

/// Purges all changed addresses.
pub(super) fn tell(url: &Url, changed: &[String]) -> Result<(), DeployError> {
    let told = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(tell_all(url, changed)));
    told.map_err(|message| DeployError::NotPurged { url: url.clone(), message: redacted(&message) })
}

async fn tell_all(url: &Url, changed: &[String]) -> Result<(), String> {
    tls::use_ring();
    // Don't follow redirects: the token is only for this host.
    let client =
        Client::builder().timeout(Duration::from_secs(30)).redirect(Policy::none()).build();
    let client = client.map_err(|error| error.to_string())?;
    for batch in changed.chunks(BATCH) {
        tell_some(&client, url, batch).await?;
    }
    Ok(())
}

async fn tell_some(client: &Client, url: &Url, batch: &[String]) -> Result<(), String> {
    let mut wait = Duration::from_millis(200);
    let mut attempt = 1;
    loop {
        let request = client.post(url.clone()).json(&json!({ "files": batch }));
        let request = match std::env::var(TOKEN) {
            Ok(token) => request.bearer_auth(token),
            Err(_) => request,
        };
        let (message, is_final) = match request.send().await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            Ok(answer) => {
                let status = answer.status();
                let may_pass = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
                (status.to_string(), !may_pass)
            }
            Err(error) => (error.to_string(), false),
        };
        if is_final || attempt == ATTEMPTS {
            return Err(message);
        }
        tokio::time::sleep(wait).await;
        (wait, attempt) = (wait * 2, attempt + 1);
    }
}
