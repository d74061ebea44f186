//! The search index: files that any static host can serve.
//!
//! A report's page becomes a [`record::Record`] (`fold`, `words`, `stem`); [`segment`] assigns
//! reports to segments and gives them ids; [`index`] makes the files of a segment from its records
//! (`spill`, `layout`, `postings`, `vocabulary`). All pure, except for spilling postings to disk.
//! The theme's search page and `dateline search` read the files.

mod bits;
pub mod fold;
pub(crate) mod index;
pub(crate) mod layout;
pub(crate) mod postings;
pub(crate) mod query;
pub(crate) mod reader;
pub(crate) mod record;
pub(crate) mod segment;
mod spill;
pub(crate) mod stem;
pub mod vocabulary;
pub mod words;
