//! Moving in: other people's archives become reports of this one.
//!
//! One way for all: a [source](sources) makes [entries](entry) of its file and knows nothing else. A first
//! reading ([`survey`]) tells what there is and [where each entry will be](placing); a second
//! [makes](making) each entry's file: its body [converted](convert), the [addresses] in it led to where things are
//! now, what it says of itself [suggested](suggestions). [`run`] puts them into the archive
//! by way of [`writing`] and a [`journal`], and [reports](report) every loss.

pub mod accept;
mod addresses;
mod autop;
pub mod built;
pub mod clip;
pub mod convert;
pub mod entry;
pub mod forgetting;
pub(crate) mod html;
pub mod journal;
mod making;
pub mod options;
mod page;
mod placing;
mod proposals;
pub mod report;
mod report_file;
pub mod run;
pub mod sources;
pub mod suggestions;
mod survey;
mod text;
mod uploads;
pub mod words;
mod writing;
pub mod xml;

pub use run::{ImportError, Step, import};
