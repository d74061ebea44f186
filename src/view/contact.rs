//! Where a reader turns: the address for problems, and the terms of reuse.
//!
//! Both may be named in the config. Where they are not, a page that is likely to say it stands in:
//! *Report a problem* must lead somewhere on every archive.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::view::Views;

/// Pages on which curators say how they can be reached, the likeliest first.
const CONTACT: [&str; 7] = [
    "/report/",
    "/contact/",
    "/corrections-policy/",
    "/corrections/",
    "/imprint/",
    "/contribute/",
    "/about/",
];

/// Pages on which curators say what may be done with the texts.
const TERMS: [&str; 6] =
    ["/terms/", "/licence/", "/license/", "/rights/", "/copyright/", "/about/"];

impl Views<'_> {
    /// Where a problem with a report is told; the archive's front page where nothing better is known.
    /// `{url}` in the config's address gives way to the report's permalink.
    pub(crate) fn report_address(&self, permalink: &str) -> String {
        match &self.config.report_url {
            Some(address) => {
                let permalink = utf8_percent_encode(permalink, NON_ALPHANUMERIC).to_string();
                self.configured_address(&address.replace("{url}", &permalink))
            }
            None => self.page_among(&CONTACT).unwrap_or_else(|| self.config.base_path().to_owned()),
        }
    }

    /// Where the terms of reuse stand, if anywhere.
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
