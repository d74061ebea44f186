//! All requests to addresses in reports, and to pages that become reports: which may be requested, how
//! fast, and what a response means.

#[cfg(feature = "network")]
pub(crate) mod asking;
#[cfg(feature = "network")]
pub(crate) mod network;
#[cfg(feature = "network")]
mod outcome;
#[cfg(feature = "network")]
pub(crate) mod pace;
#[cfg(feature = "network")]
pub(crate) mod page;
#[cfg(feature = "network")]
mod robots;
pub(crate) mod tls;
#[cfg(feature = "network")]
pub(crate) mod wayback;

#[cfg(feature = "network")]
pub(crate) use outcome::{Outcome, until_done};
