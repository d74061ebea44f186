//! Caches from one build to the next: in `.dateline/`, and in memory for a process that builds
//! repeatedly. All may be deleted at any time.

pub(crate) mod answers;
pub(crate) mod noop;
pub(crate) mod page_records;
pub(crate) mod search_records;
pub(crate) mod session;
