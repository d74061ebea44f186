//! `dateline deploy`: uploads the built site to a target.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use indicatif::ProgressBar;
use serde_json::json;

use crate::base::diagnostic::printable_line;
use crate::base::files::{self, Durability};
use crate::deploy::{
    Age, DeployError, DeployOptions, Doing, Losses, Progress, RecordUse, Report, deploy,
};
use crate::pipeline::{BuildError, BuildOptions, Freshness, build};

use super::build::counted;
use super::context::Context;
use super::site::PublicSiteArguments;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags as typed; lifted into types below")]
pub(super) struct DeployArguments {
    /// A target of the settings; not needed where there is only one.
    target: Option<String>,
    #[command(flatten)]
    site: PublicSiteArguments,
    /// Print what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Build first, and deploy what the build made.
    #[arg(long, conflicts_with = "as_is")]
    build: bool,
    /// Deploy a site that is older than its archive, unless it shows what was withdrawn or redacted.
    #[arg(long)]
    as_is: bool,
    /// Go on though addresses that readers know would be lost.
    #[arg(long)]
    allow_lost: bool,
    /// Stop if more files would be deleted.
    #[arg(long, value_name = "NUMBER")]
    max_deletes: Option<usize>,
    /// Look at the target's files, which somebody else may have changed.
    #[arg(long)]
    recheck: bool,
    /// Put the site where files of others are, or where the record of ours is lost.
    #[arg(long, conflicts_with = "recheck")]
    adopt: bool,
    /// Write the addresses that changed to a file, one a line.
    #[arg(long, value_name = "FILE")]
    changed_urls: Option<PathBuf>,
    /// Print problems only.
    #[arg(short, long)]
    quiet: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl DeployArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let started = Instant::now();
        let options = DeployOptions {
            target: self.target,
            doing: if self.dry_run { Doing::Plan } else { Doing::Deploy },
            record: match (self.recheck, self.adopt) {
                (true, _) => RecordUse::Recheck,
                (_, true) => RecordUse::Adopt,
                _ => RecordUse::Trust,
            },
            losses: if self.allow_lost { Losses::Allow } else { Losses::Refuse },
            age: if self.as_is { Age::Allow } else { Age::Refuse },
            max_deletes: self.max_deletes,
            site: self.site.options(archive),
        };
        let built = match self.build.then(|| build_first(&options.site)) {
            Some(Err(code)) => return code,
            Some(Ok(code)) => code,
            None => ExitCode::SUCCESS,
        };
        let bar = if self.quiet || self.json {
            ProgressBar::hidden()
        } else {
            super::progress_bar("files {msg}")
        };
        let deployed = deploy(&options, &|progress| match progress {
            Progress::Files(count) => bar.set_length(count as u64),
            Progress::Step(step) => bar.set_message(step.name()),
            Progress::Done(count) => bar.inc(count as u64),
        });
        bar.finish_and_clear();
        let report = match deployed {
            Ok(report) => report,
            Err(error) => return refused(&error),
        };
        if let Some(path) = &self.changed_urls
            && let Err(error) =
                files::replace(path, lines(&report.changed).as_bytes(), Durability::Lasting)
        {
            let message =
                format!("the site is deployed, but can't write `{}`: {error}", path.display());
            return super::environment_error(&message, None);
        }
        warn(&report);
        for lost in &report.lost {
            super::complain(&format_args!("warning: {} is lost", lost.address));
            super::complain(&format_args!("help: {}", lost.help()));
        }
        if self.json {
            super::say(&as_json(&report, options.doing, started));
        } else if !self.quiet {
            if options.doing == Doing::Plan {
                super::print(plan_in_words(&report).as_bytes());
            }
            super::say(&summary(&report, options.doing, started));
        }
        built
    }
}

/// Builds the site. Returns the exit code for after the deploy, or an error code if nothing was
/// published.
fn build_first(options: &BuildOptions) -> Result<ExitCode, ExitCode> {
    let report = match build(options, &|_| {}) {
        Ok(report) => report,
        Err(BuildError::Output(error)) => {
            return Err(super::environment_error(&error, error.help().as_deref()));
        }
    };
    super::draw(&report.diagnostics);
    match &report.committed {
        Some(_) if report.rejected.is_empty() => Ok(ExitCode::SUCCESS),
        Some(_) => Ok(ExitCode::from(1)),
        None if report.was_refused() => Err(ExitCode::from(2)),
        None => Err(ExitCode::from(1)),
    }
}

