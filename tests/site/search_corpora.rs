//! Search over real archives: its hits are those of a scan of the pages' text, and who looks for a report
//! by its headline finds it among the first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use dateline::markdown::page_text::own_text;
use dateline::search::query::{Query, plain_words};
use dateline::search::reader::{Files, Order, Searcher};
use dateline::search::record::{Facet, facet_word};
use dateline::search::stem::Stems;
use dateline::search::words::each_word;

use crate::archive::{Archive, tree};
use crate::page::Page;
use crate::skip;

/// A report as its page shows it.
struct Shown {
    path: String,
    title: String,
    /// Headline and text.
    plain: Vec<String>,
    /// All words with the stems of its language.
    words: BTreeSet<(String, String)>,
    /// Its outlet and authors: the facet, and the name as the page shows it.
    facets: Vec<(Facet, String)>,
}

/// Where a page shows the values of a facet.
const FACETS: [(Facet, &str); 2] = [
    (Facet::Outlet, "main .issue-outlet a > bdi"),
    (Facet::Author, "main a[href^=\"/authors/\"] > bdi"),
];

/// A built corpus.
struct Corpus {
    output: PathBuf,
    reports: Vec<Shown>,
    _archive: Archive,
}

impl Files for Corpus {
    fn index(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.output.join("search/i").join(path)).ok()
    }

    fn page(&self, path: &str) -> Option<String> {
        let html = std::fs::read_to_string(self.output.join(path).join("index.html")).ok()?;
        Some(shown(&Page::read(&html)).1)
    }
}

/// A page's headline, and all its words.
fn shown(page: &Page) -> (String, String) {
    let title = page.text("main h1");
    let body = page.all("main .body").first().map(scraper::ElementRef::inner_html);
    // What depends on other files, such as the size of a recording, is not in the index.
    let body = own_text(&body.unwrap_or_default());
    let text = format!("{title}\n{body}");
    (title, text)
}

fn built(corpora: &Path, name: &str) -> Corpus {
    // A summary stands on no report's page.
    let config = "[search]\nfields = [\"title\", \"text\"]\n[keys]\nsource = \"outlet\"\n";
    let archive = Archive::new().config(config).patience(600);
    archive.adopt("content", &corpora.join(name).join("content"));
    let output = archive.build_with(&["--json"]).output().to_owned();
    let stems = Stems::of("en");
    let mut reports = Vec::new();
    for (path, bytes) in tree(&output) {
        let Some(address) = path.strip_suffix("index.html") else { continue };
        let html = String::from_utf8(bytes).unwrap();
        if !html.contains("class=\"body\"") || !html.contains("citation") {
            continue;
        }
        let (title, text) = shown(&Page::read(&html));
        let mut words = BTreeSet::new();
        each_word(&text, |word, _| {
            words.insert((word.to_owned(), stems.stem(word).into_owned()));
        });
        let page = Page::read(&html);
        let facets = FACETS.iter().flat_map(|(facet, selector)| {
            page.texts(selector).into_iter().map(|name| (*facet, name))
        });
        let (facets, path) = (facets.collect(), address.to_owned());
        reports.push(Shown { path, title, plain: plain_words(&text), words, facets });
    }
    assert!(reports.len() > 400, "{}", reports.len());
    Corpus { output, reports, _archive: archive }
}

impl Corpus {
    fn found(&self, query: &str) -> Vec<String> {
        let searcher = Searcher::open(self).unwrap();
        let answer = searcher.search(&Query::read(query), Order::Relevance, usize::MAX).unwrap();
        assert!(!answer.is_partial, "{query}");
        answer.cards.into_iter().map(|card| card.path).collect()
    }
}

/// Which reports have which stems.
#[derive(Default)]
struct Scan<'a> {
    /// The stems to which a word leads, its own and itself.
    stems: HashMap<&'a str, BTreeSet<&'a str>>,
    having: HashMap<&'a str, BTreeSet<&'a str>>,
    /// Which reports have which facets.
    facets: HashMap<String, BTreeSet<&'a str>>,
}

impl<'a> Scan<'a> {
    fn of(corpus: &'a Corpus) -> Scan<'a> {
        let mut scan = Scan::default();
        for report in &corpus.reports {
            for (facet, name) in &report.facets {
                let having = scan.facets.entry(facet_word(*facet, name)).or_default();
                having.insert(&*report.path);
            }
            for (word, stem) in &report.words {
                scan.stems.entry(word).or_default().insert(stem);
                scan.stems.entry(stem).or_default().insert(stem);
                scan.having.entry(stem).or_default().insert(&report.path);
            }
        }
        scan
    }

    fn facet(&self, word: &str) -> BTreeSet<&'a str> {
        self.facets.get(word).cloned().unwrap_or_default()
    }

    fn word(&self, word: &str) -> BTreeSet<&'a str> {
        let stems = self.stems.get(word).into_iter().flatten();
        stems.flat_map(|stem| self.having[stem].iter().copied()).collect()
    }
}

