//! Reads a [`Date`] from the forms that generators, mail and people write.
//!
//! A form that can mean two days is an error that names both.

use std::str::FromStr;

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveTime};

use super::{Date, DateError};

impl FromStr for Date {
    type Err = DateError;

    /// Parses a year, month, date or date-time in the forms of TOML, YAML, Hugo and Jekyll, and
    /// other unambiguous forms: `29/1/2017`, `Jan 5, 2020`, dates of mail (RFC 2822).
    fn from_str(text: &str) -> Result<Date, DateError> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if let Some(date) = worded(text) {
            return date;
        }
        let (date, time) = match text.find(['T', 't', ' ']) {
            Some(at) => (&text[..at], Some(text[at + 1..].trim())),
            None => (text, None),
        };
        let date = calendar_date(date, text)?;
        match (date, time) {
            (Date::Day(day), Some(time)) => clock_time(day, time, text),
            (_, Some(_)) => Err(DateError::Form(text.to_owned())),
            (date, None) => Ok(date),
        }
    }
}

fn calendar_date(date: &str, whole: &str) -> Result<Date, DateError> {
    let form = || DateError::Form(whole.to_owned());
    let separator = if date.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = date.split(separator).collect();
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(is_number) || parts[0].len() != 4 {
        let day = year_last(date).unwrap_or_else(|| Err(form()))?;
        return if day.year() == 0 { Err(form()) } else { Ok(Date::Day(day)) };
    }
    if parts.len() > 3 || parts[1..].iter().any(|part| part.len() > 2) {
        return Err(form());
    }
    let impossible = || DateError::Impossible(whole.to_owned());
    let year: i32 = parts[0].parse().map_err(|_| form())?;
    let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok());
    if year == 0 {
        return Err(impossible());
    }
    match (number(1), number(2)) {
        (None, _) => Ok(Date::Year(year)),
        (Some(month), None) if (1..=12).contains(&month) => Ok(Date::Month(year, month)),
        (Some(_), None) => Err(impossible()),
        (Some(month), Some(day)) => {
            NaiveDate::from_ymd_opt(year, month, day).map(Date::Day).ok_or_else(impossible)
        }
    }
}

/// `10:00`, `10:00:00`, `10:00:00.5`, each with `Z`, `+03:00`, `+0300`, ` +0300`, ` +3` or nothing.
fn clock_time(day: NaiveDate, time: &str, whole: &str) -> Result<Date, DateError> {
    if utc_offset(time).is_some() && time.starts_with(['+', '-']) {
        // An offset without a time is ignored: a day is the day written.
        return Ok(Date::Day(day));
    }
    let split = time.find(['Z', 'z', '+', '-', ' ']).unwrap_or(time.len());
    let (clock, zone) = (&time[..split], time[split..].trim());
    let parsed = ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(clock, form).ok())
        .ok_or_else(|| {
            if clock.split(':').all(|part| part.parse::<f32>().is_ok()) {
                DateError::Impossible(whole.to_owned())
            } else {
                DateError::Form(whole.to_owned())
            }
        })?;
    let offset = match zone {
        "" => None,
        "Z" | "z" | "UTC" | "GMT" => FixedOffset::east_opt(0),
        zone => Some(utc_offset(zone).ok_or_else(|| DateError::Form(whole.to_owned()))?),
    };
    Ok(Date::Time(day.and_time(parsed), offset))
}

/// Distinct prefixes of the English months.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The number of an English month, whole or abbreviated.
fn month_named(word: &str) -> Option<u32> {
    const WHOLE: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.starts_with(month))?;
    let is_name = WHOLE[at].starts_with(word.as_str()) || word == "sept";
    is_name.then_some(u32::try_from(at).unwrap_or(0) + 1)
}

/// The day of a month, as in `5`, `05` or `5th`.
fn day_named(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = word[digits.len()..].to_ascii_lowercase();
    let is_day = digits.len() <= 2 && ["", "st", "nd", "rd", "th"].contains(&ending.as_str());
    is_day.then(|| digits.parse().ok())?
}

/// A date with a month in words, such as `Jan 5, 2020`, `5 January 2020 18:30`, `January 2020` or
/// `Wed, 18 Apr 2018 10:00:00 +0200`; `None` if it names no month.
fn worded(text: &str) -> Option<Result<Date, DateError>> {
    let mut words = text.split([' ', ',', '\t']).filter(|word| !word.is_empty()).peekable();
    let is_weekday = |word: &&str| {
        let word = word.to_ascii_lowercase();
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|day| word.starts_with(day))
    };
    words.next_if(is_weekday);
    let (first, second) = (words.next()?, words.next()?);
    let (month, day) = match (month_named(first), month_named(second)) {
        (Some(month), _)
            if second.len() == 4 && second.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            let date = format!("{second}-{month:02}");
            return words.next().is_none().then(|| date.parse());
        }
        (Some(month), _) => (month, day_named(second)?),
        (None, Some(month)) => (month, day_named(first)?),
        (None, None) => return None,
    };
    let year = words.next().filter(|year| year.len() == 4)?;
    let time: Vec<&str> = words.collect();
    Some(format!("{year}-{month:02}-{day:02} {}", time.join(" ")).trim().parse())
}

