//! Pictures: what is published of them, and what pages need to know of them.
//!
//! [`clean`] rewrites a picture's file without what a camera or a program wrote beside the pixels.
//! [`facts`] measures one. [`drawing`] judges
//! SVG. [`shelf`] keeps what is known of each, and the smaller copies that
//! [`making`] makes, in `.dateline/img/`: a picture that did not change is not opened again.

pub(crate) mod clean;
pub(crate) mod drawing;
pub(crate) mod facts;
pub(crate) mod file;
#[cfg(feature = "images")]
mod making;
mod pdf;
pub(crate) mod places;
pub(crate) mod recipe;
pub(crate) mod shelf;
mod shelf_file;
