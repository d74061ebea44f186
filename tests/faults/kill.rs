//! Builds that are killed.

use std::process::Stdio;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::archive::{Archive, Tree};
use crate::skip;
use crate::story::Story;
use crate::strace::{self, Call};

/// Kills a build of each kind before every call of it that changes anything; with `DATELINE_EVERY=3`
/// before every third.
fn killed_everywhere(old: &Tree, archive: impl Fn(&Story) -> Archive + Sync) {
    if !strace::works() {
        return;
    }
    let story = Story::get();
    let calls: Vec<Call> = strace::traced(&archive(story));
    let calls: Vec<Call> = calls.into_iter().filter(Call::is_mutating).collect();
    let every = skip::count("DATELINE_EVERY", 1);
    println!("killed before each of {} calls, or every {every}th of them", calls.len());
    calls.par_iter().step_by(every).for_each(|call| {
        let archive = archive(story);
        let before = archive.records();
        let ended = strace::injected(&archive, call, "signal=SIGKILL");
        assert_eq!(ended.signal, Some(9), "{call}: {:?} {}", ended.code, ended.stderr);
        story.holds(&archive, &before, old, &format!("killed before {call}"));
    });
}

#[test]
#[ignore = "a minute"]
fn an_incremental_build_killed_before_any_call_leaves_old_or_new_files() {
    killed_everywhere(&Story::get().old, Story::edited);
}

#[test]
#[ignore = "a minute"]
fn a_clean_build_killed_before_any_call_leaves_nothing_or_all() {
    killed_everywhere(&Tree::new(), Story::unpublished);
}

#[test]
#[ignore = "a minute"]
fn a_clean_build_killed_at_random_moments_leaves_nothing_or_all() {
    let story = Story::get();
    let started = Instant::now();
    story.unpublished().built();
    let usual = started.elapsed();
    let moments = skip::count("DATELINE_KILLS", 200);
    let killed = (0..u32::try_from(moments).unwrap())
        .filter(|&moment| {
            let archive = story.unpublished();
            let mut command = archive.command();
            command.env("RAYON_NUM_THREADS", "2").stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            // The steps of the golden ratio fill the time evenly, however many there are.
            let part = (f64::from(moment) * 0.618_033_988_75).fract();
            std::thread::sleep(usual.mul_f64(part) + Duration::from_micros(50));
            child.kill().unwrap();
            let status = child.wait().unwrap();
            story.holds(&archive, &Tree::new(), &Tree::new(), &format!("killed after {part}"));
            !status.success()
        })
        .count();
    println!("killed {killed} of {moments}");
    assert!(killed > moments / 3, "only {killed} of {moments} builds were killed");
}
