//! The built site: what is deployed, held still meanwhile.

use std::fs;
use std::path::PathBuf;

use crate::base::files::Lock;
use crate::hosts;
use crate::output::{self, Entry, Manifest, OutputError, Sha256, Target};
use crate::pipeline::{
    BuildOptions, Freshness, Unpublished, built_otherwise, freshness, unpublished,
};
use crate::settings::Config;

use super::DeployError;

/// A built site. No build changes it while this lives.
pub(super) struct BuiltSite {
    pub(super) manifest: Manifest,
    target: Target,
    _lock: Lock,
}

impl BuiltSite {
    /// Finds it; one that was built for another address, or with drafts, is told from none at all.
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
                Ok(BuiltSite { manifest, target: target.clone(), _lock: lock })
            }
        }
    }

    /// How it stands to the archive; without a word about what is withdrawn.
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

    /// Leaves out what no reader asks for, and only a web server's own settings would take up.
    pub(super) fn leave_out_host_files(&mut self) {
        let is_included = |path: &str| path.split('/').next() == Some(hosts::INCLUDED);
        self.manifest.files = self.manifest.files.without(is_included);
    }

    /// Reads all of it: what is damaged is not for readers. The files in its folder that are not part
    /// of it.
    pub(super) fn verify(&self) -> Result<Vec<String>, DeployError> {
        let verdict = output::verify(&self.target, &self.manifest)?;
        let mut damaged = verdict.changed.iter().chain(&verdict.missing);
        let count = verdict.changed.len() + verdict.missing.len();
        match damaged.next() {
            Some(first) => Err(DeployError::Damaged { count, first: first.clone() }),
            None => Ok(verdict.foreign),
        }
    }

    /// The output's folder.
    pub(super) fn folder(&self) -> &std::path::Path {
        &self.target.output
    }

    /// Where a file is.
    pub(super) fn file(&self, path: &str) -> PathBuf {
        self.target.output.join(path)
    }

    /// A file's bytes, which are those that the manifest tells of.
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
