//! One type for every date in an archive: a [`Date`] knows how precisely it is known.
//!
//! Made from front matter and file names; shown in pages, feeds and permalinks.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike,
};
use chrono_tz::Tz;

/// A year of the common era, as precise as the source knew it.
///
/// A day is the day *written*: neither a time zone nor an offset ever moves a report to another
/// day. Order is by time; of two dates that start together, the less precise comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Date {
    /// `1987`
    Year(i32),
    /// `1987-03`, month from 1 to 12
    Month(i32, u32),
    /// `1987-03-29`
    Day(NaiveDate),
    /// `1987-03-29T10:00:00`, with its offset where one was written
    Time(NaiveDateTime, Option<FixedOffset>),
}

/// Why a text is no date. The message says how to write it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not in any form that Dateline reads.
    #[error("“{0}” is not a date")]
    Form(String),
    /// Day and month before the year, in an order that could be read two ways.
    #[error("“{0}” does not say which number is the day")]
    Ambiguous(String, [NaiveDate; 2]),
    /// Day and month before the year, in the one order in which they are a day.
    #[error("“{0}” does not begin with the year")]
    YearLast(String, NaiveDate),
    /// The right form, but a month 13 or a 30 February.
    #[error("no calendar has {0}")]
    Impossible(String),
}

impl DateError {
    /// How to mend it.
    pub fn help(&self) -> String {
        match self {
            DateError::Form(_) => {
                "write it as 2017-01-29, 2017-01-29T18:30:00+03:00, 2017-01 or 2017".to_owned()
            }
            DateError::Ambiguous(_, [day_first, month_first]) => {
                format!("write {day_first} if the day comes first, or {month_first}")
            }
            DateError::YearLast(_, day) => format!("write {day}"),
            DateError::Impossible(_) => "check the month and the day".to_owned(),
        }
    }
}

/// What is wrong with a date that ends with its year, such as `29/1/2017`; `None` where it is none.
fn year_last(text: &str) -> Option<DateError> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
    let [first, second, year] = parts[..] else { return None };
    if year.len() != 4 {
        return None;
    }
    let (first, second, year) = (first.parse().ok()?, second.parse().ok()?, year.parse().ok()?);
    let day_first = NaiveDate::from_ymd_opt(year, second, first);
    let month_first = NaiveDate::from_ymd_opt(year, first, second);
    let text = text.to_owned();
    Some(match (day_first, month_first) {
        (Some(one), Some(other)) if one != other => DateError::Ambiguous(text, [one, other]),
        (Some(day), _) | (None, Some(day)) => DateError::YearLast(text, day),
        (None, None) => DateError::Impossible(text),
    })
}

impl Date {
    /// From 1 to 9999: what RFC 3339 can write.
    pub fn year(self) -> i32 {
        match self {
            Date::Year(year) | Date::Month(year, _) => year,
            Date::Day(day) => day.year(),
            Date::Time(time, _) => time.year(),
        }
    }

    /// From 1 to 12, where it is known.
    pub fn month(self) -> Option<u32> {
        match self {
            Date::Year(_) => None,
            Date::Month(_, month) => Some(month),
            Date::Day(day) => Some(day.month()),
            Date::Time(time, _) => Some(time.month()),
        }
    }

    /// The day as written, where it is known.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Date::Year(_) | Date::Month(..) => None,
            Date::Day(day) => Some(day),
            Date::Time(time, _) => Some(time.date()),
        }
    }

    /// The first day the date can mean.
    pub fn first_day(self) -> NaiveDate {
        self.day()
            .or_else(|| NaiveDate::from_ymd_opt(self.year(), self.month().unwrap_or(1), 1))
            .unwrap_or_default()
    }

    /// The last day the date can mean.
    pub fn last_day(self) -> NaiveDate {
        let (year, month) = (self.year(), self.month().unwrap_or(12));
        let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let before_next = || NaiveDate::from_ymd_opt(next_year, next, 1)?.pred_opt();
        self.day().or_else(before_next).unwrap_or_default()
    }

    /// The instant the date begins, in the archive's time zone unless it names its own offset.
    pub fn instant(self, zone: Tz) -> DateTime<FixedOffset> {
        let (time, offset) = match self {
            Date::Time(time, offset) => (time, offset),
            _ => (self.first_day().and_time(NaiveTime::MIN), None),
        };
        let local = match offset {
            Some(offset) => offset.from_local_datetime(&time).single(),
            // A time that a clock change skips or repeats: the first instant that exists.
            None => zone.from_local_datetime(&time).earliest().map(|at| at.fixed_offset()),
        };
        local.unwrap_or_else(|| time.and_utc().fixed_offset())
    }

    /// A number whose order is that of dates, for whoever compares one many times: year, month, day,
    /// time, precision and offset, from the highest bits down.
    pub fn order(self) -> u128 {
        let day = self.day().map_or(0, |day| day.day());
        let (second, nanosecond) = match self {
            Date::Time(time, _) => {
                (time.time().num_seconds_from_midnight(), time.time().nanosecond())
            }
            _ => (0, 0),
        };
        let (rank, offset) = self.rank();
        let parts = [
            (self.year().abs_diff(i32::MIN), 32),
            (self.month().unwrap_or(0), 4),
            (day, 5),
            (second, 17),
            (nanosecond, 31),
            (rank, 3),
            (offset.abs_diff(i32::MIN), 32),
        ];
        parts.iter().fold(0, |order, &(part, bits)| order << bits | u128::from(part))
    }
}

