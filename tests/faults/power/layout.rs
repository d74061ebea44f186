//! Disks laid out from the very files of a build: hard links keep size, time and inode as they were.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::archive::Archive;

use super::disk::{Change, Damage, Disk, Node, ROOT};

/// Every file that was ever part of the archive, kept under a name of its own.
pub(crate) struct Masters {
    folder: PathBuf,
    /// Where each node's file is kept.
    files: HashMap<Node, PathBuf>,
    first: Disk,
}

/// A disk that was laid out; files that were damaged for it are whole again when it goes.
pub(crate) struct Laid {
    pub(crate) archive: Archive,
    damaged: Vec<(PathBuf, Vec<u8>)>,
}

impl Masters {
    /// Keeps the files of an archive as it is before a build.
    pub(crate) fn keep(archive: &Archive) -> Masters {
        let folder = archive.root().with_file_name("masters");
        fs::create_dir(&folder).unwrap();
        let mut masters = Masters { folder, files: HashMap::new(), first: Disk::empty() };
        masters.walk(archive.root(), ROOT);
        masters
    }

    /// The disk before the build.
    pub(crate) fn disk(&self) -> &Disk {
        &self.first
    }

    fn walk(&mut self, folder: &Path, node: Node) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (name, data) =
                (entry.file_name().into_string().unwrap(), entry.metadata().unwrap());
            let child = Node(data.ino());
            self.first.name(node, &name, child);
            if data.is_dir() {
                self.first.add_folder(child);
                self.walk(&entry.path(), child);
            } else {
                self.keep_file(child, &entry.path());
            }
        }
    }

    fn keep_file(&mut self, node: Node, path: &Path) {
        let kept = self.folder.join(node.0.to_string());
        fs::hard_link(path, &kept).unwrap();
        self.files.insert(node, kept);
    }

    /// Keeps the files that a build made, having made sure that its changes explain what is there now.
    pub(crate) fn keep_new(&mut self, archive: &Archive, first: &Disk, changes: &[Change]) {
        let mut last = first.clone();
        for change in changes {
            last.apply(change);
        }
        self.compare(archive.root(), &last, ROOT);
        for change in changes {
            // What did not live to the end was only a probe.
            if let Change::Make { node, is_folder: false, .. } = change
                && !self.files.contains_key(node)
            {
                let path = self.folder.join(node.0.to_string());
                fs::write(&path, "").unwrap();
                self.files.insert(*node, path);
            }
        }
    }

    fn compare(&mut self, folder: &Path, disk: &Disk, node: Node) {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        let entries = disk.entries(node);
        assert!(names.iter().eq(entries.keys()), "{}: {names:?} {entries:?}", folder.display());
        for (name, &child) in entries {
            let path = folder.join(name);
            assert_eq!(path.is_dir(), disk.is_folder(child), "{}", path.display());
            if path.is_dir() {
                self.compare(&path, disk, child);
            } else if !self.files.contains_key(&child) {
                self.keep_file(child, &path);
            }
        }
    }

    /// An archive that is a disk.
    pub(crate) fn lay_out(&self, disk: &Disk) -> Laid {
        let mut laid = Laid { archive: Archive::beside(&self.folder), damaged: Vec::new() };
        let root = laid.archive.root().to_owned();
        self.lay(disk, ROOT, &root, &mut laid);
        laid
    }

    fn lay(&self, disk: &Disk, node: Node, folder: &Path, laid: &mut Laid) {
        for (name, &child) in disk.entries(node) {
            let path = folder.join(name);
            if disk.is_folder(child) {
                fs::create_dir(&path).unwrap();
                self.lay(disk, child, &path, laid);
                continue;
            }
            let kept = &self.files[&child];
            let damage = disk.damage(child);
            if damage != Damage::None && !laid.damaged.iter().any(|(known, _)| known == kept) {
                laid.damaged.push((kept.clone(), harm(kept, damage)));
            }
            // The next build writes into these where they are: no other disk may see that.
            if name == "lock" || name.ends_with(".tmp") {
                fs::copy(kept, &path).unwrap();
            } else {
                fs::hard_link(kept, &path).unwrap();
            }
        }
    }
}

/// Damages a file and leaves its time as it was; what it held.
fn harm(path: &Path, damage: Damage) -> Vec<u8> {
    let whole = fs::read(path).unwrap();
    let rest = match damage {
        Damage::None => whole.clone(),
        Damage::Empty => Vec::new(),
        Damage::Short => whole[..whole.len() / 2].to_vec(),
        Damage::Zeros => vec![0; whole.len()],
    };
    rewrite(path, &rest);
    whole
}

fn rewrite(path: &Path, bytes: &[u8]) {
    let modified = fs::metadata(path).unwrap().modified().unwrap();
    fs::write(path, bytes).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
}

impl Drop for Laid {
    fn drop(&mut self) {
        for (path, whole) in &self.damaged {
            rewrite(path, whole);
        }
    }
}
