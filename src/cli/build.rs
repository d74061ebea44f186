//! `dateline build`.

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use indicatif::ProgressBar;
use serde_json::json;

use crate::base::diagnostic::Effect;
use crate::content::cache::Memory;
use crate::pipeline::{Adopt, BuildError, BuildOptions, Report, Step, Warnings, build};

use super::context::Context;
use super::hosting::HostingArguments;
use super::site::SiteArguments;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags as typed; lifted into types below")]
pub(super) struct BuildArguments {
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    hosting: HostingArguments,
    /// Treat warnings as errors.
    #[arg(long)]
    strict: bool,
    /// Take over a site whose manifest is lost.
    #[arg(long)]
    adopt: bool,
    /// Read and render everything again.
    #[arg(long)]
    force: bool,
    /// Print problems only.
    #[arg(short, long)]
    quiet: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl BuildArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let started = Instant::now();
        let options = BuildOptions {
            adopt: if self.adopt { Adopt::Take } else { Adopt::Refuse },
            memory: if self.force { Memory::Ignore } else { Memory::Use },
            warnings: if self.strict { Warnings::Stop } else { Warnings::Say },
            ..self.hosting.of(self.site.options(archive))
        };
        let bar = if self.quiet || self.json {
            ProgressBar::hidden()
        } else {
            super::progress_bar("pages")
        };
        let built = build(&options, &|step| match step {
            Step::Pages(count) => bar.set_length(count as u64),
            Step::Rendered => bar.inc(1),
        });
        bar.finish_and_clear();
        let report = match built {
            Ok(report) => report,
            Err(error) => {
                let BuildError::Output(output) = &error;
                return super::environment_error(&error, output.help().as_deref());
            }
        };
        if self.json {
            super::say(&as_json(&report, started));
        } else {
            super::draw(&report.diagnostics);
            if !self.quiet {
                super::say(&summary(&report, started));
            }
        }
        if report.committed.is_some() && count(&report, Effect::Reject) == 0 {
            ExitCode::SUCCESS
        } else if report.was_refused() {
            ExitCode::from(2)
        } else {
            ExitCode::from(1)
        }
    }
}

fn count(report: &Report, weight: Effect) -> usize {
    report.diagnostics.iter().filter(|problem| problem.weight == weight).count()
}

/// "1 article", "2 articles": messages are in English only.
pub(super) fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

fn summary(report: &Report, started: Instant) -> String {
    let seconds = started.elapsed().as_secs_f64();
    let content = [
        counted(report.articles, "article"),
        counted(report.pages, "page"),
        format!("{} left out", counted(report.drafts, "draft")),
        format!("{} rejected", report.rejected.len()),
        counted(count(report, Effect::Warning), "warning"),
    ]
    .join(", ");
    match &report.committed {
        Some(committed) => format!(
            "{content}\n{}: {} written, {} unchanged, {} removed, in {seconds:.2} s",
            counted(committed.written + committed.unchanged, "file"),
            committed.written,
            committed.unchanged,
            committed.removed
        ),
        None => format!("{content}\nNothing was published: mend the errors above and build again."),
    }
}

fn as_json(report: &Report, started: Instant) -> serde_json::Value {
    let diagnostics: Vec<_> =
        report.diagnostics.iter().map(crate::base::diagnostic::Diagnostic::to_json).collect();
    json!({
        "published": report.committed.is_some(),
        "articles": report.articles,
        "pages": report.pages,
        "addresses": report.addresses,
        "drafts": report.drafts,
        "rejected": report.rejected,
        "foreign_tags": report.foreign_tags,
        "written": report.committed.as_ref().map(|committed| committed.written),
        "unchanged": report.committed.as_ref().map(|committed| committed.unchanged),
        "removed": report.committed.as_ref().map(|committed| committed.removed),
        "seconds": started.elapsed().as_secs_f64(),
        "diagnostics": diagnostics,
    })
}
