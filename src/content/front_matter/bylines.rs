//! Who wrote a report, as other generators say it: several names in one text, a name with a link behind it, a
//! table with a name in it, a key of the settings.

use std::collections::BTreeMap;

use crate::tree::fields::{Reading, texts_of};
use crate::tree::{Node, Value};

/// The names under `authors`.
pub(super) fn names(
    node: &Node,
    known: &BTreeMap<String, String>,
    reading: &mut Reading<'_>,
) -> Vec<String> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut names = Vec::new();
    for item in items {
        if let Value::Table(table) = &item.value {
            let entry = table.entries.iter().find(|entry| entry.key == "name");
            let person = entry.and_then(|entry| entry.node.text()).map(str::trim);
            let person = person.filter(|name| !name.is_empty());
            match person {
                Some(name) => names.push(known.get(name).map_or(name, |known| known).to_owned()),
                None => reading.wrong("authors", item, "a name, or a table with a name"),
            }
            continue;
        }
        if matches!(item.value, Value::List(_)) {
            reading.wrong("authors", item, "a name, or a table with a name");
            continue;
        }
        for text in texts_of("authors", item, reading) {
            match known.get(&text) {
                Some(name) => names.push(name.clone()),
                None => names.extend(split(&without_links(&text))),
            }
        }
    }
    names
}

/// A text without the addresses in it: `Ann Lee ([@ann](https://…))` is Ann Lee, `[Ann Lee](https://…)` too.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((words, tail)) = after.split_once("](") else { break };
        let Some((_, behind)) = tail.split_once(')') else { break };
        out.push_str(before);
        // A name at another site, beside the name itself.
        if !(before.trim_end().ends_with('(') || words.starts_with('@')) {
            out.push_str(words);
        }
        rest = behind;
    }
    out.push_str(rest);
    let out = out.replace("()", "").replace("( )", "");
    let words: Vec<&str> = out.split_whitespace().collect();
    let name = words.join(" ").replace(" ,", ",");
    let name = name.trim_end_matches(',');
    if name.is_empty() { text.to_owned() } else { name.to_owned() }
}

/// The names of one text: several only where each looks like a person's.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<&str> = text.split([',', ';', '、', '،']).collect();
    if let Some(last) = parts.pop() {
        let last = last.trim();
        let last = last.strip_prefix("and ").or_else(|| last.strip_prefix("& ")).unwrap_or(last);
        let pair = last.split_once(" and ").or_else(|| last.split_once(" & "));
        match pair {
            Some((one, other)) => parts.extend([one, other]),
            None => parts.push(last),
        }
    }
    let parts: Vec<&str> =
        parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.iter().all(|part| is_person(part)) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![text.to_owned()]
}

/// Whether a text is two to five words as names of people have them: no institution, no family name alone.
fn is_person(text: &str) -> bool {
    const PARTICLES: [&str; 19] = [
        "de", "da", "do", "dos", "del", "della", "di", "du", "van", "von", "der", "den", "ter",
        "la", "le", "bin", "ibn", "al", "el",
    ];
    const OFFICES: [&str; 14] = [
        "Ministry",
        "Department",
        "Office",
        "Agency",
        "Committee",
        "University",
        "Institute",
        "News",
        "Press",
        "Service",
        "Team",
        "Staff",
        "Bureau",
        "The",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &&str| {
        PARTICLES.contains(word)
            || word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
    };
    (2..=5).contains(&words.len())
        && words.iter().all(is_name)
        && !words.iter().any(|word| OFFICES.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_several_names_only_where_each_is_a_person_s() {
        for (text, names) in [
            ("Ann Lee, Bo Chan and Cy Doe", &["Ann Lee", "Bo Chan", "Cy Doe"][..]),
            ("Ann Lee, Bo Chan, and Cy Doe", &["Ann Lee", "Bo Chan", "Cy Doe"]),
            ("Ann Lee and Bo van der Chan", &["Ann Lee", "Bo van der Chan"]),
            ("Ann Lee & Bo Chan", &["Ann Lee", "Bo Chan"]),
            ("Ann Lee; Bo Chan", &["Ann Lee", "Bo Chan"]),
            ("Иван Петров, Анна Ли", &["Иван Петров", "Анна Ли"]),
            ("Lee, Ann", &["Lee, Ann"]),
            ("Ministry of Trade and Industry", &["Ministry of Trade and Industry"]),
            ("Trade News and Ann Lee", &["Trade News and Ann Lee"]),
            ("Ann Lee, Berlin", &["Ann Lee, Berlin"]),
            ("Ann Lee", &["Ann Lee"]),
        ] {
            assert_eq!(split(text), names, "{text}");
        }
    }

    #[test]
    fn links_are_no_part_of_a_name() {
        for (text, name) in [
            ("Ann Lee ([@ann](https://x.example/ann))", "Ann Lee"),
            ("[Ann Lee](https://x.example/ann)", "Ann Lee"),
            ("[Ann Lee](https://x.example/a), [Bo Chan](https://x.example/b)", "Ann Lee, Bo Chan"),
            (
                "Ann Lee ([@ann](https://x.example/ann)), Bo Chan ([@bo](https://x.example/bo))",
                "Ann Lee, Bo Chan",
            ),
            ("Ann [sic] Lee", "Ann [sic] Lee"),
            ("[@ann](https://x.example/)", "[@ann](https://x.example/)"),
        ] {
            assert_eq!(without_links(text), name, "{text}");
        }
    }
}
