//! Dateline: a static-site generator for curated news archives.

pub mod content;
pub mod date;
pub mod diagnostic;
