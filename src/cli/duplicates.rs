//! `dateline inspect --duplicates`: near-copies and the line that confirms each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value as Json, json};

use crate::archive::duplicates::{Pair, proposals};
use crate::archive::{Archive, ArticleId};
use crate::base::diagnostic::{printable, printable_line};
use crate::content::front_matter::keys::written_list;
use crate::pipeline::Site;

/// The proposals in words.
pub(super) fn told(site: &Site) -> String {
    let pairs = proposals(&site.archive);
    if pairs.is_empty() {
        return "No unconfirmed near-copies were found.\n".to_owned();
    }
    let mut text = String::new();
    for (first, pairs) in by_first(&pairs) {
        // Writing to a String can't fail.
        let _ = writeln!(text, "{}", named(&site.archive, first));
        for pair in &pairs {
            let other = named(&site.archive, pair.second);
            let _ = writeln!(text, "  about {:.0} % alike: {other}", pair.similarity * 100.0);
        }
        let source = &site.archive.article(first).source;
        let _ = writeln!(
            text,
            "  if it is the same report, in {source}: {}\n",
            line(site, first, &pairs)
        );
    }
    let number = pairs.len();
    let noun = if number == 1 { "pair" } else { "pairs" };
    let _ =
        writeln!(text, "{number} {noun}. Read both before you confirm one: readers are told so.");
    printable(&text)
}

/// The proposals as JSON.
pub(super) fn as_json(site: &Site) -> Json {
    let pairs = proposals(&site.archive);
    let pair = |pair: &Pair| {
        json!({
            "similarity": (pair.similarity * 1000.0).round() / 1000.0,
            "first": described(&site.archive, pair.first),
            "second": described(&site.archive, pair.second),
        })
    };
    let lines = by_first(&pairs).into_iter().map(|(id, pairs)| {
        json!({ "file": site.archive.article(id).source, "line": line(site, id, &pairs) })
    });
    json!({
        "pairs": pairs.iter().map(pair).collect::<Vec<Json>>(),
        "lines": lines.collect::<Vec<Json>>(),
    })
}

fn by_first(pairs: &[Pair]) -> BTreeMap<ArticleId, Vec<Pair>> {
    let mut by_first: BTreeMap<ArticleId, Vec<Pair>> = BTreeMap::new();
    for &pair in pairs {
        by_first.entry(pair.first).or_default().push(pair);
    }
    by_first
}

/// The complete `also` line for an article: confirmed and proposed addresses.
fn line(site: &Site, id: ArticleId, pairs: &[Pair]) -> String {
    let article = site.archive.article(id);
    let proposed = pairs.iter().map(|pair| site.archive.article(pair.second).permalink.as_str());
    let named = article.also.iter().map(|also| also.written.as_str()).chain(proposed);
    let list = written_list(named.map(str::to_owned).collect());
    if is_yaml(&site.archive.articles[id as usize].absolute(&site.root)) {
        format!("also: {list}")
    } else {
        format!("also = {list}")
    }
}

/// Whether a file's front matter is YAML, and so the line to add.
fn is_yaml(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.trim_start_matches('\u{feff}').trim_start().starts_with("---")
}

fn described(archive: &Archive, id: ArticleId) -> Json {
    let article = archive.article(id);
    json!({
        "file": article.source,
        "permalink": article.permalink.as_str(),
        "title": article.title,
        "outlet": article.outlet,
        "date": article.date,
    })
}

fn named(archive: &Archive, id: ArticleId) -> String {
    let article = archive.article(id);
    let outlet = article.outlet.as_deref().map(|outlet| format!("{outlet}, ")).unwrap_or_default();
    printable_line(&format!("{} “{}” ({outlet}{})", article.permalink, article.title, article.date))
}
