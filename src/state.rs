//! Every place where Dateline remembers words of reports between two runs, and their paths.
//!
//! [`Store`] is the whole list. Code that forgets a report matches on it without a wildcard, so that a
//! new kind of state does not compile before it can forget; a test holds every file that the commands
//! leave below an archive against [`Store::claiming`]. [`StateFolder`] alone makes paths below
//! `.dateline`.

pub mod links;

use std::path::{Path, PathBuf};

/// The folder of an archive that holds what Dateline remembers.
pub const FOLDER: &str = ".dateline";

/// A kind of place that holds words of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// What was read of the sources.
    SourceCache,
    /// Of each output: its manifest, journal, page records and what its last build said.
    Outputs,
    /// Sites that `dateline serve` shows, each with the state of an output.
    Previews,
    /// What links answered today, and which ones fail.
    Links,
    /// Copies of branches that were deployed, and addresses that are still to be purged.
    Deployments,
    /// Which entries of other archives were taken over. No words of theirs are in it.
    Imports,
    /// What was received of originals, whole, at the archive's root.
    Evidence,
}

impl Store {
    /// All of them.
    pub const ALL: [Store; 7] = [
        Store::SourceCache,
        Store::Outputs,
        Store::Previews,
        Store::Links,
        Store::Deployments,
        Store::Imports,
        Store::Evidence,
    ];

    /// The kind that a file belongs to, by its path from the archive's root. `None` for a file that is
    /// no state.
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
            Store::Evidence => false,
        }
    }
}

/// The folder of an archive that holds what was received of originals. A source, and never published.
pub const EVIDENCE: &str = "evidence";

const CACHE: &str = "cache";
const PREVIEWS: &str = "serve";
const DEPLOYMENTS: &str = "deploy";
const IMPORTS: &str = "import";

/// Whether a folder's name is the key of an output.
pub fn is_key(name: &str) -> bool {
    name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The folder `.dateline` of an archive.
#[derive(Clone, Debug)]
pub struct StateFolder(PathBuf);

impl StateFolder {
    /// Of the archive at `root`.
    pub fn of(root: &Path) -> StateFolder {
        StateFolder(root.join(FOLDER))
    }

    /// The folder itself: the states of outputs lie in it.
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

    /// What links answered today.
    pub fn link_answers(&self) -> PathBuf {
        self.0.join(links::ANSWERS)
    }

    /// See [`Store::Deployments`].
    pub fn deployments(&self) -> PathBuf {
        self.0.join(DEPLOYMENTS)
    }

    /// See [`Store::Imports`].
    pub fn imports(&self) -> PathBuf {
        self.0.join(IMPORTS)
    }
}

/// Empties a state folder. Its lock stays: another build may be about to take it.
pub fn empty(state: &Path) {
    for entry in std::fs::read_dir(state).into_iter().flatten().flatten() {
        let path = entry.path();
        // What can't be removed now is looked for again by the next build.
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
            ("evidence/2026-11-30-0a.warc.gz", Some(Store::Evidence)),
            (".dateline/evidence", None),
            (".dateline/new/thing", None),
            ("content/x.md", None),
        ] {
            assert_eq!(Store::claiming(path), store, "{path}");
        }
    }
}
