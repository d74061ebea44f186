//! What one build leaves for the next: on disk in `.dateline/`, and in memory for a process that
//! builds again. All of it may be lost at any time.

pub(crate) mod answers;
pub(crate) mod noop;
pub(crate) mod page_records;
pub(crate) mod search_records;
pub(crate) mod session;
