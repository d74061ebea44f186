//! The date that a report's text gives for its original, as in “(RT, 29/1/2017)”.

use std::ops::Range;

use chrono::NaiveDate;

use crate::base::date::Date;
use crate::base::permalink::term_key;
use crate::content::article::Article;

use super::document::Document;
use super::finding::Finding;
use crate::base::lint::Lint;

/// A longer candidate is a sentence, not an imprint.
const LONGEST: usize = 80;

/// Compares the date with the text's imprint: a finding if no reading of the imprint matches.
pub(super) fn lint(document: &Document<'_>, article: &Article) -> Option<Finding> {
    let outlet = article.outlet.as_deref();
    let config = &document.look.site.config;
    let known = outlet.and_then(|key| config.outlets.get(key)).map(|outlet| outlet.name.as_str());
    let names: Vec<String> = outlet.into_iter().chain(known).map(term_key).collect();
    let (range, dates) = imprint(document.body(), &names)?;
    if dates.iter().any(|&date| agree(Date::Day(date), article.date)) {
        return None;
    }
    let read: Vec<String> = dates.iter().map(NaiveDate::to_string).collect();
    let message = format!("the date is {}, and the text says {}", article.date, read.join(" or "));
    let finding = Finding::new(Lint::DateAgainstBody, message).at(document.place_in_body(range));
    Some(finding.help("compare with the original, and mend the one that is wrong"))
}

/// The first line that is an imprint of one of these outlets, with its possible days. If no outlet
/// is known, any short name in parentheses counts.
fn imprint(body: &str, names: &[String]) -> Option<(Range<usize>, Vec<NaiveDate>)> {
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed =
            line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '>'));
        if trimmed.is_empty() || trimmed.len() > LONGEST {
            continue;
        }
        let inner = trimmed.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
        let is_bracketed = inner.is_some();
        let Some((name, date)) = inner.unwrap_or(trimmed).split_once(',') else { continue };
        let is_outlet = names.contains(&term_key(name.trim()));
        let may_be_any = names.is_empty() && is_bracketed;
        if !is_outlet && !may_be_any {
            continue;
        }
        let dates = readings(date.trim());
        if !dates.is_empty() {
            let from = start + line.find(trimmed).unwrap_or(0);
            return Some((from..from + trimmed.len(), dates));
        }
    }
    None
}

/// Every day that a date in words or numbers can mean.
pub(super) fn readings(text: &str) -> Vec<NaiveDate> {
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '.' | ',' | '-'))
        .filter(|part| !part.is_empty() && !matches!(*part, "de" | "г"))
        .collect();
    let [a, b, c] = parts[..] else { return Vec::new() };
    let orders = [(c, b, a), (c, a, b), (a, b, c)];
    let mut dates: Vec<NaiveDate> = orders
        .into_iter()
        // The year comes first only if it has four digits.
        .filter(|(year, ..)| *year != a || a.len() == 4)
        .filter_map(|(year, month, day)| {
            NaiveDate::from_ymd_opt(year_of(year)?, month_of(month)?, day_of(day)?)
        })
        .collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}

fn year_of(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

fn day_of(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let suffix = &text[digits.len()..];
    let is_day = matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "º");
    digits.parse().ok().filter(|_| is_day && digits.len() <= 2)
}

/// Names of months; an unambiguous prefix is enough.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "enero", "janvier", "январь", "января", "يناير", "كانون"],
    &["february", "februar", "febrero", "février", "февраль", "февраля", "فبراير", "شباط"],
    &["march", "märz", "marzo", "mars", "март", "марта", "مارس", "آذار"],
    &["april", "abril", "avril", "апрель", "апреля", "أبريل", "نيسان"],
    &["may", "mai", "mayo", "май", "мая", "مايو", "أيار"],
    &["june", "juni", "junio", "juin", "июнь", "июня", "يونيو", "حزيران"],
    &["july", "juli", "julio", "juillet", "июль", "июля", "يوليو", "تموز"],
    &["august", "agosto", "août", "август", "августа", "أغسطس", "آب"],
    &["september", "septiembre", "septembre", "сентябрь", "сентября", "سبتمبر", "أيلول"],
    &["october", "oktober", "octubre", "octobre", "октябрь", "октября", "أكتوبر"],
    &["november", "noviembre", "novembre", "ноябрь", "ноября", "نوفمبر"],
    &["december", "dezember", "diciembre", "décembre", "декабрь", "декабря", "ديسمبر"],
];

fn month_of(text: &str) -> Option<u32> {
    if let Ok(month) = text.parse() {
        return Some(month).filter(|_| text.len() <= 2);
    }
    let word = text.to_lowercase();
    let is_meant =
        |name: &&str| *name == word || (word.chars().count() >= 3 && name.starts_with(&word));
    let at = MONTHS.iter().position(|names| names.iter().any(is_meant))?;
    u32::try_from(at + 1).ok()
}

/// Whether two dates can mean the same day.
pub(super) fn agree(one: Date, other: Date) -> bool {
    let months = one.month().zip(other.month());
    let days = one.day().zip(other.day());
    one.year() == other.year()
        && months.is_none_or(|(one, other)| one == other)
        && days.is_none_or(|(one, other)| one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, days: &[&str]) {
        let read: Vec<String> = readings(text).iter().map(NaiveDate::to_string).collect();
        assert_eq!(read, days, "{text}");
    }

    #[test]
    fn dates_are_read_as_papers_write_them() {
        reads("29/1/2017", &["2017-01-29"]);
        reads("January 29, 2017", &["2017-01-29"]);
        reads("Jan. 29, 2017", &["2017-01-29"]);
        reads("29.01.2017", &["2017-01-29"]);
        reads("29 января 2017 г.", &["2017-01-29"]);
        reads("29 de enero de 2017", &["2017-01-29"]);
        reads("1er août 2017", &["2017-08-01"]);
        reads("2017-01-29", &["2017-01-29"]);
        reads("29/1/17", &["2017-01-29"]);
    }

    #[test]
    fn a_date_that_can_be_two_days_is_both() {
        reads("2/1/2017", &["2017-01-02", "2017-02-01"]);
    }

    #[test]
    fn what_is_no_date_is_none() {
        reads("page 3, 2017", &[]);
        reads("31/31/2017", &[]);
        reads("2017", &[]);
    }
}
