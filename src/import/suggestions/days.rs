//! Whether the archive's dates have the day or the month first, decided by days above 12.

use std::cmp::Ordering;

use chrono::NaiveDate;

use crate::import::entry::Body;

/// How many bytes at a text's start and end are searched.
const WINDOW: usize = 600;

/// Counts of dates in each order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayOrder {
    day_first: usize,
    month_first: usize,
}

impl DayOrder {
    /// Counts dates at the start and end of a text.
    pub(crate) fn look(&mut self, body: &Body) {
        let (Body::Html(text) | Body::WordPress(text) | Body::Markdown(text)) = body else {
            return;
        };
        let head = boundary(text, WINDOW.min(text.len()));
        let foot = boundary(text, text.len().saturating_sub(WINDOW)).max(head);
        self.look_at(&text[..head]);
        self.look_at(&text[foot..]);
    }

    pub(crate) fn look_at(&mut self, text: &str) {
        let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '/' | '.');
        for word in text.split(|letter| !is_number(letter)) {
            let Some([first, second, _]) = numbers(word) else { continue };
            self.day_first += usize::from((13..=31).contains(&first) && second <= 12);
            self.month_first += usize::from((13..=31).contains(&second) && first <= 12);
        }
    }

    /// The day of `29/1/2017` or `29.1.17`; `None` if the order is unknown.
    pub(crate) fn read(self, text: &str) -> Option<NaiveDate> {
        let [first, second, year] = numbers(text.trim())?;
        let year = match year {
            0..70 => 2000 + year,
            70..100 => 1900 + year,
            year => year,
        };
        let day = |day: i32, month: i32| {
            NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
        };
        let (day_first, month_first) = (day(first, second), day(second, first));
        match (day_first, month_first) {
            (Some(one), Some(other)) if one != other => {
                match self.day_first.cmp(&self.month_first) {
                    Ordering::Greater => Some(one),
                    Ordering::Less => Some(other),
                    Ordering::Equal => None,
                }
            }
            (one, other) => one.or(other),
        }
    }
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Three numbers with slashes, dots or dashes, the year last.
fn numbers(text: &str) -> Option<[i32; 3]> {
    let mut parts = text.trim_matches('.').split(['/', '.', '-']);
    let mut number = |most: usize| {
        let part = parts.next()?.trim();
        (1..=most).contains(&part.len()).then(|| part.parse().ok()).flatten()
    };
    let found = [number(2)?, number(2)?, number(4)?];
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_over_twelve_decide_for_the_whole_archive() {
        let mut order = DayOrder::default();
        assert_eq!(order.read("2/1/2017"), None);
        assert_eq!(order.read("29/1/2017"), NaiveDate::from_ymd_opt(2017, 1, 29));
        order.look(&Body::Html("<p>(RT, 29/1/2017) ~ text".into()));
        assert_eq!(order.read("2/1/17"), NaiveDate::from_ymd_opt(2017, 1, 2));
        order.look(&Body::Html("1/29/2017 … 3/30/2017".into()));
        assert_eq!(order.read("2/1/2017"), NaiveDate::from_ymd_opt(2017, 2, 1));
        assert_eq!(order.read("2/1"), None);
    }
}
