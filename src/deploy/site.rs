//! The built site: what is deployed, held still meanwhile.

use std::fs::{self, File};
use std::path::PathBuf;

use crate::hosts;
use crate::output::{self, Entry, Manifest, OutputError, Sha256, Target};
use crate::pipeline::{BuildOptions, built_otherwise};

use super::DeployError;

/// A built site. No build changes it while this lives.
pub(super) struct BuiltSite {
    pub(super) manifest: Manifest,
    target: Target,
    _lock: File,
}

impl BuiltSite {
    /// Finds it; one that was built for another address, or with drafts, is told from none at all.
    pub(super) fn open(target: &Target, options: &BuildOptions) -> Result<BuiltSite, DeployError> {
        match Manifest::published(target) {
            Err(OutputError::NothingPublished { output }) => {
                match built_otherwise(target, options) {
                    Some(built) => Err(DeployError::OtherSite { output, built }),
                    None => Err(OutputError::NothingPublished { output }.into()),
                }
            }
            Err(error) => Err(error.into()),
            Ok(_) => {
                let lock = target.hold_still()?;
                let manifest = Manifest::published(target)?;
                Ok(BuiltSite { manifest, target: target.clone(), _lock: lock })
            }
        }
    }

    /// Leaves out what no reader asks for, and only a web server's own settings would take up.
    pub(super) fn leave_out_host_files(&mut self) {
        let is_included = |path: &str| path.split('/').next() == Some(hosts::INCLUDED);
        self.manifest.files = self.manifest.files.without(is_included);
    }

    /// Reads all of it: what is damaged is not for readers.
    pub(super) fn verify(&self) -> Result<(), DeployError> {
        let verdict = output::verify(&self.target)?;
        let mut damaged = verdict.changed.iter().chain(&verdict.missing);
        let count = verdict.changed.len() + verdict.missing.len();
        match damaged.next() {
            Some(first) => Err(DeployError::Damaged { count, first: first.clone() }),
            None => Ok(()),
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
