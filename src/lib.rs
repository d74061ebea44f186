//! Dateline: a static-site generator for curated news archives.

pub mod archive;
pub mod config;
pub mod content;
pub mod date;
pub mod diagnostic;
pub mod permalink;
pub mod tree;
