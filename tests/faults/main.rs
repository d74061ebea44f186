//! What happens to a site when its build is killed, refused, cut off from power or run elsewhere.
//!
//! Every test holds the program to the same promise: before the commit point the old site is whole;
//! after it every file is old or new, and whole; the next build makes what a clean build makes, byte
//! for byte. The long ones are `#[ignore]`d: `cargo test --release --test faults -- --ignored`, and
//! variables of the environment ask for more cases than usual. What a test can't find on this machine
//! it skips and says so; `DATELINE_CI=1` makes a missing program a failure.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod archive;
mod disks;
mod kill;
mod power;
mod refusals;
mod sameness;
#[path = "../machine/skip.rs"]
mod skip;
mod story;
mod strace;
mod turns;
