//! A made-up archive: as many reports as asked for, always the same, with the habits of real ones:
//! a few outlets and tags have most of the reports, and links lead from one report to another.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use chrono::{Days, NaiveDate};

const OUTLETS: usize = 100;
const AUTHORS: usize = 600;
const TAGS: usize = 1_000;
const WORDS: usize = 5_000;
const DAYS: usize = 20 * 365;

/// Writes `dateline.toml` and `content/`.
pub(crate) fn write(root: &Path, reports: usize) -> io::Result<()> {
    let config = "base_url = \"https://archive.example/\"\ntitle = \"The Archive\"\n";
    fs::write(root.join("dateline.toml"), config)?;
    let mut chance = Chance(1);
    for number in 0..reports {
        let folder = root.join("content").join(day(number, reports).format("%Y").to_string());
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.md", slug(number)));
        fs::write(path, report(number, reports, &mut chance))?;
    }
    Ok(())
}

/// Numbers that look random and are the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap_or(u64::MAX)).unwrap_or(0)
    }

    /// A small number much more often than a large one.
    fn low(&mut self, end: usize) -> usize {
        let limit = 1 + self.below(end);
        let limit = 1 + self.below(limit);
        self.below(limit)
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<String> = (0..count).map(|_| word(self.low(WORDS))).collect();
        words.join(" ")
    }
}

/// A word for each number.
fn word(number: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu",
        "wa",
    ];
    let mut word = String::new();
    let mut rest = number;
    loop {
        word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
        if rest == 0 {
            return word;
        }
    }
}

fn slug(number: usize) -> String {
    format!("{}-{number}", word(number))
}

fn day(number: usize, reports: usize) -> NaiveDate {
    let days = u64::try_from(number * DAYS / reports).unwrap_or(0);
    NaiveDate::default() + Days::new(36 * 365) + Days::new(days)
}

fn report(number: usize, reports: usize, chance: &mut Chance) -> String {
    let mut text = String::from("+++\n");
    let tags: Vec<String> =
        (0..2 + chance.below(5)).map(|_| format!("\"t{}\"", word(chance.low(TAGS)))).collect();
    let front_matter = [
        ("title", format!("\"{}\"", chance.words(8))),
        ("date", day(number, reports).to_string()),
        ("outlet", format!("\"The {}\"", word(chance.low(OUTLETS)))),
        ("authors", format!("[\"A. {}\"]", word(chance.low(AUTHORS)))),
        ("tags", format!("[{}]", tags.join(", "))),
        ("summary", format!("\"{}.\"", chance.words(15))),
        ("original_url", format!("\"https://news.example/{number}\"")),
    ];
    for (key, value) in front_matter {
        // Writing to a string can't fail.
        let _ = writeln!(text, "{key} = {value}");
    }
    text.push_str("+++\n");
    for paragraph in 0..8 {
        let mark = if paragraph == 3 { "> " } else { "" };
        let _ = write!(text, "\n{mark}{}.", {
            let length = 40 + chance.below(40);
            chance.words(length)
        });
        if paragraph % 3 == 0 {
            let other = chance.below(reports);
            let address = format!("{}/{}", day(other, reports).format("/%Y/%m/%d"), slug(other));
            let _ = write!(text, " See [{}]({address}/).", word(other));
        }
        text.push('\n');
    }
    text
}
