//! Redirects that lead to redirects: round in a circle, or further than a reader's browser need go.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::diagnostic::Place;
use crate::base::permalink::FoldedKey;
use crate::plan::PageKind;
use crate::plan::redirects::leads;
use crate::tree::{self, Value};

use super::Look;
use super::finding::Finding;
use crate::base::lint::Lint;

/// Where the config's redirects go wrong; `config` is its file's name and text.
pub(super) fn lints(look: &Look<'_>, config: (&str, &str)) -> Vec<Finding> {
    let site = look.site;
    if site.config.redirects.is_empty() {
        return Vec::new();
    }
    let edges: Vec<(String, String, bool)> = leads(&site.archive, &site.config).collect();
    let mut next: FxHashMap<FoldedKey, &str> = FxHashMap::default();
    for (from, to, _) in &edges {
        next.entry(FoldedKey::of_file(from)).or_insert(to);
    }
    let from: FxHashSet<FoldedKey> = next.keys().copied().collect();
    let pages = site.pages.iter().filter(|page| !matches!(page.kind, PageKind::Redirect(_)));
    for page in pages.map(|page| FoldedKey::of_file(&page.path)).filter(|page| from.contains(page))
    {
        // A page that stands there is what the reader gets.
        next.remove(&page);
    }
    let places = places(config.1);
    let own = edges.iter().filter(|(_, _, is_rule)| *is_rule);
    own.filter_map(|(from, to, _)| {
        let finding = followed(from, to, &next)?;
        let written = places.iter().find(|(written, _)| {
            FoldedKey::of_file(written) == FoldedKey::of_file(from)
                || FoldedKey::of_file(&format!("{written}/")) == FoldedKey::of_file(from)
        });
        let place = match written {
            Some((_, range)) => Place::at(config.0, config.1, range.clone()),
            None => Place::file(config.0),
        };
        Some(finding.at(place))
    })
    .collect()
}

/// What becomes of a reader who follows a redirect. One that leads to itself is the build's to tell.
fn followed(from: &str, to: &str, next: &FxHashMap<FoldedKey, &str>) -> Option<Finding> {
    let mut seen = FxHashSet::from_iter([FoldedKey::of_file(from)]);
    let (mut at, mut steps) = (to, vec![from.to_owned(), to.to_owned()]);
    while let Some(further) = next.get(&target(at)) {
        if !seen.insert(target(at)) {
            if steps.len() <= 2 {
                return None;
            }
            let message = format!("this redirect leads round in a circle: {}", steps.join(" → "));
            let finding = Finding::new(Lint::RedirectLoop, message);
            return Some(finding.help("let one of them lead to a page"));
        }
        at = further;
        steps.push(at.to_owned());
    }
    (steps.len() > 2).then(|| {
        let message = format!("this redirect leads to another: {}", steps.join(" → "));
        Finding::new(Lint::RedirectChain, message).help(format!("write to = {at:?}"))
    })
}

/// The file that an address asks for, `/old` as well as `/old/`.
fn target(address: &str) -> FoldedKey {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_file = name.is_empty() || name.contains('.');
    let path = if is_file { path.to_owned() } else { format!("{path}/") };
    FoldedKey::of_file(&path)
}

/// Where each `from` of `[[redirects]]` stands.
fn places(config: &str) -> Vec<(String, Range<usize>)> {
    let table = tree::parse_toml(config, 0).unwrap_or_default();
    let redirects = table.entries.iter().filter(|entry| entry.key == "redirects");
    let lists = redirects.flat_map(|entry| match &entry.node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    });
    lists
        .filter_map(|node| match &node.value {
            Value::Table(table) => table.entries.iter().find(|entry| entry.key == "from"),
            _ => None,
        })
        .filter_map(|entry| Some((entry.node.text()?.to_owned(), entry.node.range.clone())))
        .collect()
}