/// Prints warnings.
fn warn(report: &Report) {
    match report.freshness {
        Freshness::Current => {}
        Freshness::Older => super::complain(&"warning: this site is older than its archive"),
        Freshness::Unknown => {
            super::complain(&"warning: no record says from which sources this site was built");
            super::complain(&"help: run `dateline build`, and deploy again if it changes anything");
        }
    }
    if !report.foreign.is_empty() {
        super::complain(&format_args!(
            "warning: not deployed, since Dateline did not write them: {}",
            grouped(&report.foreign).join(", ")
        ));
        super::complain(&"help: put them into static/, or copy them to the target by other means");
    }
}

/// Groups paths by their top folder.
fn grouped(paths: &[String]) -> Vec<String> {
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths {
        let top = path.find('/').map_or(path.as_str(), |end| &path[..=end]);
        *groups.entry(top).or_default() += 1;
    }
    let in_words = |(top, count): (&str, usize)| {
        if top.ends_with('/') {
            format!("{top} ({})", counted(count, "file"))
        } else {
            top.to_owned()
        }
    };
    groups.into_iter().map(in_words).collect()
}

/// Exit code 1 if the site must be fixed first, else 2.
fn refused(error: &DeployError) -> ExitCode {
    if let DeployError::Settings(problems) = error {
        super::draw(problems);
        return ExitCode::from(1);
    }
    let code = super::environment_error(error, error.help().as_deref());
    match error {
        DeployError::Lost { lost } => {
            for lost in lost {
                super::complain(&format_args!("{}: {}", lost.address, lost.help()));
            }
            super::complain(&"help: build and deploy again, or lose them with --allow-lost");
            ExitCode::from(1)
        }
        DeployError::Damaged { .. }
        | DeployError::Older { .. }
        | DeployError::Unpublished { .. }
        | DeployError::TooManyDeletes { .. }
        | DeployError::BadName { .. } => ExitCode::from(1),
        _ => code,
    }
}

fn lines(texts: &[String]) -> String {
    texts.iter().flat_map(|text| [text, "\n"]).collect()
}

fn plan_in_words(report: &Report) -> String {
    let mut lines = Vec::new();
    for stage in &report.plan.stages {
        lines.push(format!("{}:\n", stage.step.name()));
        lines.extend(stage.puts.iter().map(|path| format!("  put {}\n", printable_line(path))));
        lines.extend(
            stage.deletes.iter().map(|path| format!("  delete {}\n", printable_line(path))),
        );
    }
    if !report.plan.kept.is_empty() {
        lines.push("kept for one more deploy:\n".to_owned());
        lines.extend(
            report.plan.kept.iter().map(|path| format!("  keep {}\n", printable_line(path))),
        );
    }
    lines.concat()
}

fn summary(report: &Report, doing: Doing, started: Instant) -> String {
    let plan = &report.plan;
    let counts = format!(
        "{} put ({} bytes), {} deleted, {} unchanged",
        counted(plan.puts().count(), "file"),
        report.bytes,
        plan.deletes().count(),
        plan.unchanged,
    );
    match doing {
        Doing::Plan => format!("{}: would be {counts}", report.target),
        Doing::Deploy => {
            let seconds = started.elapsed().as_secs_f64();
            format!("{}: {counts}, in {seconds:.2} s", report.target)
        }
    }
}

fn as_json(report: &Report, doing: Doing, started: Instant) -> serde_json::Value {
    let steps: Vec<_> = report
        .plan
        .stages
        .iter()
        .map(|stage| {
            json!({ "step": stage.step.name(), "put": stage.puts, "deleted": stage.deletes })
        })
        .collect();
    let lost: Vec<&str> = report.lost.iter().map(|lost| lost.address.as_str()).collect();
    json!({
        "target": report.target,
        "dry_run": doing == Doing::Plan,
        "put": report.plan.puts().count(),
        "deleted": report.plan.deletes().count(),
        "unchanged": report.plan.unchanged,
        "bytes": report.bytes,
        "steps": steps,
        "kept": report.plan.kept,
        "changed_urls": report.changed,
        "lost": lost,
        "archive": report.freshness.name(),
        "foreign": report.foreign,
        "seconds": started.elapsed().as_secs_f64(),
    })
}
