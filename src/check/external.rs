//! `dateline check --external`: which links out of the archive still lead to something.
//!
//! [`mention`] gathers the addresses while files are read, [`run`] asks them ([`asking`], one address;
//! [`pace`], one host; [`network`], the door), [`observed`] remembers what was seen, [`wayback`] looks
//! for copies, and what is decided goes into the ledger ([`crate::ledger::writing`]). Nothing else of it
//! reaches a page. [`telling`] turns it into findings.

pub(super) mod mention;
mod observed;
mod report;
mod run;
mod wayback;

use crate::fetch::{network, until_done};
use std::io;

use crate::ledger::writing::{Change, WriteError, write};
use crate::ledger::{Address, Ledger};
use crate::settings::external::{ExternalConfig, MementosOf};

use super::finding::Finding;
use super::{Look, Sources};
use mention::{Mention, Mentions, Role};
use observed::{FAILING, Observed, Verdict};
use run::{Left, Run};

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// So many links will be asked.
    Links(usize),
    /// So many copies will be looked for.
    Copies(usize),
    /// One more is done.
    Asked,
}

/// What became of links out of the archive.
#[derive(Debug, Default)]
pub struct External {
    /// Addresses that the archive links.
    pub links: usize,
    /// Those that were asked now; others were asked earlier today, or are not to be asked.
    pub asked: usize,
    /// Addresses that were put off: their hosts want to be left alone, or hung up on others.
    pub later: usize,
    /// Addresses of which nobody can say whether they or this machine's own line failed.
    pub unknown: usize,
    /// Copies that were found.
    pub copies: usize,
    /// Why the search for copies ended early.
    pub wayback: Option<String>,
    /// Files of the ledger that were written.
    pub written: Vec<String>,
}

/// Why links could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ExternalError {
    /// The system refused.
    #[error("{file}: {error}")]
    Io {
        /// From the archive's root.
        file: &'static str,
        /// Why.
        error: io::Error,
    },
    /// `failing-links.toml` is none.
    #[error("{FAILING} can't be read: {0}")]
    Failing(#[from] toml::de::Error),
    /// Another check asks links.
    #[error("another check of this archive is asking links; wait until it is done")]
    Busy,
    /// There is no way to speak TLS here.
    #[error("links can't be asked: {0}")]
    Client(#[from] reqwest::Error),
    /// The ledger could not be written.
    #[error(transparent)]
    Ledger(#[from] WriteError),
}

impl ExternalError {
    fn io(file: &'static str, error: io::Error) -> ExternalError {
        ExternalError::Io { file, error }
    }
}

/// Asks what was not asked today, decides, and tells.
pub(super) fn check(
    look: &Look<'_>,
    mut mentions: Mentions,
    progress: &dyn Fn(Step),
) -> Result<(External, Vec<Finding>), ExternalError> {
    let config = &look.site.config.check.external;
    mention::join(&mut mentions, mention::kept(look));
    let mut observed = Observed::load(&look.site.root, look.today, config.days)?;
    observed.heed(&look.site.ledger);
    let client = network::client(&look.site.config)?;
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

/// Addresses to be asked: not those that a curator decided about, and none twice a day.
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
    let host = url.ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    config.skip.iter().any(|skip| {
        host.strip_suffix(skip.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Whether a curator, and not this check, wrote that it is dead: a domain that was sold answers again,
/// and only who looks at it knows.
fn is_declared_dead(address: &Address, ledger: &Ledger, observed: &Observed) -> bool {
    let is_dead = ledger.decision(address).is_some_and(|decision| decision.dead.is_some());
    let is_ours =
        observed.failing.get(address).is_some_and(|failing| failing.verdict != Verdict::None);
    is_dead && !is_ours
}

/// Pages whose copies are looked for: dead ones, and originals if the config asks for them.
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

/// What is decided about the ledger. What this check calls dead is noted among what fails.
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
        // A copy that is gone is for the curator to replace: no page links it as anything else.
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

/// Writes decisions into the ledger. What this check calls dead is on record before and forgotten
/// after, so that a run that is cut between can still take it back.
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
