//! What may be published as it is, decided once: a regular file that no program left behind, that is
//! not hidden and that `[build] ignore` does not name.
//!
//! [`super::scan`] and `pipeline::copied` walk folders through [`Sieve`], which judges a name before it
//! asks the system anything about it. Only this module makes a [`Publishable`], and only that is copied.

use std::borrow::Borrow;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use walkdir::{DirEntry, WalkDir};

use crate::base::diagnostic::{Diagnostic, Rule};

use crate::base::leftovers::{Ignored, is_leftover};

/// The path of a file that may be copied into the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Publishable(PathBuf);

impl Publishable {
    /// The file's path on this machine.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Deref for Publishable {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl AsRef<Path> for Publishable {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Borrow<Path> for Publishable {
    fn borrow(&self) -> &Path {
        &self.0
    }
}

/// A file beside an `index.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asset {
    /// A file of its own.
    File(Publishable),
    /// A symbolic link, of which only the whole archive can tell whether it may be published.
    Link(PathBuf),
}

impl Asset {
    /// Its path on this machine.
    pub fn path(&self) -> &Path {
        match self {
            Asset::File(file) => file,
            Asset::Link(path) => path,
        }
    }
}

/// The files that are published, to find out whether a link leads to one of them.
pub struct LinkTargets<'a> {
    published: FxHashSet<&'a Path>,
    /// Folders as they are named here, and where they are once no link is on their way.
    folders: Vec<(PathBuf, PathBuf)>,
}

impl<'a> LinkTargets<'a> {
    /// Those of an archive.
    pub fn new(root: &Path, published: impl Iterator<Item = &'a Publishable>) -> LinkTargets<'a> {
        let folders = ["content", "static"].map(|name| root.join(name));
        let folders = folders.into_iter().filter_map(|folder| {
            let real = folder.canonicalize().ok()?;
            Some((folder, real))
        });
        LinkTargets {
            published: published.map(Publishable::path).collect(),
            folders: folders.collect(),
        }
    }

    /// The link, where it leads to a file that is published itself.
    pub fn publishable(&self, link: &Path) -> Option<Publishable> {
        let target = link.canonicalize().ok()?;
        let is_published = self.folders.iter().any(|(named, real)| {
            target
                .strip_prefix(real)
                .is_ok_and(|below| self.published.contains(&*named.join(below)))
        });
        is_published.then(|| Publishable(link.to_owned()))
    }
}

/// Why a file or folder is left out without being looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// An editor, a system or another program left it behind.
    Leftover,
    /// Its name begins with a dot.
    Hidden,
    /// A pipe, a socket or a device.
    Special,
    /// A text about the folder, such as a README without front matter.
    NoArticle,
}

/// What is left out of the site, by its path from the archive's root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Why.
    pub reason: Reason,
    /// Which; a folder's path ends with `/`.
    pub path: String,
}

/// So many names stand in a note.
const MOST_NAMED: usize = 60;

impl Reason {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Reason::Leftover => (
                "left behind by an editor or another program and not published",
                "remove what you don't need; rename what you do",
            ),
            Reason::Hidden => ("hidden and not published", "rename what is meant for readers"),
            Reason::Special => (
                "no regular file, but a pipe, socket or device, and not published",
                "remove it, or put a regular file in its place",
            ),
            Reason::NoArticle => (
                "about the folder and not published: a README without front matter is no article",
                "give it front matter if it is meant for readers",
            ),
        }
    }
}

/// A note for each reason, which names what was left out.
pub fn notes(mut left_out: Vec<LeftOut>) -> Vec<Diagnostic> {
    left_out.sort();
    left_out.dedup();
    left_out
        .chunk_by(|one, other| one.reason == other.reason)
        .map(|group| {
            let (message, help) = group[0].reason.words();
            let names: Vec<&str> =
                group.iter().take(MOST_NAMED).map(|left_out| left_out.path.as_str()).collect();
            let more = match group.len() - names.len() {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            let message = format!("{message}: {}{more}", names.join(", "));
            Diagnostic::note(Rule::LeftOut, message).help(help)
        })
        .collect()
}

/// Which folder of the archive is walked: in each other hidden files have a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// `content/`
    Content,
    /// `static/`, whose files lie at the site's root.
    Static,
    /// `themes/` and `templates/`
    Theme,
}

