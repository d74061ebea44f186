//! `[languages.<tag>]`: the languages that an archive holds reports in.

use std::collections::BTreeSet;

use crate::base::diagnostic::Rule;
use crate::base::language_tag;
use crate::tree::Value;
use crate::tree::fields::{Fields, Reading};

use super::stop;

/// The tags; a table may be empty.
pub(super) fn languages(fields: &mut Fields, reading: &mut Reading<'_>) -> BTreeSet<String> {
    let mut tags = BTreeSet::new();
    let Some(table) = fields.table("languages", reading) else { return tags };
    for entry in table.rest() {
        let Some(tag) = language_tag::of_name(&entry.key) else {
            let message = format!("languages: “{}” is not the tag of a language", entry.key);
            stop(reading, &entry.node, message, "write [languages.ar] or [languages.pt-BR]");
            continue;
        };
        match entry.node.value {
            Value::Table(inner) => Fields::new(inner).refuse_rest(Rule::UnknownConfigKey, reading),
            _ => reading.wrong(&format!("languages.{}", entry.key), &entry.node, "a table"),
        }
        tags.insert(tag);
    }
    tags
}
