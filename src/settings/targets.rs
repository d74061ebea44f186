//! `[deploy.targets.<name>]`: targets of `dateline deploy`.
//!
//! Credentials are not settings: they come from the environment or the user's own files. A key that
//! looks like a credential stops every command, before it is committed by mistake.

use std::collections::BTreeMap;
use std::path::PathBuf;

use url::Url;

use crate::base::diagnostic::{Diagnostic, Place, Rule};
use crate::tree::fields::{Fields, Reading};
use crate::tree::{Node, Value};

use super::stop;

/// `[deploy.targets.<name>]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetConfig {
    pub place: TargetPlace,
    /// How long a browser may cache a page, in seconds.
    pub pages_max_age: usize,
    /// How long it may cache other files, in seconds.
    pub files_max_age: usize,
    /// The limit of deleted files in a deploy; by default a quarter of the site, at least 100.
    pub max_deletes: Option<usize>,
    /// The cache purge address, which gets changed addresses.
    pub purge: Option<Url>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetPlace {
    /// A bucket of an object store.
    Bucket(BucketConfig),
    /// A folder of releases, local or mounted.
    Folder {
        /// From the archive's root.
        path: PathBuf,
        /// The number of older releases kept.
        keep: usize,
    },
    /// A destination in rsync's syntax.
    Rsync(String),
    /// A branch of a Git repository.
    Git {
        /// Its address, or a remote of the archive's own repository.
        repository: String,
        /// The branch, which contains only the site.
        branch: String,
    },
}

/// A bucket of an object store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketConfig {
    /// `s3://`, `gs://` or `az://` with the bucket and a folder in it.
    pub url: Url,
    /// The service's address, if it is not Amazon, Google or Azure.
    pub endpoint: Option<Url>,
    /// The bucket's region; default from the environment.
    pub region: Option<String>,
    /// The number of parallel requests.
    pub connections: usize,
}

pub(super) fn targets(
    table: &mut Fields,
    reading: &mut Reading<'_>,
) -> BTreeMap<String, TargetConfig> {
    let Some(targets) = table.table("targets", reading) else { return BTreeMap::new() };
    let mut map = BTreeMap::new();
    for entry in targets.rest() {
        match entry.node.value {
            Value::Table(inner) => {
                if let Some(config) = target(Fields::new(inner), reading) {
                    map.insert(entry.key, config);
                }
            }
            _ => reading.wrong(&format!("targets.{}", entry.key), &entry.node, "a table"),
        }
    }
    map
}

fn target(mut fields: Fields, reading: &mut Reading<'_>) -> Option<TargetConfig> {
    refuse_credentials(&mut fields, reading);
    let range = fields.range.clone();
    let place = place(&mut fields, reading);
    if place.is_none() {
        let node = Node { value: Value::Null, range };
        let message = "a target has one of bucket, folder, rsync and git, and no more".to_owned();
        stop(reading, &node, message, "write folder = \"../www\" or bucket = \"s3://my-archive\"");
    }
    let pages_max_age = fields.count("pages_max_age", 0, reading).unwrap_or(300);
    let files_max_age = fields.count("files_max_age", 0, reading).unwrap_or(86_400);
    let max_deletes = fields.count("max_deletes", 0, reading);
    let purge = address(&mut fields, "purge", &["http", "https"], reading);
    refuse_unknown(fields, reading);
    Some(TargetConfig { place: place?, pages_max_age, files_max_age, max_deletes, purge })
}

/// The place of a target; exactly one is required.
fn place(fields: &mut Fields, reading: &mut Reading<'_>) -> Option<TargetPlace> {
    let is_named = |kind: &&str| fields.has(kind);
    let kinds: Vec<&str> =
        ["bucket", "folder", "rsync", "git"].into_iter().filter(is_named).collect();
    let [kind] = kinds[..] else { return None };
    match kind {
        "bucket" => bucket(fields, reading).map(TargetPlace::Bucket),
        "folder" => {
            let path = written(fields, "folder", reading)?.into();
            let keep = fields.count("keep", 0, reading).unwrap_or(3);
            Some(TargetPlace::Folder { path, keep })
        }
        "rsync" => written(fields, "rsync", reading).map(TargetPlace::Rsync),
        _ => {
            let repository = written(fields, "git", reading)?;
            let branch = written(fields, "branch", reading).unwrap_or_else(|| "gh-pages".into());
            Some(TargetPlace::Git { repository, branch })
        }
    }
}

