//! The chapter about lints: every lint of `dateline check`.

use crate::base::lint::Subject;

use super::table::{code, table};

const INTRODUCTION: &str = "# Lints\n\n\
    `dateline check` tells these by name; `lints` under `[check]` in the settings makes any of them \
    louder or quieter, or turns it `\"off\"`. An *error* makes the exit code 1, a *warning* and a *note* \
    do not. What a build would leave out or stop at is always an error.\n";

pub(super) fn chapter() -> String {
    let is_lint = |subject: &Subject| matches!(subject, Subject::Lint(_));
    let lints = table(HEADING, Subject::all().filter(is_lint).map(row));
    let rules = table(HEADING, Subject::all().filter(|subject| !is_lint(subject)).map(row));
    format!(
        "{INTRODUCTION}\n## Told by `dateline check` alone\n\n{lints}\n\
         ## Told by `dateline build` too\n\n{rules}"
    )
}

const HEADING: [&str; 3] = ["name", "severity", "told when"];

fn row(subject: Subject) -> [String; 3] {
    let severity = subject.default_severity().name().to_owned();
    [code(subject.name()), severity, subject.explanation().trim().to_owned()]
}
