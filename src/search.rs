//! The search index: files that any static host can serve.
//!
//! [`recorder`] makes a [`record::Record`] of a report's text (`fold`, `words`, `stem`), in the numbers of
//! a [`lexicon`]; [`segment`] determines the segment and the id of each report; [`index`] makes the files
//! of a segment from its records (`spill`, `layout`, `postings`, `vocabulary`), and [`patch`] those that
//! change with a few records. `gathered` keeps records until then, `shard` encodes them for the state.
//! Pure, except for data that exceeds memory. The theme's search page and `dateline search` read the
//! files.

mod bits;
pub mod cards;
pub mod fold;
pub(crate) mod gathered;
mod hashes;
pub mod index;
pub mod keys;
pub mod layout;
pub mod lexicon;
mod numbers;
mod overflow;
pub mod patch;
pub mod postings;
pub mod query;
pub mod reader;
pub mod record;
pub mod recorder;
pub mod segment;
pub(crate) mod shard;
mod spill;
pub mod stem;
pub mod vocabulary;
pub mod words;
