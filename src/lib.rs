//! Dateline: a static-site generator for curated news archives.
//!
//! Data goes one way: scan, parse, index, plan, render, commit. ARCHITECTURE.md tells the story.

// Rooms below use more of the rooms above when all features are there; then nothing may be unused.
#![cfg_attr(
    not(all(feature = "deploy", feature = "images", feature = "network", feature = "serve")),
    allow(dead_code, unused_imports, reason = "only a feature that is left out uses it")
)]

pub mod archive;
pub(crate) mod authoring;
pub mod base;
pub mod check;
pub mod citation;
pub mod cli;
pub mod content;
#[cfg(feature = "deploy")]
pub(crate) mod deploy;
#[cfg(feature = "serve")]
pub(crate) mod desk;
pub(crate) mod export;
#[cfg(any(feature = "deploy", feature = "network"))]
pub(crate) mod fetch;
pub(crate) mod hosts;
pub mod i18n;
pub(crate) mod images;
pub mod import;
pub mod ledger;
pub mod markdown;
pub mod output;
pub mod pipeline;
pub mod plan;
pub mod reference;
pub mod render;
pub mod schema;
pub mod search;
pub(crate) mod select;
#[cfg(feature = "serve")]
pub(crate) mod serve;
pub mod settings;
pub mod state;
pub(crate) mod tree;
pub mod view;
