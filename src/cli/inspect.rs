//! `dateline inspect`: what a page's template receives, as JSON. That is the contract of themes.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::build::{self, BuildOptions, Report};
use crate::content::Drafts;
use crate::diagnostic::Weight;

#[derive(Debug, Args)]
pub(super) struct InspectArguments {
    /// The page's address, whole or from the archive's root: /2017/01/29/title/.
    url: String,
}

impl InspectArguments {
    pub(super) fn run(self, root: PathBuf, config: PathBuf) -> ExitCode {
        let options =
            BuildOptions { root, config, drafts: Drafts::Publish, ..BuildOptions::default() };
        let mut report = Report::default();
        let site = build::prepare(&options, &mut report, &|_| {});
        let stops = || report.diagnostics.iter().filter(|problem| problem.weight == Weight::Stop);
        let Some(site) = site.filter(|_| stops().next().is_none()) else {
            super::draw(stops());
            return ExitCode::from(1);
        };
        let base = site.config.base_url.as_str();
        let path = self.url.strip_prefix(base).unwrap_or(&self.url);
        if let Some(data) = build::inspect(&site, path) {
            return super::print(format!("{data:#}\n").as_bytes());
        }
        let help = "addresses are as in the site: /2017/01/29/title/";
        super::environment_error(&format!("no template makes a page at {}", self.url), Some(help))
    }
}
