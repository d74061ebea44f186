//! From system calls to changes of a disk.

use crate::strace::Call;

use super::disk::{Change, Disk, Node};

/// The first number of nodes that are made while we watch; those before are inodes.
const FIRST_NEW: u64 = 1 << 60;

/// What a build's calls changed, on a disk as it was before.
pub(crate) fn changes(calls: &[Call], first: &Disk) -> Vec<Change> {
    let (mut disk, mut next) = (first.clone(), FIRST_NEW);
    let mut changes = Vec::new();
    for call in calls.iter().filter(|call| call.succeeded() && call.is_mutating()) {
        let Some(change) = change(call, &disk, Node(next)) else { continue };
        next += 1;
        disk.apply(&change);
        changes.push(change);
    }
    changes
}

fn change(call: &Call, disk: &Disk, node: Node) -> Option<Change> {
    let path = inside(&call.paths[0])?;
    let place = |path: &str| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = disk.find(folder).unwrap_or_else(|| panic!("{call}: no folder"));
        (folder, name.to_owned())
    };
    let found = |path: &str| disk.find(path).unwrap_or_else(|| panic!("{call}: nothing is there"));
    Some(match call.name.as_str() {
        "openat" if disk.find(path).is_some() => Change::Write { node: found(path) },
        "openat" | "mkdir" => {
            let (folder, name) = place(path);
            Change::Make { folder, name, node, is_folder: call.name == "mkdir" }
        }
        "write" | "copy_file_range" | "ftruncate" => Change::Write { node: found(path) },
        "rename" => Change::Rename {
            from: place(path),
            to: place(inside(&call.paths[1])?),
            node: found(path),
        },
        "unlinkat" if call.paths.len() > 1 => {
            Change::Remove { folder: found(path), name: call.paths[1].clone() }
        }
        "unlink" | "unlinkat" | "rmdir" => {
            let (folder, name) = place(path);
            Change::Remove { folder, name }
        }
        "fsync" if disk.is_folder(found(path)) => Change::SyncFolder(found(path)),
        "fsync" | "fdatasync" => Change::SyncFile(found(path)),
        "syncfs" => Change::SyncAll,
        other => panic!("the simulation does not know {other}: teach it"),
    })
}

/// A path from the archive's folder, which is written ROOT.
fn inside(path: &str) -> Option<&str> {
    path.strip_prefix("ROOT").map(|path| path.trim_start_matches('/'))
}
