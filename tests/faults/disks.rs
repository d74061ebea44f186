//! Disks that are full, read-only, or end in the middle of an archive.

use std::path::{Path, PathBuf};

use crate::archive::{Archive, Tree};
use crate::skip;
use crate::story::Story;

/// A file system mounted for as long as this lives.
struct Mounted(PathBuf);

impl Mounted {
    /// Mounts; `None` where the system does not let us.
    fn new(at: &Path, arguments: &[&str]) -> Option<Mounted> {
        std::fs::create_dir_all(at).unwrap();
        let mut mount = skip::program("mount")?;
        let allowed = skip::may("mount a file system", mount.args(arguments).arg(at));
        allowed.then(|| Mounted(at.to_owned()))
    }

    fn again(&self, options: &str) {
        let status = skip::basic("mount").args(["-o", options]).arg(&self.0).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily: a program that was killed may still hold it for a moment.
        let _ = skip::basic("umount").arg("--lazy").arg(&self.0).status();
    }
}

fn copy_tree(from: &Path, to: &Path) {
    let from = from.join(".");
    assert!(skip::basic("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

/// Builds an archive that stands on a small file system, with more room each time, until it fits.
fn grows(option: &str, sizes: impl Iterator<Item = usize>, old: &Tree, archive: &Archive) {
    let story = Story::get();
    let aside = Archive::copy(archive);
    for (refused, size) in sizes.enumerate() {
        let (before, options) = (aside.records(), format!("{option}={size}"));
        let place = archive.root();
        let Some(disk) = Mounted::new(place, &["-t", "tmpfs", "-o", &options, "tmpfs"]) else {
            return;
        };
        copy_tree(aside.root(), place);
        let ended = archive.build();
        if ended.code == Some(0) {
            assert!(archive.site() == story.new && refused > 0);
            return;
        }
        // Room is made, as the program asked for: then the promise must hold.
        disk.again("remount,size=1g,nr_inodes=100k");
        story.judge(archive, &before, old, &ended, &options);
    }
    panic!("no size was enough");
}

/// How much an archive takes, in blocks of 4 KiB and in files.
fn measure(archive: &Archive) -> (usize, usize) {
    let entries: Vec<_> = walkdir::WalkDir::new(archive.root()).into_iter().flatten().collect();
    let blocks = |entry: &walkdir::DirEntry| entry.metadata().unwrap().len().div_ceil(4096);
    let blocks: u64 = entries.iter().filter(|entry| entry.file_type().is_file()).map(blocks).sum();
    (usize::try_from(blocks).unwrap(), entries.len())
}

#[test]
#[ignore = "half a minute"]
fn a_disk_that_fills_up_at_any_block_leaves_the_old_site() {
    for (archive, old) in
        [(Story::get().edited(), &Story::get().old), (Story::get().unpublished(), &Tree::new())]
    {
        let (blocks, _) = measure(&archive);
        let sizes = (0..).map(|step| (blocks + 1 + step * 7) * 4096);
        grows("nr_inodes=100k,size", sizes.take(400), old, &archive);
    }
}

#[test]
#[ignore = "half a minute"]
fn a_disk_without_room_for_another_file_leaves_the_old_site() {
    for (archive, old) in
        [(Story::get().edited(), &Story::get().old), (Story::get().unpublished(), &Tree::new())]
    {
        let (_, files) = measure(&archive);
        let sizes = (0..).map(|step| files + 1 + step * 3);
        grows("size=1g,nr_inodes", sizes.take(400), old, &archive);
    }
}

#[test]
fn a_read_only_disk_is_named_and_nothing_changes() {
    let story = Story::get();
    for part in ["", "public", ".dateline"] {
        let archive = story.edited();
        let aside = Archive::copy(&archive);
        let place = archive.path(part);
        let Some(disk) = Mounted::new(&place, &["-t", "tmpfs", "tmpfs"]) else { return };
        copy_tree(&aside.path(part), &place);
        let (before, old) = (archive.records(), archive.site());
        disk.again("remount,ro");
        let ended = archive.build();
        assert_eq!(ended.code, Some(2), "{part}: {}", ended.stderr);
        assert!(ended.stderr.contains("read-only"), "{part}: {}", ended.stderr);
        assert!(archive.site() == old);
        disk.again("remount,rw");
        story.judge(&archive, &before, &old, &ended, part);
    }
}

#[test]
fn an_output_on_another_disk_is_built_like_any_other() {
    let story = Story::get();
    for bind in [false, true] {
        let archive = story.edited();
        let aside = Archive::copy(&archive);
        let elsewhere = archive.root().with_file_name("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        let how: &[&str] =
            if bind { &["--bind", elsewhere.to_str().unwrap()] } else { &["-t", "tmpfs", "tmpfs"] };
        let Some(_disk) = Mounted::new(&archive.path("public"), how) else { return };
        copy_tree(&aside.path("public"), &archive.path("public"));
        assert!(archive.built() == story.new, "bind: {bind}");
        archive.has_no_stage();
        // And from an empty one, which can't be replaced by a folder.
        for entry in std::fs::read_dir(archive.path("public")).unwrap() {
            let path = entry.unwrap().path();
            std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path)).unwrap();
        }
        assert!(archive.built() == story.new, "bind: {bind}, empty");
        archive.has_no_stage();
    }
}
