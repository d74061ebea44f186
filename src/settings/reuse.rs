//! `[notices]` and `[republish]`: what the curator tells readers about the whole archive, and what
//! they may do with its reports.

use crate::base::diagnostic::Rule;
use crate::base::licence;
use crate::tree::fields::{Fields, Reading};

use super::addresses::{self, ConfigLink};

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
            let key = licence::key(terms);
            self.licenses.iter().any(|named| licence::key(named) == key)
        };
        self.allow || terms.is_some_and(is_named)
    }
}

pub(super) fn notices(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    links: &mut Vec<ConfigLink>,
) -> NoticesConfig {
    let Some(mut table) = fields.table("notices", reading) else { return NoticesConfig::default() };
    let notices = NoticesConfig {
        standing: table.texts("standing", reading),
        principles: addresses::link(&mut table, "principles", reading, links),
        corrections_policy: addresses::link(&mut table, "corrections_policy", reading, links),
        responsibility: addresses::link(&mut table, "responsibility", reading, links),
        rights_contact: addresses::link(&mut table, "rights_contact", reading, links),
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