impl Ord for Date {
    fn cmp(&self, other: &Date) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl Date {
    /// Tells apart dates of equal sort key, so that order agrees with equality.
    fn rank(self) -> (u32, i32) {
        match self {
            Date::Year(_) => (0, 0),
            Date::Month(..) => (1, 0),
            Date::Day(_) => (2, 0),
            Date::Time(_, None) => (3, 0),
            Date::Time(_, Some(offset)) => (4, offset.local_minus_utc()),
        }
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Date) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As a machine reads it: the valid forms of HTML's `datetime` attribute and of schema.org.
impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Date::Year(year) => write!(formatter, "{year:04}"),
            Date::Month(year, month) => write!(formatter, "{year:04}-{month:02}"),
            Date::Day(day) => write!(formatter, "{}", day.format("%Y-%m-%d")),
            Date::Time(time, None) => write!(formatter, "{}", time.format("%Y-%m-%dT%H:%M:%S")),
            Date::Time(time, Some(offset)) if offset.local_minus_utc() == 0 => {
                write!(formatter, "{}Z", time.format("%Y-%m-%dT%H:%M:%S"))
            }
            Date::Time(time, Some(offset)) => {
                write!(formatter, "{}{offset}", time.format("%Y-%m-%dT%H:%M:%S"))
            }
        }
    }
}

/// As it is displayed; in the cache, every part of it.
impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            Packed::from(*self).serialize(serializer)
        }
    }
}

impl<'de> serde::Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        use serde::de::Error as _;
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
        } else {
            let packed = Packed::deserialize(deserializer)?;
            packed.unpack().ok_or_else(|| D::Error::custom("no calendar has this date"))
        }
    }
}

/// A date as the cache holds it: days of the common era, seconds and nanoseconds since 1970 and the
/// offset in seconds.
#[derive(serde::Serialize, serde::Deserialize)]
enum Packed {
    Year(i32),
    Month(i32, u32),
    Day(i32),
    Time(i64, u32, Option<i32>),
}

impl From<Date> for Packed {
    fn from(date: Date) -> Packed {
        match date {
            Date::Year(year) => Packed::Year(year),
            Date::Month(year, month) => Packed::Month(year, month),
            Date::Day(day) => Packed::Day(day.num_days_from_ce()),
            Date::Time(time, offset) => {
                let utc = time.and_utc();
                let offset = offset.map(|offset| offset.local_minus_utc());
                Packed::Time(utc.timestamp(), utc.timestamp_subsec_nanos(), offset)
            }
        }
    }
}

impl Packed {
    fn unpack(self) -> Option<Date> {
        Some(match self {
            Packed::Year(year) => Date::Year(year),
            Packed::Month(year, month) => Date::Month(year, month),
            Packed::Day(days) => Date::Day(NaiveDate::from_num_days_from_ce_opt(days)?),
            Packed::Time(seconds, nanoseconds, offset) => {
                let time = DateTime::from_timestamp(seconds, nanoseconds)?.naive_utc();
                let offset = match offset {
                    Some(seconds) => Some(FixedOffset::east_opt(seconds)?),
                    None => None,
                };
                Date::Time(time, offset)
            }
        })
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// Reads a year, month, date or date-time, as TOML, YAML, Hugo and Jekyll write them.
    fn from_str(text: &str) -> Result<Date, DateError> {
        let text = text.trim();
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
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(year_last(whole).unwrap_or_else(form));
    }
    if parts[0].len() != 4 {
        return Err(year_last(whole).unwrap_or_else(form));
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

/// `+03:00` and `+0300`, which chrono reads, and Ruby's `+3`, which old Jekyll posts have.
fn utc_offset(zone: &str) -> Option<FixedOffset> {
    zone.parse().ok().or_else(|| {
        let hours: i32 = zone.parse().ok().filter(|_| zone.len() <= 3)?;
        FixedOffset::east_opt(hours * 3600)
    })
}

#[cfg(test)]
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
    fn a_date_that_ends_with_its_year_is_told_with_the_day_it_means() {
        for (written, help) in [
            ("29/1/2017", "write 2017-01-29"),
            ("1/29/2017", "write 2017-01-29"),
            ("29.1.2017", "write 2017-01-29"),
            ("29-01-2017", "write 2017-01-29"),
            ("2/2/2017", "write 2017-02-02"),
            ("2/1/2017", "write 2017-01-02 if the day comes first, or 2017-02-01"),
            ("31/4/2017", "check the month and the day"),
        ] {
            let error = written.parse::<Date>().map_err(|error| error.help());
            assert_eq!(error, Err(help.to_owned()), "{written}");
        }
    }

    #[test]
    fn a_vague_date_comes_before_the_days_it_may_mean() {
        let mut dates: Vec<Date> = ["2017-03-01", "2017", "2017-03", "2016-12-31T23:00:00Z"]
            .iter()
            .filter_map(|text| text.parse().ok())
            .collect();
        dates.sort();
        let shown: Vec<String> = dates.iter().map(Date::to_string).collect();
        assert_eq!(shown, ["2016-12-31T23:00:00Z", "2017", "2017-03", "2017-03-01"]);
    }
}
