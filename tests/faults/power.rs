//! Power cuts, simulated: a build is traced, and the disks it may leave are laid out.
//!
//! [`trace`] turns the build's system calls into changes of files and folders; [`disk`] tells which
//! of them a sync has made last at a moment, and which may be undone, each by itself; [`layout`] makes
//! such a disk from the very files of the build, so that size, time and inode are what its record
//! says. Then the next build must make what a clean one makes.

mod disk;
mod layout;
mod trace;

use crate::archive::{Archive, Tree, differing};
use crate::skip;
use crate::story::Story;
use crate::strace;

use disk::{Chance, Change, Disk, Fate};
use layout::Masters;

/// Cuts the power of a build at every change, some ways each.
fn cut_everywhere(old: &Tree, archive: &Archive, ways: usize) {
    if !strace::works() {
        return;
    }
    let story = Story::get();
    let mut masters = Masters::keep(archive);
    let first = masters.disk().clone();
    let calls = strace::traced(archive);
    let changes = trace::changes(&calls, &first);
    masters.keep_new(archive, &first, &changes);
    let (mut chance, mut seen) = (Chance::default(), std::collections::HashSet::new());
    for moment in 0..=changes.len() {
        let past = &changes[..moment];
        for way in 0..ways {
            let disk = first.after(past, &mut chance.fate(way));
            if !seen.insert(disk.clone()) {
                continue;
            }
            check(story, old, &masters, &disk, &what(past, way));
        }
    }
    println!("{} different disks after {} changes", seen.len(), changes.len());
    assert!(seen.len() > changes.len() / 4, "hardly anything was left to chance");
}

fn what(past: &[Change], way: usize) -> String {
    format!("cut after {} changes, the last {:?}, way {way}", past.len(), past.last())
}

#[track_caller]
fn check(story: &Story, old: &Tree, masters: &Masters, disk: &Disk, what: &str) {
    let laid = masters.lay_out(disk);
    let site = laid.archive.site();
    let torn: Vec<&String> = site
        .iter()
        .filter(|(path, bytes)| ![old.get(*path), story.new.get(*path)].contains(&Some(bytes)))
        .map(|(path, _)| path)
        .collect();
    assert!(torn.is_empty(), "{what}: neither old nor new: {torn:?}");
    let next = laid.archive.build();
    assert_eq!(next.code, Some(0), "{what}: the next build: {}", next.stderr);
    let site = laid.archive.site();
    let differing = differing(&site, &story.new);
    assert!(differing.is_empty(), "{what}: after the next build: {differing:?}");
    laid.archive.has_no_stage();
}

/// How many disks are tried at each moment.
fn ways() -> usize {
    skip::count("DATELINE_POWER_CUTS", 4)
}

#[test]
#[ignore = "a minute"]
fn after_a_power_cut_in_an_incremental_build_the_next_is_a_clean_one() {
    let story = Story::get();
    cut_everywhere(&story.old, &story.edited(), ways());
}

#[test]
#[ignore = "a minute"]
fn after_a_power_cut_in_a_clean_build_the_next_is_a_clean_one() {
    cut_everywhere(&Tree::new(), &Story::get().unpublished(), ways());
}

/// The end of a commit that a power cut left half-way may be cut off too.
#[test]
#[ignore = "a minute"]
fn after_a_power_cut_while_a_commit_is_finished_the_next_is_a_clean_one() {
    if !strace::works() {
        return;
    }
    let story = Story::get();
    let calls = strace::traced(&story.edited());
    let renames: Vec<_> = calls.iter().filter(|call| call.moves_into_site()).collect();
    let archive = story.edited();
    let ended = strace::injected(&archive, renames[renames.len() / 2], "signal=SIGKILL");
    assert_eq!(ended.signal, Some(9));
    // Some of its files are old by now and some new: none may be torn.
    cut_everywhere(&story.old, &archive, ways());
}

#[test]
fn what_a_sync_made_last_stays_and_nothing_else_has_to() {
    let root = Disk::empty();
    let (file, data) = (disk::Node(1), disk::Node(1));
    let made = [
        Change::Make { folder: disk::ROOT, name: "a".into(), node: file, is_folder: false },
        Change::Write { node: data },
    ];
    let undone = root.after(&made, &mut |_| Fate::Lost);
    assert!(undone.entries(disk::ROOT).is_empty());
    for (sync, is_there, is_whole) in [
        (Change::SyncFolder(disk::ROOT), true, false),
        (Change::SyncFile(file), false, true),
        (Change::SyncAll, true, true),
    ] {
        let mut changes = made.to_vec();
        changes.push(sync);
        let disk = root.after(&changes, &mut |_| Fate::Lost);
        assert_eq!(disk.entries(disk::ROOT).contains_key("a"), is_there);
        assert_eq!(disk.damage(file) == disk::Damage::None, is_whole);
    }
}
