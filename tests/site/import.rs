//! Moving in: exports of other programs, rebuilt small, and the reports that they become.

mod editors;
mod exports;
mod hostile;
mod killed;
mod libraries;
#[cfg(feature = "network")]
mod network;
mod oddities;
mod others;
mod own;
mod saved;
mod seed;
mod shelf;
mod traps;
mod wordpress;
mod wxr;
