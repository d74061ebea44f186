//! What tells that something of the archive changed: the system, or, where it can't watch so many
//! folders, a look at them every second.
//!
//! Which file it was does not matter: the build finds out. Folders that the output or a record lies in
//! are not watched.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::{DirEntry, WalkDir};

use crate::content::scan::is_markdown;

/// Folders of the archive that a build reads.
const FOLDERS: [&str; 5] = ["content", "links", "static", "templates", "themes"];

/// How often is looked where the system can't tell.
const POLL: Duration = Duration::from_secs(1);

/// Why a build may be due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// Something that a build reads is another.
    Changed,
    /// A text of the content was written to its end, or a whole one put in its place.
    Saved,
    /// One of the folders themselves came, went or was put in place of another.
    Folders,
    /// Nobody looks any more.
    Stop,
}

/// The archive under watch; ends when it is dropped.
pub(super) struct Watching {
    watcher: Box<dyn Watcher + Send>,
    scope: Scope,
    wakes: Sender<Wake>,
    followed: BTreeSet<PathBuf>,
    /// Folders that are watched for what links lead to.
    beside_links: BTreeSet<PathBuf>,
}

/// What belongs to the archive.
#[derive(Clone, Debug)]
struct Scope {
    /// Absolute.
    root: PathBuf,
    /// Absolute.
    config: PathBuf,
    /// What lies on the ways of the archive's symbolic links: other links, folders, and what they lead to.
    linked: Arc<RwLock<BTreeSet<PathBuf>>>,
}

impl Watching {
    /// Begins to watch an archive.
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

    /// Watches the folders that are there now and were not before.
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

    /// Watches what symbolic links lead to, and the links in between: a change there is none of the link.
    /// Whether there are others than before: what changed until now was not heard.
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
        // A watch goes with its folder, and another may stand there by now.
        for folder in std::mem::take(&mut self.beside_links) {
            let _ = self.watcher.unwatch(&folder);
        }
        // A folder below one that is watched with all it holds has its watch already, which goes if it is
        // taken back for another.
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
        // Nobody panics while it is held; were it so, what links lead to would not be heard of.
        let Ok(mut known) = linked.write() else { return Ok(false) };
        let are_others = *known != ways;
        *known = ways;
        Ok(are_others)
    }

    /// Watches the folders anew: one of them is another now.
    pub(super) fn follow_anew(&mut self) -> notify::Result<()> {
        for folder in FOLDERS.map(|name| self.scope.root.join(name)) {
            if self.followed.remove(&folder) {
                // The watch may have gone with the folder.
                let _ = self.watcher.unwatch(&folder);
            }
        }
        self.follow()
    }
}

impl Scope {
    /// Passes on what concerns a build.
    fn send_wakes(self, wakes: Sender<Wake>) -> impl Fn(notify::Result<Event>) + Send + 'static {
        move |event| {
            // What the system could not tell may have been anything.
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
        // A folder matters more than what is in it.
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
        // No build reads hidden files of the content, and editors make them all the time.
        let is_hidden = |part: Component<'_>| part.as_os_str().as_encoded_bytes().starts_with(b".");
        let is_skipped = top == "content" && rest.any(is_hidden);
        (!is_skipped).then_some(Wake::Changed)
    }
}

/// The links on the way of a link, folders among them, and its end.
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
                // Round in a circle.
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

/// Whether a file is whole now, where the system tells that.
fn is_end_of_writing(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
    )
}

/// Editors write and rename files of other names before they touch the one that is saved.
fn is_text(path: &Path) -> bool {
    is_markdown(&path.to_string_lossy())
}
