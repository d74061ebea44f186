//! The day of a report: what its front matter, its path and the name of its file say.

use crate::base::date::Date;
use crate::base::diagnostic::{Diagnostic, Effect, Rule};
use crate::base::permalink::Permalink;
use crate::tree::fields::{Fields, Reading, read_date};

/// A file's name without folder, extension and date, and the date.
pub fn file_name(path: &str) -> (Option<Date>, &str) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = match stem {
        "index" => folder.rsplit('/').next().unwrap_or(stem),
        stem => stem,
    };
    let dated =
        stem.get(..10).filter(|date| date.as_bytes()[4] == b'-' && date.as_bytes()[7] == b'-');
    match dated.and_then(|date| date.parse::<Date>().ok()) {
        Some(date) => {
            let rest = stem[10..].trim_start_matches(['-', '_', ' ']);
            (Some(date), if rest.is_empty() { stem } else { rest })
        }
        None => (None, stem),
    }
}

/// The date at the start of a file name with a one-digit month or day (`2023-4-18-x.md`), and the
/// rest. It is used, and left out of the address, only if the front matter has no date: published
/// addresses must not change.
pub(super) fn short_date(path: &str) -> Option<(Date, &str)> {
    let stem = file_name(path).1;
    let mut parts = stem.splitn(3, ['-', '_']);
    let (year, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let day = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (day, rest) = rest.split_at(day);
    let is_end = rest.is_empty() || rest.starts_with(['-', '_', ' ']);
    let is_short =
        year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    let date = format!("{year}-{month}-{day}").parse().ok().filter(|_| is_end && is_short)?;
    let rest = rest.trim_start_matches(['-', '_', ' ']);
    Some((date, if rest.is_empty() { stem } else { rest }))
}

/// The day that three parts of a path say, one after the other: `2020/01/02/talks`.
pub(super) fn date_in_path(path: &str) -> Option<Date> {
    let parts: Vec<&str> = path.split('/').collect();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = |part: &str| (1..=2).contains(&part.len()) && digits(part);
    let day = parts.windows(3).find_map(|days| {
        let [year, month, day] = days else { return None };
        let is_date = year.len() == 4 && digits(year) && is_day(month) && is_day(day);
        is_date.then(|| format!("{year}-{month:0>2}-{day:0>2}").parse().ok())?
    });
    let named = || path.rsplit('/').skip(1).find_map(day_at_the_start);
    day.or_else(named)
}

/// The day that a folder's name begins with, and no more than a mark or its end follows.
fn day_at_the_start(name: &str) -> Option<Date> {
    let (day, rest) = name.split_at_checked(10)?;
    let is_day = day.as_bytes()[4] == b'-' && day.as_bytes()[7] == b'-';
    let is_end = rest.is_empty() || rest.starts_with(['-', '_', ' ']);
    day.parse().ok().filter(|_| is_day && is_end)
}

/// The date that a file's name says, else the address its front matter gives it, else its folders.
pub(super) fn named_date(plain: &str, path: Option<&Permalink>) -> Option<Date> {
    file_name(plain)
        .0
        .or_else(|| Some(short_date(plain)?.0))
        .or_else(|| date_in_path(path?.as_str()))
        .or_else(|| date_in_path(plain))
}

pub(super) fn date(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    named: Option<Date>,
) -> Option<Date> {
    if let Some(node) = fields.take("date") {
        match read_date(&node) {
            Ok(Some(date)) => return Some(date),
            Ok(None) => {}
            Err(diagnostic) => {
                let diagnostic = Diagnostic { weight: Effect::Reject, ..diagnostic };
                reading.report(diagnostic, node.range);
                return None;
            }
        }
    }
    if named.is_none() {
        let diagnostic = Diagnostic::reject(Rule::MissingDate, "this article has no date").help(
            "add date = 2017-01-29 to its front matter, or begin the file's name with 2017-01-29-",
        );
        reading.report(diagnostic, 0..0);
    }
    named
}

/// A draft may lack a date: it is listed by `added`, or last.
pub(super) fn draft_date(
    fields: &mut Fields,
    reading: &mut Reading<'_>,
    named: Option<Date>,
    added: Option<Date>,
) -> Option<Date> {
    if named.is_some() || fields.has("date") {
        return date(fields, reading, named);
    }
    Some(added.unwrap_or(Date::Year(9999)))
}
