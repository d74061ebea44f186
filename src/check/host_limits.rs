//! Limits of hosts: number of files, their size, total size, redirects. Compared with the last
//! build's manifest, which has sizes, or without one with the plan, which has the number of files.
//!
//! Servers on a machine of one's own (apache, nginx, caddy) have no such limits.

use std::collections::{HashMap, HashSet};

use indicatif::{BinaryBytes, DecimalBytes};

use crate::archive::trie::Period;
use crate::base::choices::Host;
use crate::base::diagnostic::Place;
use crate::plan::data::DataFile;
use crate::plan::redirects::leads;
use crate::plan::{Page, PageKind, Scope};
use crate::settings::RedirectRule;

use super::Look;
use super::finding::Finding;
use crate::base::lint::Lint;

const MIB: u64 = 1 << 20;
const GB: u64 = 1_000_000_000;

/// A host's limits; `None` where it documents none.
#[derive(Clone, Copy, Debug, Default)]
struct Limits {
    files: Option<usize>,
    /// Files and folders of the site.
    entries: Option<usize>,
    /// Files in one folder.
    in_folder: Option<usize>,
    file: Option<u64>,
    /// Bytes of all.
    total: Option<u64>,
    /// Redirects from one address.
    redirects: Option<usize>,
    /// Redirects with `*` or a query.
    patterns: Option<usize>,
    /// Redirects of either kind.
    rules: Option<usize>,
}

fn limits(host: Host) -> Limits {
    match host {
        // docs.github.com/pages/getting-started-with-github-pages/github-pages-limits: a published
        // site of 1 GB. docs.github.com/repositories/working-with-files/managing-large-files: no
        // file over 100 MiB can be pushed. It supports no redirect rules beyond pages.
        Host::GitHubPages => Limits {
            file: Some(100 * MIB),
            total: Some(GB),
            patterns: Some(0),
            ..Limits::default()
        },
        // docs.gitlab.com/user/gitlab_com: 1 GB. docs.gitlab.com/administration/instance_limits:
        // 200,000 entries, with folders. docs.gitlab.com/user/project/pages/redirects: with more
        // than 1,000 rules, none is read.
        Host::GitLabPages => Limits {
            entries: Some(200_000),
            total: Some(GB),
            rules: Some(1_000),
            ..Limits::default()
        },
        // docs.netlify.com/site-deploys/overview: no limit of files, but 54,000 in a folder.
        Host::Netlify => Limits { in_folder: Some(54_000), ..Limits::default() },
        // developers.cloudflare.com/pages/platform/limits: 20,000 files (100,000 on paid plans), 25 MiB
        // each. developers.cloudflare.com/pages/configuration/redirects: 2,000 static and 100 dynamic.
        Host::CloudflarePages => Limits {
            files: Some(20_000),
            file: Some(25 * MIB),
            redirects: Some(2_000),
            patterns: Some(100),
            ..Limits::default()
        },
        // docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite: 50 routing rules; redirects
        // from one address are objects, without a limit.
        Host::S3 => Limits { patterns: Some(50), ..Limits::default() },
        Host::Apache | Host::Nginx | Host::Caddy => Limits::default(),
    }
}

/// Findings for the configured host.
pub(super) fn lints(look: &Look<'_>, config: &str) -> Vec<Finding> {
    let Some(host) = look.site.config.deploy.host else { return Vec::new() };
    Judge { host, size: &Size::of(look), config }.findings()
}

/// The size of the site.
#[derive(Debug, Default)]
struct Size {
    files: usize,
    folders: usize,
    fullest: Option<(String, usize)>,
    /// Total bytes, and the files by size; zero and empty before the first build.
    total: u64,
    sizes: Vec<(String, u64)>,
    redirects: usize,
    patterns: usize,
    /// Those of them with a query.
    queries: usize,
    /// Files that are a whole archive each.
    whole: HashSet<String>,
    /// Options that would reduce the number of files, and by how many.
    gains: Vec<(&'static str, usize)>,
}

impl Size {
    fn of(look: &Look<'_>) -> Size {
        let sizes: Vec<(String, u64)> = match &look.published {
            Some(built) => {
                built.files.iter().map(|(path, entry)| (path.to_string(), entry.size)).collect()
            }
            None => planned(look).map(|path| (path, 0)).collect(),
        };
        let gains = gains(look, &sizes);
        let is_pattern = |rule: &&RedirectRule| rule.from.contains(['*', '?']);
        Size {
            redirects: leads(&look.site.archive, &look.site.config).count(),
            patterns: look.site.config.redirects.iter().filter(is_pattern).count(),
            queries: look
                .site
                .config
                .redirects
                .iter()
                .filter(|rule| rule.from.contains('?'))
                .count(),
            whole: whole_archives(look),
            gains,
            ..Size::of_files(sizes)
        }
    }

