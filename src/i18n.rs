//! Text of the interface in the archive's language: `i18n/<language>.toml` of the theme.
//!
//! Plurals follow CLDR; dates follow the file's patterns.

use std::collections::BTreeMap;

use chrono::Datelike;
use icu_locale::{Direction, LocaleDirectionality};
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules, PluralRulesOptions};
use serde::Deserialize;

use crate::base::date::Date;

pub(crate) use fallback::{candidates, spoken};

mod fallback;
#[cfg(test)]
mod files;

/// The texts of one language.
#[derive(Debug, Deserialize)]
pub struct Words {
    words: BTreeMap<String, Word>,
    #[serde(default)]
    kinds: BTreeMap<String, String>,
    #[serde(default)]
    withdrawal: BTreeMap<String, String>,
    #[serde(default)]
    taxonomies: BTreeMap<String, String>,
    #[serde(default)]
    countries: BTreeMap<String, String>,
    #[serde(default)]
    languages: BTreeMap<String, String>,
    dates: DateWords,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Word {
    Plain(String),
    Plural(BTreeMap<String, String>),
}

#[derive(Debug, Deserialize)]
struct DateWords {
    months: Vec<String>,
    months_in_date: Vec<String>,
    weekdays: Vec<String>,
    weekdays_short: Vec<String>,
    day: String,
    month: String,
    year: String,
    day_month: String,
    #[serde(default)]
    day_first: Option<String>,
    first_weekday: u32,
    thousands: String,
}

/// A language: texts and plural rules.
#[derive(Debug)]
pub struct Language {
    /// BCP 47: the language that the words are in.
    pub tag: String,
    words: Words,
    plurals: Option<PluralRules>,
}

/// Groups of names in a language file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Kinds of reports.
    Kinds,
    /// Grounds of withdrawals.
    Withdrawal,
    /// Taxonomies, plural and singular.
    Taxonomies,
    /// ISO 3166 countries.
    Countries,
    /// Languages.
    Languages,
}

impl Language {
    /// Parses a language file.
    pub fn read(tag: &str, text: &str) -> Result<Language, toml::de::Error> {
        let words = toml::from_str(text)?;
        let plurals = fallback::canonical(tag).and_then(|locale| {
            let options = PluralRulesOptions::default().with_type(PluralRuleType::Cardinal);
            PluralRules::try_new(locale.into(), options).ok()
        });
        Ok(Language { tag: tag.to_owned(), words, plurals })
    }

    /// The text of a key, with `{name}` replaced. An unknown key is returned as it is.
    pub fn text(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.form(key, None, arguments)
    }

    /// The text of a key in the plural form of `n`, with `{n}` and `{name}` replaced.
    pub fn counted(&self, key: &str, n: usize) -> String {
        self.form(key, Some(n), &[])
    }

    /// All plural forms of a key by CLDR category, for scripts.
    pub fn forms(&self, key: &str) -> BTreeMap<String, String> {
        match self.words.words.get(key) {
            Some(Word::Plural(forms)) => forms.clone(),
            Some(Word::Plain(text)) => BTreeMap::from([("other".to_owned(), text.clone())]),
            None => BTreeMap::from([("other".to_owned(), key.to_owned())]),
        }
    }

