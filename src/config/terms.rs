//! `[notices]` and `[republish]`: what the curator tells readers about the whole archive, and what
//! they may do with its reports.

use crate::diagnostic::{Diagnostic, Rule};
use crate::license;
use crate::tree::fields::{Fields, Reading};

/// `[notices]`: standing notes, and the pages that say more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticesConfig {
    /// Sentences under each report.
    pub standing: Vec<String>,
    /// Where it says how the archive chooses and keeps its reports.
    pub principles: Option<String>,
    /// Where it says how mistakes are corrected.
    pub corrections_policy: Option<String>,
    /// Where it says who answers for what.
    pub responsibility: Option<String>,
    /// Where holders of rights turn.
    pub rights_contact: Option<String>,
}

/// `[republish]`: which reports come with a credit to copy and with their text as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepublishConfig {
    /// All of them.
    pub allow: bool,
    /// Those under one of these licences.
    pub licenses: Vec<String>,
}

impl RepublishConfig {
    /// Whether a report may be republished under the terms that it names.
    pub fn allows(&self, terms: Option<&str>) -> bool {
        let is_named = |terms: &str| {
            let key = license::key(terms);
            self.licenses.iter().any(|named| license::key(named) == key)
        };
        self.allow || terms.is_some_and(is_named)
    }
}

pub(super) fn notices(fields: &mut Fields, reading: &mut Reading<'_>) -> NoticesConfig {
    let Some(mut table) = fields.table("notices", reading) else { return NoticesConfig::default() };
    let notices = NoticesConfig {
        standing: table.texts("standing", reading),
        principles: address(&mut table, "principles", reading),
        corrections_policy: address(&mut table, "corrections_policy", reading),
        responsibility: address(&mut table, "responsibility", reading),
        rights_contact: address(&mut table, "rights_contact", reading),
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    notices
}

pub(super) fn republish(fields: &mut Fields, reading: &mut Reading<'_>) -> RepublishConfig {
    let Some(mut table) = fields.table("republish", reading) else {
        return RepublishConfig::default();
    };
    let republish = RepublishConfig {
        allow: table.bool("allow", reading).unwrap_or(false),
        licenses: table.texts("licenses", reading),
    };
    table.refuse_rest(Rule::UnknownConfigKey, reading);
    republish
}

/// A path of the archive, or a `mailto:` or web address; anything else stops the build.
fn address(fields: &mut Fields, key: &'static str, reading: &mut Reading<'_>) -> Option<String> {
    let node = fields.take(key)?;
    let text = node.text().unwrap_or_default().trim();
    if text.is_empty() {
        return None;
    }
    let is_path = text.starts_with('/') && !text.starts_with("//");
    let is_address =
        url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"));
    if is_path || is_address {
        return Some(text.to_owned());
    }
    let message = format!("{key}: “{text}” is neither a path of the archive nor an address");
    let help = "write it as \"/about/\", \"https://…\" or \"mailto:…\"";
    reading.report(Diagnostic::stop(Rule::Config, message).help(help), node.range);
    None
}
