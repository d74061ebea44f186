//! `[check]`: what `dateline check` finds worth telling, and how loudly.

use std::collections::BTreeMap;

use crate::check::finding::{Severity, Subject};
use crate::diagnostic::nearest;
use crate::tree::Node;
use crate::tree::fields::{Fields, Reading};

use super::reading::stop;

/// `[check]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckConfig {
    /// A written summary of more characters is long.
    pub summary_length: usize,
    /// `[check.lints]`: severities that are not the default.
    pub severities: BTreeMap<Subject, Severity>,
}

impl Default for CheckConfig {
    fn default() -> CheckConfig {
        CheckConfig { summary_length: 300, severities: BTreeMap::new() }
    }
}

impl CheckConfig {
    /// How loudly something is said.
    pub fn severity(&self, subject: Subject) -> Severity {
        self.severities.get(&subject).copied().unwrap_or_else(|| subject.default_severity())
    }
}

pub(super) fn check(fields: &mut Fields, reading: &mut Reading<'_>) -> CheckConfig {
    let default = CheckConfig::default();
    let Some(mut table) = fields.table("check", reading) else { return default };
    let check = CheckConfig {
        summary_length: table.count("summary_length", 1, reading).unwrap_or(default.summary_length),
        severities: severities(&mut table, reading),
    };
    table.refuse_rest(crate::diagnostic::Rule::UnknownConfigKey, reading);
    check
}

fn severities(table: &mut Fields, reading: &mut Reading<'_>) -> BTreeMap<Subject, Severity> {
    let Some(lints) = table.table("lints", reading) else { return BTreeMap::new() };
    let mut severities = BTreeMap::new();
    for entry in lints.rest() {
        let key = Node {
            value: crate::tree::Value::Text(entry.key.clone()),
            range: entry.key_range.clone(),
        };
        let Some(subject) = Subject::named(&entry.key) else {
            let message = format!("“{}” is nothing that check looks for", entry.key);
            let near = nearest(&entry.key.replace('-', "_"), Subject::names());
            let help = near.map_or_else(
                || "see `dateline check --list` for the names".to_owned(),
                |name| format!("did you mean “{name}”?"),
            );
            stop(reading, &key, message, &help);
            continue;
        };
        match entry.node.text().and_then(Severity::named) {
            Some(severity) => {
                severities.insert(subject, severity);
            }
            None => stop(
                reading,
                &entry.node,
                format!("{} has a severity that there is not", entry.key),
                "write \"off\", \"note\", \"warning\" or \"error\"",
            ),
        }
    }
    severities
}
