//! Moving in: exports of other programs, rebuilt small, and the reports that they become.

mod exports;
mod hostile;
mod libraries;
mod others;
mod own;
mod saved;
mod seed;
mod shelf;
mod wordpress;
mod wxr;
