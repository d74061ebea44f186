//! Which site of an archive a command is about: arguments that several commands share.

use std::path::PathBuf;

use clap::Args;

use crate::build::BuildOptions;
use crate::config::reading::parse_base_url;
use crate::content::Drafts;

#[derive(Debug, Args)]
pub(super) struct SiteArguments {
    /// The site's folder, instead of the config's `output_dir`.
    #[arg(short, long)]
    output_dir: Option<PathBuf>,
    /// The home page's address, instead of the config's `base_url`.
    #[arg(short = 'u', long, value_parser = parse_base_url)]
    base_url: Option<url::Url>,
    /// Drafts are part of it.
    #[arg(long)]
    drafts: bool,
}

impl SiteArguments {
    /// A build of this site; all else by default.
    pub(super) fn options(self, root: PathBuf, config: PathBuf) -> BuildOptions {
        BuildOptions {
            root,
            config,
            output: self.output_dir,
            base_url: self.base_url,
            drafts: if self.drafts { Drafts::Publish } else { Drafts::Leave },
            ..BuildOptions::default()
        }
    }
}
