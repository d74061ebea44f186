//! BibTeX for BibTeX and biblatex; `date` and `urldate` are biblatex's.

use std::fmt::Write;

use super::{Citation, iso};
use crate::citation::person_names::Name;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// An entry, with a line break at its end.
pub(crate) fn bibtex(citation: &Citation) -> String {
    let mut entry = format!("@article{{{},\n", citation.key);
    let mut field = |name: &str, value: &str| {
        // Writing to a String can't fail.
        let _ = writeln!(entry, "  {name} = {value},");
    };
    let braced = |text: &str| format!("{{{text}}}");
    if !citation.authors.is_empty() {
        let authors: Vec<String> = citation.authors.iter().map(author).collect();
        field("author", &braced(&authors.join(" and ")));
    }
    // A second pair of braces keeps capitals.
    field("title", &braced(&braced(&escaped(&citation.title))));
    field("journal", &braced(&escaped(citation.container())));
    field("date", &braced(&iso(citation.date)));
    field("year", &braced(&citation.date.year().to_string()));
    if let Some(name) = citation.date.month().and_then(|month| MONTHS.get(month as usize - 1)) {
        field("month", name);
    }
    field("url", &braced(&address(&citation.url)));
    if let Some(added) = citation.added {
        field("urldate", &braced(&iso(added)));
    }
    if let Some(original) = &citation.original {
        field("note", &braced(&format!("Original: {}", escaped(&original.url))));
    }
    field("language", &braced(&escaped(&citation.language)));
    entry.push_str("}\n");
    entry
}

/// A literal name is in braces, so that BibTeX does not split it.
fn author(name: &Name) -> String {
    match name {
        Name::Literal(text) => format!("{{{}}}", escaped(text)),
        Name::Person { family, given, suffix: None } => {
            format!("{}, {}", escaped(family), escaped(given))
        }
        Name::Person { family, given, suffix: Some(suffix) } => {
            format!("{}, {}, {}", escaped(family), escaped(suffix), escaped(given))
        }
    }
}

/// Escapes text for TeX. Braces become parentheses: BibTeX counts them even where TeX would not.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '%' | '$' | '#' | '_' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '{' => escaped.push('('),
            '}' => escaped.push(')'),
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// An address unchanged, except that characters which would end the field are percent-encoded.
fn address(url: &str) -> String {
    url.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C")
}

#[cfg(test)]
mod tests {
    use super::super::testing::citation;
    use super::*;

    #[test]
    fn an_entry_holds_what_is_known_and_escapes_it() {
        let report = citation(&["Jane Doe", "NASA & ESA"], "50 % of {all} \\ costs_", "2017-01");
        assert_eq!(
            bibtex(&report),
            "@article{2017:01:29:putin,\n\
             \x20 author = {Doe, Jane and {NASA \\& ESA}},\n\
             \x20 title = {{50 \\% of (all) \\textbackslash{} costs\\_}},\n\
             \x20 journal = {RT},\n\
             \x20 date = {2017-01},\n\
             \x20 year = {2017},\n\
             \x20 month = jan,\n\
             \x20 url = {https://archive.example/2017/01/29/putin/},\n\
             \x20 urldate = {2026-02-03},\n\
             \x20 note = {Original: https://rt.example/putin?a=1\\&b=2},\n\
             \x20 language = {en},\n\
             }\n"
        );
    }
}
