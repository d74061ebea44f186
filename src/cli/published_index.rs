//! The search index of a built site, as commands ask it.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::markdown::page_text;
use crate::plan::SEARCH_INDEX;
use crate::search::reader::Files;

/// The files of a built site.
pub(super) struct PublishedIndex(PathBuf);

/// What helps where there is no index.
pub(super) const HELP: &str = "run `dateline build`, with `[search] enabled = true`";

impl PublishedIndex {
    /// Of the site in a folder.
    pub(super) fn of(output: &Path) -> PublishedIndex {
        PublishedIndex(output.to_owned())
    }

    /// The folder of the index.
    fn folder(&self) -> PathBuf {
        self.0.join(SEARCH_INDEX.trim_matches('/'))
    }

    /// How many files it has, and how many bytes they are.
    pub(super) fn size(&self) -> (u64, u64) {
        let entries = WalkDir::new(self.folder()).into_iter().flatten();
        let sizes =
            entries.filter_map(|entry| entry.metadata().ok().filter(std::fs::Metadata::is_file));
        sizes.fold((0, 0), |(files, bytes), data| (files + 1, bytes + data.len()))
    }
}

impl Files for PublishedIndex {
    fn index(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder().join(path)).ok()
    }

    fn page(&self, path: &str) -> Option<String> {
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
        let file =
            if path.ends_with('/') { format!("{decoded}index.html") } else { decoded.into_owned() };
        let html = std::fs::read_to_string(self.0.join(file)).ok()?;
        let main = html.find("<main").unwrap_or(0);
        let end = html.rfind("</main>").unwrap_or(html.len());
        html.get(main..end).map(page_text)
    }
}
