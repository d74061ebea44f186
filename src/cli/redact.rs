//! `dateline redact`.

use std::process::ExitCode;

use clap::Args;

use crate::authoring::amend::AmendError;
use crate::authoring::redact::{self, Plan, Request};
use crate::base::date::Date;

use super::build::counted;
use super::context::Context;

#[derive(Debug, Args)]
pub(super) struct RedactArguments {
    /// The report: its address, whole or from the archive's root, or its file.
    report: String,
    /// Words that have to go, wherever they stand in the report's file.
    #[arg(long, value_parser = super::parse_words, required_unless_present = "assets")]
    words: Vec<String>,
    /// A file that has to go, or a folder of files: beside the report, or from the root as in
    /// /img/letter.png.
    #[arg(long = "asset", value_name = "FILE")]
    assets: Vec<String>,
    /// Why, in your own words; readers see it.
    #[arg(long, value_parser = super::parse_words)]
    reason: String,
    /// The day of the redaction; today by default.
    #[arg(long, value_parser = super::answers::parse_date)]
    date: Option<Date>,
    /// Show what would be changed, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

impl RedactArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let archive = match archive.open("name the archive with --root") {
            Ok(archive) => archive,
            Err(code) => return code,
        };
        let (root, config) = (&archive.root, &archive.config);
        let request = Request {
            target: self.report,
            words: self.words,
            assets: self.assets,
            reason: self.reason,
            date: self.date.unwrap_or(Date::Day(archive.today())),
        };
        let done = redact::plan(root, config, &request).and_then(|plan| {
            if !self.dry_run {
                plan.carry_out()?;
                // Files of imports quote reports.
                let failed = |source| AmendError::Io { path: root.clone(), source };
                crate::import::forgetting::forget(root, &plan.source).map_err(failed)?;
            }
            Ok(plan)
        });
        match done {
            Ok(plan) => {
                let lines = report(&plan, super::out_of_reach::of_targets(config), self.dry_run);
                super::print(lines.as_bytes())
            }
            Err(error) => super::environment_error(&error, Some(error.help())),
        }
    }
}

fn report(plan: &Plan, targets: Vec<String>, dry_run: bool) -> String {
    let (redacted, removed) =
        if dry_run { ("would be redacted", "would be removed") } else { ("redacted", "removed") };
    let mut lines = vec![format!("{redacted}: {} ({})", plan.permalink, plan.source)];
    if plan.places > 0 {
        lines.push(format!("{removed}: words in {}", counted(plan.places, "place")));
    }
    lines.extend(plan.removed.iter().map(|path| format!("{removed}: {path}")));
    if dry_run {
        lines.push(String::new());
        lines.push(super::diff_of(&plan.source, &plan.before, &plan.after));
    }
    lines.extend([String::new(), "Out of reach:".to_owned()]);
    let history = plan.history.map(super::out_of_reach::of_history);
    let evidence = plan.history.iter();
    let evidence = evidence.flat_map(|tool| super::out_of_reach::of_evidence(tool, &plan.removed));
    let mentions = plan.mentions.iter().map(|source| format!("the same words in {source}"));
    let out_of_reach = history
        .into_iter()
        .chain(evidence)
        .chain(mentions)
        .chain(targets)
        .chain([super::out_of_reach::of_others()]);
    lines.extend(out_of_reach.map(|line| format!("- {line}")));
    lines.push(String::new());
    lines.push(if dry_run {
        "Nothing was changed.".to_owned()
    } else {
        "Build and publish the site to take it down: dateline build".to_owned()
    });
    lines.join("\n") + "\n"
}
