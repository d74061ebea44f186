//! The steps of a deploy, from the site's manifest and the target's record.
//!
//! Pure. The order guarantees that a reader who follows links finds the page, its assets and the
//! listings it links. New files go first, as nothing links them until an old page changes; entry
//! pages such as the front page count as old. Each step ends before the next begins.
//!
//! 1. *Theme*: new style sheets and the like with hashed names. The tombstones of step 2 need them.
//! 2. *Withdrawals*: tombstones replace their articles, and the files beside those are deleted.
//! 3. *Assets*.
//! 4. *New listings*, 5. *new feeds and data*, 6. *new articles*, which link to them.
//! 7. *Articles* that changed: the first that may link to new ones.
//! 8. *Index*: the search finds articles that are there. Its files name the layout that they belong to,
//!    so that a reader's browser sees when they change, and asks again.
//! 9. *Listings*, 10. *Feeds*: they call readers in.
//! 11. *Deletions* of what no page of the site links to any more. Style sheets and the like under names
//!     of their own stay for one more deploy: pages that readers have open ask for them still.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::base::file_kind::FileKind;
use crate::base::permalink::folders;
use crate::output::{Entry, Files, Manifest};

use super::remote::RemoteManifest;

/// A step of a deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Theme,
    /// Tombstones, and deletion of files beside their articles.
    Withdrawals,
    Assets,
    /// Listings under new addresses.
    NewListings,
    /// Feeds and data files under new addresses.
    NewFeeds,
    NewArticles,
    /// Articles that changed.
    Articles,
    /// The search index.
    Index,
    /// Listings that changed.
    Listings,
    /// Feeds, sitemaps and data files that changed.
    Feeds,
    /// Files that the site no longer has.
    Deletions,
}

impl Step {
    const ALL: [Step; 11] = [
        Step::Theme,
        Step::Withdrawals,
        Step::Assets,
        Step::NewListings,
        Step::NewFeeds,
        Step::NewArticles,
        Step::Articles,
        Step::Index,
        Step::Listings,
        Step::Feeds,
        Step::Deletions,
    ];

    /// Its name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Step::Theme => "theme",
            Step::Withdrawals => "withdrawals",
            Step::Assets => "assets",
            Step::NewListings => "new listings",
            Step::NewFeeds => "new feeds and data",
            Step::NewArticles => "new articles",
            Step::Articles => "articles",
            Step::Index => "search index",
            Step::Listings => "listings",
            Step::Feeds => "feeds and data",
            Step::Deletions => "deletions",
        }
    }
}

/// A step and its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    pub step: Step,
    /// Files to upload, sorted.
    pub puts: Vec<Arc<str>>,
    /// Files to delete, sorted.
    pub deletes: Vec<Arc<str>>,
}

impl Stage {
    fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.deletes.is_empty()
    }
}

/// The plan of a deploy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// In order, without empty steps.
    pub stages: Vec<Stage>,
    /// Files to delete in the next deploy.
    pub kept: Vec<Arc<str>>,
    /// The number of files that are up to date.
    pub unchanged: usize,
}

impl Plan {
    /// The plan from the target's record to a site.
    pub(crate) fn between(remote: &RemoteManifest, site: &Manifest) -> Plan {
        let steps = Step::ALL.map(|step| Stage { step, puts: Vec::new(), deletes: Vec::new() });
        let mut plan = Plan { stages: steps.to_vec(), kept: Vec::new(), unchanged: 0 };
        for (path, entry) in site.files.iter() {
            match remote.files.get(path) {
                Some(file) if file.is_same(entry) => plan.unchanged += 1,
                known => {
                    let step = put_step(path, entry, known.is_some());
                    plan.stages[step as usize].puts.push(Arc::clone(path));
                }
            }
        }
        let gone = remote.files.keys().chain(&remote.begun);
        let gone: Vec<&Arc<str>> = gone.filter(|path| !site.files.contains(path)).collect();
        let withdrawn = Withdrawn::of(site);
        for path in gone {
            let kind = remote.files.get(path).map(|file| file.kind);
            match delete_step(path, &withdrawn, &site.files) {
                Step::Deletions if kind == Some(FileKind::Theme) => {
                    plan.kept.push(Arc::clone(path));
                }
                step => plan.stages[step as usize].deletes.push(Arc::clone(path)),
            }
        }
        plan.delete_overdue(remote);
        plan.stages.retain(|stage| !stage.is_empty());
        for paths in plan.stages.iter_mut().map(|stage| &mut stage.deletes).chain([&mut plan.kept])
        {
            paths.sort_unstable();
            paths.dedup();
        }
        plan
    }

