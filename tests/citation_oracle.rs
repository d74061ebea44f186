//! Our own styles against a CSL processor, over the demo archive and 500 reports of others.
//!
//! Needs the feature `csl`: `cargo test --features csl --test citation_oracle`. Where the processor
//! departs from the manuals or from CSL's own rules, [`mended`] says how and why.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
