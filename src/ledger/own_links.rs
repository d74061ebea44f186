//! What the front matter of one article says of links, looked up by address.
//!
//! Made once for an article whose body or record is read; a question costs the same however many links
//! the front matter names.

use rustc_hash::FxHashMap;

use crate::content::article::BodyLink;

use super::Address;

/// The `links` of an article; where two are about one address, the first counts.
#[derive(Clone, Debug, Default)]
pub struct OwnLinks<'a> {
    links: &'a [BodyLink],
    by_text: FxHashMap<&'a str, usize>,
    by_address: FxHashMap<Address, usize>,
}

impl<'a> OwnLinks<'a> {
    /// Of what the front matter says.
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

    /// Whether the front matter says nothing of links.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// What it says of an address, which is given as written and as addresses are compared.
    pub fn get(&self, written: &str, address: Option<&Address>) -> Option<&'a BodyLink> {
        let by_text = self.by_text.get(written);
        let by_address = address.and_then(|address| self.by_address.get(address));
        by_text.into_iter().chain(by_address).min().map(|&at| &self.links[at])
    }
}