/// Hidden files in `static/` that hosts and other programs ask for.
const FOR_HOSTS: [&str; 4] = [".well-known", ".nojekyll", ".htaccess", ".domains"];

/// Empty files that keep a folder in version control. There is nothing to say of them.
const PLACEHOLDERS: [&str; 2] = [".gitkeep", ".keep"];

/// Lets through what may be published and what is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Sieve<'a> {
    /// The archive's root.
    pub root: &'a Path,
    /// `[build] ignore`
    pub ignored: &'a Ignored,
}

/// A walk's entries, and what it passed over.
#[derive(Debug, Default)]
pub struct Sifted {
    /// Folders, regular files and symbolic links, and what the system did not let be seen.
    pub entries: Vec<walkdir::Result<DirEntry>>,
    /// What is left out.
    pub left_out: Vec<LeftOut>,
}

enum Judgement {
    Passes,
    LeftOut(Reason),
    Unmentioned,
}

impl Sieve<'_> {
    /// Walks a folder; no link is followed but the first.
    pub fn walk(self, walk: WalkDir, area: Area) -> Sifted {
        let mut left_out = Vec::new();
        let passes = |entry: &DirEntry| match self.judge(entry, area) {
            Judgement::Passes => true,
            Judgement::Unmentioned => false,
            Judgement::LeftOut(reason) => {
                let end = if entry.file_type().is_dir() { "/" } else { "" };
                let path = format!("{}{end}", relative(self.root, entry.path()));
                left_out.push(LeftOut { reason, path });
                false
            }
        };
        let entries = walk.into_iter().filter_entry(passes).collect();
        Sifted { entries, left_out }
    }

    fn judge(self, entry: &DirEntry, area: Area) -> Judgement {
        if entry.depth() == 0 {
            return Judgement::Passes;
        }
        let name = entry.file_name().to_string_lossy();
        let kind = entry.file_type();
        if self.ignored.is_match(&name, || relative(self.root, entry.path()))
            || PLACEHOLDERS.contains(&&*name)
        {
            return Judgement::Unmentioned;
        }
        if area == Area::Static && FOR_HOSTS.contains(&&*name) {
            return Judgement::Passes;
        }
        if is_leftover(&name) {
            return Judgement::LeftOut(Reason::Leftover);
        }
        if name.starts_with('.') {
            return Judgement::LeftOut(Reason::Hidden);
        }
        if !kind.is_file() && !kind.is_dir() && !kind.is_symlink() {
            return Judgement::LeftOut(Reason::Special);
        }
        Judgement::Passes
    }

    /// A regular file that a walk let through.
    pub fn publishable(entry: DirEntry) -> Option<Publishable> {
        entry.file_type().is_file().then(|| Publishable(entry.into_path()))
    }

    /// Whether a link to a text may be read as that text: a regular file of the archive that would be
    /// let through itself, and no setting or record.
    pub fn may_be_read(self, target: &Path) -> bool {
        let Some(below) = self
            .root
            .canonicalize()
            .ok()
            .and_then(|root| target.strip_prefix(root).ok().map(Path::to_owned))
        else {
            return false;
        };
        let mut names = below.iter().map(|name| name.to_string_lossy());
        !below.starts_with("links")
            && is_markdown(&below.to_string_lossy())
            && names.all(|name| !name.starts_with('.') && !is_leftover(&name))
            && target.metadata().is_ok_and(|data| data.is_file())
    }
}

/// A path from the archive's root, with `/` on every system.
pub fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    if let (std::path::MAIN_SEPARATOR, Some(plain)) = ('/', path.to_str()) {
        return plain.to_owned();
    }
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Whether a file is a text by its name.
pub fn is_markdown(path: &str) -> bool {
    const ENDINGS: [&str; 6] = ["md", "markdown", "mdx", "mdown", "mkd", "mkdn"];
    let extension = path.rsplit('.').next().unwrap_or_default();
    ENDINGS.iter().any(|ending| extension.eq_ignore_ascii_case(ending))
}

/// Whether a file is HTML by its name: a text if it begins with front matter.
pub fn is_html(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    extension.eq_ignore_ascii_case("html") || extension.eq_ignore_ascii_case("htm")
}
