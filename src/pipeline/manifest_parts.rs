//! The contents of a manifest besides files: addresses, redirects, withdrawals.

use rustc_hash::FxHashSet;

use crate::base::file_kind::FileKind;
use crate::content::article::Article;
use crate::output::{Manifest, ManifestParts, Redirect, Target, Withdrawn};
use crate::plan::redirects::is_plain;

use super::{Site, addresses_kept};

/// Files that were published beside an article before its withdrawal.
fn removed_assets(before: Option<&Manifest>, article: &Article, site: &Site) -> Vec<String> {
    let (Some(before), Some(withdrawal)) = (before, &article.withdrawn) else { return Vec::new() };
    if !site.config.withdrawals.named.contains(&withdrawal.kind) {
        return Vec::new();
    }
    let folder = article.permalink.as_str();
    let known = before.withdrawn.iter().filter(|known| known.path == folder);
    let mut assets: Vec<String> = known.flat_map(|known| known.assets.iter().cloned()).collect();
    let below = before.files.under(folder.trim_start_matches('/'));
    let files = below.filter(|(_, entry)| entry.kind == FileKind::Asset);
    assets.extend(files.map(|(path, _)| path.to_string()));
    assets.retain(|path| !site.files.contains_key(path));
    assets.sort();
    assets.dedup();
    assets
}

/// The manifest's parts; `answered`: see [`super::hosting::Told`].
pub(super) fn manifest_parts(
    site: &Site,
    rejected: &[String],
    target: &Target,
    before: Option<&Manifest>,
    answered: &FxHashSet<String>,
) -> ManifestParts {
    let articles = site.archive.articles.iter().map(|article| &article.value);
    ManifestParts {
        base_url: site.config.base_url.to_string(),
        output: target.name.clone(),
        redirects: redirects(site, answered),
        rejected: rejected.to_vec(),
        active: site.active.keys().cloned().collect(),
        terms: addresses_kept::owners(&site.archive, &site.config),
        withdrawn: articles
            .filter_map(|article| {
                let kind = article.withdrawn.as_ref()?.kind;
                Some(Withdrawn {
                    path: article.permalink.to_string(),
                    kind: kind.name().to_owned(),
                    status: kind.status(),
                    assets: removed_assets(before, article, site),
                })
            })
            .collect(),
    }
}

/// Aliases and `[[redirects]]` that have a page or a host's rule.
fn redirects(site: &Site, answered: &FxHashSet<String>) -> Vec<Redirect> {
    let is_answered = |from: &str| is_plain(from) || answered.contains(from);
    let rules = site.config.redirects.iter().filter(|rule| is_answered(&rule.from));
    let rules = rules.map(|rule| Redirect {
        from: rule.from.clone(),
        to: rule.to.clone(),
        status: rule.status,
    });
    let articles = site.archive.articles.iter().map(|article| &article.value);
    let articles = articles.map(|article| (&article.permalink, &article.aliases));
    let pages = site.archive.pages.iter().map(|page| (&page.value.permalink, &page.value.aliases));
    let aliases = articles.chain(pages).flat_map(|(permalink, aliases)| {
        let to = permalink.encoded();
        let plain = aliases.iter().filter(|alias| !alias.contains('?'));
        plain.map(move |from| Redirect { from: from.clone(), to: to.clone(), status: 301 })
    });
    rules.chain(aliases).collect()
}
