//! Opens the object store of a bucket's address with the user's credentials; uploads.

use std::env;
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

use crate::fetch::tls;
use crate::settings::targets::BucketConfig;

use super::super::headers::Headers;
use super::Version;
use super::profile::{Keys, Profile, ProfileError};

/// Larger files are uploaded in parts.
pub(super) const LARGE: u64 = 64 << 20;

const PART: u64 = 16 << 20;

/// The timeout of one request: a part on a slow connection.
const TIMEOUT: &str = "300s";

/// A store, and the secrets that are not in the environment.
pub(super) struct Opened {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) secrets: Vec<String>,
}

/// Why a store can't be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

/// Opens a store. Credentials come from the environment, or else the usual files.
pub(super) fn open(bucket: &BucketConfig) -> Result<Opened, OpenError> {
    tls::use_ring();
    match bucket.url.scheme() {
        "gs" => Ok(Opened { store: google(bucket)?, secrets: Vec::new() }),
        "az" => Ok(Opened { store: azure(bucket)?, secrets: Vec::new() }),
        _ => amazon(bucket),
    }
}

/// The bucket's name.
fn name(bucket: &BucketConfig) -> &str {
    bucket.url.host_str().unwrap_or_default()
}

/// The service's address, if it is not the default.
fn endpoint(bucket: &BucketConfig) -> Option<&str> {
    bucket.endpoint.as_ref().map(|endpoint| endpoint.as_str().trim_end_matches('/'))
}

fn is_plain_http(bucket: &BucketConfig) -> bool {
    bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.scheme() == "http")
}

fn google(bucket: &BucketConfig) -> object_store::Result<Arc<dyn ObjectStore>> {
    let mut builder = GoogleCloudStorageBuilder::from_env()
        .with_bucket_name(name(bucket))
        .with_config(GoogleConfigKey::Client(ClientConfigKey::Timeout), TIMEOUT);
    if let Some(address) = endpoint(bucket) {
        builder = builder.with_base_url(address);
    }
    Ok(Arc::new(builder.build()?))
}

fn azure(bucket: &BucketConfig) -> object_store::Result<Arc<dyn ObjectStore>> {
    let mut builder = MicrosoftAzureBuilder::from_env()
        .with_container_name(name(bucket))
        .with_config(AzureConfigKey::Client(ClientConfigKey::Timeout), TIMEOUT);
    // Names that Microsoft's own tools use.
    let others = [
        (AzureConfigKey::AccountName, "AZURE_STORAGE_ACCOUNT"),
        (AzureConfigKey::AccessKey, "AZURE_STORAGE_KEY"),
    ];
    for (key, variable) in others {
        if let (None, Ok(value)) = (builder.get_config_value(&key), env::var(variable)) {
            builder = builder.with_config(key, value);
        }
    }
    if let Some(address) = endpoint(bucket) {
        builder = builder.with_endpoint(address.to_owned()).with_allow_http(is_plain_http(bucket));
    }
    Ok(Arc::new(builder.build()?))
}

fn amazon(bucket: &BucketConfig) -> Result<Opened, OpenError> {
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(name(bucket))
        .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), TIMEOUT);
    let is_set = |key| builder.get_config_value(&key).is_some();
    let has_keys =
        is_set(AmazonS3ConfigKey::AccessKeyId) || is_set(AmazonS3ConfigKey::WebIdentityTokenFile);
    let has_region = is_set(AmazonS3ConfigKey::Region);
    let profile = match Profile::read() {
        Err(_) if has_keys => Profile::default(),
        read => read?,
    };
    if let Some(region) = profile.region.as_ref().filter(|_| !has_region) {
        builder = builder.with_region(region);
    }
    let mut secrets = Vec::new();
    if !has_keys && let Some(Keys { id, secret, token }) = profile.keys()? {
        builder = builder.with_access_key_id(&id).with_secret_access_key(&secret);
        secrets = [id, secret].into_iter().chain(token.clone()).collect();
        if let Some(token) = token {
            builder = builder.with_token(token);
        }
    }
    if let Some(region) = &bucket.region {
        builder = builder.with_region(region);
    }
    if let Some(address) = endpoint(bucket) {
        builder = builder
            .with_config(AmazonS3ConfigKey::S3Endpoint, address)
            .with_allow_http(is_plain_http(bucket));
    }
    Ok(Opened { store: Arc::new(builder.build()?), secrets })
}

/// A file's headers as object attributes.
pub(super) fn attributes(headers: &Headers) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, headers.content_type.clone().into());
    attributes.insert(Attribute::CacheControl, headers.cache_control.clone().into());
    if let Some(encoding) = headers.content_encoding {
        attributes.insert(Attribute::ContentEncoding, encoding.into());
    }
    attributes
}

/// Uploads bytes in one request.
pub(super) async fn put(
    store: &dyn ObjectStore,
    location: &Location,
    bytes: &[u8],
    attributes: &Attributes,
) -> object_store::Result<PutResult> {
    let options = PutOptions { attributes: attributes.clone(), ..PutOptions::default() };
    store.put_opts(location, bytes.to_vec().into(), options).await
}

/// Uploads a file in parts; the object appears with the last one.
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
            // The first error says more.
            let _ = upload.abort().await;
            return Err(error);
        }
    }
}

/// Replaces the record if its version is unchanged.
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
