//! `dateline check`.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use crate::check::finding::{Judged, Severity, Subject};
use crate::check::{CheckOptions, Checked, check};
use crate::diagnostic::Colour;

use super::site::SiteArguments;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Print the name of everything that is looked for, how severe it is, and what it means.
    #[arg(long, exclusive = true)]
    list: bool,
    /// Take this day for today.
    #[arg(long, value_name = "DATE")]
    today: Option<NaiveDate>,
}

impl CheckArguments {
    pub(super) fn run(self, root: PathBuf, config: PathBuf) -> ExitCode {
        if self.list {
            return list();
        }
        let options = CheckOptions { build: self.site.options(root, config), today: self.today };
        let checked = check(&options);
        if self.json {
            super::say(&as_json(&checked));
        } else {
            draw(&checked.findings);
            super::say(&summary(&checked));
        }
        exit_code(&checked)
    }
}

fn exit_code(checked: &Checked) -> ExitCode {
    if checked.was_refused {
        ExitCode::from(2)
    } else if checked.count(Severity::Error) > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}

fn list() -> ExitCode {
    let lines = Subject::all().map(|subject| {
        let severity = subject.default_severity().name();
        format!("{:<24} {severity:<8} {}\n", subject.name(), subject.explanation())
    });
    super::print(lines.collect::<String>().as_bytes())
}

fn draw(findings: &[Judged]) {
    let colour = if std::io::stdout().is_terminal() { Colour::Ansi } else { Colour::Plain };
    for judged in findings {
        super::say(&format_args!("{}\n", judged.draw(colour)));
    }
}

fn summary(checked: &Checked) -> String {
    let counted = super::build::counted;
    format!(
        "{} and {} checked: {}, {}, {}",
        counted(checked.articles, "article"),
        counted(checked.pages, "page"),
        counted(checked.count(Severity::Error), "error"),
        counted(checked.count(Severity::Warning), "warning"),
        counted(checked.count(Severity::Note), "note"),
    )
}

fn as_json(checked: &Checked) -> serde_json::Value {
    json!({
        "articles": checked.articles,
        "pages": checked.pages,
        "errors": checked.count(Severity::Error),
        "warnings": checked.count(Severity::Warning),
        "notes": checked.count(Severity::Note),
        "findings": checked.findings.iter().map(Judged::to_json).collect::<Vec<_>>(),
    })
}
