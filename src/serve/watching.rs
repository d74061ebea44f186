//! Reports changes of the archive: by system events, or by polling every second if the system can't
//! watch so many folders.
//!
//! It does not matter which file changed, as a build finds out. Folders of outputs and records are
//! not watched.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::{DirEntry, WalkDir};

use crate::content::scan::is_markdown;

/// The folders that a build reads.
const FOLDERS: [&str; 7] = ["content", "data", "links", "static", "templates", "terms", "themes"];

/// The interval of polling.
const POLL: Duration = Duration::from_secs(1);

/// Why a build may be needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// An input of the build changed.
    Changed,
    /// A text was saved completely, or replaced.
    Saved,
    /// One of the folders was created, removed or replaced.
    Folders,
    /// The server ends.
    Stop,
}

/// Watches an archive until it is dropped.
pub(super) struct Watching {
    watcher: Box<dyn Watcher + Send>,
    scope: Scope,
    wakes: Sender<Wake>,
    followed: BTreeSet<PathBuf>,
    /// Folders that are watched for targets of links.
    beside_links: BTreeSet<PathBuf>,
}

/// The paths that belong to the archive.
#[derive(Clone, Debug)]
struct Scope {
    root: PathBuf,
    config: PathBuf,
    /// Paths that symbolic links lead through: other links, folders, and targets.
    linked: Arc<RwLock<BTreeSet<PathBuf>>>,
}

impl Watching {
    pub(super) fn begin(
        root: &Path,
        config: &Path,
        wakes: Sender<Wake>,
    ) -> notify::Result<Watching> {
        let root = root.canonicalize()?;
        let scope = Scope { config: root.join(config), root, linked: Arc::default() };
        let watcher = Box::new(RecommendedWatcher::new(
            scope.clone().send_wakes(wakes.clone()),
            Config::default(),
        )?);
        let mut watching = Watching {
            watcher,
            scope,
            wakes,
            followed: BTreeSet::new(),
            beside_links: BTreeSet::new(),
        };
        if watching.follow().is_err() {
            let send_wakes = watching.scope.clone().send_wakes(watching.wakes.clone());
            let config = Config::default().with_poll_interval(POLL);
            watching.watcher = Box::new(PollWatcher::new(send_wakes, config)?);
            watching.followed.clear();
            watching.follow()?;
        }
        Ok(watching)
    }

    /// Watches folders that are new.
    pub(super) fn follow(&mut self) -> notify::Result<()> {
        let Scope { root, config, .. } = &self.scope;
        let beside_config = config.parent().unwrap_or(root);
        for folder in [root.as_path(), beside_config] {
            if self.followed.insert(folder.to_owned()) {
                self.watcher.watch(folder, RecursiveMode::NonRecursive)?;
            }
        }
        for folder in FOLDERS.map(|name| root.join(name)) {
            if folder.is_dir() && self.followed.insert(folder.clone()) {
                self.watcher.watch(&folder, RecursiveMode::Recursive)?;
            }
        }
        Ok(())
    }

