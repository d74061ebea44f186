//! A reader who comes by the front page and follows every link.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use scraper::{Html, Selector};

use crate::archive::{Archive, file_of, tree};
use crate::little::{add, little, restyle, site, withdraw};

/// The files of this archive that a page needs or leads to.
fn links(page: &[u8]) -> BTreeSet<String> {
    let html = Html::parse_document(&String::from_utf8_lossy(page));
    let selector = Selector::parse("[href], [src]").unwrap();
    let addresses = html.select(&selector).filter_map(|element| {
        element.attr("href").or_else(|| element.attr("src")).map(str::to_owned)
    });
    let own = addresses.filter_map(|address| {
        let path = address.strip_prefix("https://archive.example").unwrap_or(&address).to_owned();
        path.starts_with('/').then_some(path)
    });
    own.map(|path| {
        let end = path.find(['?', '#']).unwrap_or(path.len());
        file_of(&percent_encoding::percent_decode_str(&path[..end]).decode_utf8_lossy())
    })
    .collect()
}

/// What pages link to, each read once.
#[derive(Default)]
pub(crate) struct Reader {
    known: RefCell<HashMap<Vec<u8>, Rc<BTreeSet<String>>>>,
}

impl Reader {
    fn links(&self, page: Vec<u8>) -> Rc<BTreeSet<String>> {
        let mut known = self.known.borrow_mut();
        if let Some(links) = known.get(&page) {
            return Rc::clone(links);
        }
        let links = Rc::new(links(&page));
        known.insert(page, Rc::clone(&links));
        links
    }

    /// Follows all links from the front page; each must lead somewhere, but for `allowed`. A page
    /// that was replaced since it was read is read again.
    #[track_caller]
    pub(crate) fn crawl(&self, read: impl Fn(&str) -> Option<Vec<u8>>, allowed: &BTreeSet<String>) {
        let mut queue = VecDeque::from(["index.html".to_owned()]);
        let mut seen = BTreeSet::new();
        if read("index.html").is_none() {
            return;
        }
        while let Some(path) = queue.pop_front() {
            let Some(page) = read(&path) else { continue };
            for link in self.links(page).iter() {
                if seen.contains(link) {
                    continue;
                }
                if read(link).is_none() && !allowed.contains(link) {
                    let still = read(&path).is_some_and(|page| self.links(page).contains(link));
                    assert!(!still, "{path} leads to {link}, which is not there");
                    continue;
                }
                if link.ends_with(".html") {
                    queue.push_back(link.clone());
                }
                seen.insert(link.clone());
            }
        }
    }
}

/// Changes of an archive that move much: a new year, tags that come and go, another theme's sheet,
/// a report taken down.
pub(crate) fn change(archive: &Archive, number: usize) {
    match number {
        0 => {
            add(archive, "2018-05-01-delta", "Delta");
            add(archive, "2016-12-31-epsilon", "Epsilon");
        }
        1 => {
            withdraw(archive, "2017-01-02-beta");
            add(archive, "2017-01-02-zeta", "Zeta");
        }
        _ => {
            restyle(archive, "\nbody { color: inherit; }\n");
            add(archive, "2019-06-01-eta", "Eta");
            withdraw(archive, "2018-05-01-delta");
        }
    }
}

/// Pictures of reports that were taken down: they go before the pages that show them.
pub(crate) fn withdrawn_pictures(archive: &Archive) -> BTreeSet<String> {
    let files = tree(&archive.path("content")).into_iter();
    let withdrawn =
        files.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("withdrawn = "));
    let names = withdrawn.map(|(path, _)| path);
    let picture = |name: String| {
        let parts: Vec<&str> = name.split(['-', '/']).collect();
        format!("{}/{}/{}/{}/picture.png", parts[0], parts[1], parts[2], parts[3])
    };
    names.map(picture).collect()
}

/// At every moment of a deploy, in whatever order the files of one step arrive.
#[test]
fn at_no_moment_of_a_plan_does_a_link_lead_nowhere() {
    let archive = little("folder = \"www\"");
    archive.build().succeeds();
    let (mut before, reader) = (BTreeMap::new(), Reader::default());
    for number in 0..4 {
        if number > 0 {
            change(&archive, number - 1);
            archive.build().succeeds();
        }
        let (plan, after) =
            (archive.run(&["deploy", "--dry-run", "--json"]).json(), site(&archive));
        let withdrawn = withdrawn_pictures(&archive);
        for order in 0..4 {
            let mut there = before.clone();
            for step in plan["steps"].as_array().unwrap() {
                for path in shuffled(step, order) {
                    match after.get(&path) {
                        Some(bytes) => there.insert(path, bytes.clone()),
                        None => there.remove(&path),
                    };
                    reader.crawl(|path| there.get(path).cloned(), &withdrawn);
                }
            }
            crate::little::assert_same_but_kept(&there, &after);
        }
        archive.run(&["deploy"]).succeeds();
        before = after;
    }
}

/// The files of a step, in one of several orders.
fn shuffled(step: &serde_json::Value, order: usize) -> Vec<String> {
    let lists = [&step["put"], &step["deleted"]].map(|list| list.as_array().unwrap());
    let mut paths: Vec<String> =
        lists.into_iter().flatten().map(|path| path.as_str().unwrap().to_owned()).collect();
    match order {
        0 => {}
        1 => paths.reverse(),
        // Odd ones first; and by the ends of their names.
        2 => {
            let (odd, even) = (paths.iter().skip(1).step_by(2), paths.iter().step_by(2));
            paths = odd.chain(even).cloned().collect();
        }
        _ => paths.sort_by_key(|path| path.chars().rev().collect::<String>()),
    }
    paths
}
