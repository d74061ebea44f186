//! Builds to which the system refuses something.

use std::panic::RefUnwindSafe;

use rayon::prelude::*;

use crate::archive::{Archive, Tree};
use crate::skip;
use crate::story::Story;
use crate::strace::{self, Call};

const ERRORS: [&str; 4] = ["ENOSPC", "EIO", "EACCES", "EMFILE"];

/// Lets every call fail, each with one of the errors in turn; with `DATELINE_REFUSALS=4` with each, with
/// `DATELINE_EVERY=3` every third call only.
fn refused_everywhere(old: &Tree, archive: impl Fn(&Story) -> Archive + Sync + RefUnwindSafe) {
    if !strace::works() {
        return;
    }
    let story = Story::get();
    let calls: Vec<Call> =
        strace::traced(&archive(story)).into_iter().filter(Call::succeeded).collect();
    let errors = skip::count("DATELINE_REFUSALS", 1);
    let cases: Vec<(&Call, &str)> = calls
        .iter()
        .enumerate()
        .step_by(skip::count("DATELINE_EVERY", 1))
        .flat_map(|(at, call)| (at..at + errors).map(move |error| (call, ERRORS[error % 4])))
        .collect();
    println!("refused {} times, in {} calls", cases.len(), calls.len());
    let broken = cases.par_iter().filter(|(call, error)| {
        let judged = std::panic::catch_unwind(|| {
            let archive = archive(story);
            let before = archive.records();
            let ended = strace::injected(&archive, call, &format!("error={error}"));
            story.judge(&archive, &before, old, &ended, &format!("{call}: {error}"));
        });
        judged.is_err()
    });
    assert_eq!(broken.count(), 0, "see above what broke");
}

#[test]
#[ignore = "two minutes"]
fn an_incremental_build_refused_any_call_says_so_and_breaks_nothing() {
    refused_everywhere(&Story::get().old, Story::edited);
}

#[test]
#[ignore = "two minutes"]
fn a_clean_build_refused_any_call_says_so_and_breaks_nothing() {
    refused_everywhere(&Tree::new(), Story::unpublished);
}
