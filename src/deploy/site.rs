//! The built site, locked while it is deployed.

use std::fs;
use std::path::PathBuf;

use crate::base::files::Lock;
use crate::hosts;
use crate::output::{self, Entry, Manifest, OutputError, Sha256, Target};
use crate::pipeline::removals::{self, Removals};
use crate::pipeline::{
    BuildOptions, Freshness, Unpublished, built_otherwise, freshness, unpublished,
};
use crate::settings::Config;

use super::DeployError;

/// A built site. While this exists, no build changes it.
pub(super) struct BuiltSite {
    pub(super) manifest: Manifest,
    /// A hash of all redactions when it was built, if known.
    pub(super) redacted: Option<u64>,
    target: Target,
    _lock: Lock,
}

impl BuiltSite {
    /// Opens the site; refuses one built for another address or with drafts.
    pub(super) fn open(target: &Target, options: &BuildOptions) -> Result<BuiltSite, DeployError> {
        match Manifest::held_still(target) {
            Err(OutputError::NothingPublished { output }) => {
                match built_otherwise(target, options) {
                    Some(built) => Err(DeployError::OtherSite { output, built }),
                    None => Err(OutputError::NothingPublished { output }.into()),
                }
            }
            published => {
                let (manifest, lock) = published?;
                let redacted = removals::of_output(&target.state).map(Removals::redacted);
                Ok(BuiltSite { manifest, redacted, target: target.clone(), _lock: lock })
            }
        }
    }

    /// Whether it is up to date with the archive, apart from withdrawals.
    pub(super) fn freshness(&self, options: &BuildOptions, config: &Config) -> Freshness {
        freshness(options, config, &self.target, &self.manifest)
    }

    /// What was withdrawn or redacted since it was built.
    pub(super) fn unpublished(
        &self,
        options: &BuildOptions,
    ) -> Result<Vec<Unpublished>, DeployError> {
        unpublished(options, &self.target, &self.manifest).map_err(DeployError::Settings)
    }

    /// Leaves out files that only a web server's configuration uses.
    pub(super) fn leave_out_host_files(&mut self) {
        let is_included = |path: &str| path.split('/').next() == Some(hosts::INCLUDED);
        self.manifest.files = self.manifest.files.without(is_included);
    }

    /// Verifies all files. Returns files in its folder that are not part of it.
    pub(super) fn verify(&self) -> Result<Vec<String>, DeployError> {
        let verdict = output::verify(&self.target, &self.manifest)?;
        let mut damaged = verdict.changed.iter().chain(&verdict.missing);
        let count = verdict.changed.len() + verdict.missing.len();
        match damaged.next() {
            Some(first) => Err(DeployError::Damaged { count, first: first.clone() }),
            None => Ok(verdict.foreign),
        }
    }

    pub(super) fn folder(&self) -> &std::path::Path {
        &self.target.output
    }

    pub(super) fn file(&self, path: &str) -> PathBuf {
        self.target.output.join(path)
    }

    /// A file's bytes, checked against the manifest.
    pub(super) fn read(&self, path: &str, entry: &Entry) -> Result<Vec<u8>, DeployError> {
        let full = self.file(path);
        let bytes = fs::read(&full).map_err(OutputError::io("read", &full))?;
        if Sha256::of(&bytes) == entry.sha256 {
            Ok(bytes)
        } else {
            Err(DeployError::Damaged { count: 1, first: path.to_owned() })
        }
    }
}
