//! Imports exports of other programs as reports.
//!
//! All formats take the same way. A [source](sources) parses its file to [entries](entry). A first
//! pass ([`survey`]) finds out what there is and [where each entry goes](placing); a second pass
//! [makes](making) each entry's file: its body is [converted](convert), its [addresses] resolved,
//! and metadata in its text [suggested](suggestions). [`run`] writes the files with [`writing`] and
//! a [`journal`], and [reports](report) every loss.

pub mod accept;
mod addresses;
mod amp;
mod autop;
pub mod built;
pub mod clip;
pub mod convert;
pub mod entry;
mod error;
mod fetching;
pub(crate) mod folders;
pub mod forgetting;
pub(crate) mod html;
pub mod journal;
mod making;
pub mod media;
pub mod options;
mod page;
pub mod picture_copies;
mod placing;
mod proposals;
pub mod report;
mod report_file;
pub mod run;
pub mod sources;
pub mod suggestions;
mod survey;
mod text;
mod tidying;
mod uploads;
pub mod words;
mod writing;
pub mod xml;

pub use error::{ImportError, Stage, Step};
pub use run::import;
