//! The files that a command may remove with a report: those beside it and those in `static/`.

use std::path::{Path, PathBuf};

use crate::content::Loaded;
use crate::content::article::Article;
use crate::content::redacted::{Home, KnownFiles};
use crate::content::scan;

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
        self.known.near(name)
    }
}
