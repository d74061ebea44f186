//! What one article may touch: one edit at a time in a large archive, and the files that the next
//! build writes or removes. Their number must not grow with the archive.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use crate::archive::Archive;
use crate::reports::{self, Dialect};

/// An archive whose newest segment of the search index is small.
const FEW: usize = 1_000;

/// An addition to it touches that segment alone.
const INDEX_OF_AN_ADDITION: usize = 15;

/// Half of the edits touch no more files than this: 45, and 12 of the lists of a language.
const MEDIAN: usize = 57;

/// None touches more: one that moves a report by years changes related reports and listings of both places.
const MOST: usize = 110;

/// An archive of invented reports, and those that no edit has used yet.
struct Corpus {
    archive: Archive,
    unused: Vec<String>,
    files: Files,
}

/// When each file of the site was written.
type Files = BTreeMap<String, SystemTime>;

/// The files that one edit touched.
type Touched = Vec<String>;

impl Corpus {
    fn new(articles: usize) -> Corpus {
        let archive = Archive::new().patience(600);
        let dialect = Dialect::named("dateline").unwrap();
        reports::write(&archive.path("content"), articles, dialect).unwrap();
        let mut unused: Vec<String> = files(&archive.path("content"))
            .into_keys()
            .map(|path| format!("content/{path}"))
            .collect();
        // Reports from all over the years, the same in every run.
        unused.sort_by_key(|path| path.bytes().rev().collect::<Vec<u8>>());
        let mut corpus = Corpus { archive, unused, files: Files::new() };
        corpus.touched();
        corpus
    }

    /// Builds, and finds what is written or removed since the build before.
    fn touched(&mut self) -> Touched {
        let built = self.archive.build().succeeds();
        let now = files(built.output());
        let before = std::mem::replace(&mut self.files, now);
        let paths = before.keys().chain(self.files.keys());
        let mut touched: Touched =
            paths.filter(|path| before.get(*path) != self.files.get(*path)).cloned().collect();
        touched.sort();
        touched.dedup();
        touched
    }

    /// A report that no edit has used: its file and text.
    fn take(&mut self) -> (String, String) {
        let path = self.unused.pop().unwrap();
        let text = std::fs::read_to_string(self.archive.path(&path)).unwrap();
        (path, text)
    }

    /// Writes a report again with more in its front matter.
    fn extend(&mut self, lines: &str) {
        let (path, text) = self.take();
        let text = text.replacen("\n+++\n", &format!("\n{lines}\n+++\n"), 1);
        self.archive.write(&path, text);
    }
}

fn files(folder: &Path) -> Files {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            (path, entry.metadata().unwrap().modified().unwrap())
        })
        .collect()
}

/// The value of a key of the front matter.
fn value<'a>(text: &'a str, key: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
    line.unwrap().trim_matches('"')
}

/// What a curator does to one report.
type Edit = fn(&mut Corpus, usize);

const EDITS: [(&str, Edit); 6] = [
    ("add", add),
    ("back-fill", back_fill),
    ("correct", correct),
    ("back-date", back_date),
    ("retag", retag),
    ("withdraw", withdraw),
];

/// A new report of this week.
fn add(corpus: &mut Corpus, number: usize) {
    let (_, text) = corpus.take();
    let date = format!("date = 2098-05-{:02}", number % 28 + 1);
    let text = text.replace(&format!("date = {}", value(&text, "date")), &date);
    enter(corpus, &format!("new-{number}"), &text);
}

/// An old report, found only now.
fn back_fill(corpus: &mut Corpus, number: usize) {
    let (_, text) = corpus.take();
    enter(corpus, &format!("old-{number}"), &text);
}

fn enter(corpus: &Corpus, slug: &str, text: &str) {
    let old = format!("slug = \"{}\"", value(text, "slug"));
    let new = format!("slug = \"{slug}\"\nadded = 2098-06-01");
    let text = text.replace(&old, &new).replace("Difo", slug);
    corpus.archive.write(&format!("content/entered/{slug}.md"), text);
}

fn correct(corpus: &mut Corpus, _: usize) {
    corpus.extend(
        "corrections = [{ date = 2098-07-01, text = \"A name.\", was = \"A\", now = \"B\" }]",
    );
}

/// The outlet published it two years before; the old address leads to the new one.
fn back_date(corpus: &mut Corpus, _: usize) {
    let (path, text) = corpus.take();
    let (date, slug) = (value(&text, "date"), value(&text, "slug"));
    let (year, rest) = date.split_once('-').unwrap();
    let earlier = format!("{}-{rest}", year.parse::<u32>().unwrap() - 2).replace("02-29", "02-28");
    let alias = format!("/{}/{slug}/", date.replace('-', "/"));
    let lines = format!("date = {earlier}\naliases = [\"{alias}\"]");
    corpus.archive.write(&path, text.replace(&format!("date = {date}"), &lines));
}

/// Gives a report the tags of another.
fn retag(corpus: &mut Corpus, _: usize) {
    let ((path, text), (_, other)) = (corpus.take(), corpus.take());
    corpus.archive.write(&path, text.replace(value(&text, "tags"), value(&other, "tags")));
}

fn withdraw(corpus: &mut Corpus, _: usize) {
    corpus.extend("withdrawn = { date = 2098-07-01, kind = \"copyright\", reason = \"A claim.\" }");
}

/// Makes each edit some times, one at a time, and tells of each its median and its most.
fn measure(articles: usize, times: usize) {
    let mut corpus = Corpus::new(articles);
    let mut all: Vec<usize> = Vec::new();
    println!(
        "| {articles} articles | median | most | of the index, median | files of the most |\n|---|---|---|---|---|"
    );
    for (name, edit) in EDITS {
        let (mut touched, mut indexed): (Vec<Touched>, Vec<usize>) = (0..times)
            .map(|number| {
                edit(&mut corpus, number);
                let all = corpus.touched();
                let (index, pages): (Touched, Touched) =
                    all.into_iter().partition(|path| path.starts_with("search/i/"));
                (pages, index.len())
            })
            .unzip();
        touched.sort_by_key(Vec::len);
        indexed.sort_unstable();
        let most = touched.last().unwrap();
        let median = touched[times / 2].len();
        let index = indexed[times / 2];
        println!("| {name} | {median} | {} | {index} | {} |", most.len(), most.join(" "));
        if name == "add" && articles == FEW {
            assert!(index <= INDEX_OF_AN_ADDITION, "{name} touches {index} files of the index");
        }
        assert!(median > 0, "an edit that touches nothing is none: {name}");
        assert!(most.len() <= MOST, "{name} touches {}: {most:#?}", most.len());
        all.extend(touched.iter().map(Vec::len));
    }
    all.sort_unstable();
    let median = all[all.len() / 2];
    assert!(median <= MEDIAN, "half of the edits touch over {median} files: {all:?}");
}

#[test]
#[ignore = "half a minute"]
fn one_article_touches_few_files() {
    measure(1_000, 1);
}

#[test]
#[ignore = "takes minutes: cargo test --release --test site touched -- --ignored --nocapture"]
fn one_article_among_a_thousand() {
    measure(1_000, 20);
}

#[test]
#[ignore = "takes minutes: cargo test --release --test site touched -- --ignored --nocapture"]
fn one_article_among_ten_thousand() {
    measure(10_000, 20);
}