    /// Deletes files that the last deploy kept, if there is anything to do.
    fn delete_overdue(&mut self, remote: &RemoteManifest) {
        if self.stages.iter().all(Stage::is_empty) {
            return;
        }
        let (overdue, kept) =
            std::mem::take(&mut self.kept).into_iter().partition(|path| remote.kept.contains(path));
        self.kept = kept;
        self.stages[Step::Deletions as usize].deletes.extend::<Vec<_>>(overdue);
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.stages.is_empty()
    }

    /// All files to upload.
    pub(crate) fn puts(&self) -> impl Iterator<Item = &Arc<str>> {
        self.stages.iter().flat_map(|stage| &stage.puts)
    }

    /// Marks all affected files as uncertain before the first change.
    pub(crate) fn begin(&self, remote: &mut RemoteManifest, site: &Manifest) {
        remote.begin(self.puts(), self.deletes(), site);
    }

    /// All files to delete.
    pub(crate) fn deletes(&self) -> impl Iterator<Item = &Arc<str>> {
        self.stages.iter().flat_map(|stage| &stage.deletes)
    }
}

/// Pages and files that readers and programs open without a link.
const ENTRANCES: [&str; 7] =
    ["index.html", "404.html", "atom.xml", "feed.json", "updated.xml", "sitemap.xml", "robots.txt"];

fn put_step(path: &str, entry: &Entry, is_there: bool) -> Step {
    let is_entrance = ENTRANCES.contains(&path);
    let is_old = is_there || is_entrance;
    match entry.kind {
        FileKind::Theme => Step::Theme,
        FileKind::Asset => Step::Assets,
        // A tombstone that replaces nothing can wait for the pages that it links.
        FileKind::Tombstone if is_there => Step::Withdrawals,
        FileKind::Tombstone => Step::NewArticles,
        FileKind::Article if is_old => Step::Articles,
        FileKind::Article => Step::NewArticles,
        FileKind::Index => Step::Index,
        FileKind::Listing if is_old => Step::Listings,
        FileKind::Listing => Step::NewListings,
        FileKind::Feed if is_there => Step::Feeds,
        // After the articles that it lists, before the front page that links to it.
        FileKind::Feed if is_entrance => Step::Articles,
        FileKind::Feed => Step::NewFeeds,
    }
}

fn delete_step(path: &str, withdrawn: &Withdrawn<'_>, files: &Files) -> Step {
    let is_in_the_way = || {
        let is_below_a_file =
            folders(path).any(|folder| files.contains(folder.trim_end_matches('/')));
        is_below_a_file || files.under(&format!("{path}/")).next().is_some()
    };
    if withdrawn.had(path) || is_in_the_way() { Step::Withdrawals } else { Step::Deletions }
}

/// The published files of withdrawn reports.
struct Withdrawn<'a> {
    folders: FxHashSet<&'a str>,
    assets: FxHashSet<&'a str>,
}

impl<'a> Withdrawn<'a> {
    fn of(site: &'a Manifest) -> Withdrawn<'a> {
        let addresses = site.withdrawn.iter().map(|withdrawn| withdrawn.path.as_str());
        let assets = site.withdrawn.iter().flat_map(|withdrawn| &withdrawn.assets);
        Withdrawn {
            folders: addresses.map(|address| address.trim_start_matches('/')).collect(),
            assets: assets.map(String::as_str).collect(),
        }
    }

    fn had(&self, path: &str) -> bool {
        self.assets.contains(path) || folders(path).any(|folder| self.folders.contains(folder))
    }
}
