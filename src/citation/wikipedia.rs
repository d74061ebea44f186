//! Wikipedia's `{{cite news}}`.

use std::fmt::Write;

use super::styles::MONTHS;
use super::{Citation, Original, OriginalStatus, iso};
use crate::base::date::Date;
use crate::citation::person_names::Name;

/// The template, one parameter a line.
pub(crate) fn wikipedia(citation: &Citation) -> String {
    let mut template = String::from("{{cite news\n");
    for (name, value) in parameters(citation) {
        // Writing to a String can't fail.
        let _ = writeln!(template, "| {name} = {value}");
    }
    template.push_str("}}\n");
    template
}

fn parameters(citation: &Citation) -> Vec<(String, String)> {
    let mut parameters = authors(&citation.authors);
    let mut add = |name: &str, value: String| parameters.push((name.to_owned(), value));
    add("title", text(&citation.title));
    if let Some(outlet) = &citation.outlet {
        add("newspaper", text(outlet));
    }
    add("date", date(citation.date));
    if let Some(original) = &citation.original {
        add_original(citation, original, &mut add);
    } else {
        add("url", address(&citation.url));
        if let Some(added) = citation.added {
            add("access-date", date(added));
        }
    }
    add("language", citation.language.clone());
    add("via", text(&citation.archive));
    parameters
}

/// The original and its archived copy: a dated memento, or this archive's page, or neither, as the
/// template requires a date with a copy.
fn add_original(citation: &Citation, original: &Original, add: &mut impl FnMut(&str, String)) {
    add("url", address(&original.url));
    let memento = citation.memento.as_ref();
    let memento = memento.and_then(|memento| Some((memento.url.as_str(), full(memento.date)?)));
    let page = || Some((citation.url.as_str(), full(citation.added)?));
    if let Some((copy, taken)) = memento.or_else(page) {
        add("archive-url", address(copy));
        add("archive-date", taken);
        add(
            "url-status",
            match original.status {
                OriginalStatus::Live => "live".to_owned(),
                OriginalStatus::Dead => "dead".to_owned(),
            },
        );
    }
    if let Some(added) = full(citation.added) {
        add("access-date", added);
    }
}

/// A date with day precision.
fn full(date: Option<Date>) -> Option<String> {
    date?.day().map(|day| day.to_string())
}

fn authors(authors: &[Name]) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    for (number, author) in (1..).zip(authors) {
        match author {
            Name::Literal(name) => parameters.push((format!("author{number}"), literal(name))),
            Name::Person { family, given, suffix } => {
                let suffix = suffix.as_deref().map(|suffix| format!(" {suffix}"));
                let given = format!("{given}{}", suffix.unwrap_or_default());
                parameters.push((format!("last{number}"), text(family)));
                parameters.push((format!("first{number}"), text(&given)));
            }
        }
    }
    parameters
}

/// Doubled parentheses mark a literal name, with its commas.
fn literal(name: &str) -> String {
    if name.contains([',', ';']) { format!("(({}))", text(name)) } else { text(name) }
}

/// A month without a day is written out: `2017-01` could mean two years.
fn date(date: Date) -> String {
    match date {
        Date::Month(year, month) => {
            let name = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
            format!("{name} {year}")
        }
        date => iso(date),
    }
}

/// Escapes wiki syntax: characters that would end the parameter or open a link or a tag become
/// entities.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        match character {
            '|' | '[' | ']' | '{' | '}' | '<' | '>' | '=' => {
                // Writing to a String can't fail.
                let _ = write!(escaped, "&#{};", character as u32);
            }
            // Two are italics, four tildes a signature.
            '\'' | '~' if before == character => {
                let _ = write!(escaped, "&#{};", character as u32);
            }
            other => escaped.push(other),
        }
        before = character;
    }
    escaped
}

/// Encodes an address for wiki syntax.
fn address(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            '|' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '\'' => {
                // Writing to a String can't fail.
                let _ = write!(encoded, "%{:02X}", character as u32);
            }
            other => encoded.push(other),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::super::testing::citation;
    use super::*;
    use crate::content::article::Memento;

    #[test]
    fn the_archive_s_page_stands_in_for_a_memento() {
        assert_eq!(
            wikipedia(&citation(&["Jane Doe", "Roe, X, Y, Z"], "A | {{b}} ''c''", "2017-01-29")),
            "{{cite news\n| last1 = Doe\n| first1 = Jane\n| author2 = ((Roe, X, Y, Z))\n\
             | title = A &#124; &#123;&#123;b&#125;&#125; '&#39;c'&#39;\n| newspaper = RT\n\
             | date = 2017-01-29\n| url = https://rt.example/putin?a=1&b=2\n\
             | archive-url = https://archive.example/2017/01/29/putin/\n\
             | archive-date = 2026-02-03\n| url-status = live\n| access-date = 2026-02-03\n\
             | language = en\n| via = The Archive\n}}\n"
        );
    }

    #[test]
    fn a_dated_memento_comes_first_and_a_dead_original_is_called_so() {
        let mut report = citation(&[], "T", "2017-01");
        report.memento = Some(Memento {
            url: "https://web.archive.org/web/2018/https://rt.example/".to_owned(),
            date: "2018-05-06T01:02:03Z".parse().ok(),
            service: None,
        });
        report.original =
            report.original.map(|original| Original { status: OriginalStatus::Dead, ..original });
        let shown = wikipedia(&report);
        assert!(shown.contains("| date = January 2017\n"), "{shown}");
        assert!(shown.contains("web.archive.org/web/2018/https://rt.example/\n| archive-date = 2018-05-06\n| url-status = dead\n"), "{shown}");
    }

    #[test]
    fn without_an_original_the_archive_s_page_is_the_address() {
        let mut report = citation(&[], "T", "2017");
        report.original = None;
        let shown = wikipedia(&report);
        assert!(shown.contains("| url = https://archive.example/2017/01/29/putin/\n"), "{shown}");
        assert!(!shown.contains("archive-url"), "{shown}");
    }
}
