//! Redirects to redirects: loops and chains.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::diagnostic::{Place, Pointed};
use crate::base::permalink::FoldedKey;
use crate::plan::PageKind;
use crate::plan::redirects::leads;
use crate::tree::{self, Value};

use super::Look;
use super::finding::Finding;
use crate::base::lint::Lint;

/// Findings about redirects; `config` is the settings' file name and text.
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
        // A page at this address wins over a redirect.
        next.remove(&page);
    }
    let places = places(config.1);
    let ends = Ends::of(&next);
    // One for all findings, so that lines are counted once.
    let pointed = Pointed::new(config.0, config.1);
    let own = edges.iter().filter(|(_, _, is_rule)| *is_rule);
    own.filter_map(|(from, to, _)| {
        let finding = followed(from, to, &next, &ends)?;
        let place = match places.get(&FoldedKey::of_file(from)) {
            Some(range) => pointed.place(range.clone()),
            None => Place::file(config.0),
        };
        Some(finding.at(place))
    })
    .collect()
}

/// Where a chain of redirects ends.
#[derive(Clone, Copy, Debug)]
enum End<'a> {
    /// At an address without a redirect, after this many steps.
    Address(&'a str, usize),
    /// Never: it is a loop.
    Circle,
}

/// The end of the chain from each redirected address, computed once.
struct Ends<'a>(FxHashMap<FoldedKey, End<'a>>);

impl<'a> Ends<'a> {
    fn of(next: &FxHashMap<FoldedKey, &'a str>) -> Ends<'a> {
        let mut ends: FxHashMap<FoldedKey, End<'a>> = FxHashMap::default();
        for (&start, &to) in next {
            let mut way: Vec<FoldedKey> = Vec::new();
            let mut on_way: FxHashSet<FoldedKey> = FxHashSet::default();
            let (mut key, mut to) = (start, to);
            let mut end = loop {
                if let Some(&known) = ends.get(&key) {
                    break known;
                }
                if !on_way.insert(key) {
                    break End::Circle;
                }
                way.push(key);
                key = target(to);
                match next.get(&key) {
                    Some(further) => to = further,
                    None => break End::Address(to, 0),
                }
            };
            for key in way.into_iter().rev() {
                end = match end {
                    End::Address(address, steps) => End::Address(address, steps + 1),
                    End::Circle => End::Circle,
                };
                ends.insert(key, end);
            }
        }
        Ends(ends)
    }
}

/// The number of addresses shown of a long chain.
const SHOWN_STEPS: usize = 6;

/// A finding about a chain. A redirect to itself is reported by the build.
fn followed(
    from: &str,
    to: &str,
    next: &FxHashMap<FoldedKey, &str>,
    ends: &Ends<'_>,
) -> Option<Finding> {
    let further = *ends.0.get(&target(to))?;
    let mut steps = vec![from, to];
    let mut seen = FxHashSet::from_iter([FoldedKey::of_file(from), target(to)]);
    while let Some(&step) = next.get(&target(steps[steps.len() - 1])) {
        steps.push(step);
        if !seen.insert(target(step)) || steps.len() > SHOWN_STEPS {
            break;
        }
    }
    match further {
        End::Circle if FoldedKey::of_file(from) == target(to) => None,
        End::Circle => {
            let is_cut = steps.len() > SHOWN_STEPS;
            let way = format!("{}{}", steps.join(" → "), if is_cut { " → …" } else { "" });
            let message = format!("this redirect leads round in a circle: {way}");
            let finding = Finding::new(Lint::RedirectLoop, message);
            Some(finding.help("let one of them lead to a page"))
        }
        End::Address(at, count) => {
            let left_out = (count + 2).saturating_sub(steps.len());
            let rest = match left_out {
                0 => String::new(),
                left_out => format!(" → … ({left_out} more) → {at}"),
            };
            let message = format!("this redirect leads to another: {}{rest}", steps.join(" → "));
            let finding = Finding::new(Lint::RedirectChain, message);
            Some(finding.help(format!("write to = {at:?}")))
        }
    }
}

/// The file of an address, `/old` as well as `/old/`.
fn target(address: &str) -> FoldedKey {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_file = name.is_empty() || name.contains('.');
    let path = if is_file { path.to_owned() } else { format!("{path}/") };
    FoldedKey::of_file(&path)
}

/// The place of each `from` in `[[redirects]]`.
fn places(config: &str) -> FxHashMap<FoldedKey, Range<usize>> {
    let table = tree::parse_toml(config, 0).unwrap_or_default();
    let redirects = table.entries.iter().filter(|entry| entry.key == "redirects");
    let lists = redirects.flat_map(|entry| match &entry.node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    });
    let written = lists
        .filter_map(|node| match &node.value {
            Value::Table(table) => table.entries.iter().find(|entry| entry.key == "from"),
            _ => None,
        })
        .filter_map(|entry| Some((entry.node.text()?, entry.node.range.clone())));
    let mut places = FxHashMap::default();
    for (from, range) in written {
        // `/old` is the page at `/old/`.
        for key in [FoldedKey::of_file(from), FoldedKey::of_file(&format!("{from}/"))] {
            places.entry(key).or_insert_with(|| range.clone());
        }
    }
    places
}
