//! `[check]`: settings and severities of `dateline check`.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::diagnostic::nearest;
use crate::base::lint::Subject;
use crate::base::permalink::term_key;
use crate::base::severity::Severity;
use crate::tree::fields::{Fields, Reading};
use crate::tree::{Node, Value};

use super::external::{self, ExternalConfig};
use super::stop;

/// `[check]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckConfig {
    /// A longer summary gets a finding.
    pub summary_length: usize,
    /// Similar terms that are distinct, as pairs of keys.
    pub distinct: BTreeSet<(String, String)>,
    /// `[check.external]`
    pub external: ExternalConfig,
    /// `[check.lints]`: severities other than the default.
    pub severities: BTreeMap<Subject, Severity>,
}

impl Default for CheckConfig {
    fn default() -> CheckConfig {
        CheckConfig {
            summary_length: 300,
            distinct: BTreeSet::new(),
            external: ExternalConfig::default(),
            severities: BTreeMap::new(),
        }
    }
}

impl CheckConfig {
    /// Whether two terms, given by key, were declared distinct.
    pub fn are_distinct(&self, one: &str, other: &str) -> bool {
        self.distinct.contains(&in_order(one.to_owned(), other.to_owned()))
    }

    pub fn severity(&self, subject: Subject) -> Severity {
        self.severities.get(&subject).copied().unwrap_or_else(|| subject.default_severity())
    }
}

pub(super) fn check(fields: &mut Fields, reading: &mut Reading<'_>) -> CheckConfig {
    let default = CheckConfig::default();
    let Some(mut table) = fields.table("check", reading) else { return default };
    let check = CheckConfig {
        summary_length: table.count("summary_length", 1, reading).unwrap_or(default.summary_length),
        distinct: distinct(&mut table, reading),
        external: external::external(&mut table, reading),
        severities: severities(&mut table, reading),
    };
    table.refuse_rest(crate::base::diagnostic::Rule::UnknownConfigKey, reading);
    check
}

fn in_order(one: String, other: String) -> (String, String) {
    if one <= other { (one, other) } else { (other, one) }
}

fn distinct(table: &mut Fields, reading: &mut Reading<'_>) -> BTreeSet<(String, String)> {
    let Some(node) = table.take("distinct") else { return BTreeSet::new() };
    let pairs = match &node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(&node),
    };
    let mut distinct = BTreeSet::new();
    for pair in pairs {
        let items: Option<Vec<&str>> = match &pair.value {
            Value::List(items) => items.iter().map(Node::text).collect(),
            _ => None,
        };
        match items.as_deref() {
            Some([one, other]) => {
                distinct.insert(in_order(term_key(one), term_key(other)));
            }
            _ => stop(
                reading,
                pair,
                "distinct holds pairs of terms".to_owned(),
                "write distinct = [[\"Austria\", \"Australia\"]]",
            ),
        }
    }
    distinct
}

fn severities(table: &mut Fields, reading: &mut Reading<'_>) -> BTreeMap<Subject, Severity> {
    let Some(lints) = table.table("lints", reading) else { return BTreeMap::new() };
    let mut severities = BTreeMap::new();
    for entry in lints.rest() {
        let key = Node { value: Value::Text(entry.key.clone()), range: entry.key_range.clone() };
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
