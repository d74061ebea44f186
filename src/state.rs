//! The state folder: every stored kind of data that contains words of reports, and its paths.
//!
//! [`Store`] is the complete list. Code that deletes a report's words matches on it without a
//! wildcard, so a new kind does not compile before it is handled; a test compares every file that
//! commands leave in an archive with [`Store::claiming`]. Only [`StateFolder`] makes paths below
//! `.dateline`.

pub(crate) mod desk;
pub(crate) mod links;

use std::path::{Path, PathBuf};

/// The name of an archive's state folder.
pub const FOLDER: &str = ".dateline";

/// A kind of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// The cache of parsed sources.
    SourceCache,
    /// For each output: manifest, journal, page records and the last report.
    Outputs,
    /// Sites of `dateline serve`, each with the state of an output.
    Previews,
    /// Today's results of link checks, and failing links.
    Links,
    /// Copies of deployed branches, and addresses to be purged.
    Deployments,
    /// Journals of imported entries. They contain no words of reports.
    Imports,
    /// What is known of pictures, and smaller copies of them.
    Pictures,
    /// What was received of originals, whole, at the archive's root.
    Evidence,
    /// Texts that were typed at the desk and not saved, and texts that it replaced.
    Desk,
}

impl Store {
    /// All kinds.
    pub const ALL: [Store; 9] = [
        Store::SourceCache,
        Store::Outputs,
        Store::Previews,
        Store::Links,
        Store::Deployments,
        Store::Imports,
        Store::Pictures,
        Store::Evidence,
        Store::Desk,
    ];

    /// The kind of a file, by path from the archive's root; `None` if it is no state.
    pub fn claiming(path: &str) -> Option<Store> {
        Store::ALL.into_iter().find(|store| store.claims(path))
    }

    fn claims(self, path: &str) -> bool {
        if self == Store::Links && path == links::FAILING {
            return true;
        }
        if self == Store::Evidence {
            return path.strip_prefix(EVIDENCE).is_some_and(|rest| rest.starts_with('/'));
        }
        let below = path.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/'));
        let Some((first, _)) = below.map(|below| below.split_once('/').unwrap_or((below, "")))
        else {
            return false;
        };
        match self {
            Store::SourceCache => first == CACHE,
            Store::Outputs => is_key(first),
            Store::Previews => first == PREVIEWS,
            Store::Links => first == links::ANSWERS,
            Store::Deployments => first == DEPLOYMENTS,
            Store::Imports => first == IMPORTS,
            Store::Pictures => first == PICTURES,
            Store::Evidence => false,
            Store::Desk => first == DESK,
        }
    }
}

/// The folder of an archive that holds what was received of originals. A source, and never published.
pub const EVIDENCE: &str = "evidence";

const CACHE: &str = "cache";
const PREVIEWS: &str = "serve";
const DEPLOYMENTS: &str = "deploy";
const IMPORTS: &str = "import";
const PICTURES: &str = "img";
const DESK: &str = "desk";

/// Whether a folder's name is an output's key.
pub fn is_key(name: &str) -> bool {
    name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The state folder of an archive.
#[derive(Clone, Debug)]
pub struct StateFolder(PathBuf);

impl StateFolder {
    /// The state folder of the archive at `root`.
    pub fn of(root: &Path) -> StateFolder {
        StateFolder(root.join(FOLDER))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// See [`Store::SourceCache`].
    pub fn source_cache(&self) -> PathBuf {
        self.0.join(CACHE)
    }

    /// The state of an output.
    pub fn output(&self, key: &str) -> PathBuf {
        self.0.join(key)
    }

    /// See [`Store::Previews`].
    pub fn previews(&self) -> PathBuf {
        self.0.join(PREVIEWS)
    }

    /// The state of a preview.
    pub fn preview(&self, key: &str) -> PathBuf {
        self.previews().join(key)
    }

    /// The site of a preview.
    pub fn preview_site(&self, key: &str) -> PathBuf {
        self.preview(key).join("site")
    }

    /// Today's results of link checks.
    pub fn link_answers(&self) -> PathBuf {
        self.0.join(links::ANSWERS)
    }

    /// See [`Store::Deployments`].
    pub fn deployments(&self) -> PathBuf {
        self.0.join(DEPLOYMENTS)
    }

    /// Exists once a deploy from here has ended: readers know the site. It contains no words of
    /// reports.
    pub fn deployed(&self) -> PathBuf {
        self.deployments().join("deployed")
    }

    /// See [`Store::Pictures`].
    pub fn pictures(&self) -> PathBuf {
        self.0.join(PICTURES)
    }

    /// See [`Store::Desk`].
    pub fn desk(&self) -> desk::DeskFolder {
        desk::DeskFolder::new(self.0.join(DESK))
    }

    /// See [`Store::Imports`].
    pub fn imports(&self) -> PathBuf {
        self.0.join(IMPORTS)
    }
}

/// Empties a state folder except its lock, which another build may be about to take.
pub fn empty(state: &Path) {
    for entry in std::fs::read_dir(state).into_iter().flatten().flatten() {
        let path = entry.path();
        // If this fails, the next build tries again.
        let _ = match path.is_dir() {
            true => std::fs::remove_dir_all(&path),
            false if entry.file_name() != "lock" => std::fs::remove_file(&path),
            false => Ok(()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_claimed_by_one_store() {
        for (path, store) in [
            (".dateline/cache/sources-01", Some(Store::SourceCache)),
            (".dateline/0123456789abcdef/manifest.json", Some(Store::Outputs)),
            (".dateline/serve/0123456789abcdef/site/index.html", Some(Store::Previews)),
            (".dateline/links.jsonl", Some(Store::Links)),
            ("failing-links.toml", Some(Store::Links)),
            (".dateline/deploy/x.git/HEAD", Some(Store::Deployments)),
            (".dateline/img/0a-800.webp", Some(Store::Pictures)),
            ("evidence/2026-11-30-0a.warc.gz", Some(Store::Evidence)),
            (".dateline/desk/unsaved/0a.json", Some(Store::Desk)),
            (".dateline/evidence", None),
            (".dateline/new/thing", None),
            ("content/x.md", None),
        ] {
            assert_eq!(Store::claiming(path), store, "{path}");
        }
    }
}
