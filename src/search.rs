//! The search index: files that any static host can serve.
//!
//! What a report's page shows becomes a [`record::Record`] (`fold`, `words`, `stem`); [`segment`] says in
//! which segment of the index a report is and under which id; [`index`] makes the files of a segment out
//! of its records (`spill`, `layout`, `postings`, `vocabulary`), and [`patch`] the files that change with a
//! few of them; [`gathered`] keeps records until then. Pure, but for what exceeds memory. The files are read by the theme's search page and by `dateline search`.

mod bits;
pub mod cards;
pub mod fold;
pub(crate) mod gathered;
mod hashes;
pub mod index;
mod known_stems;
pub mod layout;
mod numbers;
mod overflow;
pub mod patch;
pub mod postings;
pub mod query;
pub mod reader;
pub mod record;
pub mod segment;
mod spill;
pub mod stem;
pub mod vocabulary;
pub mod words;
