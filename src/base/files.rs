//! All writing to files: atomic replacement, creation, folders, durability, locks, opening, stamps.
//!
//! Every room that writes to a disk uses this module, so that there is one way to replace a file: a
//! draft beside it, renamed over it. No other module renames or creates files.

mod draft;
mod durability;
mod lock;
mod opening;
mod placing;
mod stamp;
mod temporary;

pub(crate) use draft::{Draft, draft_of, replace, replace_text};
pub(crate) use durability::{Durability, sync};
pub(crate) use lock::Lock;
pub(crate) use opening::{open, read};
pub(crate) use placing::{
    append_to, create_new, create_text, link, link_or_copy, place, place_folder, refuse_link,
    refuse_outside, remove_if_there, replace_link,
};
pub(crate) use stamp::{Stamp, nanoseconds};
pub(crate) use temporary::TemporaryFile;

#[cfg(test)]
mod tests;
