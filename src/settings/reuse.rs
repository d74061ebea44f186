//! `[notices]` and `[republish]`: notices for readers of the whole archive, and permission to
//! republish.

use crate::base::diagnostic::Rule;
use crate::base::licence;
use crate::tree::fields::{Fields, Reading};

use super::addresses::{self, ConfigLink};

/// `[notices]`: sentences under reports, and links to pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticesConfig {
    /// Sentences under each report.
    pub standing: Vec<String>,
    /// The page about how reports are chosen and kept.
    pub principles: Option<String>,
    /// The page about corrections.
    pub corrections_policy: Option<String>,
    /// The page about responsibility.
    pub responsibility: Option<String>,
    /// The contact of rights holders.
    pub rights_contact: Option<String>,
}

/// `[republish]`: reports that come with a credit line and their text as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepublishConfig {
    /// All reports.
    pub allow: bool,
    /// Reports under one of these licences.
    pub licenses: Vec<String>,
}

impl RepublishConfig {
    /// Whether a report with these terms may be republished.
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
