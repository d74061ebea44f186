//! Shared arguments that choose the site, and reading the archive for commands that only query it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser as _};

use crate::base::diagnostic::Effect;
use crate::content::Drafts;
use crate::pipeline::{self, BuildOptions, Report, Site};
use crate::settings::reading::parse_base_url;

use super::context::Context;

/// A site without drafts.
#[derive(Debug, Args)]
pub(super) struct PublicSiteArguments {
    /// The site's folder, from where you are, instead of the config's `output_dir`.
    #[arg(short, long, value_parser = PathBufValueParser::new().try_map(std::path::absolute))]
    output_dir: Option<PathBuf>,
    /// The home page's address, instead of the config's `base_url`.
    #[arg(short = 'u', long, value_parser = parse_base_url)]
    base_url: Option<url::Url>,
}

#[derive(Debug, Args)]
pub(super) struct SiteArguments {
    #[command(flatten)]
    public: PublicSiteArguments,
    /// Drafts are part of it.
    #[arg(long)]
    drafts: bool,
}

impl PublicSiteArguments {
    /// Build options for this site.
    pub(super) fn options(self, archive: Context) -> BuildOptions {
        BuildOptions { output: self.output_dir, base_url: self.base_url, ..archive.options() }
    }
}

impl SiteArguments {
    /// Build options for this site.
    pub(super) fn options(self, archive: Context) -> BuildOptions {
        BuildOptions {
            drafts: if self.drafts { Drafts::Publish } else { Drafts::Leave },
            ..self.public.options(archive)
        }
    }
}

/// An archive that was read for queries.
pub(super) struct Prepared {
    pub(super) site: Site,
    /// The problems found.
    pub(super) report: Report,
    /// The exit code on success: 1 if files were left out, as the result is incomplete then.
    pub(super) code: ExitCode,
}

/// Reads an archive up to its plan, and prints why files are left out. The error is the exit code.
pub(super) fn prepared(options: &BuildOptions) -> Result<Prepared, ExitCode> {
    let mut report = Report::default();
    let site = pipeline::prepare(options, &mut report, &|_| {});
    super::draw(report.diagnostics.iter().filter(|problem| problem.weight > Effect::Warning));
    if report.was_refused() {
        return Err(ExitCode::from(2));
    }
    let is_stopped = report.diagnostics.iter().any(|problem| problem.weight == Effect::Stop);
    let site = site.filter(|_| !is_stopped).ok_or(ExitCode::from(1))?;
    let code = if report.rejected.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    Ok(Prepared { site, report, code })
}
