//! Decides in one place which files may be published: regular files that are not left-overs of
//! programs, not hidden, and not ignored by `[build] ignore`.
//!
//! [`super::scan`] and `pipeline::copied` walk folders through [`Sieve`], which judges a name
//! before any system call. Only this module makes a [`Publishable`], and only such files are
//! copied.

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
    /// A regular file.
    File(Publishable),
    /// A symbolic link; whether it may be published depends on the whole archive.
    Link(PathBuf),
}

impl Asset {
    pub fn path(&self) -> &Path {
        match self {
            Asset::File(file) => file,
            Asset::Link(path) => path,
        }
    }
}

/// The published files, for resolving links.
pub(crate) struct LinkTargets<'a> {
    published: FxHashSet<&'a Path>,
    /// Folders as named here, and with all symbolic links resolved.
    folders: Vec<(PathBuf, PathBuf)>,
}

impl<'a> LinkTargets<'a> {
    /// The published files of an archive.
    pub(crate) fn new(
        root: &Path,
        published: impl Iterator<Item = &'a Publishable>,
    ) -> LinkTargets<'a> {
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

    /// Resolves a link if its target is published itself.
    pub(crate) fn publishable(&self, link: &Path) -> Option<Publishable> {
        let target = link.canonicalize().ok()?;
        let is_published = self.folders.iter().any(|(named, real)| {
            target
                .strip_prefix(real)
                .is_ok_and(|below| self.published.contains(&*named.join(below)))
        });
        is_published.then(|| Publishable(link.to_owned()))
    }
}

/// Why a file or folder is left out by its name or type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A left-over of an editor, a system or another program.
    Leftover,
    /// Hidden: its name begins with a dot.
    Hidden,
    /// A pipe, a socket or a device.
    Special,
    /// A text about the folder, such as a README without front matter.
    NoArticle,
}

/// A file or folder that is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    pub reason: Reason,
    /// Path from the archive's root; a folder's ends with `/`.
    pub path: String,
}

/// How many names a note lists.
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

/// One note for each reason, listing what was left out.
pub(crate) fn notes(mut left_out: Vec<LeftOut>) -> Vec<Diagnostic> {
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

/// A folder of the archive. Each allows different hidden files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// `content/`
    Content,
    /// `static/`, whose files go to the site's root
    Static,
    /// `themes/` and `templates/`
    Theme,
}

/// Hidden files in `static/` that hosts and other programs use.
const FOR_HOSTS: [&str; 4] = [".well-known", ".nojekyll", ".htaccess", ".domains"];

/// Empty files that keep a folder in version control; they need no note.
const PLACEHOLDERS: [&str; 2] = [".gitkeep", ".keep"];

/// Filters a walk for files to publish or read.
#[derive(Clone, Copy, Debug)]
pub struct Sieve<'a> {
    pub root: &'a Path,
    /// `[build] ignore`
    pub ignored: &'a Ignored,
}

/// The filtered entries, and what was left out.
#[derive(Debug, Default)]
pub struct Sifted {
    /// Folders, regular files, symbolic links, and errors.
    pub entries: Vec<walkdir::Result<DirEntry>>,
    pub left_out: Vec<LeftOut>,
}

enum Judgement {
    Passes,
    LeftOut(Reason),
    Unmentioned,
}

impl Sieve<'_> {
    /// Walks a folder; only a link at the root of the walk is followed.
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

    /// The file of a walk's entry, if it is a regular file.
    pub fn publishable(entry: DirEntry) -> Option<Publishable> {
        entry.file_type().is_file().then(|| Publishable(entry.into_path()))
    }

    /// Whether a link to a text may be followed: the target must be a regular file of the archive
    /// that would pass the filter itself, and no setting or record.
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

/// A path from the archive's root, with `/`.
pub fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    if let (std::path::MAIN_SEPARATOR, Some(plain)) = ('/', path.to_str()) {
        return plain.to_owned();
    }
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Whether a name has a Markdown extension.
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
