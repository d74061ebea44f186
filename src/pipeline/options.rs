//! What the command line asks of a build.

use std::path::PathBuf;

use crate::base::choices::Host;
use crate::content::Drafts;
use crate::content::cache::Memory;

/// What the command line asks for.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// The archive's root.
    pub root: PathBuf,
    /// The config's file, from the root; `dateline.toml`.
    pub config: PathBuf,
    /// In place of the config's `output_dir`.
    pub output: Option<PathBuf>,
    /// In place of the config's `base_url`.
    pub base_url: Option<url::Url>,
    /// Whether drafts are published.
    pub drafts: Drafts,
    /// What the site is for.
    pub purpose: Purpose,
    /// Take over an output whose manifest is lost.
    pub adopt: Adopt,
    /// What warnings do.
    pub warnings: Warnings,
    /// Whether what earlier builds remembered is used.
    pub memory: Memory,
    /// Whether near-copies are looked for.
    pub near_copies: NearCopies,
    /// In place of the config's `[deploy] host`.
    pub host: Option<Host>,
    /// Whether compressed copies are made whatever the config says.
    pub compress: bool,
}

/// Where a preview is built for; who serves it puts the address in its place that a browser asked for,
/// so that neither the port nor the name of the machine makes every page another.
pub const PREVIEW_ORIGIN: &str = "http://127.0.0.1:1111";

/// What a site is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// For readers: in the output folder, at the archive's address, lasting.
    #[default]
    Publish,
    /// For whoever is writing: at [`PREVIEW_ORIGIN`] and the path of the archive's address, in a folder
    /// of its own, which may be lost.
    Preview,
}

/// Whether near-copies are looked for: it takes all bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NearCopies {
    /// Where `[duplicates] show` asks for them.
    #[default]
    IfShown,
    /// Whatever the config says.
    Find,
}

/// Whether an output that nobody remembers is taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adopt {
    /// The build stops.
    #[default]
    Refuse,
    /// Its files become ours where the site has a file of that name.
    Take,
}

/// What warnings do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Warnings {
    /// They are said.
    #[default]
    Say,
    /// They stop the build.
    Stop,
}