    fn of_files(sizes: Vec<(String, u64)>) -> Size {
        let mut held: HashMap<&str, usize> = HashMap::new();
        let mut folders: HashSet<&str> = HashSet::new();
        for (path, _) in &sizes {
            let folder = above(path);
            *held.entry(folder).or_default() += 1;
            let ancestors = std::iter::successors(Some(folder), |folder| Some(above(folder)));
            folders.extend(ancestors.take_while(|folder| !folder.is_empty()));
        }
        let fullest = held.into_iter().max_by_key(|&(folder, count)| (count, folder));
        Size {
            files: sizes.len(),
            folders: folders.len(),
            fullest: fullest.map(|(folder, count)| (format!("/{folder}"), count)),
            total: sizes.iter().map(|(_, size)| size).sum(),
            sizes,
            ..Size::default()
        }
    }
}

/// The folder of a path; empty for the root.
fn above(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

fn whole_archives(look: &Look<'_>) -> HashSet<String> {
    let is_whole = |page: &&Page| matches!(page.kind, PageKind::DataFile(DataFile::Whole(_)));
    look.site.pages.iter().filter(is_whole).map(Page::file).collect()
}

/// Options that would reduce the number of files, the largest gain first.
fn gains(look: &Look<'_>, sizes: &[(String, u64)]) -> Vec<(&'static str, usize)> {
    let count = |is_such: fn(&PageKind) -> bool| {
        look.site.pages.iter().filter(|page| is_such(&page.kind)).count()
    };
    let copies = sizes.iter().filter(|(path, _)| is_compressed(path)).count();
    let mut gains = vec![
        ("`[listing] days = false`", count(is_day)),
        ("`[citation] sidecars = []`", count(is_sidecar)),
        ("`[data] enabled = false`", count(is_data)),
        ("no `feed = true` in `[[taxonomies]]`", count(is_term_feed)),
        ("`[deploy] compress = false`", if look.site.config.deploy.compress { copies } else { 0 }),
    ];
    gains.retain(|(_, saved)| *saved > 0);
    gains.sort_by_key(|(_, saved)| std::cmp::Reverse(*saved));
    gains
}

/// The files of the plan.
fn planned<'a>(look: &'a Look<'_>) -> impl Iterator<Item = String> + 'a {
    let pages = look.site.pages.iter().map(Page::file);
    pages.chain(crate::pipeline::routed_files(look.site).map(str::to_owned))
}

/// Compares the site with a host's limits.
struct Judge<'a> {
    host: Host,
    size: &'a Size,
    /// The settings' file name.
    config: &'a str,
}

impl Judge<'_> {
    fn findings(&self) -> Vec<Finding> {
        let (limits, size) = (limits(self.host), self.size);
        let found = [
            self.files(size.files, limits.files, "files"),
            self.files(size.files + size.folders, limits.entries, "files and folders"),
            self.fullest_folder(limits.in_folder),
            self.total(limits.total),
            self.redirects(size.redirects, limits.redirects, "redirects from one address"),
            self.redirects(size.patterns, limits.patterns, "redirects with * or ?"),
            self.redirects(size.redirects + size.patterns, limits.rules, "redirects"),
            self.queries(size.queries),
        ];
        let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
        findings.extend(limits.file.into_iter().flat_map(|most| self.large_files(most)));
        findings
    }

    fn files(&self, count: usize, most: Option<usize>, what: &str) -> Option<Finding> {
        let most = most.filter(|&most| count > most)?;
        let host = self.host.name();
        let message = format!("the site has {count} {what}; {host} takes {most}");
        Some(self.finding(Lint::HostFileCount, message, self.fewer_files()))
    }

    fn fullest_folder(&self, most: Option<usize>) -> Option<Finding> {
        let (folder, count) = self.size.fullest.as_ref()?;
        let most = most.filter(|most| count > most)?;
        let host = self.host.name();
        let message = format!("{folder} holds {count} files; {host} takes {most} in one folder");
        let help = "spread them over more folders, as with :year and :month in `permalink`";
        Some(self.finding(Lint::HostFileCount, message, help.to_owned()))
    }

    fn large_files(&self, most: u64) -> Vec<Finding> {
        let large = self.size.sizes.iter().filter(|(_, size)| *size > most);
        let told = large.map(|(path, size)| {
            let (size, most, host) = (BinaryBytes(*size), BinaryBytes(most), self.host.name());
            let message = format!("/{path} has {size}; {host} takes {most}");
            let help = if self.size.whole.contains(path) {
                "leave it out of `[data] whole`, and give it away by `dateline export`"
            } else {
                "make it smaller, or put it on another host and link it there"
            };
            self.finding(Lint::HostFileSize, message, help.to_owned())
        });
        told.collect()
    }

    fn total(&self, most: Option<u64>) -> Option<Finding> {
        let most = most.filter(|&most| self.size.total > most)?;
        let (size, most) = (DecimalBytes(self.size.total), DecimalBytes(most));
        let host = self.host.name();
        let message = format!("the site has {size}; {host} takes {most}");
        Some(self.finding(Lint::HostTotalSize, message, self.fewer_files()))
    }

