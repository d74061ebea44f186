//! Decisions about links in one article's front matter, by address.
//!
//! Made once for each article; a lookup takes constant time.

use rustc_hash::FxHashMap;

use crate::content::article::BodyLink;

use super::Address;

/// The `links` of an article; for equal addresses, the first wins.
#[derive(Clone, Debug, Default)]
pub struct OwnLinks<'a> {
    links: &'a [BodyLink],
    by_text: FxHashMap<&'a str, usize>,
    by_address: FxHashMap<Address, usize>,
}

impl<'a> OwnLinks<'a> {
    /// Indexes links by address.
    pub fn new(links: &'a [BodyLink]) -> OwnLinks<'a> {
        let mut own = OwnLinks { links, ..OwnLinks::default() };
        for (at, link) in links.iter().enumerate() {
            own.by_text.entry(&link.url).or_insert(at);
            if let Some(address) = Address::parse(&link.url) {
                own.by_address.entry(address).or_insert(at);
            }
        }
        own
    }

    /// Whether there are no decisions.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// The decision about an address, given as written and normalised.
    pub fn get(&self, written: &str, address: Option<&Address>) -> Option<&'a BodyLink> {
        let by_text = self.by_text.get(written);
        let by_address = address.and_then(|address| self.by_address.get(address));
        by_text.into_iter().chain(by_address).min().map(|&at| &self.links[at])
    }
}
