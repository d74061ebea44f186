//! A server of Azure's language: Microsoft's Azurite, on a port of its own, ended with the test.

use std::net::SocketAddr;
use std::process::{Child, Stdio};

use axum::http::{HeaderMap, Request};
use object_store::azure::{
    AzureAccessKey, AzureAuthorizer, AzureCredential, MicrosoftAzureBuilder,
};
use object_store::client::HttpRequestBody;

use crate::archive::Archive;
use crate::little::little;
use crate::skip;
use crate::store::{FOLDER, Store, free_address, wait_for};

/// Where Azure looks for a website.
const CONTAINER: &str = "$web";

/// Ours, so that it is none that a client knows by itself.
const ACCOUNT: &str = "dateline";
const KEY: &str = "c2VjcmV0LW9mLXRoZS10ZXN0cw==";

pub(crate) struct Azurite {
    server: Child,
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
}

impl Azurite {
    /// Starts it, where it is installed.
    pub(crate) fn start() -> Option<Azurite> {
        let modules = skip::needs_modules(&["azurite"])?;
        let address = free_address();
        let server = skip::basic("node")
            .arg(modules.join("azurite/dist/src/blob/main.js"))
            .args(["--inMemoryPersistence", "--silent", "--disableTelemetry"])
            // A client may be newer than the newest language that it knows.
            .args(["--skipApiVersionCheck", "--blobHost", "127.0.0.1"])
            .args(["--blobPort", &address.port().to_string()])
            .env("AZURITE_ACCOUNTS", format!("{ACCOUNT}:{KEY}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let store = MicrosoftAzureBuilder::new()
            .with_container_name(CONTAINER)
            .with_account(ACCOUNT)
            .with_access_key(KEY)
            .with_endpoint(format!("http://{address}/{ACCOUNT}"))
            .with_allow_http(true)
            .build()
            .unwrap();
        let azurite = Azurite { server, address, store: Store::new(store) };
        wait_for(address);
        azurite.make_container();
        Some(azurite)
    }

    fn make_container(&self) {
        let url = format!("http://{}/{ACCOUNT}/{CONTAINER}?restype=container", self.address);
        let headers = signed(&url);
        let put = reqwest::Client::new().put(&url).headers(headers).send();
        let made = self.store.runtime.block_on(put).unwrap();
        assert!(made.status().is_success(), "{made:?}");
    }

    /// An archive that is deployed to it.
    pub(crate) fn archive(&self, more: &str) -> Archive {
        Azurite::archive_through(self.address, more)
    }

    /// The same, through this address.
    pub(crate) fn archive_through(address: SocketAddr, more: &str) -> Archive {
        Azurite::archive_with(
            address,
            more,
            ["AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY"],
        )
    }

    /// The same, where these variables hold the account's name and its key.
    pub(crate) fn archive_with(address: SocketAddr, more: &str, [name, key]: [&str; 2]) -> Archive {
        let target = format!(
            "bucket = \"az://{CONTAINER}/{FOLDER}\"\nendpoint = \"http://{address}/{ACCOUNT}\"\n{more}"
        );
        little(&target).environment(name, ACCOUNT).environment(key, KEY)
    }
}

/// The headers of a request to make what stands at an address.
fn signed(url: &str) -> HeaderMap {
    let credential = AzureCredential::AccessKey(AzureAccessKey::try_new(KEY).unwrap());
    let request = Request::put(url).body(HttpRequestBody::empty());
    let mut request = request.unwrap();
    AzureAuthorizer::new(&credential, ACCOUNT).try_authorize(&mut request).unwrap();
    request.headers().clone()
}

impl Drop for Azurite {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
