//! Citations for readers: APA (7th edition), Chicago (18th, author-date) and MLA (9th), for
//! newspaper articles only.
//!
//! The words are English, like those manuals. No style gives a date of access: pages don't know it,
//! and permanent addresses don't need it.

use std::fmt;

use super::Citation;
use super::title_case::title_case;
use crate::base::choices::CitationStyle;
use crate::base::date::Date;
use crate::citation::person_names::Name;

/// A piece of a formatted citation. Names and headlines are separate pieces, so that right-to-left
/// text does not reorder its surroundings.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Run {
    pub text: String,
    /// Its typeface.
    pub face: Face,
}

/// The typeface of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Face {
    /// Upright.
    Roman,
    /// Italic: the container's title.
    Italic,
}

/// A formatted citation.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Formatted(pub Vec<Run>);

impl fmt::Display for Formatted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|run| formatter.write_str(&run.text))
    }
}

impl Formatted {
    fn roman(mut self, text: impl Into<String>) -> Formatted {
        self.0.push(Run { text: text.into(), face: Face::Roman });
        self
    }

    fn italic(mut self, text: &str) -> Formatted {
        self.0.push(Run { text: text.to_owned(), face: Face::Italic });
        self
    }
}

impl CitationStyle {
    /// A citation in this style.
    pub fn format(&self, citation: &Citation) -> Formatted {
        match self {
            CitationStyle::Apa => apa(citation),
            CitationStyle::Chicago => chicago(citation),
            CitationStyle::Mla => mla(citation),
            #[cfg(feature = "csl")]
            CitationStyle::Csl(style) => style.format(citation),
        }
    }
}

/// English months, abbreviated for citations.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const MONTHS_SHORT: [&str; 12] = [
    "Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
];

