//! A bucket of an object store: S3 and compatible services, Google Cloud Storage, Azure.
//!
//! Files of one step are uploaded in parallel. The record is written before the first change, every
//! few seconds, and at the end; each time only if it is still the version we wrote last, so that
//! two deploys can't mix.

mod profile;
mod store;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use object_store::path::Path as Location;
use object_store::{Error, ObjectMeta, ObjectStore, ObjectStoreExt as _, UpdateVersion};
use percent_encoding::percent_decode_str;
use rustc_hash::FxHashMap;
use tokio::runtime::Runtime;
use xxhash_rust::xxh3::xxh3_64;

use crate::output::Entry;
use crate::settings::targets::{BucketConfig, TargetConfig};

use store::Opened;

use super::headers::Headers;
use super::plan::Stage;
use super::remote::{FILE, RemoteFile, RemoteManifest, Unowned};
use super::site::BuiltSite;
use super::{DeployError, Destination, Progress, RecordUse, Work};

/// The minimum time between two writes of the record.
const INTERVAL: Duration = Duration::from_secs(10);

/// Writing the record may take at most one part in this many of the time.
const SHARE: u32 = 20;

/// The longest object name in bytes; the same for all three clouds.
const LONGEST: usize = 1_024;

/// Attempts for each request.
const ATTEMPTS: u32 = 6;

pub(super) struct Bucket {
    store: Arc<dyn ObjectStore>,
    /// Secrets from the user's files, removed from messages.
    secrets: Vec<String>,
    /// The folder in the bucket.
    prefix: Location,
    /// Its name in messages.
    place: String,
    target: TargetConfig,
    connections: usize,
    record: RecordUse,
    /// The version of the record.
    version: Version,
    runtime: Runtime,
}

/// Metadata of the objects.
type Objects = FxHashMap<Location, ObjectMeta>;

/// The version of the record.
#[derive(Clone, Debug)]
enum Version {
    None,
    Known(UpdateVersion),
    /// The store has no versions.
    Untold,
}

