//! Corrections, withdrawals and redactions in front matter.

use std::ops::Range;

use crate::base::diagnostic::{Diagnostic, Rule};
use crate::tree::fields::{Fields, Reading};
use crate::tree::{Node, Value};

use super::super::article::{Correction, Redaction, Withdrawal};

pub(super) fn corrections(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<Correction> {
    let mut corrections = Vec::new();
    for mut table in fields.tables("corrections", reading) {
        let range = table.range.clone();
        let date = table.date("date", reading);
        let text = table.text("text", reading);
        let (was, now) = (table.text("was", reading), table.text("now", reading));
        table.refuse_rest(Rule::NearMissKey, reading);
        if let Some(date) = date {
            corrections.push(Correction { date, text, was, now });
        } else {
            let diagnostic = Diagnostic::reject(Rule::MissingDate, "a correction has no date");
            reading.report(diagnostic.help("add date = 2017-02-03 to it"), range);
        }
    }
    corrections.sort_by_key(|correction| correction.date);
    corrections
}

pub(super) fn redactions(fields: &mut Fields, reading: &mut Reading<'_>) -> Vec<Redaction> {
    let Some(node) = fields.take("redactions") else { return Vec::new() };
    let tables = match node.value {
        Value::Table(table) => vec![table],
        Value::List(ref list) => {
            let tables: Vec<_> = list
                .iter()
                .filter_map(|item| match &item.value {
                    Value::Table(table) => Some(table.clone()),
                    _ => None,
                })
                .collect();
            if tables.len() != list.len() {
                refuse_removal(reading, "redactions", node.range);
                return Vec::new();
            }
            tables
        }
        _ => {
            refuse_removal(reading, "redactions", node.range);
            return Vec::new();
        }
    };
    let mut redactions = Vec::new();
    for table in tables {
        let mut table = Fields::new(table);
        let range = table.range.clone();
        let date = table.date("date", reading);
        let reason = table.text("reason", reading);
        let assets = table.texts("assets", reading);
        table.refuse_rest(Rule::NearMissKey, reading);
        match date {
            Some(date) => redactions.push(Redaction { date, reason, assets }),
            None => refuse_removal(reading, "redactions", range),
        }
    }
    redactions
}

/// An unclear request for removal rejects the file: publishing it could not be undone.
fn refuse_removal(reading: &mut Reading<'_>, key: &str, range: Range<usize>) {
    let help = match key {
        "withdrawn" => {
            "write withdrawn = { date = 2026-02-03, kind = \"copyright\", reason = \"…\" }"
        }
        _ => "write redactions = [{ date = 2026-02-03, reason = \"…\" }]",
    };
    let message = format!("“{key}” is not understood, so nothing of this article is published");
    reading.report(Diagnostic::reject(Rule::WrongValue, message).help(help), range);
}

/// The outer `None` rejects the file.
pub(super) fn withdrawn(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
) -> Option<Option<Withdrawal>> {
    let Some(node) = fields.take("withdrawn") else { return Some(None) };
    let range = node.range.clone();
    let Value::Table(table) = node.value else {
        refuse_removal(reading, "withdrawn", range);
        return None;
    };
    let mut table = Fields::new(table);
    let date = table.date("date", reading);
    let reason = table.text("reason", reading);
    let kind = table.take("kind");
    table.refuse_rest(Rule::NearMissKey, reading);
    let kind = kind.as_ref().and_then(Node::text).and_then(|kind| kind.parse().ok());
    if let (Some(date), Some(kind)) = (date, kind) {
        return Some(Some(Withdrawal { date, reason, kind }));
    }
    refuse_removal(reading, "withdrawn", range);
    None
}
