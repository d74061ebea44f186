//! `dateline verify`: whether the published files are still what was published.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::output::{Verdict, verify};
use crate::pipeline::find_target;

use super::site::SiteArguments;

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl VerifyArguments {
    pub(super) fn run(self, root: PathBuf, config: PathBuf) -> ExitCode {
        let options = self.site.options(root, config);
        let verdict = find_target(&options).and_then(|target| match target {
            Ok(target) => verify(&target).map(Ok),
            Err(problems) => Ok(Err(problems)),
        });
        let verdict = match verdict {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(problems)) => {
                super::draw(&problems);
                return ExitCode::from(1);
            }
            Err(error) => return super::environment_error(&error, error.help().as_deref()),
        };
        let said = if self.json { as_json(&verdict) } else { in_words(&verdict) };
        let printed = super::print(said.as_bytes());
        if verdict.is_sound() { printed } else { ExitCode::from(1) }
    }
}

fn in_words(verdict: &Verdict) -> String {
    let lists = [
        ("changed", &verdict.changed),
        ("missing", &verdict.missing),
        ("not Dateline's", &verdict.foreign),
    ];
    let mut lines: Vec<String> = lists
        .iter()
        .flat_map(|(state, paths)| paths.iter().map(move |path| format!("{state}: {path}")))
        .collect();
    let counts = lists.map(|(state, paths)| format!("{} {state}", paths.len()));
    lines.push(format!("{} as published, {}", verdict.sound, counts.join(", ")));
    lines.push(String::new());
    lines.join("\n")
}

fn as_json(verdict: &Verdict) -> String {
    let Verdict { sound, changed, missing, foreign } = verdict;
    let verdict =
        json!({ "sound": sound, "changed": changed, "missing": missing, "foreign": foreign });
    format!("{verdict}\n")
}