impl Bucket {
    /// Opens the store without changing anything.
    pub(super) fn open(
        bucket: &BucketConfig,
        target: &TargetConfig,
        record: RecordUse,
    ) -> Result<Bucket, DeployError> {
        let place = bucket.url.to_string();
        let failed = |error: &dyn std::fmt::Display| DeployError::unopened(&place, error);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| failed(&error))?;
        let Opened { store, secrets } = store::open(bucket).map_err(|error| failed(&error))?;
        let folder = percent_decode_str(bucket.url.path()).decode_utf8();
        let folder = folder.map_err(|error| failed(&error))?;
        let prefix = Location::parse(folder).map_err(|error| failed(&error))?;
        Ok(Bucket {
            store,
            secrets,
            prefix,
            place,
            target: target.clone(),
            connections: bucket.connections,
            record,
            version: Version::None,
            runtime,
        })
    }

    fn location(&self, path: &str) -> Result<Location, DeployError> {
        let whole = format!("{}/{path}", self.prefix);
        match Location::parse(&whole) {
            Ok(location) if location.as_ref().len() <= LONGEST => Ok(location),
            Ok(_) => Err(self.takes_no(path, "its name is longer than 1,024 bytes")),
            Err(_) => Err(self.takes_no(path, "no bucket takes control characters in a name")),
        }
    }

    fn takes_no(&self, path: &str, reason: &'static str) -> DeployError {
        DeployError::BadName { place: self.place.clone(), path: path.to_owned(), reason }
    }

    /// The record's bytes and version.
    async fn read_record(&self) -> Result<Option<(Vec<u8>, UpdateVersion)>, DeployError> {
        let location = self.location(FILE)?;
        let read = async || {
            let found = self.store.get(&location).await?;
            let ObjectMeta { e_tag, version, .. } = found.meta.clone();
            let bytes = found.bytes().await?;
            Ok((bytes.to_vec(), UpdateVersion { e_tag, version }))
        };
        match patiently(read).await {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("read the record in", &error)),
        }
    }

    async fn find(&mut self) -> Result<Option<RemoteManifest>, DeployError> {
        let reason = match self.read_record().await? {
            Some((bytes, version)) => {
                let is_told = version.e_tag.is_some() || version.version.is_some();
                self.version = if is_told { Version::Known(version) } else { Version::Untold };
                match RemoteManifest::read(&bytes) {
                    Ok(remote) => return Ok(Some(remote)),
                    Err(unreadable) => unreadable.into(),
                }
            }
            None if self.is_empty().await? => return Ok(None),
            None => Unowned::NoRecord,
        };
        if self.record == RecordUse::Adopt {
            return Ok(None);
        }
        Err(DeployError::not_ours(&self.place, reason))
    }

    async fn is_empty(&self) -> Result<bool, DeployError> {
        let first = patiently(async || self.store.list(Some(&self.prefix)).try_next().await).await;
        match first {
            Ok(first) => Ok(first.is_none()),
            Err(Error::InvalidPath { .. }) => Ok(false),
            Err(error) => Err(self.failed("list", &error)),
        }
    }

    /// Marks a file as uncertain if its mark differs or is missing, or if its headers are unknown;
    /// removes a missing file from the record.
    async fn look(&self, remote: &mut RemoteManifest) -> Result<(), DeployError> {
        let objects = self.objects(remote).await?;
        let mut missing = Vec::new();
        for (path, file) in &mut remote.files {
            match objects.get(&self.location(path)?) {
                None => missing.push(Arc::clone(path)),
                Some(object) => {
                    let mark = object.e_tag.as_deref().map(mark);
                    let is_ours = mark.is_some() && mark == file.mark;
                    if object.size != file.size || !is_ours || file.headers.is_none() {
                        file.sha256 = None;
                    }
                }
            }
        }
        for path in missing {
            remote.deleted(&path);
        }
        Ok(())
    }

    /// Metadata of the files on record. A listing may contain names that the client can't parse
    /// (`a//b`); then each file is queried separately.
    async fn objects(&self, remote: &RemoteManifest) -> Result<Objects, DeployError> {
        let list = async || self.store.list(Some(&self.prefix)).try_collect::<Vec<_>>().await;
        let objects = match patiently(list).await {
            Ok(objects) => objects,
            Err(Error::InvalidPath { .. }) => {
                let heads = remote.files.keys().map(|path| self.head(path));
                let heads = stream::iter(heads).buffer_unordered(self.connections);
                let heads: Vec<Option<ObjectMeta>> = heads.try_collect().await?;
                heads.into_iter().flatten().collect()
            }
            Err(error) => return Err(self.failed("list", &error)),
        };
        Ok(objects.into_iter().map(|object| (object.location.clone(), object)).collect())
    }

    async fn head(&self, path: &str) -> Result<Option<ObjectMeta>, DeployError> {
        let location = self.location(path)?;
        match patiently(async || self.store.head(&location).await).await {
            Ok(object) => Ok(Some(object)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed(&format!("look at {path} in"), &error)),
        }
    }

    fn headers(&self, path: &str, entry: &Entry) -> Headers {
        Headers::of(path, entry, &self.target)
    }

    /// Writes the record if the stored version is still ours.
    async fn write_record(&mut self, remote: &RemoteManifest) -> Result<(), DeployError> {
        let bytes = remote.write().map_err(|error| self.failed("write the record in", &error))?;
        let location = self.location(FILE)?;
        for attempt in 1.. {
            let put = store::put_record(&*self.store, &location, &bytes, &self.version).await;
            match put {
                Ok(result) => {
                    if !matches!(self.version, Version::Untold) && result.e_tag.is_some() {
                        self.version = Version::Known(result.into());
                    }
                    break;
                }
                Err(Error::NotImplemented { .. } | Error::NotSupported { .. }) => {
                    self.version = Version::Untold;
                }
                Err(Error::Precondition { .. } | Error::AlreadyExists { .. }) => {
                    match self.read_record().await? {
                        // It is ours: an earlier attempt succeeded, but its answer was lost.
                        Some((there, version)) if there == bytes => {
                            self.version = Version::Known(version);
                            break;
                        }
                        _ => return Err(DeployError::overtaken(&self.place)),
                    }
                }
                Err(error) if attempt == ATTEMPTS || is_final(&error) => {
                    return Err(self.failed("write the record in", &error));
                }
                Err(_) => pause(attempt).await,
            }
        }
        Ok(())
    }

    async fn all(&mut self, work: &Work<'_>) -> Result<(), DeployError> {
        let mut remote = work.before.clone();
        work.plan.begin(&mut remote, &work.site.manifest);
        self.write_record(&remote).await?;
        let mut saved = Saved::now(Duration::ZERO);
        for stage in &work.plan.stages {
            (work.listener)(Progress::Step(stage.step));
            let done = self.stage(stage, work, &mut remote, &mut saved).await;
            if let Err(error) = done {
                // Save what was uploaded for the next deploy; if this fails, too, it uploads more.
                let _ = self.write_record(&remote).await;
                return Err(error);
            }
        }
        work.conclude(&mut remote);
        self.write_record(&remote).await
    }

    async fn stage(
        &mut self,
        stage: &Stage,
        work: &Work<'_>,
        remote: &mut RemoteManifest,
        saved: &mut Saved,
    ) -> Result<(), DeployError> {
        for chunk in stage.puts.chunks(self.connections * 16) {
            let puts = chunk.iter().map(|path| self.put(path, work));
            let mut puts = stream::iter(puts).buffer_unordered(self.connections);
            while let Some((path, mark)) = puts.try_next().await? {
                if let Some(entry) = work.site.manifest.files.get(path) {
                    let headers = Some(self.headers(path, entry).hash());
                    remote.put(path, RemoteFile { headers, ..RemoteFile::of(entry, mark) });
                }
                (work.listener)(Progress::Done(1));
            }
            drop(puts);
            if saved.is_due() {
                let started = Instant::now();
                self.write_record(remote).await?;
                *saved = Saved::now(started.elapsed());
            }
        }
        let deletes = stage.deletes.iter().map(|path| self.delete(path));
        let mut deletes = stream::iter(deletes).buffer_unordered(self.connections);
        while let Some(path) = deletes.try_next().await? {
            remote.deleted(path);
            (work.listener)(Progress::Done(1));
        }
        Ok(())
    }

    async fn put<'a>(
        &self,
        path: &'a Arc<str>,
        work: &Work<'_>,
    ) -> Result<(&'a Arc<str>, Option<u64>), DeployError> {
        let Some(entry) = work.site.manifest.files.get(path) else { return Ok((path, None)) };
        let location = self.location(path)?;
        let attributes = store::attributes(&self.headers(path, entry));
        let put = if entry.size > store::LARGE {
            let put = async || {
                store::put_large(&*self.store, &location, &work.site.file(path), &attributes).await
            };
            patiently(put).await
        } else {
            let bytes = work.site.read(path, entry)?;
            let put = async || store::put(&*self.store, &location, &bytes, &attributes).await;
            patiently(put).await
        };
        let result = put.map_err(|error| self.failed(&format!("put {path} to"), &error))?;
        Ok((path, result.e_tag.as_deref().map(mark)))
    }

    async fn delete<'a>(&self, path: &'a Arc<str>) -> Result<&'a Arc<str>, DeployError> {
        let location = self.location(path)?;
        match patiently(async || self.store.delete(&location).await).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(path),
            Err(error) => Err(self.failed(&format!("delete {path} from"), &error)),
        }
    }

    fn failed(&self, doing: &str, error: &dyn std::error::Error) -> DeployError {
        let causes = std::iter::successors(error.source(), |error| error.source());
        let causes = causes.map(|cause| format!(": {cause}"));
        // The message often repeats its cause.
        let mut message = error.to_string();
        for cause in causes {
            if !message.contains(cause.trim_start_matches(": ")) {
                message.push_str(&cause);
            }
        }
        if has_no_credentials(&message) {
            message = format!(
                "there are no credentials, neither in the environment nor in files ({message})"
            );
            return DeployError::unopened(&self.place, message);
        }
        for secret in &self.secrets {
            message = message.replace(secret, "…");
        }
        DeployError::refused(format!("{doing} {}", self.place), message)
    }
}

