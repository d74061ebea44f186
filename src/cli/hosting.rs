//! Which host a site is made ready for: arguments of the commands that make it.

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
    /// The same build, for this host.
    pub(super) fn of(&self, options: BuildOptions) -> BuildOptions {
        BuildOptions { host: self.host, compress: self.compress, ..options }
    }
}
