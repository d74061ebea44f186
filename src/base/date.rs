//! One type for every date in an archive: a [`Date`] has a precision.
//!
//! Made from front matter and file names; shown in pages, feeds and permalinks.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike,
};
use chrono_tz::Tz;

/// A year of the common era, with the precision of its source.
///
/// A `Day` is the day *written*: neither time zone nor offset ever moves a report to another day.
/// Dates are ordered by the day written, then by instant; of two dates with one beginning, the less
/// precise comes first.
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

/// Why a text is no date. The message gives the right form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// No form that Dateline reads.
    #[error("“{0}” is not a date")]
    Form(String),
    /// Day and month before the year, in an ambiguous order.
    #[error("“{0}” does not say which number is the day")]
    Ambiguous(String, [NaiveDate; 2]),
    /// The right form, but a month 13 or a 30 February.
    #[error("no calendar has {0}")]
    Impossible(String),
}

impl DateError {
    /// The remedy.
    pub fn help(&self) -> String {
        match self {
            DateError::Form(_) => {
                "write it as 2017-01-29, 2017-01-29T18:30:00+03:00, 2017-01 or 2017".to_owned()
            }
            DateError::Ambiguous(_, [day_first, month_first]) => {
                format!("write {day_first} if the day comes first, or {month_first}")
            }
            DateError::Impossible(_) => "check the month and the day".to_owned(),
        }
    }
}

const SECONDS_OF_DAY: i64 = 24 * 60 * 60;

/// The first instant after the gap in which a zone's clock skips a local time. Offsets from UTC are
/// below a day, and local times increase with instants except where an hour repeats.
fn first_after_gap(skipped: NaiveDateTime, zone: Tz) -> DateTime<Tz> {
    let local = |second: i64| {
        let instant = DateTime::from_timestamp(second, 0).unwrap_or_default();
        instant.with_timezone(&zone)
    };
    let second = skipped.and_utc().timestamp();
    let (mut before, mut after) = (second - SECONDS_OF_DAY, second + SECONDS_OF_DAY);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if local(middle).naive_local() < skipped {
            before = middle;
        } else {
            after = middle;
        }
    }
    local(after)
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

impl Date {
    /// From 1 to 9999, the range of RFC 3339.
    pub fn year(self) -> i32 {
        match self {
            Date::Year(year) | Date::Month(year, _) => year,
            Date::Day(day) => day.year(),
            Date::Time(time, _) => time.year(),
        }
    }

    /// From 1 to 12, if known.
    pub fn month(self) -> Option<u32> {
        match self {
            Date::Year(_) => None,
            Date::Month(_, month) => Some(month),
            Date::Day(day) => Some(day.month()),
            Date::Time(time, _) => Some(time.month()),
        }
    }

