//! An S3 server: moto, on a port of its own, ended with the test.

use std::net::SocketAddr;
use std::ops::Deref;
use std::process::{Child, Stdio};

use object_store::aws::AmazonS3Builder;

use crate::archive::Archive;
use crate::little;
use crate::skip;
use crate::store::{FOLDER, Store, free_address, wait_for};

pub(crate) const BUCKET: &str = "archive";

/// Ours, so that nothing of whoever runs the tests is used.
const KEY: &str = "AKIATESTTESTTEST";
pub(crate) const SECRET: &str = "secret-of-the-tests";

pub(crate) struct Moto {
    server: Child,
    pub(crate) address: SocketAddr,
    store: Store,
}

impl Moto {
    /// Starts it, where it is installed.
    pub(crate) fn start() -> Option<Moto> {
        let python = skip::needs_python(&["moto.server", "flask", "flask_cors"])?;
        let address = free_address();
        let port = address.port().to_string();
        let server = skip::basic(&python)
            .args(["-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", &port])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let store = AmazonS3Builder::new()
            .with_bucket_name(BUCKET)
            .with_region("us-east-1")
            .with_access_key_id(KEY)
            .with_secret_access_key(SECRET)
            .with_endpoint(format!("http://{address}"))
            .with_allow_http(true)
            .build()
            .unwrap();
        let moto = Moto { server, address, store: Store::new(store) };
        wait_for(address);
        moto.make_bucket();
        Some(moto)
    }

    fn make_bucket(&self) {
        let url = format!("http://{}/{BUCKET}", self.address);
        let made = self.store.runtime.block_on(reqwest::Client::new().put(url).send()).unwrap();
        assert!(made.status().is_success(), "{made:?}");
    }

    /// Puts an object whose name the store's client can't write.
    pub(crate) fn put_odd(&self, name: &str) {
        let url = format!("http://{}/{BUCKET}/{FOLDER}/{name}", self.address);
        let put = reqwest::Client::new().put(url).body("odd").send();
        let put = self.store.runtime.block_on(put).unwrap();
        assert!(put.status().is_success(), "{put:?}");
    }

    /// An archive that is deployed to such a server, through this address.
    pub(crate) fn archive(address: SocketAddr, more: &str) -> Archive {
        let target = format!(
            "bucket = \"s3://{BUCKET}/{FOLDER}\"\nendpoint = \"http://{address}\"\n\
             region = \"us-east-1\"\n{more}"
        );
        little::little(&target)
            .environment("AWS_ACCESS_KEY_ID", KEY)
            .environment("AWS_SECRET_ACCESS_KEY", SECRET)
            .environment("AWS_CONFIG_FILE", "/dev/null")
            .environment("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    }
}

impl Deref for Moto {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
