//! Moving in: exports of other programs, rebuilt small, and the reports that they become.

mod others;
mod seed;
mod wordpress;
mod wxr;