fn bucket(fields: &mut Fields, reading: &mut Reading<'_>) -> Option<BucketConfig> {
    Some(BucketConfig {
        url: address(fields, "bucket", &["s3", "gs", "az"], reading)?,
        endpoint: address(fields, "endpoint", &["http", "https"], reading),
        region: fields.text("region", reading),
        connections: fields.count("connections", 1, reading).unwrap_or(16),
    })
}

/// A text for a program's arguments: it must not look like an option.
fn written(fields: &mut Fields, key: &'static str, reading: &mut Reading<'_>) -> Option<String> {
    let node = fields.take(key)?;
    let text = node.text().unwrap_or_default().trim();
    // A token may be the user name in a web address.
    let is_secret = Url::parse(text).is_ok_and(|url| {
        url.password().is_some() || (url.scheme() != "ssh" && !url.username().is_empty())
    });
    if text.is_empty() || text.starts_with('-') || text.contains(['\0', '\n']) {
        stop(
            reading,
            &node,
            format!("{key}: this can't be a place"),
            "write it without a leading -",
        );
    } else if is_secret {
        tell_credential(key, reading);
    } else {
        return Some(text.to_owned());
    }
    None
}

/// An address with one of these schemes.
fn address(
    fields: &mut Fields,
    key: &'static str,
    schemes: &[&str],
    reading: &mut Reading<'_>,
) -> Option<Url> {
    let node = fields.take(key)?;
    let url = node.text().and_then(|text| Url::parse(text.trim()).ok());
    let Some(url) = url.filter(|url| schemes.contains(&url.scheme()) && url.has_host()) else {
        let examples: Vec<String> = schemes.iter().map(|scheme| format!("{scheme}://…")).collect();
        let help = format!("write it as {}", examples.join(" or "));
        stop(reading, &node, format!("{key}: this is no address that can be used here"), &help);
        return None;
    };
    let is_secret = |(name, _): (std::borrow::Cow<'_, str>, _)| is_credential(&name);
    let has_user = url.password().is_some() || !url.username().is_empty();
    if has_user || url.query_pairs().any(is_secret) {
        tell_credential(key, reading);
        return None;
    }
    Some(url)
}

/// Whether a name suggests a credential.
pub(crate) fn is_credential(name: &str) -> bool {
    let name = name.to_lowercase();
    ["key", "secret", "token", "password", "passwd", "credential", "account", "sas", "sig"]
        .iter()
        .any(|word| name.split(['_', '-', '.']).any(|part| part.ends_with(word)))
}

fn refuse_credentials(fields: &mut Fields, reading: &mut Reading<'_>) {
    let names = fields.left().iter().map(|entry| entry.key.clone());
    let secret: Vec<String> = names.filter(|name| is_credential(name)).collect();
    for name in secret {
        if fields.take_named(&name).is_some() {
            tell_credential(&name, reading);
        }
    }
}

/// Refuses unknown keys: their values may be secret.
fn refuse_unknown(fields: Fields, reading: &mut Reading<'_>) {
    let known = reading.diagnostics.len();
    fields.refuse_rest(Rule::UnknownConfigKey, reading);
    for diagnostic in &mut reading.diagnostics[known..] {
        diagnostic.place = Some(Place::file(reading.file));
    }
}

/// Reports a credential by its key, without showing its line: logs must not contain the value.
fn tell_credential(key: &str, reading: &mut Reading<'_>) {
    let message =
        format!("{key}: credentials don't belong into the settings, which others can read");
    let diagnostic = Diagnostic::stop(Rule::Config, message).at(Place::file(reading.file)).help(
        "remove it, and set it in the environment (AWS_SECRET_ACCESS_KEY, \
         GOOGLE_APPLICATION_CREDENTIALS, …): see “Deploying” in the manual",
    );
    reading.diagnostics.push(diagnostic);
}
