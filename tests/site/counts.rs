//! Real archives of thousands of reports: none is lost on the way, and every count is true.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value as Json;

use crate::archive::{Archive, tree};
use crate::page::Page;
use crate::skip;

/// What the tests need of a built corpus; the build itself takes its time, so it is made once.
struct Corpus {
    report: Json,
    files: BTreeMap<String, Vec<u8>>,
    sources: BTreeMap<String, Vec<u8>>,
}

static DIGITALGOV: LazyLock<Option<Corpus>> = LazyLock::new(|| Corpus::build("digitalgov"));
static EIGHTEEN_F: LazyLock<Option<Corpus>> = LazyLock::new(|| Corpus::build("18f"));

/// The keys of digitalgov that say what ours say.
const KEYS: &str = "[[taxonomies]]\nname = \"topics\"\n[keys]\nsource = \"outlet\"\nsource_url = \"original_url\"\n";

impl Corpus {
    fn build(name: &str) -> Option<Corpus> {
        let corpora = skip::needs_shared("corpora")?;
        Some(Corpus::with_config(&corpora.join(name), ""))
    }

    fn with_config(folder: &Path, config: &str) -> Corpus {
        let archive = Archive::new().config(config).patience(600);
        archive.adopt("content", &folder.join("content"));
        let built = archive.build_with(&["--json"]);
        let is_source = |path: &String| path.ends_with(".md") && !path.ends_with("_index.md");
        let mut sources = tree(&archive.path("content"));
        sources.retain(|path, _| is_source(path));
        Corpus { report: built.json(), files: built.tree(), sources }
    }

    fn count(&self, key: &str) -> usize {
        match &self.report[key] {
            Json::Array(list) => list.len(),
            number => usize::try_from(number.as_u64().unwrap()).unwrap(),
        }
    }

    fn page(&self, address: &str) -> Page {
        let file = crate::archive::file_of(address);
        let bytes = self.files.get(&file).unwrap_or_else(|| panic!("no page at {address}"));
        Page::read(std::str::from_utf8(bytes).unwrap())
    }

    /// Each year's page and the number of reports that it says it holds.
    fn years(&self) -> Vec<(String, usize)> {
        let years = self.page("/years/");
        let addresses = years.attributes("main a[href]", "href");
        let is_year = |address: &&String| {
            let year = address.trim_matches('/');
            year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit())
        };
        let mut addresses: Vec<String> = addresses.iter().filter(is_year).cloned().collect();
        addresses.sort();
        addresses.dedup();
        addresses.into_iter().map(|year| (year.clone(), said(&self.page(&year)))).collect()
    }

    /// Problems of a rule.
    fn problems(&self, rule: &str) -> Vec<&Json> {
        let all = self.report["diagnostics"].as_array().unwrap().iter();
        all.filter(|problem| problem["rule"] == rule).collect()
    }

    /// Sources whose text a question is true of.
    fn sources_where(&self, is: impl Fn(&str) -> bool) -> usize {
        self.sources.values().filter(|bytes| is(&String::from_utf8_lossy(bytes))).count()
    }

    /// Published, left out as a draft and refused: together they are all.
    fn check_sum(&self) {
        let parts = [self.count("articles"), self.count("drafts"), self.count("rejected")];
        assert_eq!(parts.iter().sum::<usize>(), self.sources.len(), "{parts:?}");
        assert_eq!(self.report["published"], true);
    }

    /// What the years say is the total, and what their months say is theirs.
    fn check_years(&self) {
        let years = self.years();
        let total: usize = years.iter().map(|(_, count)| count).sum();
        assert_eq!(total, self.count("articles"), "{years:?}");
        for (year, count) in years {
            let months: Vec<String> = (1..=12).map(|month| format!("{year}{month:02}/")).collect();
            let months = months.iter().filter(|month| self.files.contains_key(&file(month)));
            let counts: Vec<usize> = months.map(|month| self.check_month(month)).collect();
            assert_eq!(counts.iter().sum::<usize>(), count, "{year}: {counts:?}");
        }
    }

    /// A month says how many it lists; its calendar's days add up to the same.
    fn check_month(&self, month: &str) -> usize {
        let page = self.page(month);
        let (said, listed) = (said(&page), page.all("li.line").len());
        assert_eq!(said, listed, "{month}");
        let days = page.attributes("table a[href]", "href");
        let days: usize = days.iter().map(|day| self.page(day).all("li.line").len()).sum();
        assert_eq!(days, listed, "{month}: its days hold another number");
        said
    }
}

