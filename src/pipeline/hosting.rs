//! Configuration of the host in `[deploy] host`: converts redirects and withdrawals to [`Answers`],
//! and stages the host's files.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::io;

use percent_encoding::percent_decode_str;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::choices::Host;
use crate::base::diagnostic::Diagnostic;
use crate::base::file_kind::FileKind;
use crate::base::permalink::{FoldedKey, folders};
use crate::content::scan;
use crate::hosts::{
    self, Answers, Beside, Gone, Headers, Moved, OldAddress, Pattern, PatternIndex, Reach,
    RuleFile, Rules, Unsupported, UnsupportedReason,
};
use crate::output::{OutputError, SiteFile};
use crate::plan::PageKind;
use crate::plan::redirects::is_plain;
use crate::render::csp_sources::Needs;
use crate::settings::RedirectRule;

use super::Site;
use super::storing::Store;

/// Files of `static/` that are merged into a host's file, and not copied.
pub(super) fn is_taken_in(site: &Site, path: &str) -> bool {
    site.config.deploy.host.is_some_and(|host| host.reserved().contains(&path))
}

/// The result of configuring a host.
#[derive(Default)]
pub(super) struct Told {
    /// What the host does not support.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Redirects of the settings that a rule covers, as written.
    pub(super) answered: FxHashSet<String>,
}

/// Writes the host's files, if there is a host.
pub(super) fn write(site: &Site, store: &Store<'_>, needs: &Needs) -> Result<Told, OutputError> {
    let Some(host) = site.config.deploy.host else { return Ok(Told::default()) };
    let policy = hosts::policy(needs);
    let (answers, mut unsupported) =
        answers(site, host, Headers::new(&policy, lasting(site), sandboxed(site)));
    let mut rules: Rules = host.rules(&answers);
    unsupported.append(&mut rules.unsupported);
    if host.sends_headers() {
        let loosened = policy.loosened.iter();
        unsupported.extend(loosened.map(|name| Unsupported::new(UnsupportedReason::Policy, *name)));
    }
    let mut diagnostics = hosts::told(host, &site.settings, &unsupported);
    let mut paths: Vec<&str> = host.reserved().to_vec();
    for file in &rules.files {
        paths.retain(|path| *path != file.path);
        match text(site, file) {
            Ok(text) => {
                store.write(SiteFile::new(file.path, FileKind::Feed), text.as_bytes())?;
            }
            Err(error) => diagnostics.push(error),
        }
    }
    // The curator's own file, if this site needs none of ours.
    for path in paths {
        if let Some(from) = site.files.get(path) {
            store.copy(SiteFile::new(path, FileKind::Asset), from)?;
        }
    }
    Ok(Told { diagnostics, answered: answered(site, &rules.files, &unsupported) })
}

/// Redirects without a page that the host's rules cover.
fn answered(site: &Site, files: &[RuleFile], unsupported: &[Unsupported]) -> FxHashSet<String> {
    let is_own =
        |file: &RuleFile| file.beside == Beside::GivesWay && site.files.contains_key(file.path);
    let is_unread = |unsupported: &Unsupported| unsupported.reason == UnsupportedReason::BelowTop;
    if files.iter().any(is_own) || unsupported.iter().any(is_unread) {
        return FxHashSet::default();
    }
    let unsupported: FxHashSet<&str> =
        unsupported.iter().map(|unsupported| unsupported.address.as_str()).collect();
    let is_said = |from: &str| {
        let address = OldAddress::read(&base(site), from);
        address.is_ok_and(|address| !unsupported.contains(address.shown().as_str()))
    };
    let rules = site.config.redirects.iter().map(|rule| &rule.from);
    rules.filter(|from| !is_plain(from) && is_said(from)).cloned().collect()
}

/// A host's file, combined with the curator's of the same name.
fn text(site: &Site, file: &RuleFile) -> Result<String, Diagnostic> {
    let Some(from) = site.files.get(file.path) else { return Ok(file.text.clone()) };
    let own = std::fs::read(from).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    });
    let own = own
        .map_err(|error| scan::unreadable(&scan::relative(&site.root, from), &error.to_string()))?;
    Ok(match file.beside {
        Beside::GivesWay => own,
        Beside::After => format!("{}\n\n{}", own.trim_end(), file.text),
    })
}

/// The base path, not encoded.
fn base(site: &Site) -> Cow<'_, str> {
    percent_decode_str(site.config.base_path()).decode_utf8_lossy()
}

/// A path with the base path, not encoded.
fn asked(site: &Site, path: &str) -> String {
    format!("{}{}", base(site), path.trim_start_matches('/'))
}

/// Addresses of theme files, whose names contain hashes.
fn lasting(site: &Site) -> Vec<String> {
    site.assets.iter().map(|(_, file, _)| asked(site, file)).collect()
}

/// Addresses of active files, with the policy that disables their scripts.
fn sandboxed(site: &Site) -> Vec<(String, &'static str)> {
    let active = site.active.iter();
    active.filter_map(|(path, served)| Some((asked(site, path), served.policy()?))).collect()
}

