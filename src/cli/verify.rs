//! `dateline verify`: whether the published files are unchanged, and whether the site is up to
//! date.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::base::diagnostic::{Diagnostic, printable_line};
use crate::output::{Manifest, OutputError, Verdict, verify};
use crate::pipeline::{
    BuildOptions, Freshness, Unpublished, find_site, freshness, unpublished, unpublished_in_words,
};

use super::context::Context;
use super::site::SiteArguments;

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

struct Findings {
    verdict: Verdict,
    freshness: Freshness,
    unpublished: Vec<Unpublished>,
}

/// Why verification failed.
enum Failure {
    Settings(Vec<Diagnostic>),
    Output(OutputError),
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Failure {
        Failure::Output(error)
    }
}

impl VerifyArguments {
    pub(super) fn run(self, archive: Context) -> ExitCode {
        let findings = match find(&self.site.options(archive)) {
            Ok(findings) => findings,
            Err(Failure::Settings(problems)) => {
                super::draw(&problems);
                return ExitCode::from(1);
            }
            Err(Failure::Output(error)) => {
                return super::environment_error(&error, error.help().as_deref());
            }
        };
        let said = if self.json { as_json(&findings) } else { in_words(&findings) };
        let printed = super::print(said.as_bytes());
        if findings.are_good() { printed } else { ExitCode::from(1) }
    }
}

fn find(options: &BuildOptions) -> Result<Findings, Failure> {
    let (config, target) = find_site(options)?.map_err(Failure::Settings)?;
    let manifest = Manifest::published(&target)?;
    let verdict = verify(&target, &manifest)?;
    let freshness = freshness(options, &config, &target, &manifest);
    let unpublished = match freshness {
        Freshness::Current => Vec::new(),
        _ => unpublished(options, &target, &manifest).map_err(Failure::Settings)?,
    };
    Ok(Findings { verdict, freshness, unpublished })
}

impl Findings {
    fn are_good(&self) -> bool {
        self.verdict.is_sound() && self.unpublished.is_empty() && self.freshness != Freshness::Older
    }
}

fn in_words(findings: &Findings) -> String {
    let Findings { verdict, freshness, unpublished } = findings;
    let mut lines = Vec::new();
    if !unpublished.is_empty() {
        lines.push(unpublished_in_words(unpublished));
    }
    let lists = [
        ("changed", &verdict.changed),
        ("missing", &verdict.missing),
        ("not Dateline's", &verdict.foreign),
    ];
    for (state, paths) in lists {
        lines.extend(paths.iter().map(|path| format!("{state}: {}", printable_line(path))));
    }
    let counts = lists.map(|(state, paths)| format!("{} {state}", paths.len()));
    lines.push(format!("{} as published, {}", verdict.sound, counts.join(", ")));
    match freshness {
        Freshness::Current => {}
        Freshness::Older => {
            lines.push("the site is older than the archive: run `dateline build`".to_owned());
        }
        Freshness::Unknown => {
            lines.push("no record says from which sources the site was built".to_owned());
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn as_json(findings: &Findings) -> String {
    let Verdict { sound, changed, missing, foreign } = &findings.verdict;
    let unpublished: Vec<_> = findings
        .unpublished
        .iter()
        .map(|found| {
            let (decision, address) = (found.decision.name(), &found.address);
            json!({ "decision": decision, "address": address, "source": found.source })
        })
        .collect();
    let object = json!({
        "sound": sound,
        "changed": changed,
        "missing": missing,
        "foreign": foreign,
        "archive": findings.freshness.name(),
        "unpublished": unpublished,
    });
    format!("{object}\n")
}
