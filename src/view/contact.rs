//! Contact addresses: for problems, and the terms of reuse.
//!
//! The settings may name them. Otherwise a likely page is linked, as *Report a problem* must work
//! on every archive.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::view::Views;

/// Typical paths of contact pages, the most likely first.
const CONTACT: [&str; 7] = [
    "/report/",
    "/contact/",
    "/corrections-policy/",
    "/corrections/",
    "/imprint/",
    "/contribute/",
    "/about/",
];

/// Typical paths of pages about reuse.
const TERMS: [&str; 6] =
    ["/terms/", "/licence/", "/license/", "/rights/", "/copyright/", "/about/"];

impl Views<'_> {
    /// The address for problems with a report; the front page if nothing better exists. `{url}` in
    /// the settings is replaced by the report's address.
    pub(crate) fn report_address(&self, permalink: &str) -> String {
        match &self.config.report_url {
            Some(address) => {
                let permalink = utf8_percent_encode(permalink, NON_ALPHANUMERIC).to_string();
                self.configured_address(&address.replace("{url}", &permalink))
            }
            None => self.page_among(&CONTACT).unwrap_or_else(|| self.config.base_path().to_owned()),
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
