//! The one hand for files: replacing and creating them, putting folders in place, making that last,
//! locking, opening and recognising them.
//!
//! Every room that writes to a disk comes here, so that a file is replaced in one way only: a draft
//! beside it, renamed over it. Nothing else in the program renames or creates a file.

mod draft;
mod durability;
mod lock;
mod opening;
mod placing;
mod stamp;

pub use draft::{Draft, draft_of, replace, replace_text};
pub use durability::{Durability, sync};
pub use lock::Lock;
pub use opening::{open, read, read_to_string};
pub use placing::{
    append_to, create_new, create_text, link, link_or_copy, place, place_folder, refuse_link,
    remove_if_there, replace_link,
};
pub use stamp::{Stamp, nanoseconds};

#[cfg(test)]
mod tests;
