//! `dateline deploy`, black-box: the real program puts real sites to folders, servers and branches.
//!
//! What a test can't find on this machine it skips and says so; `DATELINE_CI=1` makes that a failure.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../site/archive.rs"]
#[allow(dead_code, reason = "shared with other tests, which use more of it")]
mod archive;
#[path = "../site/page.rs"]
#[allow(dead_code, reason = "shared with other tests, which use more of it")]
mod page;
#[path = "../machine/skip.rs"]
mod skip;

mod age;
mod azurite;
mod bucket;
mod clouds;
mod folder;
mod git;
mod google;
mod guards;
mod little;
mod moto;
mod profiles;
mod proxy;
mod purging;
mod reader;
mod rsync;
mod ssh;
mod store;
