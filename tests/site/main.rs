//! Black-box tests: little archives are built by the real program, and their pages looked at.
//!
//! Each test makes its archive with [`archive::Archive`], which reads like the manual. What a test
//! can't find on this machine it skips and says so; `DATELINE_CI=1` makes that a failure.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod archive;
mod bag;
mod check;
mod check_bodies;
mod check_fix;
mod citations;
mod config;
mod corrections;
mod counts;
mod data;
mod determinism;
mod diagnostics;
mod duplicates;
mod edits;
mod features;
mod hostile;
mod incremental;
mod kept;
mod links;
mod page;
mod places;
mod provenance;
mod readers;
mod robust;
mod serve;
mod skip;
mod stories;
mod touched;
mod unchanged;
mod validators;
mod verify;
mod withdrawals;
mod withdrawing;
mod writing;
