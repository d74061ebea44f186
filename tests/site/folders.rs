//! Content folders that other generators wrote, read as they are.

mod bodies;
mod dates;
mod front_matter;
mod old_addresses;
mod permalinks;
mod proposals;
mod translations;
