//! One type for every date in an archive: a [`Date`] has a precision.
//!
//! Made from front matter and file names; shown in pages, feeds and permalinks.

mod parsing;

use std::cmp::Ordering;
use std::fmt;

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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that can't go on fails")]
mod tests {
    use super::*;

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
