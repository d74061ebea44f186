//! The object store behind a bucket's address: opened with the environment's credentials, and the few
//! verbs that need more than a name.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::Path as Location;
use object_store::{
    Attribute, Attributes, ClientConfigKey, Error, ObjectStore, PutMode, PutMultipartOptions,
    PutOptions, PutResult,
};

use crate::config::targets::BucketConfig;

use super::super::headers::Headers;
use super::Version;

/// A larger file is put in parts.
pub(super) const LARGE: u64 = 64 << 20;

const PART: u64 = 16 << 20;

/// For one request: a part, on a slow line.
const TIMEOUT: &str = "300s";

/// Opens a store. Credentials come from the environment and the files that it names.
pub(super) fn open(bucket: &BucketConfig) -> object_store::Result<Arc<dyn ObjectStore>> {
    let name = bucket.url.host_str().unwrap_or_default();
    let timeout = ClientConfigKey::Timeout;
    Ok(match bucket.url.scheme() {
        "gs" => {
            let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(name);
            Arc::new(builder.with_config(GoogleConfigKey::Client(timeout), TIMEOUT).build()?)
        }
        "az" => {
            let builder = MicrosoftAzureBuilder::from_env().with_container_name(name);
            Arc::new(builder.with_config(AzureConfigKey::Client(timeout), TIMEOUT).build()?)
        }
        _ => {
            let mut builder = AmazonS3Builder::from_env()
                .with_bucket_name(name)
                .with_config(AmazonS3ConfigKey::Client(timeout), TIMEOUT);
            if let Some(region) = &bucket.region {
                builder = builder.with_region(region);
            }
            if let Some(endpoint) = &bucket.endpoint {
                let address = endpoint.as_str().trim_end_matches('/');
                builder = builder
                    .with_config(AmazonS3ConfigKey::S3Endpoint, address)
                    .with_allow_http(endpoint.scheme() == "http");
            }
            Arc::new(builder.build()?)
        }
    })
}

/// A file's headers, as stores call them.
pub(super) fn attributes(headers: &Headers) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, headers.content_type.clone().into());
    attributes.insert(Attribute::CacheControl, headers.cache_control.clone().into());
    if let Some(encoding) = headers.content_encoding {
        attributes.insert(Attribute::ContentEncoding, encoding.into());
    }
    attributes
}

/// Puts bytes in one request.
pub(super) async fn put(
    store: &dyn ObjectStore,
    location: &Location,
    bytes: &[u8],
    attributes: &Attributes,
) -> object_store::Result<PutResult> {
    let options = PutOptions { attributes: attributes.clone(), ..PutOptions::default() };
    store.put_opts(location, bytes.to_vec().into(), options).await
}

/// Puts a file in parts; nothing is there before the last one is.
pub(super) async fn put_large(
    store: &dyn ObjectStore,
    location: &Location,
    path: &Path,
    attributes: &Attributes,
) -> object_store::Result<PutResult> {
    let unread = |error| Error::Generic { store: "the site", source: Box::new(error) };
    let mut file = File::open(path).map_err(unread)?;
    let options = PutMultipartOptions { attributes: attributes.clone(), ..Default::default() };
    let mut upload = store.put_multipart_opts(location, options).await?;
    loop {
        let mut part = Vec::new();
        file.by_ref().take(PART).read_to_end(&mut part).map_err(unread)?;
        if part.is_empty() {
            return upload.complete().await;
        }
        if let Err(error) = upload.put_part(part.into()).await {
            // The first error tells more.
            let _ = upload.abort().await;
            return Err(error);
        }
    }
}

/// Puts the record in the place of the one that is known.
pub(super) async fn put_record(
    store: &dyn ObjectStore,
    location: &Location,
    bytes: &[u8],
    version: &Version,
) -> object_store::Result<PutResult> {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, "application/gzip".into());
    attributes.insert(Attribute::CacheControl, "no-store".into());
    let mode = match version {
        Version::None => PutMode::Create,
        Version::Known(version) => PutMode::Update(version.clone()),
        Version::Untold => PutMode::Overwrite,
    };
    let options = PutOptions { mode, attributes, ..PutOptions::default() };
    store.put_opts(location, bytes.to_vec().into(), options).await
}