    /// Watches targets of symbolic links, and links in between, as a change of the target is not a
    /// change of the link. Returns whether any are new: their changes so far were missed.
    pub(super) fn follow_links(&mut self) -> notify::Result<bool> {
        let Scope { root, config, linked } = &self.scope;
        let ways: BTreeSet<PathBuf> = FOLDERS
            .iter()
            .flat_map(|name| WalkDir::new(root.join(name)).follow_root_links(false))
            .filter_map(Result::ok)
            .filter(DirEntry::path_is_symlink)
            .map(DirEntry::into_path)
            .chain([config.clone()].into_iter().filter(|config| config.is_symlink()))
            .flat_map(|link| way(&link))
            .flat_map(|path| path.ancestors().map(Path::to_owned).collect::<Vec<_>>())
            .filter(|path| path != root && path.starts_with(root))
            .collect();
        let folders: BTreeSet<PathBuf> =
            ways.iter().filter_map(|path| path.parent()).map(Path::to_owned).collect();
        // A watch ends with its folder, which may have been replaced.
        for folder in std::mem::take(&mut self.beside_links) {
            let _ = self.watcher.unwatch(&folder);
        }
        // A folder inside a recursively watched one has a watch already, which must not be removed.
        let is_followed = |folder: &PathBuf| {
            self.followed.contains(folder)
                || FOLDERS.map(|name| root.join(name)).iter().any(|followed| {
                    folder.starts_with(followed) && self.followed.contains(followed)
                })
        };
        let is_new = |folder: &PathBuf| !is_followed(folder);
        self.beside_links = folders.into_iter().filter(is_new).collect();
        for folder in &self.beside_links {
            self.watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        // The lock is never poisoned; if it were, targets of links would not be watched.
        let Ok(mut known) = linked.write() else { return Ok(false) };
        let are_others = *known != ways;
        *known = ways;
        Ok(are_others)
    }

    /// Watches all folders again, as one was replaced.
    pub(super) fn follow_anew(&mut self) -> notify::Result<()> {
        for folder in FOLDERS.map(|name| self.scope.root.join(name)) {
            if self.followed.remove(&folder) {
                // The watch may have ended with the folder.
                let _ = self.watcher.unwatch(&folder);
            }
        }
        self.follow()
    }
}

impl Scope {
    /// Forwards events that may need a build.
    fn send_wakes(self, wakes: Sender<Wake>) -> impl Fn(notify::Result<Event>) + Send + 'static {
        move |event| {
            // An error may mean any change.
            let wake = event.map_or(Some(Wake::Changed), |event| self.wake(&event));
            if let Some(wake) = wake {
                let _ = wakes.send(wake);
            }
        }
    }

    fn wake(&self, event: &Event) -> Option<Wake> {
        if event.need_rescan() {
            return Some(Wake::Folders);
        }
        if matches!(event.kind, EventKind::Access(_)) && !is_end_of_writing(event.kind) {
            return None;
        }
        let wakes = event.paths.iter().filter_map(|path| self.concerns(path));
        // A change of a folder matters more than one inside it.
        let wake = wakes.max_by_key(|wake| *wake == Wake::Folders);
        let is_saved =
            is_end_of_writing(event.kind) && event.paths.last().is_some_and(|path| is_text(path));
        wake.map(|wake| if wake == Wake::Changed && is_saved { Wake::Saved } else { wake })
    }

    fn concerns(&self, path: &Path) -> Option<Wake> {
        if path == self.config {
            return Some(Wake::Changed);
        }
        let is_linked = || self.linked.read().is_ok_and(|linked| linked.contains(path));
        self.concerns_folders(path).or_else(|| is_linked().then_some(Wake::Changed))
    }

    fn concerns_folders(&self, path: &Path) -> Option<Wake> {
        let mut below = path.strip_prefix(&self.root).ok()?.components();
        let Component::Normal(top) = below.next()? else { return None };
        let top = FOLDERS.into_iter().find(|name| top == *name)?;
        let mut rest = below.peekable();
        if rest.peek().is_none() {
            return Some(Wake::Folders);
        }
        // Builds read no hidden files of content, and editors write them often.
        let is_hidden = |part: Component<'_>| part.as_os_str().as_encoded_bytes().starts_with(b".");
        let is_skipped = top == "content" && rest.any(is_hidden);
        (!is_skipped).then_some(Wake::Changed)
    }
}

/// The links and folders that a link leads through, and its target.
fn way(link: &Path) -> Vec<PathBuf> {
    let (mut passed, mut next) = (Vec::new(), vec![link.to_owned()]);
    while let Some(path) = next.pop() {
        let mut found = PathBuf::new();
        for (at, part) in path.components().enumerate() {
            match part {
                Component::ParentDir => drop(found.pop()),
                part => found.push(part),
            }
            let Ok(target) = found.read_link() else { continue };
            if passed.contains(&found) {
                // A loop.
                return passed;
            }
            let rest: PathBuf = path.components().skip(at + 1).collect();
            next.push(found.parent().unwrap_or(&found).join(target).join(rest));
            break;
        }
        passed.push(found);
    }
    passed
}

/// Whether writing a file has ended, if the system reports that.
fn is_end_of_writing(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
    )
}

/// Editors write and rename temporary files before they replace the saved one.
fn is_text(path: &Path) -> bool {
    is_markdown(&path.to_string_lossy())
}
