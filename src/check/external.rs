//! `dateline check --external`: which links out of the archive still lead to something.
//!
//! [`mention`] gathers the addresses while files are read. [`decision`] asks them and decides: [`run`]
//! asks through [`crate::fetch`], [`observed`] remembers what was seen, and
//! decisions go into the ledger ([`crate::ledger::writing`]). [`report`] turns them into findings. A
//! program without the feature `network` asks nothing: [`left_out`] says so.

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
pub use error::ExternalError;
#[cfg(not(feature = "network"))]
pub use left_out::ExternalError;
#[cfg(not(feature = "network"))]
pub(super) use left_out::check;

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