fn month(names: &[&'static str; 12], date: Date) -> Option<&'static str> {
    names.get(date.month()? as usize - 1).copied()
}

fn day(date: Date) -> Option<u32> {
    use chrono::Datelike;
    date.day().map(|day| day.day())
}

/// Appends a full stop, unless the text ends a sentence already, inside quotation marks or not.
fn stopped(text: &str) -> String {
    let inner = text.trim_end_matches(['’', '”', '\'', '"', '»']);
    if inner.ends_with(['.', '?', '!', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// Doe, J. (2017, January 29). Title. *Outlet*. URL
fn apa(citation: &Citation) -> Formatted {
    let year = citation.date.year();
    let date = match (month(&MONTHS, citation.date), day(citation.date)) {
        (Some(month), Some(day)) => format!("({year}, {month} {day})."),
        (Some(month), None) => format!("({year}, {month})."),
        (None, _) => format!("({year})."),
    };
    let title = stopped(&citation.title);
    let head = if citation.authors.is_empty() {
        Formatted::default().roman(title).roman(format!(" {date} "))
    } else {
        let authors = stopped(&apa_authors(&citation.authors));
        Formatted::default().roman(authors).roman(format!(" {date} ")).roman(title).roman(" ")
    };
    let container = citation.container();
    let after = if container.ends_with('.') { " " } else { ". " };
    head.italic(container).roman(format!("{after}{}", citation.url))
}

/// Up to twenty authors; of more, the first nineteen and the last.
fn apa_authors(authors: &[Name]) -> String {
    let names: Vec<String> = authors.iter().map(apa_author).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] if names.len() <= 20 => format!("{}, & {last}", first.join(", ")),
        [first @ .., last] => format!("{}, … {last}", first[..19].join(", ")),
    }
}

fn apa_author(author: &Name) -> String {
    match author {
        Name::Literal(text) => text.clone(),
        Name::Person { family, given, suffix } => {
            let suffix = suffix.as_deref().map(|suffix| format!(", {suffix}"));
            format!("{family}, {}{}", initials(given), suffix.unwrap_or_default())
        }
    }
}

/// “Jean-Luc Q.” becomes “J.-L. Q.”.
fn initials(given: &str) -> String {
    let initial = |part: &str| part.chars().next().map(|c| format!("{}.", c.to_uppercase()));
    let names = given.split([' ', '.']).filter(|name| !name.is_empty());
    let initials: Vec<String> = names
        .map(|name| name.split('-').filter_map(initial).collect::<Vec<String>>().join("-"))
        .collect();
    initials.join(" ")
}

/// Doe, Jane. 2017. “Title.” *Outlet*, January 29. URL.
fn chicago(citation: &Citation) -> Formatted {
    let date = match (month(&MONTHS, citation.date), day(citation.date)) {
        (Some(month), Some(day)) => Some(format!("{month} {day}")),
        (Some(month), None) => Some(month.to_owned()),
        (None, _) => None,
    };
    let year = citation.date.year();
    let title = quoted_title(citation);
    let url = &citation.url;
    if citation.authors.is_empty() {
        // Without authors, the newspaper takes their place.
        let date = date.map(|date| format!(" {date}.")).unwrap_or_default();
        let container = citation.container();
        let stop = if container.ends_with('.') { "" } else { "." };
        return Formatted::default()
            .italic(container)
            .roman(format!("{stop} {year}. "))
            .roman(title)
            .roman(format!("{date} {url}."));
    }
    let authors = stopped(&chicago_authors(&citation.authors));
    let date = date.map(|date| format!(", {date}")).unwrap_or_default();
    Formatted::default()
        .roman(authors)
        .roman(format!(" {year}. "))
        .roman(title)
        .roman(" ")
        .italic(citation.container())
        .roman(format!("{date}. {url}."))
}

/// Up to six authors; of more, the first three.
fn chicago_authors(authors: &[Name]) -> String {
    let names: Vec<String> = authors
        .iter()
        .enumerate()
        .map(|(at, name)| if at == 0 { name.inverted() } else { name.direct() })
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] if names.len() <= 6 => format!("{}, and {last}", first.join(", ")),
        more => format!("{}, et al.", more[..3].join(", ")),
    }
}

/// Doe, Jane. “Title.” *Outlet*, 29 Jan. 2017, URL.
fn mla(citation: &Citation) -> Formatted {
    let year = citation.date.year();
    let date = match (day(citation.date), month(&MONTHS_SHORT, citation.date)) {
        (Some(day), Some(month)) => format!("{day} {month} {year}"),
        (None, Some(month)) => format!("{month} {year}"),
        (_, None) => year.to_string(),
    };
    let head = match mla_authors(&citation.authors) {
        Some(authors) => Formatted::default().roman(stopped(&authors)).roman(" "),
        None => Formatted::default(),
    };
    head.roman(quoted_title(citation))
        .roman(" ")
        .italic(citation.container())
        .roman(format!(", {date}, {}.", citation.url))
}

/// Up to two authors; of more, the first.
fn mla_authors(authors: &[Name]) -> Option<String> {
    match authors {
        [] => None,
        [only] => Some(only.inverted()),
        [first, second] => Some(format!("{}, and {}", first.inverted(), second.direct())),
        [first, ..] => Some(format!("{}, et al.", first.inverted())),
    }
}

/// The headline in quotation marks, inner ones single, with a full stop before the closing mark; in
/// title case if it is English.
fn quoted_title(citation: &Citation) -> String {
    let is_english = citation.language.split('-').next() == Some("en");
    let title = if is_english { title_case(&citation.title) } else { citation.title.clone() };
    let inner = single_quotes(&title);
    match inner.strip_suffix('’') {
        // ‘Inner.’”
        Some(text) if title.ends_with(['”', '"']) => format!("“{}’”", stopped(text)),
        _ => format!("“{}”", stopped(&inner)),
    }
}

/// Replaces double quotation marks by single ones.
fn single_quotes(text: &str) -> String {
    let mut opens = true;
    text.chars()
        .map(|character| {
            let single = match character {
                '“' | '„' | '‟' => '‘',
                '”' => '’',
                '"' if opens => '‘',
                '"' => '’',
                other => other,
            };
            opens = character.is_whitespace() || matches!(character, '(' | '[' | '—' | '–' | '-');
            single
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::citation;
    use super::*;

    const URL: &str = "https://archive.example/2017/01/29/putin/";

    #[track_caller]
    fn reads(style: &CitationStyle, citation: &Citation, shown: &str) {
        assert_eq!(style.format(citation).to_string(), shown.replace("URL", URL));
    }

    #[test]
    fn an_author_an_outlet_and_a_day() {
        let report = citation(&["Jane Q. Doe"], "Talks on the “new era”", "2017-01-29T10:00:00Z");
        reads(
            &CitationStyle::Apa,
            &report,
            "Doe, J. Q. (2017, January 29). Talks on the “new era”. RT. URL",
        );
        reads(
            &CitationStyle::Chicago,
            &report,
            "Doe, Jane Q. 2017. “Talks on the ‘New Era.’” RT, January 29. URL.",
        );
        reads(
            &CitationStyle::Mla,
            &report,
            "Doe, Jane Q. “Talks on the ‘New Era.’” RT, 29 Jan. 2017, URL.",
        );
    }

    #[test]
    fn without_author_or_day() {
        let report = citation(&[], "Who is next?", "2017-09");
        reads(&CitationStyle::Apa, &report, "Who is next? (2017, September). RT. URL");
        reads(&CitationStyle::Chicago, &report, "RT. 2017. “Who Is Next?” September. URL.");
        reads(&CitationStyle::Mla, &report, "“Who Is Next?” RT, Sept. 2017, URL.");
        let report = citation(&[], "Who is next", "2017");
        reads(&CitationStyle::Apa, &report, "Who is next. (2017). RT. URL");
        reads(&CitationStyle::Chicago, &report, "RT. 2017. “Who Is Next.” URL.");
        reads(&CitationStyle::Mla, &report, "“Who Is Next.” RT, 2017, URL.");
    }

    #[test]
    fn without_an_outlet_the_archive_is_what_the_report_stands_in() {
        let mut report = citation(&["NASA"], "Title", "2017-01");
        report.outlet = None;
        reads(&CitationStyle::Mla, &report, "NASA. “Title.” The Archive, Jan. 2017, URL.");
    }

    #[test]
    fn many_authors() {
        let report = citation(&["Ann Lee", "Jean-Luc Roe"], "T", "2017");
        reads(&CitationStyle::Apa, &report, "Lee, A., & Roe, J.-L. (2017). T. RT. URL");
        reads(&CitationStyle::Chicago, &report, "Lee, Ann, and Jean-Luc Roe. 2017. “T.” RT. URL.");
        reads(&CitationStyle::Mla, &report, "Lee, Ann, and Jean-Luc Roe. “T.” RT, 2017, URL.");
        let names: Vec<String> = ('A'..='V').map(|letter| format!("Al {letter}lee")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let apa = CitationStyle::Apa.format(&citation(&names, "T", "2017")).to_string();
        assert!(apa.contains("Slee, A., … Vlee, A. (2017)") && !apa.contains('&'), "{apa}");
        reads(
            &CitationStyle::Chicago,
            &citation(&names, "T", "2017"),
            "Alee, Al, Al Blee, Al Clee, et al. 2017. “T.” RT. URL.",
        );
    }

    #[test]
    fn other_scripts_stay_as_they_are() {
        let mut report = citation(&["Иван Петров"], "Говорит \"Москва\" сегодня", "2017-06-02");
        report.language = "ru".to_owned();
        reads(
            &CitationStyle::Chicago,
            &report,
            "Иван Петров. 2017. “Говорит ‘Москва’ сегодня.” RT, June 2. URL.",
        );
    }
}
