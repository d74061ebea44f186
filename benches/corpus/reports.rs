//! Made-up reports, always the same: what `benches/corpus/main.rs` writes for comparisons, and the tests
//! of large archives for themselves.
//!
//! A report has 350 to 900 words in paragraphs, a quotation, links to other reports and to its
//! original, and in some a heading and a list. A few of the 200 outlets, 2,000 authors and 3,000 tags
//! have most of the reports, as in real archives.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use chrono::{Days, NaiveDate};

const WORDS: usize = 12_000;
const TAGS: usize = 3_000;
const OUTLETS: usize = 200;
const AUTHORS: usize = 2_000;
const DAYS: usize = 20 * 365;

/// Writes so many reports for a generator: the inside of a content folder.
pub(crate) fn write(folder: &Path, reports: usize, dialect: Dialect) -> io::Result<()> {
    let vocabulary = Vocabulary::new();
    for number in 0..reports {
        let report = Report::new(number, reports, &vocabulary);
        let path = folder.join(report.path());
        if let Some(above) = path.parent() {
            fs::create_dir_all(above)?;
        }
        fs::write(path, report.text(dialect))?;
    }
    Ok(())
}

/// The words and names that all reports are made of.
struct Vocabulary {
    words: Vec<String>,
    tags: Vec<String>,
    outlets: Vec<String>,
    authors: Vec<String>,
}

/// Whose front matter a file has.
#[derive(Clone, Copy)]
pub(crate) enum Dialect {
    Dateline,
    Hugo,
}

/// A report.
struct Report {
    day: NaiveDate,
    slug: String,
    title: String,
    outlet: String,
    authors: Vec<String>,
    tags: Vec<String>,
    summary: String,
    body: String,
}

impl Vocabulary {
    fn new() -> Vocabulary {
        let words: Vec<String> = (0..WORDS).map(word).collect();
        let mut chance = Chance::new(WORDS);
        let mut names = |count: usize, parts: usize| -> Vec<String> {
            let name = |chance: &mut Chance, number: usize| {
                let more = (1..parts).map(|_| capital(&words[chance.below(WORDS)]));
                let parts: Vec<String> = more.chain([capital(&words[number])]).collect();
                parts.join(" ")
            };
            (0..count).map(|number| name(&mut chance, number)).collect()
        };
        let (tags, outlets, authors) = (names(TAGS, 1), names(OUTLETS, 2), names(AUTHORS, 2));
        Vocabulary { words, tags, outlets, authors }
    }

    fn word(&self, chance: &mut Chance) -> &str {
        &self.words[chance.rank(WORDS)]
    }

    fn sentence(&self, chance: &mut Chance) -> String {
        let length = chance.between(8, 26);
        let words: Vec<&str> = (0..length).map(|_| self.word(chance)).collect();
        capital(&words.join(" "))
    }
}

/// Some of these names, none twice.
fn some(names: &[String], count: usize, chance: &mut Chance) -> Vec<String> {
    let mut some: Vec<String> =
        (0..count).map(|_| names[chance.rank(names.len())].clone()).collect();
    some.sort_unstable();
    some.dedup();
    some
}

