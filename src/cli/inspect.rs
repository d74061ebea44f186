//! `dateline inspect`: prints the data of a page's template as JSON, which is the contract with
//! themes; or lists near-copies.

use std::process::ExitCode;

use clap::Args;

use crate::base::diagnostic::Effect;
use crate::content::Drafts;
use crate::pipeline::{self, BuildOptions, NearCopies, Report, Site};

use super::context::Context;
use super::duplicates;

#[derive(Debug, Args)]
pub(super) struct InspectArguments {
    /// The page's address, whole or from the archive's root: /2017/01/29/title/.
    #[arg(required_unless_present = "duplicates", conflicts_with = "duplicates")]
    url: Option<String>,
    /// List reports that are nearly the same, within a week of each other, and the line that says
    /// that they are one.
    #[arg(long)]
    duplicates: bool,
    /// Print that list as JSON.
    #[arg(long, requires = "duplicates")]
    json: bool,
}

impl InspectArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let near_copies = if self.duplicates { NearCopies::Find } else { NearCopies::default() };
        let options = BuildOptions { drafts: Drafts::Publish, near_copies, ..archive.options() };
        let mut report = Report::default();
        let site = pipeline::prepare(&options, &mut report, &|_| {});
        let stops = || report.diagnostics.iter().filter(|problem| problem.weight == Effect::Stop);
        let Some(site) = site.filter(|_| stops().next().is_none()) else {
            super::draw(stops());
            return ExitCode::from(1);
        };
        match &self.url {
            Some(url) => page(&site, url),
            None if self.json => {
                super::print(format!("{:#}\n", duplicates::as_json(&site)).as_bytes())
            }
            None => super::print(duplicates::told(&site).as_bytes()),
        }
    }
}

fn page(site: &Site, url: &str) -> ExitCode {
    let base = site.config.base_url.as_str();
    let path = url.strip_prefix(base).unwrap_or(url);
    if let Some(data) = pipeline::inspect(site, path) {
        return super::print(format!("{data:#}\n").as_bytes());
    }
    let help = "addresses are as in the site: /2017/01/29/title/";
    super::environment_error(&format!("no template makes a page at {url}"), Some(help))
}