/// Numbers that look as if drawn by lot, always the same.
struct Lot(u64);

impl Lot {
    fn draw(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.draw(items.len())]
    }
}

/// Compares some queries with a scan; how many were compared.
fn compare(corpus: &Corpus, most: usize) -> usize {
    let scan = Scan::of(corpus);
    let mut lot = Lot(7);
    let mut compared = 0;
    let check = |query: String, expected: BTreeSet<&str>| {
        let found: BTreeSet<String> = corpus.found(&query).into_iter().collect();
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        let differ: Vec<&&str> = found.symmetric_difference(&expected).collect();
        assert!(differ.is_empty(), "{query}: {differ:?}, {} of {}", found.len(), expected.len());
    };
    while compared < most {
        let report = lot.of(&corpus.reports);
        if report.plain.len() < 20 {
            continue;
        }
        let words: Vec<&str> = report.plain.iter().map(String::as_str).collect();
        let (one, other) = (*lot.of(&words), *lot.of(&words));
        let both: BTreeSet<&str> = &scan.word(one) & &scan.word(other);
        match compared % 7 {
            0 => check(one.to_owned(), scan.word(one)),
            1 => check(format!("{one} {other}"), both),
            2 => check(format!("{one} -{other}"), &scan.word(one) - &scan.word(other)),
            3 => {
                let at = lot.draw(words.len() - 2);
                let phrase = &words[at..at + 3];
                let mut candidates = scan.word(phrase[0]);
                for word in phrase {
                    candidates = &candidates & &scan.word(word);
                }
                // So many pages are read at most.
                if candidates.len() > 60 {
                    continue;
                }
                let has = |report: &&Shown| report.plain.windows(3).any(|three| three == phrase);
                let having = corpus.reports.iter().filter(has);
                check(
                    format!("\"{}\"", phrase.join(" ")),
                    having.map(|report| &*report.path).collect(),
                );
            }
            4 => {
                let year = &report.path[..4];
                let of_year = scan.word(one).into_iter().filter(|path| path.starts_with(year));
                let year: u32 = year.parse().unwrap();
                let query = format!("{one} after:{} before:{}", year - 1, year + 1);
                check(query, of_year.collect());
            }
            5 => {
                let Some((facet, name)) = report.facets.first() else { continue };
                let word = facet_word(*facet, name);
                // With and without a word, as they are typed and as links have them.
                let (typed, having) = match lot.draw(3) {
                    0 => (format!("{word} {one}"), &scan.facet(&word) & &scan.word(one)),
                    1 => (format!("{one} -{word}"), &scan.word(one) - &scan.facet(&word)),
                    _ => (format!("{}:\"{name}\"", facet.prefix()), scan.facet(&word)),
                };
                check(typed, having);
            }
            _ => {
                let prefix: String = one.chars().take(6).collect();
                let begin: BTreeSet<&str> =
                    scan.stems.keys().copied().filter(|word| word.starts_with(&prefix)).collect();
                let stems: BTreeSet<&str> =
                    begin.iter().flat_map(|word| scan.stems[word].iter().copied()).collect();
                if stems.len() > 16 || prefix.chars().count() < 3 {
                    continue;
                }
                let having = begin.iter().flat_map(|word| scan.word(word));
                check(format!("{prefix}*"), having.collect());
            }
        }
        compared += 1;
    }
    compared
}

/// Of some reports that are looked for by words of their headlines, how many are among the first three.
fn known(corpus: &Corpus, most: usize) -> usize {
    let titles: BTreeMap<&str, usize> =
        corpus.reports.iter().fold(BTreeMap::new(), |mut counts, report| {
            *counts.entry(report.title.as_str()).or_default() += 1;
            counts
        });
    let mut lot = Lot(11);
    let (mut asked, mut right) = (0, 0);
    while asked < most {
        let report = lot.of(&corpus.reports);
        let words: Vec<String> =
            plain_words(&report.title).into_iter().filter(|word| word.len() > 3).take(4).collect();
        if words.len() < 3 || titles[report.title.as_str()] > 1 {
            continue;
        }
        asked += 1;
        let found = corpus.found(&words.join(" "));
        if found.iter().take(3).any(|path| *path == report.path) {
            right += 1;
        } else {
            eprintln!(
                "{words:?} does not find {} among the first: {:?}",
                report.path,
                found.iter().take(3).collect::<Vec<_>>()
            );
        }
    }
    right
}

#[test]
#[ignore = "a minute"]
fn hits_are_those_of_a_scan_and_known_reports_are_among_the_first() {
    let Some(corpora) = skip::needs_shared("corpora") else { return };
    let mut right = 0;
    for (name, queries, reports) in [("digitalgov", 400, 40), ("18f", 100, 20)] {
        let corpus = built(&corpora, name);
        assert_eq!(compare(&corpus, queries), queries);
        right += known(&corpus, reports);
    }
    assert!(right >= 55, "{right} of 60");
}
