//! All requests to addresses in reports: which may be requested, how fast, and what a response
//! means.

#[cfg(feature = "network")]
pub(crate) mod asking;
#[cfg(feature = "network")]
pub(crate) mod network;
#[cfg(feature = "network")]
mod outcome;
#[cfg(feature = "network")]
pub(crate) mod pace;
pub(crate) mod tls;

#[cfg(feature = "network")]
pub(crate) use outcome::{Outcome, until_done};
