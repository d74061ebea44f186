//! Links to anchors on other pages: collected while bodies are read, resolved when all are read.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Tag};
use rayon::prelude::*;

use crate::base::diagnostic::Place;
use crate::markdown::{self, Link, LinkListener, MarkdownOptions, References};

use super::super::Look;
use super::super::document::Document;
use super::super::finding::Finding;
use crate::base::lint::Lint;

/// A link to an anchor on another page of the archive.
#[derive(Debug)]
pub(in crate::check) struct FarLink {
    /// The published address of its target, with the base path.
    address: String,
    fragment: String,
    place: Place,
}

/// The links of one body.
pub(in crate::check) fn links(document: &Document<'_>) -> Vec<FarLink> {
    let links = far_anchors(document.body(), document.options).into_iter().filter_map(|anchor| {
        let Link::Internal(address) = document.surroundings.link(&anchor.destination) else {
            return None;
        };
        let place = document.place_in_body(anchor.range);
        Some(FarLink { address, fragment: anchor.fragment, place })
    });
    links.collect()
}

/// Links to missing anchors. Each target page is read once.
pub(in crate::check) fn missing_anchors(
    links: Vec<FarLink>,
    look: &Look<'_>,
    options: &MarkdownOptions,
) -> Vec<Finding> {
    let mut by_address: BTreeMap<String, Vec<FarLink>> = BTreeMap::new();
    for link in links {
        by_address.entry(link.address.clone()).or_default().push(link);
    }
    if by_address.is_empty() {
        return Vec::new();
    }
    let bodies = bodies(look);
    let wanted: Vec<(&[FarLink], &Target<'_>)> = by_address
        .iter()
        .filter_map(|(address, links)| Some((links.as_slice(), bodies.get(address)?)))
        .collect();
    let found = wanted.par_iter().map(|(links, target)| {
        // If the file has been removed meanwhile, another finding reports it.
        let Ok(text) = std::fs::read_to_string(&target.path) else { return Vec::new() };
        let body = text.get(target.body_start..).unwrap_or_default();
        let places = Places::of(body, options);
        links.iter().filter_map(|link| missing(link, target.source, &places)).collect()
    });
    found.collect::<Vec<Vec<Finding>>>().into_iter().flatten().collect()
}

fn missing(link: &FarLink, source: &str, places: &Places) -> Option<Finding> {
    if places.holds(&link.fragment) {
        return None;
    }
    let message = format!("{source} has no place `#{}`", link.fragment);
    let help = match places.meant(&link.fragment) {
        Some(place) => format!("did you mean `#{place}`?"),
        None => "headings are `#h-` and their words, paragraphs `#p1`, `#p2`, …".to_owned(),
    };
    Some(Finding::new(Lint::MissingAnchor, message).at(link.place.clone()).help(help))
}

/// A file whose page has anchors.
struct Target<'a> {
    source: &'a str,
    path: PathBuf,
    body_start: usize,
}

/// All such files by their published address.
fn bodies<'a>(look: &Look<'a>) -> HashMap<String, Target<'a>> {
    let site = look.site;
    let articles = site.archive.listed.iter().map(|&id| {
        let loaded = &site.archive.articles[id as usize];
        let (article, path) = (&loaded.value, loaded.absolute(&site.root));
        let (source, body_start) = (article.source.as_ref(), article.body_start);
        (article.permalink.encoded(), Target { source, path, body_start })
    });
    let pages = site.archive.pages.iter().map(|loaded| {
        let (page, path) = (&loaded.value, loaded.absolute(&site.root));
        let (source, body_start) = (page.source.as_ref(), page.body_start);
        (page.permalink.encoded(), Target { source, path, body_start })
    });
    let addressed = |(path, target): (String, Target<'a>)| (site.config.address(&path), target);
    articles.chain(pages).map(addressed).collect()
}

/// A link to an anchor on another page, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FarAnchor {
    /// The address without the fragment.
    destination: String,
    /// The fragment, after `#`.
    fragment: String,
    /// Its bytes in the body.
    range: Range<usize>,
}

/// All links of a body with a path and a fragment. Links out of the archive are included: only the
/// archive can resolve an address.
fn far_anchors(text: &str, options: &MarkdownOptions) -> Vec<FarAnchor> {
    // A fast path: most bodies have no fragments.
    if !text.contains('#') {
        return Vec::new();
    }
    markdown::read(text, options, |events| {
        let links = events.iter().filter_map(|(event, range)| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some((dest_url, range)),
            _ => None,
        });
        let far = links.filter_map(|(address, range)| {
            let (destination, fragment) = address.split_once('#')?;
            let is_far = !destination.is_empty() && !fragment.is_empty();
            let (destination, fragment) = (destination.to_owned(), fragment.to_owned());
            is_far.then(|| FarAnchor { destination, fragment, range: range.clone() })
        });
        far.collect()
    })
}

/// The anchors of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Places(HashSet<String>);

impl Places {
    /// The anchors of a body: headings, paragraphs, footnotes, ids in raw HTML.
    fn of(text: &str, options: &MarkdownOptions) -> Places {
        let html = markdown::render(text, options, &LinkListener(&|_| ())).html;
        let ids = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        Places(ids.map(|id| html_escape::decode_html_entities(id).into_owned()).collect())
    }

    /// Whether the fragment is one of them.
    fn holds(&self, fragment: &str) -> bool {
        self.0.contains(percent_decode_str(fragment).decode_utf8_lossy().as_ref())
    }

    /// A similar anchor: the id of a heading or an element with the same words.
    fn meant(&self, fragment: &str) -> Option<String> {
        let decoded = percent_decode_str(fragment).decode_utf8_lossy().to_lowercase();
        let prefixed = ["h-", "c-", "p"].map(|prefix| format!("{prefix}{decoded}"));
        prefixed.into_iter().find(|place| self.0.contains(place))
    }
}
