//! Parses queries. The search client has the same grammar (`query.js`).
//!
//! Words, `"phrases"`, `prefix*`, `-without`; `outlet:`, `author:`, `tag:`, `story:`, `lang:`,
//! `kind:` with a value, perhaps quoted; `before:` and `after:` with a year, month or day; a date
//! alone means that day. All conditions must hold.

use chrono::{Days, NaiveDate};

use super::record::{Facet, facet_word};
use super::segment::day_number;
use super::words::{Role, each_word, is_unspaced};

/// The maximum number of clauses; others are ignored.
const MOST_CLAUSES: usize = 32;
/// The maximum length of a query in characters.
const MOST_CHARACTERS: usize = 2_000;
/// The minimum length of a prefix.
const SHORTEST_PREFIX: usize = 3;

/// What a clause matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Any form of this word, or this value of a facet.
    Word(String),
    /// Any word with this prefix.
    Prefix(String),
    /// These words in sequence.
    Phrase(Vec<String>),
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What it matches.
    pub wanted: Wanted,
    /// Whether it excludes matches.
    pub is_excluded: bool,
}

/// A parsed query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All of them must hold.
    pub clauses: Vec<Clause>,
    /// The first day, in days since 1800.
    pub from: Option<u32>,
    /// The day after the last.
    pub until: Option<u32>,
}

impl Query {
    /// Parses a query. Every text is valid.
    pub fn read(typed: &str) -> Query {
        let end = typed.char_indices().nth(MOST_CHARACTERS).map_or(typed.len(), |(at, _)| at);
        let mut query = Query::default();
        for part in parts(&typed[..end]) {
            query.add(&part);
        }
        query.clauses.truncate(MOST_CLAUSES);
        query
    }

    fn add(&mut self, part: &Part) {
        let Part { is_excluded, name, text, is_quoted } = part;
        match name.as_deref() {
            Some("before") => return self.before(text),
            Some("after") => return self.after(text),
            Some(name) => {
                if let Ok(facet) = name.parse::<Facet>() {
                    let wanted = Wanted::Word(facet_word(facet, text));
                    return self.clauses.push(Clause { wanted, is_excluded: *is_excluded });
                }
                self.words(name, *is_excluded);
            }
            None => {}
        }
        match period(text) {
            Some((first, after))
                if !is_excluded && !is_quoted && text.contains(['/', '-', '.']) =>
            {
                self.narrow(Some(first), Some(after));
            }
            _ if *is_quoted => self.phrase(text, *is_excluded),
            _ => self.words(text, *is_excluded),
        }
    }

    fn before(&mut self, text: &str) {
        if let Some((first, _)) = period(text) {
            self.narrow(None, Some(first));
        }
    }

    fn after(&mut self, text: &str) {
        if let Some((_, after)) = period(text) {
            self.narrow(Some(after), None);
        }
    }

    fn narrow(&mut self, from: Option<NaiveDate>, until: Option<NaiveDate>) {
        let from = from.map(day_number);
        let until = until.map(day_number);
        self.from = self.from.max(from);
        self.until = [self.until, until].into_iter().flatten().min();
    }

    fn phrase(&mut self, text: &str, is_excluded: bool) {
        let words = plain_words(text);
        let wanted = match <[String; 1]>::try_from(words) {
            Ok([word]) => Wanted::Word(word),
            Err(words) if words.is_empty() => return,
            Err(words) => Wanted::Phrase(words),
        };
        self.clauses.push(Clause { wanted, is_excluded });
    }

    /// Words without quotes. A word in a script without spaces is a phrase of its pairs; a joined
    /// word is one word.
    fn words(&mut self, text: &str, is_excluded: bool) {
        let prefix = text.strip_suffix('*');
        let mut plain: Vec<String> = Vec::new();
        let mut last_joined = None;
        each_word(prefix.unwrap_or(text), |word, role| match role {
            Role::Plain => plain.push(word.to_owned()),
            Role::Joined => last_joined = Some(word.to_owned()),
        });
        if let Some(word) = last_joined {
            plain = vec![word];
        }
        if plain.iter().any(|word| word.starts_with(is_unspaced)) {
            return self.unspaced(plain, is_excluded);
        }
        let last = plain.len().saturating_sub(1);
        for (at, word) in plain.into_iter().enumerate() {
            let is_prefix =
                prefix.is_some() && at == last && word.chars().count() >= SHORTEST_PREFIX;
            let wanted = if is_prefix { Wanted::Prefix(word) } else { Wanted::Word(word) };
            self.clauses.push(Clause { wanted, is_excluded });
        }
    }

    fn unspaced(&mut self, mut words: Vec<String>, is_excluded: bool) {
        // The last single character is only indexed at the end of a run.
        if words.len() > 1 && words.last().is_some_and(|word| is_one_character(word)) {
            words.pop();
        }
        let wanted = match <[String; 1]>::try_from(words) {
            Ok([word]) if is_one_character(&word) => Wanted::Prefix(word),
            Ok([word]) => Wanted::Word(word),
            Err(words) => Wanted::Phrase(words),
        };
        self.clauses.push(Clause { wanted, is_excluded });
    }
}

