//! The only way to the network for addresses that reports link and pages that are clipped: which addresses
//! may be asked, how fast, and what an answer means.

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
