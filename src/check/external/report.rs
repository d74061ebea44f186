//! Findings about links out of the archive: one for each address, at its first place.

use std::collections::BTreeMap;

use url::Url;

use crate::ledger::Address;
use crate::ledger::writing::Change;

use super::super::Look;
use super::super::finding::Finding;
use super::mention::{Mention, Mentions, Role};
use super::observed::{Failing, Observed};
use crate::base::lint::Lint;
use crate::fetch::Outcome;

pub(super) fn findings(
    mentions: &Mentions,
    look: &Look<'_>,
    observed: &Observed,
    changes: &[(Address, Change)],
) -> Vec<Finding> {
    let mut by_address: BTreeMap<&Address, Vec<&Change>> = BTreeMap::new();
    for (address, change) in changes {
        by_address.entry(address).or_default().push(change);
    }
    let told = mentions.iter().flat_map(|(address, mention)| {
        let changes = by_address.get(address).map_or(&[][..], Vec::as_slice);
        let teller = Teller { address, mention, look, observed, changes };
        [teller.answered(), teller.without_copy()].into_iter().flatten()
    });
    told.collect()
}

/// Addresses that work again.
pub(super) fn revived(mentions: &Mentions, changes: &[(Address, Change)]) -> Vec<Finding> {
    let revived = changes.iter().filter(|(_, change)| matches!(change, Change::Living(_)));
    let told = revived.filter_map(|(address, _)| {
        let message = format!("{address} answers again: {} calls it dead no more", address.file());
        let help = "look whether it is still the page that was linked, and not another's";
        let place = mentions.get(address)?.place.clone();
        Some(Finding::new(Lint::RevivedLink, message).at(place).help(help))
    });
    told.collect()
}

/// One address and its results.
struct Teller<'a> {
    address: &'a Address,
    mention: &'a Mention,
    look: &'a Look<'a>,
    observed: &'a Observed,
    /// This run's changes to its ledger entry.
    changes: &'a [&'a Change],
}

impl Teller<'_> {
    fn finding(&self, lint: Lint, message: String, help: String) -> Finding {
        let message = match self.mention.more {
            0 => message,
            more => format!("{message} (and in {more} more places)"),
        };
        Finding::new(lint, message).at(self.mention.place.clone()).help(help)
    }

    /// A finding about today's result, unless it is good.
    fn answered(&self) -> Option<Finding> {
        let address = self.address;
        match self.observed.today.get(address)? {
            Outcome::Living => None,
            Outcome::Moved(to) => Some(self.finding(
                Lint::MovedLink,
                format!("{address} has moved for good"),
                format!("write {to}"),
            )),
            Outcome::Home(to) => Some(self.finding(
                Lint::MovedLink,
                format!("{address} leads to the front page {to} now: the page itself may be gone"),
                format!("look at it; if the page is gone say so in {}", address.file()),
            )),
            Outcome::Failed(why) => self.failed(why),
            Outcome::Refused(why) => Some(self.finding(
                Lint::FailingLink,
                format!("{address} can't be judged: its host answers “{why}” to programs"),
                "look at it in a browser; a host that never answers can stand in `skip`".to_owned(),
            )),
            Outcome::Astray(how) => Some(self.finding(
                Lint::UnsafeRedirect,
                format!("{address} leads nowhere: {how}"),
                "look at it in a browser, and link where it should lead".to_owned(),
            )),
            Outcome::Private => Some(self.finding(
                Lint::FailingLink,
                format!("{address} is in a private network, and was not asked"),
                "readers can't follow it; link a public address".to_owned(),
            )),
        }
    }

    fn failed(&self, why: &str) -> Option<Finding> {
        let Failing { days, .. } = self.observed.failing.get(self.address)?;
        let enough = self.look.site.config.check.external.days;
        let (address, first) = (self.address, days.first()?);
        if days.len() < enough {
            let times = if days.len() == 1 {
                "today for the first time".to_owned()
            } else {
                format!("on {} since {first}", days_of(days.len()))
            };
            return Some(self.finding(
                Lint::FailingLink,
                format!("{address} failed {times}: {why}"),
                format!("it is called dead when it has failed on {}", days_of(enough)),
            ));
        }
        // Repeated in each run of the same day.
        let is_dead_now = self.changes.iter().any(|change| matches!(change, Change::Dead(_)));
        let is_news = is_dead_now || days.last() == Some(&self.look.today);
        match self.mention.role {
            Role::Copy => Some(self.finding(
                Lint::DeadLink,
                format!("the copy {address} is gone: {why}"),
                "put another copy in its place".to_owned(),
            )),
            Role::Link | Role::Original if is_news => Some(self.finding(
                Lint::DeadLink,
                format!(
                    "{address} is dead: it failed on {}, first on {first}: {why}",
                    days_of(enough)
                ),
                format!(
                    "{} says so now; if it is wrong take `dead` out there, which is not written again",
                    address.file()
                ),
            )),
            Role::Link | Role::Original => None,
        }
    }

    /// A finding about a dead page without a copy, known or found.
    fn without_copy(&self) -> Option<Finding> {
        let was_found = self.changes.iter().any(|change| matches!(change, Change::Copied(_)));
        let decision = self.look.site.ledger.decision(self.address);
        let is_dead = self.observed.is_dead(self.address)
            || decision.is_some_and(|decision| decision.dead.is_some())
                && !self.observed.today.contains_key(self.address);
        let lacks_copy = is_dead
            && !was_found
            && !self.mention.has_copy
            && !self.mention.is_lost
            && self.mention.role != Role::Copy;
        lacks_copy.then(|| {
            let host = Url::parse(self.address.as_str()).ok();
            let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
            self.finding(
                Lint::MissingMemento,
                format!("{} is gone, and no copy of it is known", self.address),
                format!("look for one in other web archives, and write it as `archived` into links/{host}.toml"),
            )
        })
    }
}

fn days_of(count: usize) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
