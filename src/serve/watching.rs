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
    /// One of the folders themselves came, went or was put in place of another, or a symbolic link did.
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
}

/// What belongs to the archive.
#[derive(Clone, Debug)]
struct Scope {
    /// Absolute.
    root: PathBuf,
    /// Absolute.
    config: PathBuf,
    /// Where symbolic links of the archive lead, without links.
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
            scope.clone().hear(wakes.clone()),
            Config::default(),
        )?);
        let mut watching = Watching { watcher, scope, wakes, followed: BTreeSet::new() };
        if watching.follow().is_err() {
            let hear = watching.scope.clone().hear(watching.wakes.clone());
            let config = Config::default().with_poll_interval(POLL);
            watching.watcher = Box::new(PollWatcher::new(hear, config)?);
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

    /// Watches what symbolic links lead to: a change there is none of the link.
    pub(super) fn follow_links(&mut self) -> notify::Result<()> {
        let Scope { root, config, linked } = &self.scope;
        let targets: BTreeSet<PathBuf> = FOLDERS
            .iter()
            .flat_map(|name| WalkDir::new(root.join(name)).follow_root_links(false))
            .filter_map(Result::ok)
            .filter(DirEntry::path_is_symlink)
            .map(DirEntry::into_path)
            .chain([config.clone()].into_iter().filter(|config| config.is_symlink()))
            .filter_map(|link| link.canonicalize().ok())
            .filter(|target| target.is_file())
            .collect();
        for folder in targets.iter().filter_map(|target| target.parent()) {
            if self.followed.insert(folder.to_owned()) {
                self.watcher.watch(folder, RecursiveMode::NonRecursive)?;
            }
        }
        // Nobody panics while it is held; were it so, what links lead to would not be heard of.
        if let Ok(mut known) = linked.write() {
            *known = targets;
        }
        Ok(())
    }

    /// Watches the folders anew: one of them is another now.
    pub(super) fn follow_anew(&mut self) -> notify::Result<()> {
        for folder in FOLDERS.map(|name| self.scope.root.join(name)) {
            if self.followed.remove(&folder) {
                // The watch may have gone with the folder.
                let _ = self.watcher.unwatch(&folder);
            }
        }
        self.follow()?;
        self.follow_links()
    }
}

impl Scope {
    /// Passes on what concerns a build.
    fn hear(self, wakes: Sender<Wake>) -> impl Fn(notify::Result<Event>) + Send + 'static {
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
        let is_linked = self.linked.read().is_ok_and(|linked| linked.contains(path));
        if path == self.config || is_linked {
            return Some(if path.is_symlink() { Wake::Folders } else { Wake::Changed });
        }
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
        let wake = if path.is_symlink() { Wake::Folders } else { Wake::Changed };
        (!is_skipped).then_some(wake)
    }
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
    path.extension().is_some_and(|extension| extension == "md" || extension == "markdown")
}
