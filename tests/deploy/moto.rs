//! An S3 server: moto, on a port of its own, ended with the test.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Location;
use object_store::{Attribute, ObjectStore as _, ObjectStoreExt as _};
use tokio::runtime::Runtime;

use crate::archive::Archive;
use crate::little::{self, RECORD};
use crate::skip;

/// The bucket; a folder in it is the site's.
const BUCKET: &str = "archive";
const FOLDER: &str = "news";

/// Ours, so that nothing of whoever runs the tests is used.
const KEY: &str = "AKIATESTTESTTEST";
pub(crate) const SECRET: &str = "secret-of-the-tests";

pub(crate) struct Moto {
    server: Child,
    pub(crate) address: SocketAddr,
    store: AmazonS3,
    runtime: Runtime,
}

impl Moto {
    /// Starts it, where it is installed.
    pub(crate) fn start() -> Option<Moto> {
        let python = skip::needs_python(&["moto.server", "flask", "flask_cors"])?;
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let port = address.port().to_string();
        let server = Command::new(python)
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
        let runtime = Runtime::new().unwrap();
        let moto = Moto { server, address, store, runtime };
        moto.wait();
        moto.make_bucket();
        Some(moto)
    }

    fn wait(&self) {
        for _ in 0..600 {
            if TcpStream::connect(self.address).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("moto did not start");
    }

    fn make_bucket(&self) {
        let url = format!("http://{}/{BUCKET}", self.address);
        let made = self.runtime.block_on(reqwest::Client::new().put(url).send()).unwrap();
        assert!(made.status().is_success(), "{made:?}");
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
    }

    fn location(path: &str) -> Location {
        Location::parse(format!("{FOLDER}/{path}")).unwrap()
    }

    /// Every file that is there, without the record.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let folder = Location::from(FOLDER);
        let list = self.store.list(Some(&folder)).try_collect::<Vec<_>>();
        let names = self.runtime.block_on(list).unwrap();
        let paths = names.iter().filter_map(|object| {
            object.location.as_ref().strip_prefix(&format!("{FOLDER}/")).map(str::to_owned)
        });
        let paths = paths.filter(|path| path != RECORD);
        paths.map(|path| (path.clone(), self.read(&path).unwrap())).collect()
    }

    /// A file's bytes, if there is such a file.
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        let location = Moto::location(path);
        self.runtime.block_on(async {
            let found = self.store.get(&location).await.ok()?;
            Some(found.bytes().await.unwrap().to_vec())
        })
    }

    /// What the server says of a file's type and of keeping it.
    pub(crate) fn headers(&self, path: &str) -> (String, String) {
        let location = Moto::location(path);
        let found = self.runtime.block_on(self.store.get(&location)).unwrap();
        let header = |name| found.attributes.get(&name).unwrap().as_ref().to_owned();
        (header(Attribute::ContentType), header(Attribute::CacheControl))
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let location = Moto::location(path);
        self.runtime.block_on(self.store.put(&location, bytes.to_vec().into())).unwrap();
    }

    pub(crate) fn delete(&self, path: &str) {
        self.runtime.block_on(self.store.delete(&Moto::location(path))).unwrap();
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
