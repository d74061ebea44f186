//! Maps columns of a table to keys of reports.

use std::path::Path;

use serde_json::{Map, Value as Json};

/// Keys of reports, with usual names of their columns. The first that a table has counts.
const KEYS: [(&str, &[&str]); 19] = [
    ("id", &["id", "guid", "identifier"]),
    ("title", &["title", "headline", "heading"]),
    (
        "date",
        &[
            "date",
            "published",
            "pubdate",
            "publishedat",
            "publicationdate",
            "datepublished",
            "issued",
        ],
    ),
    ("added", &["added", "dateadded", "addedat"]),
    ("updated", &["updated", "modified", "lastmod", "updatedat", "datemodified"]),
    ("slug", &["slug"]),
    ("address", &["address", "oldaddress", "permalink"]),
    ("original_url", &["originalurl", "sourceurl", "url", "link", "uri"]),
    ("outlet", &["outlet", "publication", "newspaper", "containertitle", "publisher", "source"]),
    ("authors", &["authors", "author", "byline"]),
    ("submitted_by", &["submittedby", "contributors", "contributor"]),
    ("tags", &["tags", "keywords", "labels"]),
    ("categories", &["categories", "category"]),
    ("summary", &["summary", "description", "abstract", "excerpt"]),
    ("image", &["image", "picture", "thumbnail"]),
    ("language", &["language", "lang", "locale"]),
    ("body", &["body", "markdown"]),
    ("html", &["html", "contenthtml", "bodyhtml", "content"]),
    ("text", &["text", "contenttext", "fulltext", "plaintext"]),
];

/// Keys that are only mapped by their own name, or never by name.
const OTHERS: [&str; 7] = ["status", "draft", "dateline", "kind", "license", "rights", "via"];

/// Why a mapping is invalid.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// There is no such key.
    #[error("“{0}” is no key of a report that a column can be: it is one of {keys}, terms.NAME or extra.NAME", keys = known().join(", "))]
    Key(String),
    /// A file is unreadable.
    #[error("{0}: {1}")]
    File(String, String),
}

fn known() -> Vec<&'static str> {
    KEYS.iter().map(|(key, _)| *key).chain(OTHERS).collect()
}

/// Columns by key.
#[derive(Clone, Debug, Default)]
pub struct Mapping(Vec<(String, String)>);

impl Mapping {
    /// Parses an argument: `key=column`, or a file with lines `key = "column"` (TOML).
    pub fn read(written: &[String]) -> Result<Mapping, MappingError> {
        let mut mapping = Mapping::default();
        for text in written {
            match text.split_once('=') {
                Some((key, column)) => mapping.add(key.trim(), column.trim())?,
                None => mapping.add_file(text)?,
            }
        }
        Ok(mapping)
    }

    fn add_file(&mut self, path: &str) -> Result<(), MappingError> {
        let failed =
            |error: &dyn std::fmt::Display| MappingError::File(path.to_owned(), error.to_string());
        let text = std::fs::read_to_string(Path::new(path)).map_err(|error| failed(&error))?;
        let table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| failed(&error.message()))?;
        for (key, column) in &table {
            match column {
                toml::Value::String(column) => self.add(key, column)?,
                toml::Value::Table(inner) if matches!(key.as_str(), "extra" | "terms") => {
                    for (name, column) in inner {
                        let column =
                            column.as_str().ok_or_else(|| failed(&"a column is a text"))?;
                        self.add(&format!("{key}.{name}"), column)?;
                    }
                }
                _ => return Err(failed(&format!("{key} is no text"))),
            }
        }
        Ok(())
    }

    fn add(&mut self, key: &str, column: &str) -> Result<(), MappingError> {
        let named = key.strip_prefix("extra.").or(key.strip_prefix("terms."));
        if !known().contains(&key) && named.is_none_or(str::is_empty) {
            return Err(MappingError::Key(key.to_owned()));
        }
        self.0.push((key.to_owned(), column.to_owned()));
        Ok(())
    }

    /// The columns of keys with a prefix, such as `extra.`.
    pub(super) fn named<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(key, column)| Some((key.strip_prefix(start)?, column.as_str())))
    }

    /// The value of a row for a key: in the mapped column, else in one with a usual name.
    pub(super) fn value<'a>(&self, key: &str, row: &'a Map<String, Json>) -> Option<&'a Json> {
        if let Some((_, column)) = self.0.iter().find(|(known, _)| known == key) {
            return at(row, column);
        }
        let names =
            KEYS.iter().find(|(known, _)| *known == key).map_or(&[][..], |(_, names)| names);
        let has_original = || row.keys().any(|name| bare(name) == "originalurl");
        for name in names {
            // With both, `url` is the page's own.
            if key == "original_url" && *name == "url" && has_original() {
                return None;
            }
            let is_other = |column: &str| self.0.iter().any(|(_, known)| known == column);
            let found = row.iter().find(|(column, _)| bare(column) == *name && !is_other(column));
            if let Some((_, value)) = found.filter(|(_, value)| is_something(value)) {
                return Some(value);
            }
        }
        let same = || row.iter().find(|(column, _)| column.eq_ignore_ascii_case(key));
        same().map(|(_, value)| value).filter(|value| is_something(value))
    }
}

/// The value of a column; `a.b` is a field of `a`.
pub(super) fn at<'a>(row: &'a Map<String, Json>, column: &str) -> Option<&'a Json> {
    let inner = || {
        let (first, rest) = column.split_once('.')?;
        at(row.get(first)?.as_object()?, rest)
    };
    let found = row.get(column).or_else(inner);
    found.filter(|value| is_something(value))
}

fn is_something(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::String(text) => !text.trim().is_empty(),
        Json::Array(items) => !items.is_empty(),
        _ => true,
    }
}

/// A column's name, normalised.
fn bare(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Map<String, Json> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn columns_are_known_by_usual_names_unless_others_are_said() {
        let row = row(
            r#"{"Headline":"A","Pub Date":"2017","meta":{"who":"Ann"},"url":"https://x.example"}"#,
        );
        let usual = Mapping::default();
        assert_eq!(usual.value("title", &row).unwrap(), "A");
        assert_eq!(usual.value("date", &row).unwrap(), "2017");
        assert_eq!(usual.value("original_url", &row).unwrap(), "https://x.example");
        assert_eq!(usual.value("authors", &row), None);
        let said =
            Mapping::read(&["authors=meta.who".to_owned(), "summary=Headline".to_owned()]).unwrap();
        assert_eq!(said.value("authors", &row).unwrap(), "Ann");
        assert_eq!(said.value("title", &row), None);
        assert!(Mapping::read(&["titel=Headline".to_owned()]).is_err());
    }

    #[test]
    fn where_both_stand_an_address_is_the_page_s_own() {
        let row = row(r#"{"url":"https://own.example/a","original_url":"https://x.example/a"}"#);
        assert_eq!(Mapping::default().value("original_url", &row).unwrap(), "https://x.example/a");
    }
}
