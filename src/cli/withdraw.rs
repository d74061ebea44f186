//! `dateline withdraw`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::authoring::withdraw::{self, Plan, Request, SourceText, WithdrawError};
use crate::base::choices::WithdrawalKind;
use crate::base::date::Date;
use crate::base::diagnostic::printable_line;
use crate::content::article::Withdrawal;
use crate::settings::Config;

use super::context::Context;
use super::out_of_reach;

#[derive(Debug, Args)]
pub(super) struct WithdrawArguments {
    /// The report: its address, whole or from the archive's root, or its file.
    url: String,
    /// On what ground: copyright, court, error, request, privacy, safety or pending.
    #[arg(long)]
    kind: WithdrawalKind,
    /// Why, in your own words; readers see it.
    #[arg(long, value_parser = parse_reason)]
    reason: String,
    /// The day of the withdrawal; today by default.
    #[arg(long, value_parser = super::answers::parse_date)]
    date: Option<Date>,
    /// Leave the text and the files beside it where they are; they are published no more.
    #[arg(long)]
    keep_source: bool,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

fn parse_reason(text: &str) -> Result<String, String> {
    let reason = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() { Err("say why, for readers".to_owned()) } else { Ok(reason) }
}

impl WithdrawArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let archive = match archive.open("name the archive with --root") {
            Ok(archive) => archive,
            Err(code) => return code,
        };
        let (root, config) = (&archive.root, &archive.config);
        let request = Request {
            target: self.url,
            withdrawal: Withdrawal {
                date: self.date.unwrap_or(Date::Day(archive.today())),
                reason: Some(self.reason),
                kind: self.kind,
            },
            text: if self.keep_source { SourceText::Keep } else { SourceText::Strip },
        };
        let done = withdraw::plan(root, config, &request).and_then(|plan| {
            if !self.dry_run {
                plan.carry_out()?;
                forget(root, &plan.source)?;
            }
            Ok(plan)
        });
        match done {
            Ok(plan) => {
                let report = report(&plan, config, self.dry_run);
                super::print(report.as_bytes())
            }
            Err(error) => super::environment_error(&error, Some(error.help())),
        }
    }
}

/// Deletes the report from files of imports, which quote it.
fn forget(root: &Path, source: &str) -> Result<(), WithdrawError> {
    let failed = |source| WithdrawError::Io { path: root.to_owned(), source };
    crate::import::forgetting::forget(root, source).map_err(failed)
}

fn report(plan: &Plan, config: &Config, dry_run: bool) -> String {
    let mut lines = Vec::new();
    let (withdrawn, removed) =
        if dry_run { ("would be withdrawn", "would be removed") } else { ("withdrawn", "removed") };
    lines.push(format!("{withdrawn}: {} ({})", plan.permalink, plan.source));
    match plan.stripped {
        SourceText::Strip => lines.push(format!("{removed}: its text")),
        SourceText::Keep => {
            lines.push("kept: its text and files; they are published no more".into());
        }
    }
    lines.extend(plan.removed.iter().map(|path| format!("{removed}: {path}")));
    lines.push(String::new());
    lines.push("Out of reach:".to_owned());
    lines.extend(all_out_of_reach(plan, config).iter().map(|line| format!("- {line}")));
    lines.push(String::new());
    lines.push(if dry_run {
        "Nothing was changed.".to_owned()
    } else {
        "Build and publish the site to take it down: dateline build".to_owned()
    });
    let lines: Vec<String> = lines.iter().map(|line| printable_line(line)).collect();
    lines.join("\n") + "\n"
}

fn all_out_of_reach(plan: &Plan, config: &Config) -> Vec<String> {
    let traces = &plan.traces;
    let mut lines = Vec::new();
    lines.extend(traces.history.map(out_of_reach::of_history));
    let evidence = traces.history.iter();
    lines.extend(evidence.flat_map(|tool| out_of_reach::of_evidence(tool, &plan.removed)));
    lines.extend(traces.mementos.iter().map(|url| format!("an archived copy: {url}")));
    lines.extend(traces.similar.iter().map(|other| {
        format!("still published, {}: {} ({})", other.sign, other.permalink, other.source)
    }));
    lines.extend(traces.mentions.iter().map(|source| format!("mentioned in {source}")));
    lines.extend(
        traces
            .pictures
            .iter()
            .map(|path| format!("{path}, which it showed; others may show it too")),
    );
    lines.push(format!(
        "its address and the name of its file: {} ({})",
        plan.permalink, plan.source
    ));
    lines.extend(out_of_reach::of_targets(config));
    lines.push(out_of_reach::of_others());
    lines
}
