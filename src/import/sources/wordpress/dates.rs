//! Dates in `WordPress` exports: local, without an offset.

use chrono::NaiveDateTime;

use crate::base::date::Date;

/// `2017-01-29 18:30:00`; all zeros mean none.
pub(super) fn moment(text: &str) -> Option<Date> {
    let moment = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let is_year = (1..=9999).contains(&chrono::Datelike::year(&moment));
    is_year.then_some(Date::Time(moment, None))
}

pub(super) fn day(date: Date) -> Date {
    date.day().map_or(date, Date::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_noughts_is_none() {
        assert_eq!(moment("0000-00-00 00:00:00"), None);
        assert_eq!(
            moment("2017-01-29 18:30:00").map(day).map(|day| day.to_string()),
            Some("2017-01-29".into())
        );
    }
}
