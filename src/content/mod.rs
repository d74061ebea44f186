//! From files to articles.

pub mod markdown;
