//! Decides about links out of the archive: which to request, which are dead, and what to write to
//! the ledger.

use crate::fetch::network::{self, Purpose};
use crate::fetch::until_done;
use crate::ledger::writing::{Change, write};
use crate::ledger::{Address, Ledger};
use crate::settings::external::{ExternalConfig, MementosOf};

use super::super::finding::Finding;
use super::super::{Look, Sources};
use super::error::ExternalError;
use super::mention::{Mention, Mentions, Role};
use super::observed::{Observed, Verdict};
use super::run::{Left, Run};
use super::{External, Step, mention, report};

/// Requests what was not requested today, decides, and reports.
pub(in crate::check) fn check(
    look: &Look<'_>,
    mut mentions: Mentions,
    progress: &dyn Fn(Step),
) -> Result<(External, Vec<Finding>), ExternalError> {
    let config = &look.site.config.check.external;
    mention::join(&mut mentions, mention::kept(look));
    let mut observed = Observed::load(&look.site.root, look.today, config.days)?;
    observed.apply_overrides(&look.site.ledger);
    let client = network::client(&look.site.config, Purpose::LinkCheck)?;
    let run = Run { client: &client, config, progress };
    let open = open_questions(&mentions, &look.site.ledger, config, &observed);
    let (links, asked) = (mentions.len(), open.len());
    let left = until_done(async {
        let left = run.ask(open, &mut observed).await?;
        let sought = sought(&mentions, &look.site.ledger, config, &observed);
        let wayback = run.seek(sought, &mentions, &mut observed).await?;
        Ok::<Left, ExternalError>(Left { wayback, ..left })
    })
    .map_err(|error| ExternalError::io("the network", error))??;
    let changes = changes(look, &mentions, &mut observed);
    let written = keep(look, &changes, &mut observed)?;
    let copies = observed.copies.values().flatten().count();
    let mut findings = report::findings(&mentions, look, &observed, &changes);
    findings.extend(report::revived(&mentions, &changes));
    let Left { later, unknown, wayback } = left;
    let asked = asked - later;
    Ok((External { links, asked, later, unknown, copies, wayback, written }, findings))
}

/// Addresses to request: not those that a curator decided about, and each once a day.
fn open_questions(
    mentions: &Mentions,
    ledger: &Ledger,
    config: &ExternalConfig,
    observed: &Observed,
) -> Vec<Address> {
    let open = mentions.iter().filter(|(address, mention)| {
        !observed.today.contains_key(address)
            && !mention.is_lost
            && !is_skipped(address, config)
            && !is_declared_dead(address, ledger, observed)
    });
    open.map(|(address, _)| address.clone()).collect()
}

fn is_skipped(address: &Address, config: &ExternalConfig) -> bool {
    let url = url::Url::parse(address.as_str());
    config.skips(url.as_ref().ok().and_then(url::Url::host_str).unwrap_or_default())
}

/// Whether a curator, not this check, declared an address dead. A domain that was sold answers
/// again; only a person can see that.
fn is_declared_dead(address: &Address, ledger: &Ledger, observed: &Observed) -> bool {
    let is_dead = ledger.decision(address).is_some_and(|decision| decision.dead.is_some());
    let is_ours =
        observed.failing.get(address).is_some_and(|failing| failing.verdict != Verdict::None);
    is_dead && !is_ours
}

/// Pages whose copies to look for: dead ones, and originals if the settings say so.
fn sought(
    mentions: &Mentions,
    ledger: &Ledger,
    config: &ExternalConfig,
    observed: &Observed,
) -> Vec<Address> {
    let is_wanted = |address: &Address, mention: &Mention| {
        let is_dead = observed.is_dead(address) || is_declared_dead(address, ledger, observed);
        match config.mementos {
            MementosOf::Nobody => false,
            MementosOf::Dead => is_dead,
            MementosOf::Originals => is_dead || mention.role == Role::Original,
        }
    };
    let lacking = mentions.iter().filter(|(address, mention)| {
        !mention.has_copy
            && mention.role != Role::Copy
            && !mention.is_lost
            && !observed.copies.contains_key(address)
            && is_wanted(address, mention)
    });
    lacking.map(|(address, _)| address.clone()).collect()
}

/// The changes to the ledger.
fn changes(
    look: &Look<'_>,
    mentions: &Mentions,
    observed: &mut Observed,
) -> Vec<(Address, Change)> {
    let config = &look.site.config.check.external;
    let is_linked = |address: &Address| mentions.contains_key(address);
    if look.sources == Sources::Whole {
        observed
            .failing
            .retain(|address, failing| is_linked(address) || failing.verdict != Verdict::None);
    }
    let mut changes = Vec::new();
    for (address, failing) in &mut observed.failing {
        let is_dead = failing.days.len() >= config.days && !is_skipped(address, config);
        // A lost copy is for the curator to replace: pages link it only as a copy.
        let is_page = mentions.get(address).is_some_and(|mention| mention.role != Role::Copy);
        let decision = look.site.ledger.decision(address);
        let is_told = decision.is_some_and(|decision| decision.dead.is_some());
        match (failing.days.first(), failing.verdict) {
            (Some(&first), Verdict::None | Verdict::Pending(_))
                if is_dead && is_page && !is_told =>
            {
                failing.verdict = Verdict::Pending(first);
                changes.push((address.clone(), Change::Dead(first)));
            }
            (None, Verdict::Pending(day) | Verdict::Written(day)) => {
                changes.push((address.clone(), Change::Living(day)));
            }
            _ => {}
        }
    }
    let found = observed.copies.iter().filter(|(address, _)| is_linked(address));
    changes.extend(found.filter_map(|(address, copy)| {
        let copy = copy.clone()?;
        let written = observed.failing.get(address).and_then(|failing| failing.copied.as_ref());
        (written != Some(&copy)).then(|| (address.clone(), Change::Copied(copy)))
    }));
    changes
}

/// Writes decisions to the ledger. Verdicts of this check are stored as pending first and settled
/// afterwards, so that an interrupted run can still revoke them.
fn keep(
    look: &Look<'_>,
    changes: &[(Address, Change)],
    observed: &mut Observed,
) -> Result<Vec<String>, ExternalError> {
    observed.save()?;
    let written = write(&look.site.root, changes)?;
    observed.settle();
    observed.save()?;
    Ok(written)
}
