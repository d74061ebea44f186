//! Reports what a host does not support, and what readers get instead.

use crate::base::diagnostic::{Diagnostic, Place, Rule};

use super::{Gone, Moved};
use crate::base::choices::Host;

/// Something that a host does not support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    pub reason: UnsupportedReason,
    /// The address, for messages.
    pub address: String,
    /// What readers get instead.
    pub instead: Instead,
}

/// What readers get where a host has no rule for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instead {
    /// An ordinary answer, not the intended one.
    Nothing,
    /// A page with the notice or the redirect.
    Page,
}

/// Why a host does not support something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnsupportedReason {
    /// It can't answer 410 or 451.
    Gone,
    /// It does not support `*`, or not in this place.
    Pattern,
    /// It ignores queries.
    Query,
    /// Its syntax can't express a character of the address.
    Character,
    /// Its rule would hide existing pages.
    TakesPages,
    /// It limits the number or size of rules.
    Limit(usize),
    /// It limits the length of lines.
    Length(usize),
    /// It reads its files only at the root of the domain.
    BelowTop,
    /// No host supports such an address.
    Address,
    /// A policy directive allows more than the pages need.
    Policy,
}

impl Unsupported {
    /// An unsupported address without a page.
    pub fn new(reason: UnsupportedReason, address: impl Into<String>) -> Unsupported {
        Unsupported { reason, address: address.into(), instead: Instead::Nothing }
    }

    /// An unsupported withdrawal: its notice is a page.
    pub fn gone(gone: &Gone) -> Unsupported {
        let address = gone.path.clone();
        Unsupported { reason: UnsupportedReason::Gone, address, instead: Instead::Page }
    }

    /// An unsupported redirect.
    pub fn moved(reason: UnsupportedReason, moved: &Moved) -> Unsupported {
        let instead = if moved.has_page { Instead::Page } else { Instead::Nothing };
        Unsupported { reason, address: moved.from.shown(), instead }
    }
}

/// One diagnostic for each reason; only a note if readers get a page, since no setting helps.
/// Withdrawn addresses are counted, not listed.
pub(crate) fn told(host: Host, config: &str, unsupported: &[Unsupported]) -> Vec<Diagnostic> {
    let mut kinds: Vec<(UnsupportedReason, Instead)> =
        unsupported.iter().map(|unsupported| (unsupported.reason, unsupported.instead)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let diagnostics = kinds.into_iter().map(|(reason, instead)| {
        let of_reason = unsupported
            .iter()
            .filter(|unsupported| (unsupported.reason, unsupported.instead) == (reason, instead));
        let addresses: Vec<&str> =
            of_reason.map(|unsupported| unsupported.address.as_str()).collect();
        let (what, help) = reason.words(&addresses);
        let message = format!("{} {what}", host.name());
        let diagnostic = match instead {
            Instead::Page => Diagnostic::note(Rule::Host, message),
            Instead::Nothing => Diagnostic::warning(Rule::Host, message),
        };
        diagnostic.at(Place::file(config)).help(help)
    });
    diagnostics.collect()
}

impl UnsupportedReason {
    /// The problem and the remedy.
    fn words(self, addresses: &[&str]) -> (String, &'static str) {
        let (count, named) = (addresses.len(), named(addresses));
        match self {
            UnsupportedReason::Gone => (
                format!(
                    "can't answer 410 or 451; withdrawn reports whose notice it shows with 200: {count}"
                ),
                "readers see the notice all the same; netlify, apache, nginx and caddy answer so",
            ),
            UnsupportedReason::Pattern => (
                format!("can't follow these patterns: {named}"),
                "write one redirect for each old address, or give reports their aliases",
            ),
            UnsupportedReason::Query => (
                format!("does not look behind the `?` of old addresses: {named}"),
                "netlify, apache, nginx and caddy do",
            ),
            UnsupportedReason::Character => (
                format!("has no way to write a character of these addresses: {named}"),
                "readers get the page that stands there",
            ),
            UnsupportedReason::TakesPages => (
                format!("would lead readers away from pages that exist: {named}"),
                "write a pattern that fits old addresses only",
            ),
            UnsupportedReason::Limit(limit) => (
                format!("takes {limit} rules at most; left out: {count}, the first {named}"),
                "readers get the page of a redirect instead, where there is one",
            ),
            UnsupportedReason::Length(limit) => (
                format!("takes lines of {limit} characters at most; left out: {named}"),
                "readers get the page of a redirect instead, where there is one",
            ),
            UnsupportedReason::BelowTop => (
                format!(
                    "reads its rules at the top of a domain only, and base_url is below it: {named}"
                ),
                "publish the site as a folder of that name, and put these files beside the folder",
            ),
            UnsupportedReason::Address => (
                format!("can't be told of these old addresses: {named}"),
                "leave out control characters, and `?` where there is a `*`",
            ),
            UnsupportedReason::Policy => (
                format!(
                    "takes no Content-Security-Policy as long as the pages need: {named} allow more"
                ),
                "load from fewer places, and put scripts and styles into files",
            ),
        }
    }
}

/// Lists the first addresses, and counts the rest.
fn named(addresses: &[&str]) -> String {
    let first: Vec<&str> = addresses.iter().take(3).copied().collect();
    match addresses.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
