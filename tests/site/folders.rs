//! Content folders that other generators wrote, read as they are.

mod dates;
mod permalinks;
mod translations;
