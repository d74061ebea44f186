//! The files that a command may remove with a report: those beside it and those in `static/`.

use std::path::{Path, PathBuf};

use crate::base::leftovers::is_leftover_of;
use crate::content::Loaded;
use crate::content::article::Article;
use crate::content::publishable::{LeftOut, Reason};
use crate::content::redacted::{Home, KnownFiles};
use crate::content::scan;

/// Left-over files of editors and other programs for a report and, if it has a folder of its own,
/// for the files in it.
pub(super) fn leftovers<'a>(
    root: &'a Path,
    source: &'a str,
    left_out: &'a [LeftOut],
) -> impl Iterator<Item = PathBuf> + 'a {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    let is_index = name.starts_with("index.");
    let is_own = move |path: &str| {
        let below = path.strip_prefix(folder).and_then(|below| below.strip_prefix('/'));
        below.is_some_and(|below| is_index || (!below.contains('/') && is_leftover_of(below, name)))
    };
    let files = left_out.iter().filter(|left_out| left_out.reason == Reason::Leftover);
    let files =
        files.filter(move |left_out| is_own(&left_out.path) && !left_out.path.ends_with('/'));
    files.map(|left_out| root.join(&left_out.path))
}

/// Left-over files of a file, in its folder.
pub(super) fn leftovers_of(file: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Vec::new() };
    let name = name.to_string_lossy();
    let beside = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = beside
        .filter(|entry| is_leftover_of(&entry.file_name().to_string_lossy(), &name))
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

/// Files beside a report and below `static/`.
#[derive(Debug)]
pub(super) struct RemovableFiles {
    home: Home,
    known: KnownFiles,
    paths: Vec<PathBuf>,
}

impl RemovableFiles {
    /// Collects the files for a report.
    pub(super) fn around(root: &Path, report: &Loaded<Article>) -> RemovableFiles {
        let folder = root.join("static");
        let entries = walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().flatten();
        let files = entries.filter(|entry| !entry.file_type().is_dir());
        let still = files.map(|entry| (scan::relative(&folder, entry.path()), entry.into_path()));
        let beside = report.assets.iter();
        let beside =
            beside.map(|(name, asset)| (report.value.asset_path(name), asset.path().to_owned()));
        let all: Vec<(String, PathBuf)> = beside.chain(still).collect();
        let sources = all.iter().map(|(output, path)| (output.clone(), scan::relative(root, path)));
        let known = KnownFiles::new(sources);
        let paths = all.into_iter().map(|(_, path)| path).collect();
        RemovableFiles { home: Home::of(&report.value), known, paths }
    }

    /// The files that a redaction of this report means by a name.
    pub(super) fn meant(&self, name: &str) -> Vec<&Path> {
        let places = self.known.meant(&self.home, name);
        places.into_iter().filter_map(|place| self.paths.get(place)).map(PathBuf::as_path).collect()
    }

    /// The file whose name is closest to a name that matches none.
    pub(super) fn near(&self, name: &str) -> Option<&str> {
        self.known.near(&self.home, name).place().and_then(|place| self.known.output(place))
    }
}
