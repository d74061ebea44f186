//! What lies in a bucket, read and written beside `dateline deploy`.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use object_store::path::Path as Location;
use object_store::{Attribute, ObjectStore, ObjectStoreExt as _};
use tokio::runtime::Runtime;

use crate::little::{self, RECORD};

/// The folder of every bucket that is the site's.
pub(crate) const FOLDER: &str = "news";

/// The cryptography of this process's own requests, as that of the program.
pub(crate) fn use_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A bucket of a server.
pub(crate) struct Store {
    store: Box<dyn ObjectStore>,
    pub(crate) runtime: Runtime,
}

impl Store {
    pub(crate) fn new(store: impl ObjectStore) -> Store {
        Store { store: Box::new(store), runtime: Runtime::new().unwrap() }
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
        let location = Store::location(path);
        self.runtime.block_on(async {
            let found = self.store.get(&location).await.ok()?;
            Some(found.bytes().await.unwrap().to_vec())
        })
    }

    /// What the server says of a file's type, of keeping it, and of how it is compressed.
    pub(crate) fn headers(&self, path: &str) -> [String; 3] {
        let location = Store::location(path);
        let found = self.runtime.block_on(self.store.get(&location)).unwrap();
        let names = [Attribute::ContentType, Attribute::CacheControl, Attribute::ContentEncoding];
        let value = |name| found.attributes.get(&name).map_or("", |value| value.as_ref());
        names.map(|name| value(name).to_owned())
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let location = Store::location(path);
        self.runtime.block_on(self.store.put(&location, bytes.to_vec().into())).unwrap();
    }

    /// Puts the record back with something else in it.
    pub(crate) fn rewrite_record(&self, change: impl FnOnce(&mut serde_json::Value)) {
        self.write(RECORD, &little::rewritten_record(&self.read(RECORD).unwrap(), change));
    }

    pub(crate) fn delete(&self, path: &str) {
        self.runtime.block_on(self.store.delete(&Store::location(path))).unwrap();
    }
}

/// An address of this machine that nobody listens at.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Waits for a server to listen.
pub(crate) fn wait_for(address: SocketAddr) {
    for _ in 0..600 {
        if TcpStream::connect(address).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the server at {address} did not start");
}
