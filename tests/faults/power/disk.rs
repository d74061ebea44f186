//! A disk as names in folders that lead to nodes, and what of a run of changes is on it when the
//! power goes.

use std::collections::BTreeMap;

/// A file or a folder, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node(pub(crate) u64);

/// The archive's folder.
pub(crate) const ROOT: Node = Node(0);

/// What is wrong with a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Damage {
    None,
    Empty,
    Short,
    /// As long as it was, but nothing of it was written.
    Zeros,
}

/// A change that a build made, or a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// A name for a new file or folder.
    Make {
        folder: Node,
        name: String,
        node: Node,
        is_folder: bool,
    },
    /// Bytes into a file.
    Write {
        node: Node,
    },
    /// A name in a folder goes, and the file or folder gets one that may have been another's.
    Rename {
        from: (Node, String),
        to: (Node, String),
        node: Node,
    },
    /// A name goes.
    Remove {
        folder: Node,
        name: String,
    },
    SyncFile(Node),
    SyncFolder(Node),
    SyncAll,
}

/// What becomes of a part of a change that no sync made last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    Lost,
    Torn,
}

/// Names in folders, and what is wrong with files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Disk {
    folders: BTreeMap<Node, BTreeMap<String, Node>>,
    damages: BTreeMap<Node, Damage>,
}

impl Disk {
    pub(crate) fn empty() -> Disk {
        Disk { folders: [(ROOT, BTreeMap::new())].into(), damages: BTreeMap::new() }
    }

    pub(crate) fn add_folder(&mut self, node: Node) {
        self.folders.entry(node).or_default();
    }

    pub(crate) fn name(&mut self, folder: Node, name: &str, node: Node) {
        self.folders.entry(folder).or_default().insert(name.to_owned(), node);
    }

    fn forget(&mut self, folder: Node, name: &str) {
        self.folders.entry(folder).or_default().remove(name);
    }

    pub(crate) fn is_folder(&self, node: Node) -> bool {
        self.folders.contains_key(&node)
    }

    /// The names in a folder.
    pub(crate) fn entries(&self, folder: Node) -> &BTreeMap<String, Node> {
        &self.folders[&folder]
    }

    pub(crate) fn damage(&self, node: Node) -> Damage {
        self.damages.get(&node).copied().unwrap_or(Damage::None)
    }

    /// What a path leads to.
    pub(crate) fn find(&self, path: &str) -> Option<Node> {
        path.split('/')
            .filter(|part| !part.is_empty())
            .try_fold(ROOT, |folder, part| self.folders.get(&folder)?.get(part).copied())
    }

    /// Makes a change, all of it.
    pub(crate) fn apply(&mut self, change: &Change) {
        if let Change::Make { node, is_folder: true, .. } = change {
            self.add_folder(*node);
        }
        for (folder, name, node) in names(change) {
            match node {
                Some(node) => self.name(folder, &name, node),
                None => self.forget(folder, &name),
            }
        }
    }

    /// The disk when the power goes after some changes: what a sync made last is there, and chance
    /// decides on the rest, change by change.
    pub(crate) fn after(&self, changes: &[Change], luck: &mut dyn FnMut(&Change) -> Fate) -> Disk {
        let mut disk = self.clone();
        for (at, change) in changes.iter().enumerate() {
            let later = &changes[at + 1..];
            match change {
                Change::Write { node } => {
                    let is_last = later.iter().any(|sync| {
                        matches!(sync, Change::SyncAll)
                            || matches!(sync, Change::SyncFile(synced) if synced == node)
                    });
                    let fate = if is_last { Fate::Kept } else { luck(change) };
                    disk.damages.insert(*node, damage(fate, at));
                }
                Change::Make { node, is_folder: true, .. } => disk.add_folder(*node),
                _ => {}
            }
            disk.apply_names(change, later, luck);
        }
        disk.drop_unreachable();
        disk
    }

    /// Makes the change of each folder by itself: a name may be there twice after a rename.
    fn apply_names(
        &mut self,
        change: &Change,
        later: &[Change],
        luck: &mut dyn FnMut(&Change) -> Fate,
    ) {
        let names = names(change);
        let is_within_one = matches!(change, Change::Rename { from, to, .. } if from.0 == to.0);
        // In one folder a rename is one change of that folder.
        let mut shared = None;
        for (folder, name, node) in names {
            let is_last = later.iter().any(|sync| {
                matches!(sync, Change::SyncAll)
                    || matches!(sync, Change::SyncFolder(synced) if *synced == folder)
            });
            let decided = if is_last { Fate::Kept } else { shared.unwrap_or_else(|| luck(change)) };
            if is_within_one {
                shared = Some(decided);
            }
            match (decided, node) {
                (Fate::Lost, _) => {}
                (_, Some(node)) => self.name(folder, &name, node),
                // What has not yet arrived does not leave either.
                (_, None) if self.arrived(change) => self.forget(folder, &name),
                (_, None) => {}
            }
        }
    }

    fn arrived(&self, change: &Change) -> bool {
        match change {
            Change::Rename { to: (folder, name), node, .. } => {
                self.folders[folder].get(name) == Some(node)
            }
            _ => true,
        }
    }

    /// Folders and damages that no name leads to are not on the disk.
    fn drop_unreachable(&mut self) {
        let mut reached = vec![ROOT];
        let mut at = 0;
        while let Some(node) = reached.get(at).copied() {
            at += 1;
            reached.extend(self.folders.get(&node).into_iter().flat_map(|names| names.values()));
        }
        self.folders.retain(|node, _| reached.contains(node));
        self.damages.retain(|node, damage| *damage != Damage::None && reached.contains(node));
    }
}

/// What a change does to names, in the order in which it is safe: folder, name, what it leads to.
fn names(change: &Change) -> Vec<(Node, String, Option<Node>)> {
    match change {
        Change::Make { folder, name, node, .. } => vec![(*folder, name.clone(), Some(*node))],
        Change::Rename { from, to, node } => {
            vec![(to.0, to.1.clone(), Some(*node)), (from.0, from.1.clone(), None)]
        }
        Change::Remove { folder, name } => vec![(*folder, name.clone(), None)],
        _ => Vec::new(),
    }
}

fn damage(fate: Fate, at: usize) -> Damage {
    match fate {
        Fate::Kept => Damage::None,
        Fate::Lost => Damage::Empty,
        Fate::Torn if at.is_multiple_of(2) => Damage::Short,
        Fate::Torn => Damage::Zeros,
    }
}

/// Numbers by chance, the same in every run.
#[derive(Default)]
pub(crate) struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        // Knuth's constants for a linear congruence; the high bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// One way in which the power goes: all is lost; names stay and bytes do not; then any mixture.
    pub(crate) fn fate(&mut self, way: usize) -> impl FnMut(&Change) -> Fate + '_ {
        let odds = self.next() % 4;
        move |change| match (way, change) {
            (0, _) => Fate::Lost,
            (1, Change::Write { .. }) => Fate::Torn,
            (1, _) => Fate::Kept,
            _ if self.next() % 4 <= odds => Fate::Lost,
            _ if self.next().is_multiple_of(2) => Fate::Torn,
            _ => Fate::Kept,
        }
    }
}