    /// The texts without arguments.
    pub fn fixed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words.words.iter().filter_map(|(key, word)| match word {
            Word::Plain(text) if !text.contains('{') => Some((key.as_str(), text.as_str())),
            _ => None,
        })
    }

    /// The text, or its plural form if there is a number.
    pub fn form(&self, key: &str, n: Option<usize>, arguments: &[(&str, &str)]) -> String {
        let text = match self.words.words.get(key) {
            None => return key.to_owned(),
            Some(Word::Plain(text)) => text,
            Some(Word::Plural(forms)) => {
                let category = self.category(n.unwrap_or_default());
                match forms.get(category).or_else(|| forms.get("other")) {
                    Some(text) => text,
                    None => return key.to_owned(),
                }
            }
        };
        let mut text = match n {
            Some(n) => text.replace("{n}", &self.number(n)),
            None => text.clone(),
        };
        for (name, value) in arguments {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    fn category(&self, n: usize) -> &'static str {
        match self.plurals.as_ref().map(|rules| rules.category_for(n)) {
            Some(PluralCategory::Zero) => "zero",
            Some(PluralCategory::One) => "one",
            Some(PluralCategory::Two) => "two",
            Some(PluralCategory::Few) => "few",
            Some(PluralCategory::Many) => "many",
            Some(PluralCategory::Other) | None => "other",
        }
    }

    /// A name in a group; an unknown key is returned as it is.
    pub fn name(&self, names: Names, key: &str) -> String {
        let group = match names {
            Names::Kinds => &self.words.kinds,
            Names::Withdrawal => &self.words.withdrawal,
            Names::Taxonomies => &self.words.taxonomies,
            Names::Countries => &self.words.countries,
            Names::Languages => &self.words.languages,
        };
        let found = group.get(key).or_else(|| group.get(&key.to_lowercase()));
        found.cloned().unwrap_or_else(|| key.to_owned())
    }

    /// The name of a language by its tag: “Portuguese (BR)”; without one here, its own name.
    pub fn language_name(&self, tag: &str) -> String {
        let known = |tag: &str| self.words.languages.get(tag).cloned();
        let (primary, rest) = tag.split_once('-').unwrap_or((tag, ""));
        let of_primary = || known(primary).map(|name| format!("{name} ({rest})"));
        known(tag).or_else(of_primary).unwrap_or_else(|| own_name(tag).to_owned())
    }

    /// A number with grouped digits.
    pub fn number(&self, n: usize) -> String {
        let digits = n.to_string();
        let mut grouped = String::with_capacity(digits.len() + 4);
        for (at, digit) in digits.chars().enumerate() {
            let left = digits.len() - at;
            if at > 0 && left.is_multiple_of(3) && digits.len() > 4 {
                grouped.push_str(&self.words.dates.thousands);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A date in full: “29 January 2017”, “January 2017”, “2017”.
    pub fn date(&self, date: Date) -> String {
        let words = &self.words.dates;
        let year = date.year().to_string();
        match (date.day(), date.month()) {
            (Some(day), _) => words
                .day
                .replace("{day}", &self.day_number(day.day()))
                .replace("{month}", month(&words.months_in_date, day.month()))
                .replace("{year}", &year),
            (None, Some(number)) => words
                .month
                .replace("{month}", month(&words.months, number))
                .replace("{year}", &year),
            (None, None) => words.year.replace("{year}", &year),
        }
    }

    /// A day without year: “29 January”.
    pub fn day_of_year(&self, month_number: u32, day: u32) -> String {
        let words = &self.words.dates;
        words
            .day_month
            .replace("{day}", &self.day_number(day))
            .replace("{month}", month(&words.months_in_date, month_number))
    }

    fn day_number(&self, day: u32) -> String {
        match (&self.words.dates.day_first, day) {
            (Some(first), 1) => first.clone(),
            _ => day.to_string(),
        }
    }

    /// The name of a month on its own.
    pub fn month(&self, number: u32) -> &str {
        month(&self.words.dates.months, number)
    }

    /// Short and long names of the weekdays in the order of the week, and the first day (1 for
    /// Monday).
    pub fn weekdays(&self) -> (Vec<(&str, &str)>, u32) {
        let words = &self.words.dates;
        let first = words.first_weekday.clamp(1, 7);
        let names = (0..7)
            .map(|at| ((first - 1 + at) % 7) as usize)
            .filter_map(|at| {
                Some((words.weekdays_short.get(at)?.as_str(), words.weekdays.get(at)?.as_str()))
            })
            .collect();
        (names, first)
    }
}

fn month(names: &[String], number: u32) -> &str {
    names.get(number as usize - 1).map_or("", String::as_str)
}

/// Names of languages in themselves (CLDR 48), a line for each tag.
const OWN_NAMES: &str = include_str!("i18n/own_names.tsv");

/// A language's name in itself: “العربية” for `ar`; of an unknown one its tag.
pub fn own_name(tag: &str) -> &str {
    let find = |wanted: &str| {
        let mut lines = OWN_NAMES.lines().filter_map(|line| line.split_once('\t'));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(wanted)).map(|(_, name)| name)
    };
    let whole = find(tag);
    whole.or_else(|| find(tag.split('-').next().unwrap_or_default())).unwrap_or(tag)
}

/// `ltr` or `rtl`.
pub fn direction(tag: &str) -> &'static str {
    let Some(locale) = fallback::canonical(tag) else { return "ltr" };
    match LocaleDirectionality::new_extended().get(&locale.id) {
        Some(Direction::RightToLeft) => "rtl",
        _ => "ltr",
    }
}