    fn redirects(&self, count: usize, most: Option<usize>, what: &str) -> Option<Finding> {
        let most = most.filter(|&most| count > most)?;
        let host = self.host.name();
        let (message, help) = match most {
            0 => (
                format!("the site has {count} {what}, which {host} does not answer"),
                "name each old address in the `aliases` of its report, or choose another host",
            ),
            most => (
                format!("the site has {count} {what}; {host} takes {most}"),
                "join some by one rule with *; old addresses that are left over are pages all the \
                 same, and lead on",
            ),
        };
        Some(self.finding(Lint::HostRedirects, message, help.to_owned()))
    }

    /// Old addresses such as `/?p=123`, on a host that does not look at what follows the `?`.
    fn queries(&self, count: usize) -> Option<Finding> {
        use Host::{CloudflarePages, GitHubPages, GitLabPages, S3};
        let is_deaf = matches!(self.host, CloudflarePages | GitHubPages | GitLabPages | S3);
        let host = self.host.name();
        let message = format!(
            "{count} old addresses with a query, such as /?p=123, are lost on {host}: it does not look \
             at what follows the ?"
        );
        let help = "choose netlify, apache, nginx or caddy, or let the old site lead readers on";
        (is_deaf && count > 0).then(|| self.finding(Lint::HostRedirects, message, help.to_owned()))
    }

    fn finding(&self, lint: Lint, message: String, help: String) -> Finding {
        Finding::new(lint, message).at(Place::file(self.config)).help(help)
    }

    fn fewer_files(&self) -> String {
        let other = "choose a host that takes more";
        let gains = self.size.gains.iter();
        let told: Vec<String> =
            gains.map(|(mend, saved)| format!("{mend} saves {saved} files")).collect();
        if told.is_empty() { other.to_owned() } else { format!("{}; or {other}", told.join(", ")) }
    }
}

fn is_day(kind: &PageKind) -> bool {
    matches!(kind, PageKind::Listing(Scope::Archive, Period::Day(_)))
}

fn is_sidecar(kind: &PageKind) -> bool {
    matches!(kind, PageKind::DataFile(DataFile::Beside(..)))
}

fn is_data(kind: &PageKind) -> bool {
    matches!(kind, PageKind::Data | PageKind::DataFile(_)) && !is_sidecar(kind)
}

fn is_term_feed(kind: &PageKind) -> bool {
    matches!(kind, PageKind::Atom(Scope::Term(..)))
}

/// Whether it is a compressed copy of another file.
fn is_compressed(path: &str) -> bool {
    [".gz", ".br", ".zst"].iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::lint::Subject;

    fn told(host: Host, size: &Size) -> Vec<(Lint, String)> {
        let findings = Judge { host, size, config: "dateline.toml" }.findings();
        let lint = |finding: &Finding| match finding.rule {
            Subject::Lint(lint) => lint,
            Subject::Rule(rule) => panic!("{rule:?}"),
        };
        findings.iter().map(|finding| (lint(finding), finding.message.clone())).collect()
    }

    fn size(sizes: &[(&str, u64)]) -> Size {
        let sizes: Vec<(String, u64)> =
            sizes.iter().map(|(path, size)| ((*path).to_owned(), *size)).collect();
        Size::of_files(sizes)
    }

    #[test]
    fn a_site_of_more_than_a_gigabyte_is_told_where_there_is_a_limit() {
        let large = size(&[("a", GB / 2), ("b", GB / 2), ("c", 1)]);
        let hosts = [Host::GitHubPages, Host::GitLabPages];
        for host in hosts {
            assert!(told(host, &large).iter().any(|(lint, _)| *lint == Lint::HostTotalSize));
        }
        for host in [Host::Netlify, Host::S3, Host::Nginx] {
            assert_eq!(told(host, &large), []);
        }
        let small = size(&[("a", GB)]);
        assert!(told(Host::GitLabPages, &small).is_empty());
    }

    #[test]
    fn folders_count_where_a_host_counts_them() {
        let paths: Vec<String> =
            (0..100_001).map(|number| format!("{number}/index.html")).collect();
        let sizes: Vec<(&str, u64)> = paths.iter().map(|path| (path.as_str(), 1)).collect();
        let many = size(&sizes);
        assert_eq!((many.files, many.folders), (100_001, 100_001));
        let [(lint, message)] = &told(Host::GitLabPages, &many)[..] else { panic!() };
        assert_eq!(*lint, Lint::HostFileCount);
        assert!(message.contains("200002 files and folders"), "{message}");
        assert_eq!(told(Host::Netlify, &many), []);
    }

    #[test]
    fn a_folder_may_be_too_full() {
        let paths: Vec<String> = (0..54_001).map(|number| format!("a/{number}.html")).collect();
        let sizes: Vec<(&str, u64)> = paths.iter().map(|path| (path.as_str(), 1)).collect();
        let [(_, message)] = &told(Host::Netlify, &size(&sizes))[..] else { panic!() };
        assert!(message.starts_with("/a holds 54001 files"), "{message}");
    }
}
