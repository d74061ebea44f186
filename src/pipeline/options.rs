//! Options of a build.

use std::path::PathBuf;

use crate::base::choices::Host;
use crate::content::Drafts;
use crate::content::cache::Memory;

/// Options of a build.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// The archive's root.
    pub root: PathBuf,
    /// The settings' file, from the root; `dateline.toml`.
    pub config: PathBuf,
    /// Overrides `output_dir`.
    pub output: Option<PathBuf>,
    /// Overrides `base_url`.
    pub base_url: Option<url::Url>,
    /// Whether drafts are published.
    pub drafts: Drafts,
    /// What the site is for.
    pub purpose: Purpose,
    /// Whether an output without a manifest is taken over.
    pub adopt: Adopt,
    /// Whether warnings stop the build.
    pub warnings: Warnings,
    /// Whether caches of earlier builds are used.
    pub memory: Memory,
    /// Whether near-copies are searched.
    pub near_copies: NearCopies,
    /// Overrides `[deploy] host`.
    pub host: Option<Host>,
    /// Forces compressed copies.
    pub compress: bool,
}

/// The base address of previews. The server replaces it by the address in the browser's request, so
/// that neither port nor host name changes every page.
pub(crate) const PREVIEW_ORIGIN: &str = "http://127.0.0.1:1111";

/// The purpose of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// For readers: in the output folder, at the archive's address, durable.
    #[default]
    Publish,
    /// For editing: at [`PREVIEW_ORIGIN`] with the archive's base path, in a folder of its own, not
    /// durable.
    Preview,
}

/// Whether near-copies are searched, which needs all bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NearCopies {
    /// Only if `[duplicates] show` is set.
    #[default]
    IfShown,
    /// Always.
    Find,
}

/// Whether an output without a manifest is taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adopt {
    /// No: the build stops.
    #[default]
    Refuse,
    /// Yes: files of the same names are overwritten.
    Take,
}

/// Whether warnings stop the build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Warnings {
    /// No.
    #[default]
    Say,
    /// Yes.
    Stop,
}