fn answers(site: &Site, host: Host, headers: Headers) -> (Answers, Vec<Unsupported>) {
    let (mut moved, unsupported) = rules(site);
    let mut unsupported = unsupported;
    moved.extend(pages(site));
    if host == Host::CloudflarePages {
        let taking = patterns_that_take_pages(site, &moved);
        moved.retain(|moved| {
            let takes_pages = taking.contains(&moved.from.shown());
            if takes_pages {
                unsupported
                    .push(Unsupported::new(UnsupportedReason::TakesPages, moved.from.shown()));
            }
            !takes_pages
        });
    }
    let answers = Answers {
        home: site.config.base_url.clone(),
        base: base(site).into_owned(),
        moved,
        gone: gone(site),
        headers,
        compressed: site.config.deploy.compress,
    };
    (answers, unsupported)
}

/// Withdrawals, and whether other pages are below their address.
fn gone(site: &Site) -> Vec<Gone> {
    let articles = site.archive.articles.iter().map(|article| &article.value);
    let withdrawn: FxHashMap<&str, u16> = articles
        .filter_map(|article| {
            Some((article.permalink.as_str(), article.withdrawn.as_ref()?.kind.status()))
        })
        .collect();
    if withdrawn.is_empty() {
        return Vec::new();
    }
    let pages = site.pages.iter().map(|page| &*page.path);
    let files: Vec<String> = site.files.keys().map(|path| format!("/{path}")).collect();
    let above = |path| folders(path).filter(move |folder| *folder != path);
    let shared: FxHashSet<&str> = pages
        .chain(files.iter().map(String::as_str))
        .flat_map(above)
        .filter(|folder| withdrawn.contains_key(folder))
        .collect();
    let mut gone: Vec<Gone> = withdrawn
        .iter()
        .map(|(&path, &status)| {
            let reach = if shared.contains(path) { Reach::Page } else { Reach::Folder };
            Gone { path: asked(site, path), status, reach }
        })
        .collect();
    gone.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    gone
}

/// The files of all pages, for checking whether an old address has one.
fn standing(site: &Site) -> FxHashSet<FoldedKey> {
    site.pages.iter().map(|page| FoldedKey::of_file(&asked(site, &page.path))).collect()
}

/// Patterns, in display form, that match an existing page.
fn patterns_that_take_pages(site: &Site, moved: &[Moved]) -> FxHashSet<String> {
    let patterns: Vec<&Pattern> = moved
        .iter()
        .filter_map(|moved| match &moved.from {
            OldAddress::Pattern(pattern) => Some(pattern),
            OldAddress::Exact(_) | OldAddress::Query { .. } => None,
        })
        .collect();
    if patterns.is_empty() {
        return FxHashSet::default();
    }
    let index = PatternIndex::new(patterns.iter().copied());
    let pages = site.pages.iter().map(|page| asked(site, &page.path));
    let files = site.files.keys().map(|path| asked(site, path));
    let mut taking: FxHashSet<usize> = FxHashSet::default();
    for path in pages.chain(files) {
        taking.extend(index.fitting(&path));
    }
    taking.into_iter().map(|at| patterns[at].as_str().to_owned()).collect()
}

/// The target of a redirect with the base path, or outside the archive.
fn target(site: &Site, to: &str) -> String {
    let is_inside = to.starts_with('/') && !to.starts_with("//");
    let address = if is_inside { site.config.address(to) } else { to.to_owned() };
    hosts::harmless(&address)
}

/// Redirects that have a page, without those that gave way to other pages.
fn pages(site: &Site) -> impl Iterator<Item = Moved> {
    let key = |rule: &RedirectRule| {
        let path = rule.from.trim_end_matches('/');
        (FoldedKey::of_file(&format!("{path}/")), FoldedKey::of_file(path), rule.status)
    };
    let mut statuses: FxHashMap<FoldedKey, u16> = FxHashMap::default();
    for (folder, file, status) in site.config.redirects.iter().map(key) {
        statuses.entry(folder).or_insert(status);
        statuses.entry(file).or_insert(status);
    }
    site.pages.iter().filter_map(move |page| {
        let PageKind::Redirect(to) = &page.kind else { return None };
        Some(Moved {
            from: OldAddress::Exact(asked(site, &page.path)),
            to: target(site, to),
            status: statuses.get(&FoldedKey::of_file(&page.path)).copied().unwrap_or(301),
            has_page: true,
        })
    })
}

/// Redirects of the settings that can't have a page.
fn rules(site: &Site) -> (Vec<Moved>, Vec<Unsupported>) {
    let (mut moved, mut unsupported) = (Vec::new(), Vec::new());
    let standing = OnceCell::new();
    // A redirect with a query may share its path with a page.
    let stands = |from: &OldAddress| match from {
        OldAddress::Exact(path) => {
            standing.get_or_init(|| self::standing(site)).contains(&FoldedKey::of_file(path))
        }
        OldAddress::Query { .. } | OldAddress::Pattern(_) => false,
    };
    for rule in &site.config.redirects {
        if is_plain(&rule.from) {
            continue;
        }
        match OldAddress::read(&base(site), &rule.from) {
            Ok(from) if stands(&from) => {
                unsupported.push(Unsupported::new(UnsupportedReason::TakesPages, from.shown()));
            }
            Ok(from) => moved.push(Moved {
                from,
                to: target(site, &rule.to),
                status: rule.status,
                has_page: false,
            }),
            Err(_) => unsupported.push(Unsupported::new(
                UnsupportedReason::Address,
                rule.from.replace(char::is_control, "\u{fffd}"),
            )),
        }
    }
    (moved, unsupported)
}
