//! Black-box tests: little archives are built by the real program, and their pages looked at.
//!
//! Each test makes its archive with [`archive::Archive`], which reads like the manual. What a test
//! can't find on this machine it skips and says so; `DATELINE_CI=1` makes that a failure.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod addresses_kept;
mod amending;
mod archive;
mod bag;
mod broken_settings;
mod check;
mod check_bodies;
mod check_fix;
mod citations;
#[cfg(feature = "network")]
mod clip;
mod compressed;
mod config;
mod corrections;
mod counts;
mod data;
#[cfg(feature = "serve")]
mod desk;
mod determinism;
mod diagnostics;
mod duplicates;
mod edits;
#[cfg(feature = "network")]
mod external;
#[cfg(feature = "network")]
mod external_hosts;
mod features;
mod folders;
#[cfg(all(feature = "deploy", feature = "network", feature = "serve"))]
mod forgetting;
mod formats_agree;
mod growth;
mod host_limits;
mod hostile;
#[cfg(unix)]
mod hosts;
mod images;
mod import;
mod incremental;
mod interface;
mod kept;
mod left_out;
mod links;
mod list;
mod looks;
mod media;
mod mistakes;
mod names_meet;
mod one_file;
mod outputs;
mod page;
#[cfg(all(feature = "images", feature = "network"))]
mod picture_copies;
mod places;
mod platforms;
mod programs;
mod provenance;
#[cfg(unix)]
mod publishable;
mod publishing;
mod readers;
mod redactions;
#[path = "../../benches/corpus/reports.rs"]
mod reports;
mod robust;
mod said_as_written;
mod search;
mod search_corpora;
mod search_patches;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "network")]
mod server;
mod silence;
#[path = "../machine/skip.rs"]
mod skip;
#[cfg(unix)]
mod soak;
mod stats;
mod stories;
#[cfg(unix)]
mod terminal;
mod terms_told;
mod touched;
mod translations;
mod unchanged;
mod validators;
mod verify;
mod ways;
mod withdrawals;
mod withdrawing;
mod writing;
