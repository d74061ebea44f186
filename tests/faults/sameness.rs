//! The same archive gives the same bytes on whatever machine: its order of folders, umask, clock,
//! locale, time zone and threads.

use std::process::Command;

use crate::archive::{Archive, Tree, differing};
use crate::skip;
use crate::story::Story;

#[track_caller]
fn is_same(site: &Tree, what: &str) {
    let differing = differing(site, &Story::get().new);
    assert!(differing.is_empty(), "{what}: {differing:?}");
}

fn built(archive: &Archive, starter: &[&str], variables: &[(&str, &str)]) -> Tree {
    let mut command = archive.command_in(starter);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    archive.site()
}

#[test]
fn locale_time_zone_and_threads_change_no_byte() {
    for (threads, zone, locale) in [
        ("1", "UTC", "C"),
        ("2", "Pacific/Kiritimati", "tr_TR.UTF-8"),
        ("7", "America/Adak", "ar_EG.UTF-8"),
        ("64", "Asia/Kathmandu", "de_DE.UTF-8"),
    ] {
        let variables = [("RAYON_NUM_THREADS", threads), ("TZ", zone), ("LC_ALL", locale)];
        is_same(&built(&Story::get().unpublished(), &[], &variables), zone);
        is_same(&built(&Story::get().edited(), &[], &variables), zone);
    }
}

#[test]
fn the_umask_changes_no_byte() {
    for mask in ["000", "022", "077", "777"] {
        let set = format!("umask {mask}; exec \"$0\" \"$@\"");
        let archive = Story::get().unpublished();
        let output = archive.command_in(&["sh", "-c", &set]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // With the last not even we may read what we made, unless we are root.
        assert!(output.status.success() || mask == "777", "{mask}: {said}");
        if output.status.success() {
            is_same(&archive.site(), mask);
        }
    }
}

#[test]
fn the_clock_changes_no_byte() {
    if !skip::needs("faketime") {
        return;
    }
    for time in ["1971-03-01 00:00:00", "2016-02-29 23:59:59", "2037-12-31 12:00:00"] {
        // Its library takes clocks of files too, unless told not to.
        for variables in [&[][..], &[("NO_FAKE_STAT", "1")]] {
            let starter = ["faketime", time];
            is_same(&built(&Story::get().unpublished(), &starter, variables), time);
            is_same(&built(&Story::get().edited(), &starter, variables), time);
        }
    }
}

/// A view of a folder, through FUSE, for as long as this lives.
struct View(std::path::PathBuf);

impl Drop for View {
    fn drop(&mut self) {
        let _ = skip::basic("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn the_order_in_which_folders_are_read_changes_no_byte() {
    if !skip::needs("disorderfs") {
        return;
    }
    for orders in [
        &["--shuffle-dirents=yes", "--reverse-dirents=no"][..],
        &["--sort-dirents=yes", "--reverse-dirents=no"],
        &["--sort-dirents=yes", "--reverse-dirents=yes"],
    ] {
        for is_published in [false, true] {
            let story = Story::get();
            let archive = if is_published { story.edited() } else { story.unpublished() };
            let seen = archive.root().with_file_name("seen");
            std::fs::create_dir(&seen).unwrap();
            let mut mount = skip::basic("disorderfs");
            mount.arg("--quiet").args(orders).arg(archive.root()).arg(&seen);
            if !skip::may("mount a view of a folder", &mut mount) {
                return;
            }
            let _view = View(seen.clone());
            let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
            let output = command.arg("--root").arg(&seen).arg("build").output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            is_same(&archive.site(), &orders.join(" "));
        }
    }
}
