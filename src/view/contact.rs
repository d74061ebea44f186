//! Contact addresses: for problems, and the terms of reuse.
//!
//! The settings may name them. Otherwise a page whose name says that it is one is linked, and nothing
//! where there is none.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::view::Views;

/// Typical paths of contact pages, the most likely first.
const CONTACT: [&str; 6] =
    ["/report/", "/contact/", "/corrections-policy/", "/corrections/", "/imprint/", "/contribute/"];

/// Typical paths of pages about reuse.
const TERMS: [&str; 5] = ["/terms/", "/licence/", "/license/", "/rights/", "/copyright/"];

impl Views<'_> {
    /// The address for problems with a report, if any. `{url}` in the settings is replaced by the
    /// report's address.
    pub(crate) fn report_address(&self, permalink: &str) -> Option<String> {
        match &self.config.report_url {
            Some(address) => {
                let permalink = utf8_percent_encode(permalink, NON_ALPHANUMERIC).to_string();
                Some(self.configured_address(&address.replace("{url}", &permalink)))
            }
            None => self.page_among(&CONTACT),
        }
    }

    /// The address of the terms of reuse, if any.
    pub(crate) fn terms_address(&self) -> Option<String> {
        match &self.config.terms_url {
            Some(address) => Some(self.configured_address(address)),
            None => self.page_among(&TERMS),
        }
    }

    fn page_among(&self, paths: &[&str]) -> Option<String> {
        let found = paths.iter().find(|path| self.routes.knows(path) && !self.is_register(path))?;
        Some(self.config.address(found))
    }
}
