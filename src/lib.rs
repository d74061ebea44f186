//! Dateline: a static-site generator for curated news archives.
//!
//! Data goes one way: scan, parse, index, plan, render, commit. ARCHITECTURE.md tells the story.

pub mod archive;
pub mod authoring;
pub mod build;
pub mod check;
pub mod citation;
pub mod cli;
pub mod config;
pub mod content;
pub mod date;
pub mod deploy;
pub mod diagnostic;
pub mod export;
pub mod hosts;
pub mod i18n;
pub mod import;
pub mod ledger;
pub mod license;
pub mod media_type;
pub mod output;
pub mod permalink;
pub mod plan;
pub mod published;
pub mod render;
pub mod schema;
pub mod sealed;
pub mod selection;
pub mod serve;
pub mod stats;
pub mod tree;
