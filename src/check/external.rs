//! `dateline check --external`: checks whether links out of the archive still work.
//!
//! [`mention`] collects the addresses while files are read. [`decision`] requests them and decides:
//! [`run`] sends requests through [`crate::fetch`], [`observed`] stores results between runs,
//! [`crate::fetch::wayback`] looks for archived copies, and decisions go to the ledger
//! ([`crate::ledger::writing`]). [`report`] makes findings. Without the feature `network`,
//! [`left_out`] replaces all of this.

#[cfg(feature = "network")]
mod decision;
#[cfg(feature = "network")]
mod error;
#[cfg(not(feature = "network"))]
mod left_out;
#[cfg_attr(not(feature = "network"), allow(dead_code, reason = "read by those who ask"))]
pub(super) mod mention;
#[cfg(feature = "network")]
mod observed;
#[cfg(feature = "network")]
mod report;
#[cfg(feature = "network")]
mod run;

#[cfg(feature = "network")]
pub(super) use decision::check;
#[cfg(feature = "network")]
pub(crate) use error::ExternalError;
#[cfg(not(feature = "network"))]
pub(crate) use left_out::ExternalError;
#[cfg(not(feature = "network"))]
pub(super) use left_out::check;

/// The progress of a check.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// The number of links to request.
    Links(usize),
    /// The number of copies to look for.
    Copies(usize),
    /// One more request is done.
    Asked,
}

/// The result of checking links out of the archive.
#[derive(Debug, Default)]
pub(crate) struct External {
    /// The number of addresses that the archive links.
    pub links: usize,
    /// The number requested in this run; others were requested earlier today, or are excluded.
    pub asked: usize,
    /// The number of postponed addresses: their hosts asked for fewer requests, or closed
    /// connections.
    pub later: usize,
    /// The number of addresses with an unclear failure: theirs, or this machine's connection.
    pub unknown: usize,
    /// The number of copies found.
    pub copies: usize,
    /// Why the search for copies ended early.
    pub wayback: Option<String>,
    /// Ledger files that were written.
    pub written: Vec<String>,
}