fn is_one_character(word: &str) -> bool {
    word.chars().nth(1).is_none() && word.starts_with(is_unspaced)
}

/// The words of a text in order, for comparing phrases.
pub fn plain_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, |word, role| {
        if role == Role::Plain {
            words.push(word.to_owned());
        }
    });
    words
}

/// A part of a query between spaces.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    is_excluded: bool,
    /// The name before a colon.
    name: Option<String>,
    text: String,
    is_quoted: bool,
}

fn parts(typed: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let mut part = Part::default();
        if let Some(after) =
            rest.strip_prefix('-').filter(|after| !after.starts_with(char::is_whitespace))
        {
            (part.is_excluded, rest) = (true, after);
        }
        let word = rest.find(|character: char| character.is_whitespace() || is_quote(character));
        let word = &rest[..word.unwrap_or(rest.len())];
        if let Some((name, _)) = word.split_once(':').filter(|(name, _)| !name.is_empty()) {
            part.name = Some(name.to_lowercase());
            rest = &rest[name.len() + 1..];
        }
        if rest.starts_with(is_quote) {
            let mut inside = rest.chars();
            inside.next();
            let inside = inside.as_str();
            let end = inside.find(is_quote);
            inside[..end.unwrap_or(inside.len())].clone_into(&mut part.text);
            part.is_quoted = true;
            rest = end.map_or("", |end| inside[end..].trim_start_matches(is_quote));
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest[..end].clone_into(&mut part.text);
            rest = &rest[end..];
        }
        parts.push(part);
        rest = rest.trim_start();
    }
    parts
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '«' | '»')
}

/// A year, month or day: its first day, and the day after its last. A day may be written
/// `2017-01-29`, `29/1/2017` or `29.1.2017`.
fn period(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let numbers: Vec<&str> = text.split(['-', '/', '.']).collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 4);
    let year = |text: &str| {
        number(text).filter(|_| text.len() == 4).and_then(|year| i32::try_from(year).ok())
    };
    match numbers.as_slice() {
        [one] => {
            let year = year(one)?;
            Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year + 1, 1, 1)?))
        }
        [one, two] => {
            let first = NaiveDate::from_ymd_opt(year(one)?, number(two)?, 1)?;
            Some((first, first.checked_add_months(chrono::Months::new(1))?))
        }
        [one, two, three] => {
            let day = match (year(one), year(three)) {
                (Some(year), None) => NaiveDate::from_ymd_opt(year, number(two)?, number(three)?)?,
                (None, Some(year)) => NaiveDate::from_ymd_opt(year, number(two)?, number(one)?)?,
                _ => return None,
            };
            Some((day, day.checked_add_days(Days::new(1))?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clauses(typed: &str) -> Vec<(String, bool)> {
        let clauses = Query::read(typed).clauses.into_iter();
        let text = |wanted| match wanted {
            Wanted::Word(word) => word,
            Wanted::Prefix(word) => format!("{word}*"),
            Wanted::Phrase(words) => format!("\"{}\"", words.join(" ")),
        };
        clauses.map(|clause| (text(clause.wanted), clause.is_excluded)).collect()
    }

    fn wanted(typed: &str) -> Vec<String> {
        clauses(typed).into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn words_phrases_prefixes_and_exclusions() {
        assert_eq!(wanted("Moscow Talks"), ["moscow", "talks"]);
        assert_eq!(wanted("\"Peace talks\" talk* ta*"), ["\"peace talks\"", "talk*", "ta"]);
        assert_eq!(clauses("war -peace"), [("war".to_owned(), false), ("peace".to_owned(), true)]);
        assert_eq!(wanted("e-mail O’Neil"), ["email", "oneil"]);
        assert_eq!(wanted("\"open"), ["open"]);
        assert_eq!(wanted("- \"\" * :"), [""; 0]);
    }

    #[test]
    fn scripts_without_spaces_are_phrases() {
        assert_eq!(wanted("北京"), ["北京"]);
        assert_eq!(wanted("北"), ["北*"]);
        assert_eq!(wanted("北京大学"), ["\"北京 京大 大学\""]);
    }

    #[test]
    fn facets_have_values() {
        assert_eq!(wanted("outlet:\"Moscow Times\""), ["outlet:moscow-times"]);
        assert_eq!(wanted("lang:EN tag:U.S."), ["lang:en", "tag:u-s"]);
        assert_eq!(wanted("http:x"), ["http", "x"]);
    }

    #[test]
    fn dates_narrow() {
        let day = |text: &str| day_number(text.parse().unwrap());
        let query = Query::read("after:2016 before:2018-03");
        assert_eq!((query.from, query.until), (Some(day("2017-01-01")), Some(day("2018-03-01"))));
        for written in ["29/1/2017", "2017-01-29", "29.01.2017"] {
            let query = Query::read(written);
            assert_eq!(
                (query.from, query.until),
                (Some(day("2017-01-29")), Some(day("2017-01-30")))
            );
        }
        assert_eq!(Query::read("2017").clauses.len(), 1);
        assert_eq!(Query::read("29/2/2017").from, None);
    }

    #[test]
    fn long_queries_are_bounded() {
        assert_eq!(Query::read(&"a ".repeat(100_000)).clauses.len(), MOST_CLAUSES);
    }
}
