//! Moving in: other people's archives become reports of this one.

pub mod built;
pub mod convert;
pub(crate) mod html;
pub mod words;
