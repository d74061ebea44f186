//! What a host can't be told, and what readers get instead: for the curator to know.

use crate::base::diagnostic::{Diagnostic, Place, Rule};

use super::{Gone, Moved};
use crate::base::choices::Host;

/// Something that a host can't be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Why not.
    pub reason: UnsupportedReason,
    /// The address, as a curator reads it.
    pub address: String,
    /// What readers get all the same.
    pub instead: Instead,
}

/// What readers get where a host can't be told of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instead {
    /// Not what the curator meant.
    Nothing,
    /// A page that tells or leads them on.
    Page,
}

/// Why a host can't be told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnsupportedReason {
    /// It answers 200 at the address of what was withdrawn.
    Gone,
    /// It knows no `*`, or not such a one.
    Pattern,
    /// It does not look at what follows `?`.
    Query,
    /// Its language has no way to write a character of the address.
    Character,
    /// Its rule would lead readers away from pages that exist.
    TakesPages,
    /// It takes only so many rules, or so much of them.
    Limit(usize),
    /// It takes only lines of so many characters.
    Length(usize),
    /// It reads its files at the top of the domain only.
    BelowTop,
    /// No host can be told of such an address.
    Address,
    /// A directive of the policy allows more than the pages need.
    Policy,
}

impl Unsupported {
    /// What can't be said of one address, where no page stands.
    pub fn new(reason: UnsupportedReason, address: impl Into<String>) -> Unsupported {
        Unsupported { reason, address: address.into(), instead: Instead::Nothing }
    }

    /// What can't be said of a report that was withdrawn: its notice is there to be read.
    pub fn gone(gone: &Gone) -> Unsupported {
        let address = gone.path.clone();
        Unsupported { reason: UnsupportedReason::Gone, address, instead: Instead::Page }
    }

    /// What can't be said of an old address.
    pub fn moved(reason: UnsupportedReason, moved: &Moved) -> Unsupported {
        let instead = if moved.has_page { Instead::Page } else { Instead::Nothing };
        Unsupported { reason, address: moved.from.shown(), instead }
    }
}

/// One diagnostic for each reason, and a mere note where readers get a page all the same: no setting
/// makes a host take more. Addresses of what was withdrawn are counted, not named.
pub fn told(host: Host, config: &str, unsupported: &[Unsupported]) -> Vec<Diagnostic> {
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
    /// What is wrong, and what to do.
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

/// The first addresses, and how many more there are.
fn named(addresses: &[&str]) -> String {
    let first: Vec<&str> = addresses.iter().take(3).copied().collect();
    match addresses.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