impl Destination for Bucket {
    fn check_names(&self, site: &BuiltSite) -> Result<(), DeployError> {
        site.manifest.files.iter().try_for_each(|(path, _)| self.location(path).map(drop))
    }

    fn doubt_headers(&self, remote: &mut RemoteManifest, site: &BuiltSite) {
        let expected = |path: &str, entry: &Entry| self.headers(path, entry).hash();
        remote.doubt_headers(&site.manifest, expected);
    }

    fn published(&mut self) -> Result<Option<RemoteManifest>, DeployError> {
        let runtime = self.runtime.handle().clone();
        runtime.block_on(self.find())
    }

    fn recheck(&mut self, remote: &mut RemoteManifest) -> Result<(), DeployError> {
        self.runtime.block_on(self.look(remote))
    }

    fn carry_out(&mut self, work: Work<'_>) -> Result<(), DeployError> {
        let runtime = self.runtime.handle().clone();
        runtime.block_on(self.all(&work))
    }

    fn announced(&mut self, remote: &RemoteManifest) -> Result<(), DeployError> {
        let runtime = self.runtime.handle().clone();
        runtime.block_on(self.write_record(remote))
    }
}

/// When the record was written last, and how long it took.
struct Saved {
    at: Instant,
    cost: Duration,
}

impl Saved {
    fn now(cost: Duration) -> Saved {
        Saved { at: Instant::now(), cost }
    }

    fn is_due(&self) -> bool {
        self.at.elapsed() > INTERVAL.max(self.cost * SHARE)
    }
}

/// A hash of the `ETag`. Azure quotes it in responses, but not in listings.
fn mark(e_tag: &str) -> u64 {
    xxh3_64(e_tag.trim_matches('"').as_bytes())
}

/// Retries a request. The store's client has its own retries; this covers errors that it takes for
/// final.
async fn patiently<T>(attempt: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
    for number in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if !is_final(&error) => pause(number).await,
            done => return done,
        }
    }
    attempt().await
}

/// Whether a retry is useless.
fn is_final(error: &Error) -> bool {
    let may_pass = matches!(error, Error::Generic { .. } | Error::JoinError { .. });
    !may_pass || has_no_credentials(&error.to_string())
}

/// Whether no credentials were found. Without a key, the client asks the cloud's metadata address,
/// which does not answer elsewhere.
fn has_no_credentials(message: &str) -> bool {
    message.contains("169.254.169.254")
}

/// Waits longer after each attempt.
async fn pause(attempt: u32) {
    tokio::time::sleep(Duration::from_millis(100) * 2_u32.pow(attempt)).await;
}