    /// The day as written, if known.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Date::Year(_) | Date::Month(..) => None,
            Date::Day(day) => Some(day),
            Date::Time(time, _) => Some(time.date()),
        }
    }

    /// The first day in its range.
    pub fn first_day(self) -> NaiveDate {
        self.day()
            .or_else(|| NaiveDate::from_ymd_opt(self.year(), self.month().unwrap_or(1), 1))
            .unwrap_or_default()
    }

    /// The last day in its range.
    pub fn last_day(self) -> NaiveDate {
        let (year, month) = (self.year(), self.month().unwrap_or(12));
        let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let before_next = || NaiveDate::from_ymd_opt(next_year, next, 1)?.pred_opt();
        self.day().or_else(before_next).unwrap_or_default()
    }

    /// The first instant of the date, in the archive's time zone unless it has an offset.
    pub fn instant(self, zone: Tz) -> DateTime<FixedOffset> {
        let (time, offset) = match self {
            Date::Time(time, offset) => (time, offset),
            _ => (self.first_day().and_time(NaiveTime::MIN), None),
        };
        let local = match offset {
            Some(offset) => offset.from_local_datetime(&time).single(),
            // Of a repeated time the first instant; of a skipped time the first instant after it.
            None => Some(
                zone.from_local_datetime(&time)
                    .earliest()
                    .unwrap_or_else(|| first_after_gap(time, zone))
                    .fixed_offset(),
            ),
        };
        local.unwrap_or_else(|| time.and_utc().fixed_offset())
    }

    /// A sort key: year, month and day as written, the instant within that day, precision and
    /// offset, from the highest bits down. A time without an offset is in `zone`.
    pub fn order(self, zone: Tz) -> u128 {
        let day = self.day().map_or(0, |day| day.day());
        let (second, nanosecond) = match self {
            Date::Time(time, _) => {
                let midnight = time.date().and_time(NaiveTime::MIN).and_utc();
                let seconds = (self.instant(zone).to_utc() - midnight).num_seconds();
                // Offsets are up to a day: the instant is in the day written or in one beside it.
                (u32::try_from(seconds + SECONDS_OF_DAY).unwrap_or(0), time.time().nanosecond())
            }
            _ => (0, 0),
        };
        let (rank, offset) = self.rank();
        let parts = [
            (self.year().abs_diff(i32::MIN), 32),
            (self.month().unwrap_or(0), 4),
            (day, 5),
            (second, 19),
            (nanosecond, 31),
            (rank, 3),
            (offset.abs_diff(i32::MIN), 32),
        ];
        parts.iter().fold(0, |order, &(part, bits)| order << bits | u128::from(part))
    }
}

/// A time without an offset counts as UTC.
impl Ord for Date {
    fn cmp(&self, other: &Date) -> Ordering {
        self.order(Tz::UTC).cmp(&other.order(Tz::UTC))
    }
}

impl Date {
    /// Breaks ties between equal sort keys, so that order agrees with equality.
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

/// A valid value of HTML's `datetime` attribute and of schema.org.
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

/// The displayed form; the cache stores every part.
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

    #[test]
    fn a_time_that_the_clock_skips_is_the_first_instant_after_it() {
        for (zone, written, instant) in [
            ("America/Havana", "2017-03-12", "2017-03-12T01:00:00-04:00"),
            ("America/Sao_Paulo", "2017-10-15", "2017-10-15T01:00:00-02:00"),
            ("Africa/Cairo", "2023-04-28", "2023-04-28T01:00:00+03:00"),
            ("Asia/Beirut", "2017-03-26", "2017-03-26T01:00:00+03:00"),
            ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"),
            ("Pacific/Apia", "2011-12-30T18:30:00", "2011-12-31T00:00:00+14:00"),
            ("Europe/Zurich", "2017-03-26T02:30:00", "2017-03-26T03:00:00+02:00"),
            ("Australia/Lord_Howe", "2017-10-01T02:15:00", "2017-10-01T02:30:00+11:00"),
            ("Europe/Zurich", "2017-10-29T02:30:00", "2017-10-29T02:30:00+02:00"),
            ("Africa/Cairo", "2023-04-28T00:30:00+02:00", "2023-04-28T00:30:00+02:00"),
        ] {
            let date: Date = written.parse().unwrap();
            let shown = date.instant(zone.parse().unwrap()).to_rfc3339();
            assert_eq!(shown, instant, "{written} in {zone}");
        }
    }

    #[test]
    fn within_a_day_dates_are_in_the_order_of_their_instants() {
        let zone = "Europe/Berlin".parse().unwrap();
        let written = [
            "2017-01-29",
            "2017-01-29T03:00:00+14:00",
            "2017-01-29T03:00:00+03:00",
            "2017-01-29T02:00:00",
            "2017-01-29T01:30:00Z",
            "2017-01-29T01:00:00-05:00",
            "2017-01-29T07:00:01",
            "2017-01-29T23:00:00-11:00",
            "2017-01-30T00:00:00+14:00",
        ];
        let mut dates: Vec<Date> = written.iter().map(|date| date.parse().unwrap()).collect();
        dates.reverse();
        dates.sort_by_key(|date| date.order(zone));
        let shown: Vec<String> = dates.iter().map(Date::to_string).collect();
        assert_eq!(shown, written);
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
