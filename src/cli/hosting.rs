//! Shared arguments: the host that the site is built for.

use clap::Args;

use crate::base::choices::Host;
use crate::pipeline::BuildOptions;

#[derive(Debug, Args)]
pub(super) struct HostingArguments {
    /// Write this host's rules beside the site, instead of those of the config's `[deploy] host`.
    #[arg(long, value_enum)]
    host: Option<Host>,
    /// Write a compressed copy beside each file of text, as `[deploy] compress` does.
    #[arg(long)]
    compress: bool,
}

impl HostingArguments {
    /// Applies these arguments to build options.
    pub(super) fn of(&self, options: BuildOptions) -> BuildOptions {
        BuildOptions { host: self.host, compress: self.compress, ..options }
    }
}