fn file(address: &str) -> String {
    crate::archive::file_of(address)
}

/// “1,234 reports” under a page's heading.
fn said(page: &Page) -> usize {
    let facts = page.texts(".facts li");
    let digits: String = facts[0].chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("{facts:?}"))
}

#[test]
#[ignore = "half a minute"]
fn digitalgov_none_is_lost() {
    let Some(corpus) = &*DIGITALGOV else { return };
    assert_eq!(corpus.sources.len(), 2_083);
    corpus.check_sum();
}

#[test]
#[ignore = "half a minute"]
fn digitalgov_every_count_is_true() {
    let Some(corpus) = &*DIGITALGOV else { return };
    corpus.check_years();
}

#[test]
#[ignore = "half a minute"]
fn digitalgov_its_known_mistakes_are_told() {
    let Some(corpus) = &*DIGITALGOV else { return };
    assert_eq!(corpus.problems("duplicate-permalink").len(), 1);
    assert_eq!(corpus.problems("missing-date").len(), 0, "their dates are in their names");
    let twice = corpus.problems("repeated-key");
    let is_told = |problem: &Json| problem["message"].as_str().unwrap().contains("a second time");
    assert!(twice.len() == 13 && twice.iter().all(|problem| is_told(problem)), "{twice:?}");
    assert!(twice.iter().all(|problem| problem["weight"] == "warning"), "nothing hangs on them");
    assert_eq!(corpus.problems("front-matter").len(), 0);
    let below_empty_lines = |text: &str| !text.starts_with("---") && text.contains("\ntitle: ");
    assert_eq!(corpus.sources_where(below_empty_lines), 4);
    assert_eq!(corpus.problems("missing-title").len(), 1, "one file has none, and none is lost");
}

#[test]
#[ignore = "half a minute"]
fn digitalgov_no_expiry_hides_a_report() {
    let Some(corpus) = &*DIGITALGOV else { return };
    let expires =
        |text: &str| text.to_lowercase().lines().any(|line| line.starts_with("expirydate"));
    assert_eq!(corpus.sources_where(expires), 1_634);
    let hidden = corpus.sources.len() - corpus.count("articles");
    assert_eq!(hidden, corpus.count("drafts") + corpus.count("rejected"));
    assert!(hidden < 20, "{hidden} of {} are not published", corpus.sources.len());
}

#[test]
#[ignore = "half a minute"]
fn digitalgov_its_own_keys_give_outlets_and_originals() {
    let Some(corpora) = skip::needs_shared("corpora") else { return };
    let corpus = Corpus::with_config(&corpora.join("digitalgov"), KEYS);
    corpus.check_sum();
    assert_eq!(corpus.problems("merged-spellings").len(), 4);
    let outlets = corpus.page("/outlets/");
    assert!(outlets.links("main").iter().any(|link| link.starts_with("/outlets/")));
    let is_article = |path: &String| path.matches('/').count() == 4 && path.ends_with(".html");
    let articles = corpus.files.keys().filter(|path| is_article(path));
    let pages: Vec<Page> = articles.map(|path| corpus.page(path)).collect();
    let with = |selector: &str| pages.iter().filter(|page| page.has(selector)).count();
    let sources = corpus.sources_where(|text| text.contains("\nsource_url: "));
    assert!(sources > 250, "{sources}");
    let originals = with(".record a[rel='external noopener']");
    assert!(originals > sources * 9 / 10 && originals <= sources, "{originals} of {sources}");
    assert!(with(".issue-outlet") > 100);
}

#[test]
#[ignore = "half a minute"]
fn eighteen_f_none_is_lost_and_every_count_is_true() {
    let Some(corpus) = &*EIGHTEEN_F else { return };
    corpus.check_sum();
    corpus.check_years();
}

#[test]
#[ignore = "half a minute"]
fn eighteen_f_nothing_is_refused_for_how_it_writes_a_time() {
    let Some(corpus) = &*EIGHTEEN_F else { return };
    let hours_alone = |text: &str| {
        let date = text.lines().find(|line| line.starts_with("date: "));
        date.is_some_and(|date| date.ends_with(" -4") || date.ends_with(" -5"))
    };
    assert_eq!(corpus.sources_where(hours_alone), 26);
    assert_eq!(corpus.problems("bad-date"), Vec::<&Json>::new());
    assert_eq!(corpus.count("rejected"), 0);
}