/// `+03:00` and `+0300`, which chrono parses, and Ruby's `+3` of old Jekyll posts.
fn utc_offset(zone: &str) -> Option<FixedOffset> {
    zone.parse().ok().or_else(|| {
        let hours: i32 = zone.parse().ok().filter(|_| zone.len() <= 3)?;
        FixedOffset::east_opt(hours * 3600)
    })
}

/// A date that ends with its year, such as `29/1/2017`, if it is unambiguous; `None` for other
/// forms.
fn year_last(text: &str) -> Option<Result<NaiveDate, DateError>> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
    let [first, second, year] = parts[..] else { return None };
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || !parts.iter().all(|part| is_number(part)) {
        return None;
    }
    let (first, second, year) = (first.parse().ok()?, second.parse().ok()?, year.parse().ok()?);
    let day_first = NaiveDate::from_ymd_opt(year, second, first);
    let month_first = NaiveDate::from_ymd_opt(year, first, second);
    let text = text.to_owned();
    Some(match (day_first, month_first) {
        (Some(one), Some(other)) if one != other => Err(DateError::Ambiguous(text, [one, other])),
        (Some(day), _) | (None, Some(day)) => Ok(day),
        (None, None) => Err(DateError::Impossible(text)),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, shown: &str) {
        assert_eq!(text.parse::<Date>().map(|date| date.to_string()), Ok(shown.to_owned()));
    }

    #[test]
    fn reads_what_the_generators_write() {
        reads("1987", "1987");
        reads("1987-03", "1987-03");
        reads("2017-01-29", "2017-01-29");
        reads("2017/1/29", "2017-01-29");
        reads("2017-01-29T18:30:00Z", "2017-01-29T18:30:00Z");
        reads("2017-01-29 18:30:00 -0400", "2017-01-29T18:30:00-04:00");
        reads("2017-01-29 18:30:00 -4", "2017-01-29T18:30:00-04:00");
        reads("2017-01-29 9:30:00 -4", "2017-01-29T09:30:00-04:00");
        reads("2017-01-29 18:30:00 +05", "2017-01-29T18:30:00+05:00");
        reads("2017-01-29 18:30", "2017-01-29T18:30:00");
    }

    #[test]
    fn refuses_what_no_calendar_has() {
        assert!(matches!("2024-02-30".parse::<Date>(), Err(DateError::Impossible(_))));
        assert!(matches!("2024-13".parse::<Date>(), Err(DateError::Impossible(_))));
        assert!(matches!("0000".parse::<Date>(), Err(DateError::Impossible(_))));
        assert!(matches!("1e3".parse::<Date>(), Err(DateError::Form(_))));
        assert!(matches!("2017-01-29 18:30 +4x".parse::<Date>(), Err(DateError::Form(_))));
        assert!(matches!("2017-01-29 18:30 +é".parse::<Date>(), Err(DateError::Form(_))));
        assert!(matches!("no".parse::<Date>(), Err(DateError::Form(_))));
        assert!(matches!("".parse::<Date>(), Err(DateError::Form(_))));
    }

    #[test]
    fn what_can_mean_one_day_only_is_read() {
        for text in
            ["29/1/2017", "1/29/2017", "29.1.2017", "29-01-2017", "Jan 29, 2017", "29 Jan 2017"]
        {
            reads(text, "2017-01-29");
        }
        for text in
            ["January 29th, 2017", "Sunday, 29 January 2017", "29 jan. 2017", "2017-1-29 +0800"]
        {
            reads(text, "2017-01-29");
        }
        reads("2/2/2017", "2017-02-02");
        reads("29/1/2017 18:30", "2017-01-29T18:30:00");
        reads("Sun, 29 Jan 2017 18:30:00 +0300", "2017-01-29T18:30:00+03:00");
        reads("29 Jan 2017 18:30 GMT", "2017-01-29T18:30:00Z");
        reads("Sept. 5 2017", "2017-09-05");
        reads("January 2017", "2017-01");
        reads("\u{feff}2017-01-29", "2017-01-29");
        reads("2018-03-01 +08:00", "2018-03-01");
    }

    #[test]
    fn what_could_be_two_days_or_none_is_told() {
        for (written, help) in [
            ("2/1/2017", "write 2017-01-02 if the day comes first, or 2017-02-01"),
            ("31/4/2017", "check the month and the day"),
            ("Feb 30, 2017", "check the month and the day"),
        ] {
            let error = written.parse::<Date>().map_err(|error| error.help());
            assert_eq!(error, Err(help.to_owned()), "{written}");
        }
        for written in
            ["Jan", "Jan 5", "Marching 5 2017", "5 Janitor 2017", "Mon 2017", "1/2/17", "29/1"]
        {
            assert!(matches!(written.parse::<Date>(), Err(DateError::Form(_))), "{written}");
        }
    }
}
