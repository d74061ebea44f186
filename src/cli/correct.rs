//! `dateline correct`.

use std::process::ExitCode;

use clap::Args;

use crate::authoring::correct::{self, Plan, Request};
use crate::base::date::Date;

use super::context::Context;

#[derive(Debug, Args)]
pub(super) struct CorrectArguments {
    /// The report: its address, whole or from the archive's root, or its file.
    report: String,
    /// The words that are wrong, as they stand in the text.
    #[arg(long, value_parser = super::parse_words)]
    was: String,
    /// The words in their place.
    #[arg(long, value_parser = super::parse_words)]
    now: String,
    /// What was wrong, in your own words; readers see it.
    #[arg(long, value_parser = super::parse_words)]
    text: String,
    /// The day of the correction; today by default.
    #[arg(long, value_parser = super::answers::parse_date)]
    date: Option<Date>,
    /// Show what would be changed, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

impl CorrectArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let archive = match archive.open("name the archive with --root") {
            Ok(archive) => archive,
            Err(code) => return code,
        };
        let (root, config) = (&archive.root, &archive.config);
        let request = Request {
            target: self.report,
            was: self.was,
            now: self.now,
            text: self.text,
            date: self.date.unwrap_or(Date::Day(archive.today())),
        };
        let done = correct::plan(root, config, &request).and_then(|plan| {
            if !self.dry_run {
                plan.carry_out()?;
            }
            Ok(plan)
        });
        match done {
            Ok(plan) => super::print(report(&plan, self.dry_run).as_bytes()),
            Err(error) => super::environment_error(&error, Some(error.help())),
        }
    }
}

fn report(plan: &Plan, dry_run: bool) -> String {
    let Plan { permalink, source, place, .. } = plan;
    if dry_run {
        let diff = super::diff_of(source, &plan.before, &plan.after);
        return format!(
            "would be corrected: {permalink} ({source}:{place})\n\n{diff}\nNothing was changed.\n"
        );
    }
    format!(
        "corrected: {permalink} ({source}:{place})\n\nBuild and publish the site to tell readers: dateline build\n"
    )
}
