//! `[deploy.targets.<name>]`: the places that `dateline deploy` puts a site to.
//!
//! Credentials are no settings: they come from the environment or from the user's own files, and a key
//! that looks like one stops every command before it can be committed by mistake and used by nobody.

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
    /// Where the site goes.
    pub place: TargetPlace,
    /// For how many seconds a reader's browser may keep a page.
    pub pages_max_age: usize,
    /// For how many seconds it may keep pictures and other files.
    pub files_max_age: usize,
    /// A deploy that would delete more files stops; by default a quarter of them, at least 100.
    pub max_deletes: Option<usize>,
    /// Is sent the addresses that changed.
    pub purge: Option<Url>,
}

/// Where a site goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetPlace {
    /// A bucket of an object store.
    Bucket(BucketConfig),
    /// A folder of releases on this machine or mounted there.
    Folder {
        /// From the archive's root.
        path: PathBuf,
        /// So many releases before the current one are kept.
        keep: usize,
    },
    /// What the user's `rsync` takes as its destination.
    Rsync(String),
    /// A branch of a Git repository.
    Git {
        /// Its address, or the name of a remote of the archive's own repository.
        repository: String,
        /// The branch, which holds nothing but the site.
        branch: String,
    },
}

/// A bucket of an object store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketConfig {
    /// `s3://`, `gs://` or `az://`, the bucket, and the folder in it.
    pub url: Url,
    /// The service's address; else that of Amazon, Google or Azure.
    pub endpoint: Option<Url>,
    /// Where the bucket is; else from the environment.
    pub region: Option<String>,
    /// So many requests are under way at once.
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

/// The one place that a target names.
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

/// A text that programs receive among their arguments: it must not pass for an option.
fn written(fields: &mut Fields, key: &'static str, reading: &mut Reading<'_>) -> Option<String> {
    let node = fields.take(key)?;
    let text = node.text().unwrap_or_default().trim();
    // A token may stand for the user's name in a web address.
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

/// An address of one of these schemes.
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

/// Whether what has this name is likely to be secret.
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

/// A key that nobody knows may hold what nobody should read, whatever its name.
fn refuse_unknown(fields: Fields, reading: &mut Reading<'_>) {
    let known = reading.diagnostics.len();
    fields.refuse_rest(Rule::UnknownConfigKey, reading);
    for diagnostic in &mut reading.diagnostics[known..] {
        diagnostic.place = Some(Place::file(reading.file));
    }
}

/// Names the key, and does not show its line: whoever reads along must not learn the value.
fn tell_credential(key: &str, reading: &mut Reading<'_>) {
    let message =
        format!("{key}: credentials don't belong into the settings, which others can read");
    let diagnostic = Diagnostic::stop(Rule::Config, message).at(Place::file(reading.file)).help(
        "remove it, and set it in the environment (AWS_SECRET_ACCESS_KEY, \
         GOOGLE_APPLICATION_CREDENTIALS, …): see “Deploying” in the manual",
    );
    reading.diagnostics.push(diagnostic);
}