/// A word for each number: its digits in syllables.
fn word(number: usize) -> String {
    const FIRST: &[u8] = b"bcdfghjklmnprstvwz";
    const SECOND: &[u8] = b"aeiou";
    let mut rest = number;
    let mut word = String::new();
    loop {
        word.push(char::from(FIRST[rest % FIRST.len()]));
        rest /= FIRST.len();
        word.push(char::from(SECOND[rest % SECOND.len()]));
        rest /= SECOND.len();
        if rest == 0 {
            return word;
        }
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// The day and the name of a report, which links of others need too.
fn place(number: usize, reports: usize) -> (NaiveDate, String) {
    // Steps of a large prime visit the days in no order.
    let days = u64::try_from(number * 7_919 % reports.max(1) * DAYS / reports.max(1)).unwrap_or(0);
    let day = NaiveDate::default() + Days::new(36 * 365) + Days::new(days);
    let mut chance = Chance::new(number);
    let words: Vec<String> = (0..5).map(|_| word(chance.below(WORDS))).collect();
    (day, format!("{}-{number}", words.join("-")))
}

impl Report {
    /// The report of a number, of so many.
    fn new(number: usize, reports: usize, vocabulary: &Vocabulary) -> Report {
        let (day, slug) = place(number, reports);
        let chance = &mut Chance::new(reports + number);
        let length = chance.between(5, 11);
        let title: Vec<String> = (0..length).map(|_| capital(vocabulary.word(chance))).collect();
        let outlet = vocabulary.outlets[chance.rank(OUTLETS)].clone();
        let by = if chance.happens(33) { 2 } else { 1 };
        let authors = some(&vocabulary.authors, by, chance);
        let about = chance.between(2, 6);
        let tags = some(&vocabulary.tags, about, chance);
        let summary = format!("{}.", vocabulary.sentence(chance));
        let mut report = Report {
            day,
            slug,
            title: title.join(" "),
            outlet,
            authors,
            tags,
            summary,
            body: String::new(),
        };
        report.body = report.body(reports, vocabulary, chance);
        report
    }

    fn body(&self, reports: usize, vocabulary: &Vocabulary, chance: &mut Chance) -> String {
        let wanted = chance.between(350, 900);
        let mut paragraphs: Vec<String> = Vec::new();
        let mut length = 0;
        while length < wanted {
            let count = chance.between(2, 5);
            let sentences: Vec<String> = (0..count).map(|_| vocabulary.sentence(chance)).collect();
            let paragraph = format!("{}.", sentences.join(". "));
            length += paragraph.split(' ').count();
            paragraphs.push(paragraph);
        }
        let quoted = chance.below(paragraphs.len());
        paragraphs[quoted].insert_str(0, "> ");
        for _ in 0..chance.between(1, 3) {
            let (day, slug) = place(chance.below(reports), reports);
            let words = format!("{} {}", vocabulary.word(chance), vocabulary.word(chance));
            let at = chance.below(paragraphs.len());
            let link = format!(" See [{words}]({}{slug}/).", day.format("/%Y/%m/%d/"));
            paragraphs[at].push_str(&link);
        }
        let at = chance.below(paragraphs.len());
        let said =
            format!(" **{}** called it \"final\" [there]({}).", self.outlet, self.original());
        paragraphs[at].push_str(&said);
        if chance.happens(40) {
            let heading = format!("## What {} said", vocabulary.word(chance));
            paragraphs.insert(paragraphs.len() / 2, heading);
        }
        if chance.happens(30) {
            let count = chance.between(3, 6);
            let items: Vec<String> =
                (0..count).map(|_| format!("- {}", vocabulary.sentence(chance))).collect();
            paragraphs.push(items.join("\n"));
        }
        format!("{}\n", paragraphs.join("\n\n"))
    }

    fn original(&self) -> String {
        format!("https://news.example{}{}", self.day.format("/%Y/%m/%d/"), self.slug)
    }

    /// Where its file lies, from the content folder.
    fn path(&self) -> String {
        format!("articles/{}/{}.md", self.day.format("%Y/%m"), self.slug)
    }

    /// Its file.
    fn text(&self, dialect: Dialect) -> String {
        let mut text = String::from("+++\n");
        for (key, value) in [
            ("title", quoted(&self.title)),
            ("date", self.day.to_string()),
            ("slug", quoted(&self.slug)),
            ("authors", list(&self.authors)),
            ("tags", list(&self.tags)),
            ("summary", quoted(&self.summary)),
        ] {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{key} = {value}");
        }
        let original = quoted(&self.original());
        let rest = match dialect {
            Dialect::Dateline => {
                format!("outlet = {}\noriginal_url = {original}\n", quoted(&self.outlet))
            }
            Dialect::Hugo => format!(
                "outlets = {}\nyears = [\"{}\"]\nmonths = [\"{}\"]\n[params]\noriginal_url = {original}\n",
                list(std::slice::from_ref(&self.outlet)),
                self.day.format("%Y"),
                self.day.format("%Y-%m"),
            ),
        };
        format!("{text}{rest}+++\n\n{}", self.body)
    }
}

impl Dialect {
    /// The dialect of a generator, by its name in small letters.
    pub(crate) fn named(generator: &str) -> Option<Dialect> {
        match generator {
            "dateline" => Some(Dialect::Dateline),
            "hugo" => Some(Dialect::Hugo),
            _ => None,
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join(", "))
}

/// Numbers that look random and are the same in every run, on every machine (SplitMix64).
struct Chance(u64);

impl Chance {
    /// Numbers that follow from a seed.
    fn new(seed: usize) -> Chance {
        Chance(u64::try_from(seed).unwrap_or(u64::MAX))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// One of the numbers from nought to below an end.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// One of the numbers between two, both included.
    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// Whether something happens that happens so many times in a hundred.
    fn happens(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A rank in a set in which few have most: the n-th comes about 1/n as often as the first (Zipf).
    fn rank(&mut self, count: usize) -> usize {
        // Each octave of ranks (1, 2–3, 4–7 …) is as likely as any other.
        let octaves = usize::BITS - count.leading_zeros();
        let octave = self.below(usize::try_from(octaves).unwrap_or(1));
        let first = 1usize << octave;
        let last = (2 * first - 1).min(count);
        self.between(first, last) - 1
    }
}
