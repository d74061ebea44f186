//! What every other room stands on, and which uses none of them.

pub mod files;
